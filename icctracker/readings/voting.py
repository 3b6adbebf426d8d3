"""How alike members of the Council voted: counts of ballots, never an estimate.

A ballot counts for two members if each of them voted in favour, against, or abstained.
Where one took no part, or the record is not certain, it is left out. Alike is the same
vote; opposed is one in favour and one against; the rest is apart: one abstained.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q

from icctracker.models import Member, Vote

CAST = [Vote.Cast.YES, Vote.Cast.NO, Vote.Cast.ABSTAIN]
# Not by ~Q, which would ask whether any member at all voted otherwise.
_DIFFER = reduce(
    or_,
    (
        Q(cast=cast, ballot__votes__cast__in=[each for each in CAST if each != cast])
        for cast in CAST
    ),
)
ALIKE, APART, OPPOSED = "alike", "apart", "opposed"
# Below so many ballots a percentage would say more than is known.
FEWEST_FOR_A_SHARE = 20


@dataclass
class Agreement:
    """How often two members voted alike: counts of ballots, in all and by year."""

    one: Member
    other: Member
    years: dict[int, Counter] = field(default_factory=dict)

    @property
    def counts(self):
        """Ballots that were alike, apart or opposed."""
        return sum(self.years.values(), Counter())

    @property
    def by_year(self):
        """For each year, newest first: (year, both voted, alike, apart, opposed)."""
        return [
            (year, each.total(), each[ALIKE], each[APART], each[OPPOSED])
            for year, each in sorted(self.years.items(), reverse=True)
        ]

    @property
    def total(self):
        """Ballots in which both cast a vote."""
        return self.counts.total()

    @property
    def share(self):
        """The share voted alike, in whole per cent; None where the ballots are few."""
        if self.total < FEWEST_FOR_A_SHARE:
            return None
        return round(100 * self.counts[ALIKE] / self.total)


def told_apart(one, other):
    """Whether two votes are alike, apart or opposed."""
    if one == other:
        return ALIKE
    return APART if Vote.Cast.ABSTAIN in (one, other) else OPPOSED


def agreements(members, **which):
    """An Agreement for each two of the members, in their order; one query.

    ``which`` are lookups of votes that say which ballots count.
    """
    found = {
        (one.pk, other.pk): Agreement(one, other)
        for number, one in enumerate(members)
        for other in members[number + 1 :]
    }
    for one, other, year, cast, others, count in (
        _of_two(members, member__lt=F("ballot__votes__member"), **which)
        .values_list(
            "member",
            "ballot__votes__member",
            "ballot__held_on__year",
            "cast",
            "ballot__votes__cast",
        )
        .annotate(Count("pk"))
    ):
        pair = found.get((one, other)) or found[other, one]
        pair.years.setdefault(year, Counter())[told_apart(cast, others)] += count
    return list(found.values())


def differing(one, other, **which):
    """Pairs of a vote of one and the cast of the other that differ, newest first."""
    return (
        _of_two([one, other], _DIFFER, member=one, **which)
        .annotate(others=F("ballot__votes__cast"))
        .select_related("ballot__document")
        .order_by("-ballot__held_on", "-ballot__item", "-pk")
    )


@dataclass
class Sponsored:
    """How one member voted on the texts that another, or itself, sponsored."""

    sponsor: Member
    voter: Member
    cast: Counter = field(default_factory=Counter)

    @property
    def total(self):
        """Votes cast; a text voted on in parts counts once for each part."""
        return self.cast.total()


def sponsored(members, **which):
    """A Sponsored for each sponsor among the members and each of them; one query.

    Of a sponsor that sponsored nothing that was voted on there is none.
    """
    by_code = {member.code: member for member in members}
    by_key = {member.pk: member for member in members}
    found = {}
    for code, voter, cast, count in (
        Vote.objects.order_by()
        .filter(
            member__in=members,
            cast__in=CAST,
            ballot__document__sponsors__code__in=by_code,
            **which,
        )
        .values_list("ballot__document__sponsors__code", "member", "cast")
        .annotate(Count("pk", distinct=True))
    ):
        pair = found.setdefault((code, voter), Sponsored(by_code[code], by_key[voter]))
        pair.cast[cast] += count
    return [
        found[one.code, other.pk]
        for one in members
        for other in members
        if (one.code, other.pk) in found
    ]


def _of_two(members, *conditions, **which):
    """Votes of members beside those of another of them in the same ballot."""
    # All in one filter: another would join the votes of a ballot once more.
    return Vote.objects.order_by().filter(
        *conditions,
        member__in=members,
        cast__in=CAST,
        ballot__votes__member__in=members,
        ballot__votes__cast__in=CAST,
        **which,
    )
