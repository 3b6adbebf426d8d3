"""How alike two paragraphs are, by the words that both have in the same order.

Pure functions of their words: no clock, nothing of ours, no Django.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: in small letters, without signs."""
    return _WORD.findall(text.casefold())


@dataclass(frozen=True)
class Kept:
    """How many words two texts share in order, and how long each is."""

    kept: int
    before: int
    after: int

    @property
    def similarity(self) -> float:
        """The share of words kept in order, from 0 to 1."""
        return 2 * self.kept / (self.before + self.after)

    @property
    def added(self) -> int:
        return self.after - self.kept

    @property
    def removed(self) -> int:
        return self.before - self.kept


class Measured:
    """One text that many are compared with: where each of its words stands, as bits."""

    def __init__(self, words: Sequence[str]):
        self.length = len(words)
        self._full = (1 << self.length) - 1
        self._counts = Counter(words)
        self._places: dict[str, int] = {}
        for place, word in enumerate(words):
            self._places[word] = self._places.get(word, 0) | 1 << place

    def kept_from(self, before: Sequence[str]) -> Kept:
        """What it keeps of an earlier text: the longest row of words common to both."""
        # Hyyrö 2004: a row of the table of lengths is one number, a word one step.
        row, places = self._full, self._places
        for word in before:
            if found := row & places.get(word, 0):
                row = ((row + found) | (row - found)) & self._full
        return Kept(self.length - row.bit_count(), len(before), self.length)

    def may_reach(self, counts: Counter[str], length: int, similarity: float) -> bool:
        """Whether an earlier text can be so much alike, by its words in any order."""
        least = similarity * (self.length + length) / 2
        if min(self.length, length) < least:
            return False
        own = self._counts
        shared = own.keys() & counts.keys()
        return sum([min(own[word], counts[word]) for word in shared]) >= least


def kept(before: Iterable[str], after: Sequence[str]) -> Kept:
    """What a later text keeps of an earlier one, both as rows of words."""
    return Measured(after).kept_from(list(before))
