"""Compares two texts word by word; a pure function."""

import re
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
# Texts that share less than this, or are this short, read better one after the other.
LIKE, SHORT = 0.4, 6


def compare(before, after):
    """Pairs of what became of a piece of text, and the piece, in reading order.

    Joined without what was added they are ``before``, but for the space around words;
    without what was removed, ``after``.
    """
    if before == after:
        return [(SAME, after)] if after else []
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    if min(len(old), len(new)) <= SHORT or matcher.ratio() < LIKE:
        return [piece for piece in ((REMOVED, before), (ADDED, after)) if piece[1]]
    return list(_pieces(matcher, old, new))


def _pieces(matcher, old, new):
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield SAME, "".join(new[new_start:new_end])
            continue
        if old_end > old_start:
            yield REMOVED, "".join(old[old_start:old_end])
        if new_end > new_start:
            yield ADDED, "".join(new[new_start:new_end])


def _words(text):
    """The words of a text, each with the space around it."""
    return re.findall(r"\s*\S+\s*|\s+", text)


def _bare(words):
    return [word.strip() for word in words]
