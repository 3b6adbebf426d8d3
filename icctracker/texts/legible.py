"""Text as it is kept and shown: without what nobody sees, and in its own direction.

Controls and marks of direction that were pasted along are taken out; a page isolates
each text instead. So are the codes that spreadsheets write in their place.
"""

import re
import unicodedata

# As in _x000D_: how files of spreadsheets write a character that XML cannot hold.
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Joiners, which words of Persian and Hindi need, and signs that do show.
_KEPT = {
    "\n",
    "\0",
    "\u200c",
    "\u200d",
    "\u070f",
    "\u06dd",
    *map(chr, range(0x600, 0x606)),
}
_UNSEEN = ("Cc", "Cf")
_LINES = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# The scripts that tell a language, by the first word of their letters' names.
_SCRIPTS = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "THAI": "th",
}
RIGHT_TO_LEFT = ("ar", "he")
_WRITTEN_IN = "en"


def legible(text):
    """A text without controls, marks of direction and what stands for them."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text
    text = _LINES.sub("\n", _CODE.sub(_decoded, text)).replace("\t", " ")
    return "".join(filter(_is_legible, text))


def _decoded(code):
    """What a code stands for, where that is nothing to be seen; else the code."""
    character = chr(int(code[1], 16))
    unseen = unicodedata.category(character) in (*_UNSEEN, "Zl", "Zp")
    return character if unseen else code[0]


def _is_legible(character):
    return character in _KEPT or unicodedata.category(character) not in _UNSEEN


def language_of(text):
    """The language that the script of a text tells; English where it tells none."""
    if text.isascii():
        return _WRITTEN_IN
    for character in text:
        if character.isalpha():
            script = unicodedata.name(character, "").partition(" ")[0]
            return _SCRIPTS.get(script, _WRITTEN_IN)
    return _WRITTEN_IN


def holds_right_to_left(text):
    """Whether any of a text runs from right to left, and could turn what follows."""
    return not text.isascii() and any(
        unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in text
    )


def direction_of(language):
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
