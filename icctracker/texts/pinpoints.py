"""Paragraphs as the United Nations cites them: OP 6, PP 4, OP 30 (f) (i), annex 1, 2.

Pure functions of their text: no clock, nothing of ours, no Django.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

# A pinpoint that names a whole part; its paragraphs are within it.
PREAMBLE = "PP"

_KINDS = (
    ("OP", r"(?:ops?|operative (?:paragraphs?|paras?)|operative)"),
    ("PP", r"(?:pps?|preambular (?:paragraphs?|paras?)|preambular|preamble)"),
    ("PARA", r"(?:paragraphs?|paras?)"),
)
_KIND = re.compile("|".join(rf"(?P<{kind}>{names})\b" for kind, names in _KINDS))
_ANNEX = re.compile(
    r"(?P<annex>annex(?: [0-9]{1,2}| [ivx]{1,4}| [a-z])?(?![a-z0-9]))"
    r"(?:,? ?(?:(?:points?|paragraphs?|paras?|items?)\b)? ?(?P<rest>[\d(\[].*))?"
)
# A comma behind the name of an annex parts nothing.
_NAMES = "".join(rf"(?<!annex {'.' * length})" for length in range(1, 5))
_BETWEEN = re.compile(rf"[;&]|\band\b|(?<!annex){_NAMES},")
# What is said of a paragraph in brackets is no part of its number.
_REMARK = re.compile(r"\((?![a-z]{1,5}\)|\d{1,3}\))[^()]*\)")
_RANGE = re.compile(r"(?P<first>\d{1,3}) ?(?:-|–|to) ?(?P<last>\d{1,3})$")
_FARTHEST = 50


def read(text: str) -> tuple[str, ...]:
    """The paragraphs that a pinpoint names, each as in the index; none if unreadable.

    What stands behind a kind goes on with it: OP 27 and 28 are two of a kind.
    """
    found: dict[str, None] = {}
    kind = ""
    for part in _BETWEEN.split(_plain(text.lower())):
        kind, labels = _labels(part.strip(" .:"), kind)
        found |= dict.fromkeys(labels)
    return tuple(found)


def _plain(text: str) -> str:
    """Its words, with a space between letters and numbers and in front of brackets."""
    text = _REMARK.sub(" ", text)
    text = re.sub(r"(?<=[a-z])\.", " ", text)
    text = re.sub(r"(?<=[a-z])(?=\d)", " ", text)
    return " ".join(re.sub(r"(?=[(\[])", " ", text).split())


def _labels(part: str, kind: str) -> tuple[str, list[str]]:
    """What goes on behind a part, and the labels that it names."""
    if annex := _ANNEX.fullmatch(part):
        kind = f"{annex['annex'].upper()},"
        return kind, [f"{kind} {annex['rest'] or ''}".rstrip(" ,")]
    begins = r"\d|\["
    if named := _KIND.match(part):
        kind, part = named.lastgroup or "", part[named.end() :].strip(" .:")
        begins = r"\d|\[|\("
    if not part and kind == PREAMBLE:
        return kind, [PREAMBLE]
    if not kind or not re.match(begins, part):
        return kind, []
    if numbers := _RANGE.match(part):
        first, last = map(int, numbers.groups())
        if first < last < first + _FARTHEST:
            return kind, [f"{kind} {number}" for number in range(first, last + 1)]
    return kind, [_unnumbered(f"{kind} {part}")]


def _unnumbered(label: str) -> str:
    """The only paragraph of a text without numbers is its first: OP [1] is OP 1."""
    return re.sub(r"^(OP|PP) \[(\d+)\]$", r"\1 \2", label)


def label(paragraph: str, annex: str = "") -> str:
    """A paragraph of the index as ``read`` has it, whatever it stands in."""
    if not annex:
        return _unnumbered(_lowered(paragraph.rpartition(", ")[2]))
    return f"{_named(annex)}, {_lowered(_number_in(paragraph))}"


def cited(paragraph: str, annex: str = "") -> str:
    """A paragraph as a finding is pinned to it: OP 6, paragraph 9 of a statement.

    ``read`` has it as ``label`` has the paragraph.
    """
    if annex:
        return f"{_named(annex).replace('ANNEX', 'annex')}, " + (
            f"paragraph {_lowered(_number_in(paragraph))}"
        )
    section, comma, number = paragraph.rpartition(", ")
    number = _unnumbered(_lowered(number))
    if number.startswith("PARA "):
        number = f"paragraph {number.removeprefix('PARA ')}"
    return f"{section}{comma}{number}"


def _named(annex: str) -> str:
    """An annex by its number; whatever else it is called, it is an annex."""
    named = _ANNEX.match(annex.lower())
    return named["annex"].upper() if named else "ANNEX"


def _number_in(paragraph: str) -> str:
    """The number alone, of a paragraph of an annex: 7 of para 7."""
    return re.sub(r"^[a-z]+ ", "", paragraph)


def _lowered(paragraph: str) -> str:
    """Its letters in brackets as the others have them: (e) of (E)."""
    return re.sub(r"\([A-Z]+\)", lambda found: found[0].lower(), paragraph)


def meant(pinpoint: str, labels: Iterable[str]) -> list[str]:
    """Those of the labels of a text that a pinpoint names; of no part, the whole.

    ``paragraph 9`` is one of the operative part, or of a statement.
    """
    by_name = {label(each): each for each in labels}
    found: dict[str, None] = {}
    for named in read(pinpoint):
        if named == PREAMBLE:
            within = [each for name, each in by_name.items() if name.startswith("PP ")]
            found |= dict.fromkeys(within)
        elif name := _nearest(named, by_name):
            found[by_name[name]] = None
    return list(found)


def _nearest(named: str, names: Container[str]) -> str:
    """The paragraph itself, or the nearest one that it is a part of; empty if none."""
    kind, _space, number = named.partition(" ")
    parts = number.split(" ")
    for length in range(len(parts), 0, -1):
        for each in ("OP", "PARA") if kind == "PARA" else (kind,):
            if (name := f"{each} {' '.join(parts[:length])}") in names:
                return name
    return ""


def unknown(pinpoint: str, labels: Iterable[str], whole: bool = True) -> list[str]:
    """The paragraphs that a pinpoint names and a text has not.

    The labels are as ``label`` has them. Where they are not of the whole text, what a
    known paragraph is a part of, or has as a part, is taken to be there.
    """
    found = []
    for named in read(pinpoint):
        kinds = ("OP", "PARA") if named.startswith("PARA ") else ("",)
        names = [named.replace("PARA", kind, 1) if kind else named for kind in kinds]
        if not any(_is_there(name, labels, whole) for name in names):
            found.append(named)
    return found


def _is_there(name: str, labels: Iterable[str], whole: bool) -> bool:
    """Whether a paragraph is among the labels, or has parts among them."""
    if any(
        each == name or each.startswith((f"{name} ", f"{name},")) for each in labels
    ):
        return True
    above = [each for each in labels if name.startswith(f"{each} ")]
    if not whole or not above:
        return bool(above)
    # It may be a part of a paragraph that was not cut into any.
    nearest = max(above, key=len)
    return not any(each.startswith(f"{nearest} ") for each in labels)


def touches(pinpoint: str, paragraph: str) -> bool:
    """Whether one is the other, or a part of it: OP 9 has OP 9 (b)."""
    return (
        pinpoint == paragraph
        or paragraph.startswith((f"{pinpoint} ", f"{pinpoint},"))
        or pinpoint.startswith(f"{paragraph} ")
    )


def anchor(paragraph: str, annex: str = "") -> str:
    """Where a paragraph stands on the page of its document: op-6, annex-1-2."""
    text = f"{annex.split(' - ')[0]} {paragraph}".lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")
