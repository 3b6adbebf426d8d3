"""What the votes of the Council's members amount to; pure functions of a roll call.

A roll call says for each member, by its code, how it voted: Y, N, A (abstained), X (did
not vote) or U (not known).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

ADOPTED, VETOED, FAILED = "adopted", "vetoed", "failed"
UNKNOWN = "U"
# Article 27 as first agreed, and as amended with effect from the ballots of 1966.
NEEDED_BEFORE, NEEDED_SINCE, AMENDED = 7, 9, 1966

# What is said, at the desk and of an imported file, where something contradicts votes.
MISSING = _("Say how these members voted, or mark them as not certain: %(names)s.")
OTHER_TOTALS = _("The votes of the members add up to %(counted)s; here is %(typed)s.")
OTHER_ACTORS = _("Those who cast the veto follow from the votes. Take out: %(names)s.")
NO_VETO = {
    ADOPTED: _("By these votes the text was adopted: that is no veto."),
    FAILED: _("By these votes the text failed in any case: that is no veto."),
}


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


def count(cast, *, permanent, year):
    """Count a whole roll call on a matter that is not one of procedure."""
    given = list(cast.values())
    needed = NEEDED_SINCE if year >= AMENDED else NEEDED_BEFORE
    against = tuple(code for code in permanent if cast.get(code) == "N")
    if UNKNOWN in given:
        verdict = None
    elif given.count("Y") < needed:
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
