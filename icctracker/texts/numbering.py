"""Numbers of paragraphs, in the six official languages and German, as one system.

Whatever script a number is written in, its label is that of the English text: ``3.``,
``(a)``, ``(ii)``. A bullet has no number; it is counted.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

FIGURE, BRACKETS, LETTER, ROMAN = "figure", "brackets", "letter", "roman"
CAPITAL, CAPITAL_ROMAN, BULLET = "capital", "capital roman", "bullet"
BULLETS = frozenset("•·–—-‑‐‣▪▫■□○◦●*o⁃∙")
LONGEST = 12

_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_ALEFS = str.maketrans("اإآىةۀکی", "أأأيههكي")
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщ"
# Letters that look alike, of which writers of Russian texts take either.
_LOOK_ALIKE = str.maketrans("аеосіх", "aeocix")
_CHINESE = {character: n for n, character in enumerate("一二三四五六七八九", start=1)}
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_UNITS = (
    *((100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_FIGURE = re.compile(r"(\d{1,3})(?: ?(bis|ter))? ?[.．\-–—:]?")
_BRACKETED = re.compile(r"\(? ?(\d{1,3}) ?\)")
# Arabic texts write (ii) as a figure between single quotation marks.
_QUOTED = re.compile(r"[‘’'‛`´] ?(\d{1,2}) ?[‘’'‛`´]")
_WRAPPED = re.compile(r"[(\[]? ?(\w{1,8}) ?[)\].、]?")


class Number(NamedTuple):
    """One way to read a number: its style, its value, and how a label has it."""

    style: str
    value: int
    shown: str


def read(text):
    """All the ways in which a number can be read, the likelier first; none if none."""
    return list(_read(text)) if text and len(text) <= LONGEST else []


# The same few numbers stand in every text.
@lru_cache(maxsize=4096)
def _read(text):
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) != "Cf" and character != "\u0640"
    )
    plain = " ".join(plain.split())
    if plain in BULLETS:
        return [Number(BULLET, 0, plain)]
    if found := _FIGURE.fullmatch(plain):
        tail = f" {found[2]}" if found[2] else ""
        return [Number(FIGURE, int(found[1]), f"{int(found[1])}{tail}")]
    if found := _QUOTED.fullmatch(plain):
        return [_roman(int(found[1]))]
    if found := _BRACKETED.fullmatch(plain):
        return [Number(BRACKETS, int(found[1]), f"({int(found[1])})")]
    found = _WRAPPED.fullmatch(plain)
    return _lettered(found[1]) if found else []


def _lettered(core):
    if found := _other_script(core):
        return [found]
    core = core.translate(_LOOK_ALIKE)
    if not core.isascii() or not core.isalpha():
        return []
    if core.isupper():
        return _in_capitals(core)
    found = []
    if core.islower() and len(set(core)) == 1 and len(core) <= 2:
        value = ord(core[0]) - ord("a") + 1 + 26 * (len(core) - 1)
        found.append(Number(LETTER, value, f"({core})"))
    if value := _roman_value(core):
        roman = _roman(value)
        # (ii) is a pair of letters only where somebody got to (hh).
        found = [roman, *found] if len(core) > 1 else [*found, roman]
    return found


def _in_capitals(core):
    found = []
    if len(core) == 1:
        found.append(Number(CAPITAL, ord(core) - ord("A") + 1, f"({core})"))
    if value := _roman_value(core.lower()):
        found.append(Number(CAPITAL_ROMAN, value, f"({core})"))
    return found


def _other_script(core):
    arabic = core.translate(_ALEFS)
    if len(arabic) == 1 and arabic in _ABJAD:
        return _letter(_ABJAD.index(arabic) + 1)
    if value := _chinese_value(core):
        return _roman(value)
    if len(core) == 1 and core in _CYRILLIC and core not in "аеосх":
        return _letter(_CYRILLIC.index(core) + 1)
    return None


def _letter(value):
    turn, at = divmod(value - 1, 26)
    return Number(LETTER, value, f"({chr(ord('a') + at) * (turn + 1)})")


def _roman(value):
    return Number(ROMAN, value, f"({roman(value)})")


def roman(value):
    """A number in small Roman figures."""
    written = ""
    for unit, letters in _ROMAN_UNITS:
        while value >= unit:
            written, value = written + letters, value - unit
    return written


def _roman_value(core):
    digits = [_ROMAN_DIGITS.get(letter, 0) for letter in core]
    if not all(digits):
        return 0
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    value = sum(-digit if digit < after else digit for digit, after in pairs)
    return value if roman(value) == core else 0


def _chinese_value(core):
    if not core or set(core) - {*_CHINESE, "十"}:
        return 0
    tens, ten, units = core.rpartition("十")
    if not ten:
        return _CHINESE[core] if len(core) == 1 else 0
    if len(tens) > 1 or len(units) > 1:
        return 0
    return 10 * _CHINESE.get(tens, 1) + _CHINESE.get(units, 0)
