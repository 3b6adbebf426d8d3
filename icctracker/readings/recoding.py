"""Which findings a draft of the codebook has coded again, and which are left.

Reads only. A criterion is *asked* anew where its test has changed since the version in
force; its findings count under the draft only as they are coded again.
"""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from django.db.models import Count, Prefetch, Q

from icctracker.models import Codebook, Coding, Criterion, Finding, Recoding

Outcome = Recoding.Outcome


def asked_anew(draft):
    """The criteria of a draft whose test has changed, by identity."""
    before = Codebook.objects.before(draft)
    in_force = Criterion.objects.filter(codebook=before)
    meant = {each.identity: each.meaning for each in in_force}
    return {
        each.identity: each
        for each in Criterion.objects.of(draft)
        if meant.get(each.identity, each.meaning) != each.meaning
    }


def to_code(draft, asked):
    """The findings in force on some of the criteria that a draft asks anew."""
    on_them = Q(pk__in=[])
    for recommendation, code in asked:
        on_them |= Q(criterion__recommendation=recommendation, criterion__code=code)
    before = Codebook.objects.before(draft)
    return Finding.objects.accepted().under(before).filter(on_them)


def ready(draft, asked):
    """What would come into force, were the draft published now."""
    return Recoding.objects.filter(codebook=draft).ready(asked.values())


def left(draft, asked):
    """The findings that are still to be coded again."""
    done = ready(draft, asked).values("finding")
    return to_code(draft, asked).exclude(pk__in=done)


def unused(draft, asked):
    """What was coded under the draft, but would not come into force as it is.

    The finding was corrected since, or the words of its criterion are others by now.
    """
    return Recoding.objects.filter(codebook=draft).exclude(
        pk__in=ready(draft, asked).values("pk")
    )


@dataclass
class Progress:
    """How far the findings on one criterion are coded again."""

    criterion: Criterion
    total: int = 0
    done: Counter = field(default_factory=Counter)

    @property
    def left(self):
        return self.total - self.coded

    @property
    def coded(self):
        return self.done.total()

    @property
    def stands(self):
        return self.done[Outcome.STANDS]

    @property
    def changed(self):
        return self.done[Outcome.CHANGED]

    @property
    def silent(self):
        return self.done[Outcome.SILENT]


def progress(draft, asked):
    """A Progress for each criterion that a draft asks anew, in order; two queries."""
    found = {identity: Progress(criterion) for identity, criterion in asked.items()}
    of_criterion = ("criterion__recommendation", "criterion__code")
    totals = to_code(draft, asked).order_by().values_list(*of_criterion)
    for recommendation, code, number in totals.annotate(Count("pk")):
        found[recommendation, code].total = number
    of_finding = [f"finding__{name}" for name in of_criterion]
    done = ready(draft, asked).order_by().values_list(*of_finding, "outcome")
    for recommendation, code, outcome, number in done.annotate(Count("pk")):
        found[recommendation, code].done[outcome] = number
    return list(found.values())


def listed(findings, draft):
    """Findings with their entries, sources and what the draft has them say."""
    of_draft = Recoding.objects.filter(codebook=draft).select_related("coded_by")
    return (
        findings.select_related("evidence", "criterion__recommendation")
        .prefetch_related(
            "evidence__sources",
            Prefetch("recodings", queryset=of_draft, to_attr="of_draft"),
        )
        .order_by("event_date", "pk")
    )


def open_to(findings, person):
    """Those that a person may code again: not of entries that they are coding blind."""
    blind = Coding.objects.blinding(person).values("evidence")
    return findings.exclude(evidence__in=blind)


def recoding_of(finding):
    """What the draft has a finding say, as ``listed`` has read it."""
    return next(iter(finding.of_draft), None)


def stamp(finding, recoding, criterion):
    """Says which coding and which words of the test somebody had before them."""
    version = f"{recoding.pk}.{recoding.version}" if recoding else ""
    text = f"{finding.pk}:{version}:{criterion.test}"
    return sha256(text.encode()).hexdigest()[:16]
