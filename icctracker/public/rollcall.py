"""How each member voted: the picture of the seats, and the same as rows of a table.

Computes positions only; the template draws them as SVG.
"""

from dataclasses import dataclass
from math import cos, radians, sin

from django.utils.functional import cached_property

from icctracker.models import Ballot, Member, Membership, Vote
from icctracker.models.catalogue import FORMER_SEATS

WIDTH, HEIGHT, RADIUS, SEAT = 360, 320, 140, 17
# The seats stand in a horseshoe, open below; degrees to each side of the top.
OPENING = 143
Cast = Vote.Cast
# From one end of the horseshoe to the other; "" is a vote the record does not tell.
ORDER = [Cast.YES, Cast.UNCERTAIN, "", Cast.NOT_VOTING, Cast.ABSTAIN, Cast.NO]
CLASSES = {
    Cast.YES: "yes",
    Cast.NO: "no",
    Cast.ABSTAIN: "abstain",
    Cast.NOT_VOTING: "absent",
    Cast.UNCERTAIN: "unknown",
    "": "unknown",
}


@dataclass(frozen=True)
class Seat:
    """A member at a ballot: how it voted, and where it stands in the picture."""

    member: Member
    cast: str
    veto: bool
    former: str
    x: float
    y: float

    size = SEAT

    @property
    def shape(self):
        """The class of its shape; each way of voting has a shape of its own."""
        return CLASSES[self.cast]

    @property
    def label(self):
        """The code in the seat; a question mark where the vote is not certain."""
        return self.member.code + ("?" if self.shape == "unknown" else "")

    @property
    def words(self):
        """How it voted, in words; nothing where the record does not tell."""
        return Cast(self.cast).label if self.cast else ""


class RollCall:
    """One ballot with the seat of every member."""

    width, height, seat = WIDTH, HEIGHT, SEAT
    middle = WIDTH // 2

    def __init__(self, ballot, missing=()):
        self.ballot = ballot
        found = [(vote.member, vote.cast) for vote in ballot.votes.all()]
        self.votes = found + [(member, "") for member in missing]

    @cached_property
    def seats(self):
        """Every seat, in the order of the picture: by vote, permanent members first."""
        if not self.ballot.was_voted:
            return []
        votes = sorted(
            self.votes,
            key=lambda vote: (
                ORDER.index(vote[1]),
                not vote[0].permanent,
                vote[0].name,
            ),
        )
        step = 2 * OPENING / max(len(votes) - 1, 1)
        return [
            self._seat(member, cast, radians(step * place - OPENING))
            for place, (member, cast) in enumerate(votes)
        ]

    @property
    def rows(self):
        """Every seat in the order of a table; of a vetoed text, those against first."""
        if not self.vetoes:
            return self.seats
        return sorted(self.seats, key=lambda seat: -ORDER.index(seat.cast))

    @property
    def vetoes(self):
        """The seats of those whose vote against was a veto."""
        return [seat for seat in self.seats if seat.veto]

    @property
    def uncertain(self):
        """How many votes the record does not tell, or not for certain."""
        return sum(seat.shape == "unknown" for seat in self.seats)

    @property
    def changed_seats(self):
        """Who held a seat before, where the record dates the change to this year."""
        year = self.ballot.held_on.year
        return [
            (seat.member, FORMER_SEATS[seat.member.code][0])
            for seat in self.seats
            if FORMER_SEATS.get(seat.member.code, ("", 0))[1] == year
        ]

    def _seat(self, member, cast, angle):
        blocked = self.ballot.outcome == Ballot.Outcome.VETOED
        return Seat(
            member=member,
            cast=cast,
            veto=blocked and cast == Cast.NO and member.permanent,
            former=member.name_in(self.ballot.held_on.year),
            x=round(WIDTH / 2 + RADIUS * sin(angle), 1),
            y=round(SEAT + 6 + RADIUS - RADIUS * cos(angle), 1),
        )


def roll_calls(ballots):
    """A RollCall for each ballot, its votes prefetched; at most one query."""
    ballots = list(ballots)
    incomplete = [each for each in ballots if len(each.votes.all()) < each.seats]
    years = {ballot.held_on.year for ballot in incomplete}
    sat = Membership.objects.filter(year__in=years).select_related("member")
    members = [(row.year, row.member) for row in sat] if years else []
    calls = []
    for ballot in ballots:
        voted = {vote.member_id for vote in ballot.votes.all()}
        missing = [
            member
            for year, member in members
            if year == ballot.held_on.year and member.pk not in voted
        ]
        calls.append(RollCall(ballot, missing if ballot in incomplete else ()))
    return calls
