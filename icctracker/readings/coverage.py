"""How much is coded by two people, and how far they agree: read from the record.

Only codings of published entries count, and of those handed in by an instant. Blind are
those that were handed in before the entry was published: afterwards anybody could read
its first codes, so that the others stand apart.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from icctracker.models import (
    Coding,
    CodingLine,
    Dissent,
    Evidence,
    Finding,
    Sample,
)
from icctracker.ruleset.agreement import NOMINAL, ORDINAL, Agreement, agreement


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
    units = _units(_codings(as_of, known_at))
    asked_for = [unit for unit in units if unit.sample is None]
    return Overview(
        _tables([unit for unit in asked_for if not unit.open_codes]),
        _tables([unit for unit in asked_for if unit.open_codes]),
        _samples(units, known_at),
    )


def coding_of(as_of, known_at=None):
    """How many findings are accepted, coded by two people and in dispute."""
    accepted = Finding.objects.accepted(known_at).filter(event_date__lte=as_of)
    counted = accepted.aggregate(
        findings=Count("pk"),
        twice=Count("pk", filter=Q(coded_twice=True)),
        disputed=Count("pk", filter=Q(disputed=True)),
    )
    # Few entries have a dissent; only their findings are compared with it.
    dissents = Dissent.objects.on_record(known_at).filter(finding__isnull=False)
    entries = set(dissents.values_list("finding__evidence", flat=True))
    dissented = accepted.filter(disputed=False, evidence__in=entries)
    counted["disputed"] += (
        dissented.with_dispute(known_at).filter(in_dispute=True).count()
    )
    return counted


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


def _codings(as_of, known_at):
    codings = Coding.objects.compared().with_open_codes()
    columns = "pk", "against", "sample", "open_codes"
    if known_at:
        # At a past instant what is known are editions of entries.
        entries = Evidence.objects.known(as_of, known_at).values("evidence")
        rows = codings.filter(evidence__in=entries, done_at__lte=known_at)
        return {pk: tuple(kind) for pk, *kind in rows.values_list(*columns)}
    # Read from the codings on: few entries have two.
    rows = codings.values_list("evidence__state", "evidence__occurred_on", *columns)
    return {
        pk: tuple(kind)
        for state, day, pk, *kind in rows
        if state == Evidence.State.PUBLISHED and day <= as_of
    }


def _units(codings):
    """Matched within one version: across two the question was not the same."""
    firsts = {first for first, *_kind in codings.values()}
    lines = defaultdict(dict)
    for coding, *key, effect, occasion in CodingLine.objects.filter(
        coding__in=firsts | set(codings)
    ).values_list(
        "coding",
        "criterion__codebook__published_on",
        "criterion__codebook__version",
        "criterion__recommendation__within",
        "criterion__code",
        "effect",
        "occasion",
    ):
        lines[coding][tuple(key)] = (effect, int(occasion))
    found = []
    for second, (first, *kind) in codings.items():
        for key in sorted(lines[first].keys() | lines[second].keys()):
            pair = [lines[each].get(key, (None, None)) for each in (first, second)]
            effect, occasion = zip(*pair, strict=True)
            found.append(_Unit(*kind, key[:3], key[3], effect, occasion))
    return found


def _row(name, units):
    both = [unit for unit in units if not unit.single]
    return Row(
        name,
        agreement([unit.effect for unit in both], ORDINAL),
        agreement([unit.occasion for unit in both], NOMINAL),
        len(units) - len(both),
    )


def _tables(units):
    versions = defaultdict(list)
    for unit in units:
        versions[unit.version].append(unit)
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
    for unit in units:
        by_criterion[unit.criterion].append(unit)
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
            _row("", [unit for unit in units if unit.sample == sample.pk]),
        )
        for sample in samples.annotate(done=Count("codings", filter=done))
    ]
