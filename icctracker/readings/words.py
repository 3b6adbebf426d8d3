"""The words by which a paragraph is offered first for a criterion: published, and few.

An aid to reading, never a coder: the words decide the order in which paragraphs stand
beside a finding, nobody's judgement, and say nothing of any effect. They are printed on
the methodology page, with how often they find what people found. For where no text was
imported the terms of the index stand in their place (``BEARS_ON``).
"""

import re
from functools import cache
from typing import NamedTuple

from icctracker.texts.folding import fold


class Words(NamedTuple):
    """Words of one criterion; what ends in * may go on. Each counts once."""

    first: tuple
    further: tuple = ()


FIRST, FURTHER = 3, 1
_CRIMES = ("genocide", "crimes against humanity", "war crimes")
_COURT = ("international criminal court", "rome statute")
# By the key of the criterion: those of the first publication.
WORDS = {
    "1a": Words(
        ("accountab*", "impunity", "brought to justice", *_CRIMES, *_COURT),
        ("bring to justice", "investigat*", "prosecut*", "responsible for"),
    ),
    "1b": Words(
        ("referral*", "refer the situation", "refer situations", "referred to the"),
        (*_COURT, "the prosecutor"),
    ),
    "1c": Words(
        ("decides to refer", "refer the situation", "referral*", "refer*"),
        (*_COURT, "prosecutor", "tribunal*"),
    ),
    "2a": Words(
        ("cooperate fully", "cooperat*", "non compliance", "failure to cooperate"),
        (*_COURT, "obligation*", "warrant*", "surrender*", "prosecutor"),
    ),
    "2b": Words(
        (*_COURT, "icc", "the court", "the prosecutor", "warrant*"),
        ("arrest*", "surrender*", "cooperat*", "trust fund for victims"),
    ),
    "3a": Words(
        ("sanction*", "asset*", "freez*", "travel", "designat*", "list*"),
        (*_COURT, "cooperat*", "measures", "committee"),
    ),
    "3b": Words(
        ("designat*", "list*", "sanction*", "travel", "freez*"),
        ("violations", "human rights", "humanitarian law", "committee", *_CRIMES),
    ),
    "4a": Words(
        ("exclusive jurisdiction", "not a party", "not party", "article 16"),
        ("commence or proceed", "immun*", "personnel", "contributing state*"),
    ),
    "4b": Words(
        ("cooperate fully", "no obligation", "not party"),
        ("cooperat*", "all states", *_COURT, "urges"),
    ),
    "4c": Words(
        ("expenses", "costs", "borne"),
        ("voluntar*", "funds", "budget*", "contribut*"),
    ),
    "5a": Words(
        ("amnest*", "immun*", "pardon*"),
        ("agreement*", "initiative", "endorses", "welcomes", "plan", *_CRIMES),
    ),
    "6a": Words(
        ("informal working group", "working group"),
        ("tribunal*", *_COURT),
    ),
    "6b": Words(("open debate*", "debate*"), ("justice", "rule of law", *_COURT)),
    "7a": Words(
        (*_CRIMES, *_COURT, "accountab*"),
        ("violations", "civilians", "ceasefire", "investigat*", "impunity"),
    ),
    "7b": Words(("veto*", "code of conduct", "restraint"), ("permanent member*",)),
    "8a": Words(("states parties", "caucus", "focal point*"), _COURT),
    "8b": Words(("states parties", "caucus"), _COURT),
    "9a": Words(
        ("address the council", "invites the prosecutor", "the prosecutor to"),
        ("prosecutor", "president of the court", "report*", "brief*"),
    ),
    "10a": Words(("the hague",), ("visit*", "invit*", *_COURT)),
    "10b": Words(("the hague",), ("visit*", "mission", *_COURT)),
}


@cache
def _patterns(criterion):
    """How each of the words of a criterion is looked for, with what it counts."""
    words = WORDS.get(criterion, Words(()))
    return [
        (each.rstrip("*"), count, re.compile(_pattern(each)))
        for each, count in (
            *((each, FIRST) for each in words.first),
            *((each, FURTHER) for each in words.further),
        )
    ]


def _pattern(word):
    ending = r"\w*" if word.endswith("*") else r"(?!\w)"
    return rf"(?<!\w){re.escape(fold(word.rstrip('*')))}{ending}"


def found_in(folded, criterion):
    """What a folded text counts for a criterion, and the words found in it."""
    count, found = 0, []
    for _word, weight, pattern in _patterns(criterion):
        if match := pattern.search(folded):
            count += weight
            found.append(match[0])
    return count, tuple(found)
