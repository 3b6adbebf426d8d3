"""What an entry can be said to concern; read once for each request."""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from icctracker.models import Actor, Codebook, Criterion, Evidence, Situation


@dataclass
class Options:
    """The criteria, situations and actors that a form offers."""

    criteria: dict
    situations: dict
    actor_names: list
    # The criteria of earlier versions that one offered now continues, by key.
    continued: dict = field(default_factory=dict)

    @classmethod
    def load(cls, used=(), own=None):
        """The criteria in force, those of the keys ``used``, and all the rest.

        Actors are those of the open site, and those of the entry ``own``.
        """
        offered = criteria(used)
        return cls(
            criteria=offered,
            situations={each.slug: each for each in Situation.objects.all()},
            actor_names=actor_names(own),
            continued=continued(offered.values()),
        )

    def criterion(self, key):
        """The criterion of a key as a form holds it, or None."""
        return self.criteria.get(self.key(key))

    def key(self, key):
        """A key as it is offered now: that of the criterion in force, if it goes on."""
        found = self.continued.get(str(key))
        return str(found.pk) if found else str(key)

    def criterion_choices(self):
        """The criteria, grouped by recommendation."""
        return [("", ""), *criterion_groups(self.criteria.values())]

    def situation_choices(self):
        return [(slug, each.name) for slug, each in self.situations.items()]


def actor_names(own=None):
    """Names that readers see too; one that stands only in a draft is its author's."""
    entries = Evidence.objects.public()
    if own is not None:
        entries = entries | Evidence.objects.filter(pk=own)
    unused = Q(evidence__isnull=True)
    known = Actor.objects.filter(unused | Q(evidence__in=entries)).distinct()
    return list(known.values_list("name", flat=True))


def chooser(rows):
    """Turns a key that a form holds into its criterion; ValueError if it has none."""

    def choose(key):
        if key not in rows:
            raise ValueError(key)
        return rows[key]

    return choose


def criteria(used=()):
    """The criteria in force, and those of the keys given, by key as forms hold it.

    A criterion used before is offered only where none in force asks the same.
    """
    current = Codebook.objects.in_force()
    rows = (
        Criterion.objects.filter(Q(codebook=current) | Q(pk__in=used))
        .select_related("recommendation", "codebook")
        .order_by(
            "recommendation__publication_id",
            "recommendation__number",
            "code",
            "-codebook__published_on",
        )
    )
    asked = {(row.code, row.meaning) for row in rows if row.codebook == current}
    for row in rows:
        row.outdated = row.codebook != current
    return {
        str(row.pk): row
        for row in rows
        if not row.outdated or (row.code, row.meaning) not in asked
    }


def continued(offered):
    """Of earlier versions' criteria, by key: the one offered that asks the same."""
    by_test = {(row.code, row.meaning): row for row in offered if not row.outdated}
    earlier = Criterion.objects.exclude(pk__in=[row.pk for row in by_test.values()])
    tests = earlier.filter(codebook__published_on__isnull=False).values_list(
        "pk", "code", "meaning"
    )
    return {
        str(pk): by_test[code, meaning]
        for pk, code, meaning in tests
        if (code, meaning) in by_test
    }


def criterion_groups(rows):
    """Choices by recommendation: its title, and its criteria."""
    groups = groupby(rows, key=lambda each: each.recommendation)
    return [
        (str(owner), [(str(each.pk), _label(each)) for each in members])
        for owner, members in groups
    ]


def _label(criterion):
    if not criterion.outdated:
        return str(criterion)
    return _("%(criterion)s (of %(codebook)s, no longer in force)") % {
        "criterion": criterion,
        "codebook": criterion.codebook,
    }
