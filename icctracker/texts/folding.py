"""Text as it is compared: however it was typed, alike texts fold to the same.

Case, accents, apostrophes, dashes, spaces, composed letters and what does not show make
no difference. A pure function of its text: what is stored is folded by it, and so is
what is asked, so that no database need know how.
"""

import re
import unicodedata

# Letters that no accent makes, in the letters that people type for them.
_LETTERS = {
    **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ð": "d", "þ": "th"},
    **{"æ": "ae", "œ": "oe"},
    # The stroke that only stretches an Arabic word.
    "\u0640": "",
}
# Marks that stand for an apostrophe, or for a letter that Latin script has none for.
_APOSTROPHES = "'’‘‛´`ʹʻʼʽʾʿˈ′＇\uff40"
_QUOTES = '"“”„‟«»″＂'
_MARKED = {
    **str.maketrans("", "", _APOSTROPHES),
    **str.maketrans(_QUOTES + "\u2212\u2044", " " * len(_QUOTES) + " /"),
}
_PHRASE = re.compile('["“”„«»＂]([^"“”„«»＂]*)["“”„«»＂]')
_QUOTED = re.compile(f"[{_QUOTES}]")
# So many words are looked for; nobody who searches types more.
MOST_WORDS = 12


def fold(text):
    """A text as it is compared with others: in words, with single spaces."""
    # Some marks would fall apart into a space and an accent.
    plain = unicodedata.normalize("NFKD", str(text).translate(_MARKED)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_MARKED)
    return " ".join("".join(map(_plain, plain)).split())


def _plain(character):
    if unicodedata.combining(character):
        return ""
    category = unicodedata.category(character)
    if category == "Pd":
        return " "
    if category == "Cf" or (category == "Cc" and not character.isspace()):
        return ""
    return _LETTERS.get(character, character)


def straight_quotes(text):
    """The same with every quotation mark as typewriters have it."""
    return _QUOTED.sub('"', text)


def fold_all(texts):
    """Several texts as they are searched: each on a line, so that none runs on."""
    return "\n".join(filter(None, map(fold, texts)))


def wanted(text):
    """What a text asks for: its words, folded; what stands in quotation marks whole."""
    phrases = [fold(phrase) for phrase in _PHRASE.findall(text)]
    words = fold(_PHRASE.sub(" ", text)).split()
    return list(dict.fromkeys(filter(None, [*phrases, *words])))[:MOST_WORDS]


def has(text, asked):
    """Whether a text has all that another asks for."""
    folded = fold(text)
    return all(piece in folded for piece in wanted(asked))
