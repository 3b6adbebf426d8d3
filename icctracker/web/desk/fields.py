"""Form fields that accept what people write and say plainly what they cannot read."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import Actor, Codebook, Criterion, Evidence, Situation, rules
from icctracker.readings.naming import Names
from icctracker.texts import symbols
from icctracker.web.kit.days import DayField
from icctracker.web.kit.forms import TOO_LONG, Text, limit

# What an entry can be said to concern; read once for each request.


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
    """Names that readers see too, and those of the entry with the key ``own``."""
    entries = Evidence.objects.public()
    if own is not None:
        entries = entries | Evidence.objects.filter(pk=own)
    return list(Actor.objects.named_in(entries).values_list("name", flat=True))


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
    current = set(Codebook.objects.each_in_force())
    rows = (
        Criterion.objects.filter(Q(codebook__in=current) | Q(pk__in=used))
        .select_related("recommendation__publication", "codebook")
        .order_by(
            "recommendation__publication_id",
            "recommendation__number",
            "code",
            "-codebook__published_on",
        )
    )
    asked = {(*row.identity, row.meaning) for row in rows if row.codebook in current}
    for row in rows:
        row.outdated = row.codebook not in current
    return {
        str(row.pk): row
        for row in rows
        if not row.outdated or (*row.identity, row.meaning) not in asked
    }


def continued(offered):
    """Of earlier versions' criteria, by key: the one offered that asks the same."""
    by_test = {(*row.identity, row.meaning): row for row in offered if not row.outdated}
    earlier = Criterion.objects.exclude(pk__in=[row.pk for row in by_test.values()])
    tests = earlier.filter(codebook__published_on__isnull=False).values_list(
        "pk", "recommendation", "code", "meaning"
    )
    return {str(pk): by_test[*test] for pk, *test in tests if tuple(test) in by_test}


def criterion_groups(rows):
    """Choices by recommendation: its title, and its criteria.

    Where there is more than one publication, the title says whose it is.
    """
    rows = list(rows)
    several = len({each.recommendation.publication_id for each in rows}) > 1
    groups = groupby(rows, key=lambda each: each.recommendation)
    return [
        (
            _owner(owner, several),
            [(str(each.pk), _label(each)) for each in members],
        )
        for owner, members in groups
    ]


def _owner(recommendation, several):
    if not several:
        return str(recommendation)
    return f"{recommendation.publication.title}: {recommendation}"


def _label(criterion):
    if not criterion.outdated:
        return str(criterion)
    return _("%(criterion)s (of %(codebook)s, no longer in force)") % {
        "criterion": criterion,
        "codebook": criterion.codebook,
    }


NOT_OFFERED = gettext_lazy("Choose one of those listed.")


class CriterionField(forms.TypedChoiceField):
    """A criterion by its key; an earlier version's stands for the one that follows."""

    options = None

    def offer(self, options):
        """Offer the criteria that a form was loaded with."""
        self.options = options
        self.coerce = chooser(options.criteria)

    def prepare_value(self, value):
        return self._key(super().prepare_value(value))

    def to_python(self, value):
        return super().to_python(self._key(value))

    def _key(self, value):
        return self.options.key(value) if self.options and value else value


class PastDayField(DayField):
    """A day that has been."""

    def __init__(self, *, in_future, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.in_future = in_future

    def validate(self, value):
        super().validate(value)
        if not isinstance(value, date):
            return
        for fault in rules.impossible_day(value, self.in_future):
            raise ValidationError(fault.what, code="impossible")


class SymbolField(Text):
    """A document symbol, put in its official form; other references stay as written.

    After ``clean`` the attribute ``warnings`` holds what the writer should check.
    """

    def __init__(self, **kwargs):
        # Longer than a symbol, since people paste the document's address.
        super().__init__(max_length=symbols.LONGEST_ADDRESS, spellcheck=False, **kwargs)
        self.longest = 80
        self.warnings = ()

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return ""
        try:
            symbol = symbols.read(value, today_year=rules.latest_today().year)
            self.warnings = [_(warning) for warning in symbol.warnings]
            value = symbol.official
        except symbols.SymbolError as fault:
            if isinstance(fault, symbols.UnknownSymbol):
                self.warnings = [_(str(fault))]
            # Whether it was meant as one is for the rules to say, which quote it.
            value = symbols.normalise(value)
        if len(value) > self.longest:
            raise ValidationError(
                TOO_LONG % {"limit_value": self.longest, "show_value": len(value)}
            )
        return value


class NamesField(Text):
    """Names, one a line or with commas or semicolons between; a list of them."""

    most = 60

    def __init__(self, **kwargs):
        super().__init__(max_length=8000, rows=3, **kwargs)
        self.known = Names()

    def clean(self, value):
        names = self.names(super().clean(value))
        for name in names:
            if len(name) > limit(Actor, "name"):
                raise ValidationError(
                    _("“%(name)s…” is too long for a name: at most %(most)d.")
                    % {"name": name[:40], "most": limit(Actor, "name")}
                )
        if len(names) > self.most:
            raise ValidationError(
                _("Name at most %(most)d; there are %(number)d.")
                % {"most": self.most, "number": len(names)}
            )
        return names

    def names(self, value):
        """The names in a text, each once; or in a list of names, as it is."""
        return value if isinstance(value, list) else self.known.read(value or "")
