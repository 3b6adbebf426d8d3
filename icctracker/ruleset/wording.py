"""What differs between two texts, word by word."""

import re
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# Texts that share less than this, or have no more words, are not compared in detail.
LIKE, SHORT = 0.4, 6
_WORDS = re.compile(r"\s+|\w+(?:[-’'.]\w+)*|[^\w\s]")


def word_diff(before, after):
    """The later text in pieces: (kind, text), where a kind is same, added or removed.

    The same and the added pieces make up the later text, to the letter; the same and
    the removed ones the earlier.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for i1, i2, j1, j2, same in _phrases(old, new):
        if same:
            pieces.append((SAME, "".join(new[j1:j2])))
        else:
            pieces.append((REMOVED, "".join(old[i1:i2])))
            pieces.append((ADDED, "".join(new[j1:j2])))
    return [(kind, text) for kind, text in pieces if text]


def _phrases(old, new):
    """Spans that are the same or not; words replaced side by side are one phrase."""
    spans = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        between = len(spans) > 1 and "".join(new[slice(*spans[-1][2:4])]).isspace()
        if tag == "replace" and between and spans[-2][-1] == "replace":
            _space, first = spans.pop(), spans.pop()
            i1, j1 = first[0], first[2]
        spans.append((i1, i2, j1, j2, tag))
    return [(i1, i2, j1, j2, tag == "equal") for i1, i2, j1, j2, tag in spans]


def compare(before, after):
    """The pieces of ``word_diff``; short texts, and texts that share little, whole.

    They read better one after the other.
    """
    old, new = before.split(), after.split()
    likeness = SequenceMatcher(None, old, new, autojunk=False).ratio()
    if before == after or (min(len(old), len(new)) > SHORT and likeness >= LIKE):
        return word_diff(before, after)
    return [piece for piece in ((REMOVED, before), (ADDED, after)) if piece[1]]
