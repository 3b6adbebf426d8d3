"""In which language a text is, as far as its script and its small words tell."""

from .legible import language_of

_SMALL = {
    "en": "the of and to in that on for with its by",
    "fr": "le la les des du et que dans pour une par aux",
    "es": "el los las del que en por para con una su al",
    "de": "der die das und den dem des von zu mit für",
}
_WORDS = {language: set(words.split()) for language, words in _SMALL.items()}
_BY_SCRIPT = ("ru", "ar", "zh")
GUESSED = (*_WORDS, *_BY_SCRIPT)
FEWEST = 8


def language_guessed(text):
    """The language of a text; "?" where it is none of those read, "" if in doubt."""
    script = language_of(text)
    if script in _BY_SCRIPT:
        return script
    if script not in _WORDS:
        return "?"
    words = text.casefold().split()
    counts = {
        name: sum(word in small for word in words) for name, small in _WORDS.items()
    }
    best = max(counts, key=counts.get)
    others = max(count for name, count in counts.items() if name != best)
    if len(words) >= 40 and counts[best] * 12 < len(words):
        return "?"
    return best if counts[best] >= FEWEST and counts[best] > 2 * others else ""
