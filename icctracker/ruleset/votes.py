"""What the votes of the Council's members amount to; pure functions of a roll call.

A roll call says for each member, by its code, how it voted: Y, N, A (abstained), X (did
not vote) or U (not known).
"""

from dataclasses import dataclass

ADOPTED, VETOED, FAILED = "adopted", "vetoed", "failed"
UNKNOWN = "U"
# Article 27 as first agreed, and as amended with effect from the ballots of 1966.
NEEDED_BEFORE, NEEDED_SINCE, AMENDED = 7, 9, 1966


@dataclass(frozen=True)
class Count:
    """The votes counted, and what they amount to.

    ``verdict`` is None where votes that are not known leave it open.
    """

    yes: int
    no: int
    abstain: int
    verdict: str | None
    vetoes: tuple = ()


def needed_in(year):
    """How many votes in favour the Council needs to adopt a text."""
    return NEEDED_SINCE if year >= AMENDED else NEEDED_BEFORE


def count(cast, *, permanent, year):
    """Count a whole roll call on a matter that is not one of procedure."""
    given = list(cast.values())
    against = tuple(code for code in permanent if cast.get(code) == "N")
    if UNKNOWN in given:
        verdict = None
    elif given.count("Y") < needed_in(year):
        verdict = FAILED
    else:
        verdict = VETOED if against else ADOPTED
    return Count(
        yes=given.count("Y"),
        no=given.count("N"),
        abstain=given.count("A"),
        verdict=verdict,
        vetoes=against if verdict == VETOED else (),
    )
