"""Agenda items beside each other; each source shortens them in its own way."""

import re

# A word and a form of it, such as Syria and Syrian, share as many letters at least.
SHORTEST_STEM = 4
# Words that one source writes and another leaves out.
EMPTY = set("a and between concerning for in of on question situation the to".split())


def alike(one, other):
    """Whether they have the same words in the same order."""
    return _words(one) == _words(other)


def says_the_same(one, other):
    """Whether the longer has all words of the shorter that tell it, or their forms."""
    telling = [set(_words(one)) - EMPTY, set(_words(other)) - EMPTY]
    shorter, longer = sorted(telling, key=len)
    return all(any(_akin(word, each) for each in longer) for word in shorter)


def _words(text):
    return re.findall(r"\w+", text.casefold())


def _akin(one, other):
    shorter, longer = sorted([one, other], key=len)
    return one == other or (
        len(shorter) >= SHORTEST_STEM and longer.startswith(shorter)
    )
