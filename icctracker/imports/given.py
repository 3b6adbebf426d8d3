"""What cells hold that is no value: marks for nothing, and errors of spreadsheets."""

import re
import unicodedata

from icctracker.texts.legible import legible

# As R, Python, databases and people write that there is nothing, in small letters.
_NOTHING = frozenset("na n/a n.a. nan nat null nil none <na> \\n".split())
# A cell whose formula came to nothing, in Excel and in LibreOffice.
_ERROR = re.compile(
    r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!"
    r"|CONNECT!|UNKNOWN!|GETTING_DATA)|Err:\d{3}",
    re.IGNORECASE,
)


def given(text):
    """The text of a cell; nothing if it only says that there is nothing."""
    text = legible(text)
    plain = text.strip()
    if len(plain) <= 8 and plain.casefold() in _NOTHING:
        return ""
    return text if any(map(_is_seen, plain)) else ""


def is_error(text):
    """Whether a cell holds the error of a formula and no value."""
    return bool(_ERROR.fullmatch(text.strip()))


def _is_seen(character):
    """Whether a character says something, alone in a cell: no dash, no unseen mark."""
    return unicodedata.category(character) not in _UNSEEN and character != "\u2212"


_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Pd")
