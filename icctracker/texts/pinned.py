"""Pinpoints as people write them, as the labels of the paragraphs they mean."""

import re

_NUMBER = r"(\d{1,3})(?: ?[-–] ?(\d{1,3}))?((?: ?\((?:[a-z]{1,2}|[ivxl]{1,6})\))*)"
_PINPOINT = re.compile(
    rf"\b(OPs?|PPs?|paragraphs?|paras?\.?|PARA)\.? ?{_NUMBER}"
    r"((?: ?\[\d{1,2}\])?)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\(([a-z]+)\)", re.IGNORECASE)
# More than a range of paragraphs that anybody would pinpoint.
LONGEST_RANGE = 60


def labels_meant(pinpoint, labels):
    """Those of the labels of a text that a pinpoint names; a part for the whole.

    ``OP 30 (f)`` means ``OP 30`` where the text has no such point; ``paragraph 9`` is
    one of the operative part, or of a statement.
    """
    labels, found = set(labels), []
    for kind, first, last, points, bullet in _PINPOINT.findall(
        " ".join(pinpoint.split())
    ):
        parts = [f"({each.lower()})" for each in _BRACKETED.findall(points)]
        parts += [bullet.strip()] if bullet.strip() else []
        for number in _range(first, last):
            for base in _bases(kind):
                if named := _nearest([f"{base} {number}", *parts], labels):
                    found.append(named)
                    break
    return list(dict.fromkeys(found))


def _range(first, last):
    start, end = int(first), int(last or first)
    return range(start, end + 1) if start <= end < start + LONGEST_RANGE else [start]


def _bases(kind):
    kind = kind.upper().rstrip("S.")
    return (kind,) if kind in ("OP", "PP") else ("OP", "PARA")


def _nearest(parts, labels):
    """The longest beginning that is a label; nothing if none is."""
    for length in range(len(parts), 0, -1):
        if (named := " ".join(parts[:length])) in labels:
            return named
    return ""
