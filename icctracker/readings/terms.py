"""By which words a paragraph is found to speak of the Court, and of what belongs to it.

An aid to reading, published with the list: the words decide, nobody's judgement. The
English terms are those of the index of paragraphs; in other languages the names of the
Court and of its Statute alone are looked for.
"""

import re

from icctracker.models import COURT_FAMILY

COURT, STATUTE, PROSECUTOR = COURT_FAMILY

_NAMES = {
    "en": (r"International Criminal Court|\bICC\b", r"\bRome Statute\b"),
    "fr": (r"Cour pénale internationale|\bCPI\b", r"Statut de Rome"),
    "es": (r"Corte Penal Internacional|\bCPI\b", r"Estatuto de Roma"),
    "ru": (r"Международн\w+ уголовн\w+ суд\w*", r"Римск\w+ статут\w*"),
    "ar": (r"المحكمة الجنائية الدولية|للمحكمة الجنائية الدولية", r"نظام روما الأساسي"),
    "zh": (r"国际刑事法院", r"罗马规约"),
    "de": (r"Internationale\w* Strafgerichtshof\w*|\bIStGH\b", r"Römische\w* Statut"),
}
_IN_NAMES = {
    language: {
        COURT: re.compile(court, re.IGNORECASE if language != "en" else 0),
        STATUTE: re.compile(statute, re.IGNORECASE if language != "en" else 0),
    }
    for language, (court, statute) in _NAMES.items()
}
# What means the Court and its Prosecutor only in a text that names the Court.
_THE_COURT = re.compile(r"\b[Tt]he Court\b(?! of\b)")
_ITS_PROSECUTOR = re.compile(
    r"\bProsecutor of the (?:International Criminal Court|ICC|Court)\b"
    r"|(?:International Criminal Court|ICC|the Court)[’']?s?,?"
    r" (?:\w+ ){0,2}Prosecutor\b"
)
_THE_PROSECUTOR = re.compile(r"\b[Tt]he (?:Chief )?Prosecutor\b(?! of the (?!Court))")


def terms_of(texts, language="en"):
    """The terms of the Court's family in each paragraph of one text, in its order.

    What means the Court only in a text that names it is judged by all of the text.
    """
    texts, names = list(texts), _IN_NAMES[language]
    named = any(names[COURT].search(words) for words in texts)
    return [_terms(words, names, named, language) for words in texts]


def _terms(words, names, named, language):
    found = [term for term, pattern in names.items() if pattern.search(words)]
    if language == "en" and named:
        if COURT not in found and _THE_COURT.search(words):
            found.insert(0, COURT)
        if _ITS_PROSECUTOR.search(words) or _THE_PROSECUTOR.search(words):
            found.append(PROSECUTOR)
    return found


def searched_words():
    """The words that are searched, by language, as the methodology prints them."""
    return {language: " | ".join(names) for language, names in _NAMES.items()}
