"""How much is coded by two people, and how far they agree: read from the record.

The database counts pairs of codes as they come; as of a day, those of later entries are
taken off, and at a past instant the pairs of then are read one by one.

Only codings of published entries count, and of those handed in by an instant. Blind are
those that were handed in before the entry was published: afterwards anybody could read
its first codes, so that the others stand apart.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from icctracker.models import (
    Coding,
    CodingLine,
    Criterion,
    Dissent,
    Evidence,
    Finding,
    Sample,
)
from icctracker.models.listings import COMPARED
from icctracker.models.sums import EVER
from icctracker.ruleset.agreement import NOMINAL, ORDINAL, Agreement, agreement

from .tallies import kept, later_than


@dataclass(frozen=True)
class Row:
    """The agreement on one criterion, or on all, in one version of the codebook.

    ``single`` counts the codings in which only one of the two saw the criterion
    concerned at all; they have no pair of codes to compare.
    """

    name: str
    effect: Agreement
    occasion: Agreement
    single: int

    @property
    def pairs(self):
        return self.effect.units


@dataclass(frozen=True)
class Table:
    """The agreement in one version of the codebook: in all, and by criterion."""

    version: str
    total: Row
    rows: tuple


@dataclass(frozen=True)
class Drift:
    """What one yearly sample has shown so far."""

    sample: Sample
    done: int
    row: Row


@dataclass(frozen=True)
class Overview:
    """All that is measured: tables by version of the codebook, the newest first.

    ``blind`` and ``after_publication`` hold what a reviewer asked for, ``samples`` what
    was drawn by lot.
    """

    blind: list
    after_publication: list
    samples: list


def agreement_of(as_of, known_at=None):
    """How far coders agree on the entries known by both clocks, each kind by itself."""
    units = _units_of(as_of, known_at)
    asked_for = [row for row in units.items() if row[0].sample is None]
    return Overview(
        _tables([row for row in asked_for if not row[0].open_codes]),
        _tables([row for row in asked_for if row[0].open_codes]),
        _samples(units, known_at),
    )


def coding_of(as_of, known_at=None):
    """How many findings are accepted, coded by two people and in dispute."""
    accepted = Finding.objects.accepted(known_at)
    if known_at:
        counted = _coded(accepted.filter(event_date__lte=as_of))
    else:
        counted = Counter()
        for mark, number in kept(mark__in=_CODED):
            counted.update(dict.fromkeys(_CODED[mark], number))
        if later_than(as_of) is not None:
            counted.subtract(_coded(accepted.filter(event_date__gt=as_of)))
    # Few entries have a dissent; only their findings are compared with it.
    dissents = Dissent.objects.on_record(known_at).filter(finding__isnull=False)
    entries = set(dissents.values_list("finding__evidence", flat=True))
    dissented = accepted.filter(
        disputed=False, evidence__in=entries, event_date__lte=as_of
    )
    disputed = dissented.with_dispute(known_at).filter(in_dispute=True).count()
    return {name: counted[name] for name in _CODED["coded:twice:disputed"]} | {
        "disputed": counted["disputed"] + disputed
    }


# What a finding counts as, by the sum that it belongs to.
_CODED = {
    "coded:once": ["findings"],
    "coded:twice": ["findings", "twice"],
    "coded:once:disputed": ["findings", "disputed"],
    "coded:twice:disputed": ["findings", "twice", "disputed"],
}


def _coded(findings):
    return findings.aggregate(
        findings=Count("pk"),
        twice=Count("pk", filter=Q(coded_twice=True)),
        disputed=Count("pk", filter=Q(disputed=True)),
    )


@dataclass(frozen=True)
class _Unit:
    """One criterion in one pair of codings: the codes of the first and the second."""

    sample: int | None
    open_codes: bool
    version: tuple
    criterion: str
    effect: tuple
    occasion: tuple

    @property
    def single(self):
        return None in self.effect


def _units_of(as_of, known_at):
    """How often each unit is found in the entries that both clocks know."""
    compared = Coding.objects.compared()
    if known_at:
        # At a past instant what is known are editions of entries.
        entries = Evidence.objects.known(as_of, known_at).values("evidence")
        return _units(compared.filter(evidence__in=entries, done_at__lte=known_at))
    units = _kept_units()
    if (later := later_than(as_of)) is not None:
        units -= _units(compared.filter(evidence__in=later))
    return units


def _kept_units():
    """The same of all that is published, as the database has counted it."""
    rows = kept(month=EVER, mark__startswith=COMPARED)
    criteria = {
        key: (tuple(version), code)
        for key, code, *version in Criterion.objects.values_list(
            "pk", "code", *_VERSION
        )
    }
    units = Counter()
    for mark, number in rows:
        _name, _place, kind, criterion, *said = mark.split(":")
        codes = [int(each) if each else None for each in said]
        kind = (int(kind), False) if kind.isdigit() else (None, kind == "open")
        pairs = tuple(codes[::2]), tuple(codes[1::2])
        units[_Unit(*kind, *criteria[int(criterion)], *pairs)] += number
    return units


# What tells one version of the codebook from others, as seen from a criterion.
_VERSION = (
    *("codebook__published_on", "codebook__version"),
    "recommendation__within",
)


def _units(compared):
    """Matched within one version: across two the question was not the same."""
    rows = compared.with_open_codes().values_list(
        "pk", "against", "sample", "open_codes"
    )
    codings = {
        pk: (first, sample, sample is None and bool(open_codes))
        for pk, first, sample, open_codes in rows
    }
    firsts = {first for first, *_kind in codings.values()}
    lines = defaultdict(dict)
    for coding, *key, effect, occasion in CodingLine.objects.filter(
        coding__in=firsts | set(codings)
    ).values_list(
        "coding",
        *(f"criterion__{name}" for name in _VERSION),
        "criterion__code",
        "effect",
        "occasion",
    ):
        lines[coding][tuple(key)] = (effect, int(occasion))
    found = Counter()
    for second, (first, *kind) in codings.items():
        for key in sorted(lines[first].keys() | lines[second].keys()):
            pair = [lines[each].get(key, (None, None)) for each in (first, second)]
            effect, occasion = zip(*pair, strict=True)
            found[_Unit(*kind, key[:3], key[3], effect, occasion)] += 1
    return found


def _row(name, units):
    """The agreement of pairs of a unit and how often it was found."""
    effects, occasions, single = Counter(), Counter(), 0
    for unit, number in units:
        if unit.single:
            single += number
            continue
        effects[unit.effect] += number
        occasions[unit.occasion] += number
    return Row(name, agreement(effects, ORDINAL), agreement(occasions, NOMINAL), single)


def _tables(units):
    versions = defaultdict(list)
    for unit, number in units:
        versions[unit.version].append((unit, number))
    tables = [
        _table(_named(version), versions[version]) for version in sorted(versions)
    ]
    return tables[::-1]


def _named(version):
    """The number of a version, and whose it is where not the first publication's."""
    _day, number, within = version
    return f"{number}, {within}" if within else number


def _table(version, units):
    by_criterion = defaultdict(list)
    for unit, number in units:
        by_criterion[unit.criterion].append((unit, number))
    rows = tuple(
        _row(code, by_criterion[code]) for code in sorted(by_criterion, key=_place)
    )
    return Table(version, _row("", units), rows)


def _place(code):
    """Puts 7a before 10a."""
    return int("".join(filter(str.isdigit, code)) or 0), code


def _samples(units, known_at):
    done = Q(codings__state=Coding.State.DONE)
    samples = Sample.objects.all()
    if known_at:
        done &= Q(codings__done_at__lte=known_at)
        samples = samples.filter(drawn_at__lte=known_at)
    return [
        Drift(
            sample,
            sample.done,
            _row("", [row for row in units.items() if row[0].sample == sample.pk]),
        )
        for sample in samples.annotate(done=Count("codings", filter=done))
    ]
