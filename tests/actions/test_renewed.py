"""What is written of a recommendation is taken further by what changes of one entry.

Whatever is decided, in whatever order: it is what follows from all the findings, and
of many findings most are never read.
"""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from icctracker.actions import status
from icctracker.actions.answering import confirm, dissent_from_finding
from icctracker.actions.review import correct, decide, withdraw
from icctracker.actions.status import record_changes, write_standings
from icctracker.models import Criterion, Evidence, Finding, PresentStanding
from icctracker.readings import renewed
from icctracker.readings.present import otherwise
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

KINDS = ["resolution", "statement", "report", "court-decision", "other"]


@pytest.fixture
def told(monkeypatch):
    """Of few findings, too, most are not read; lists how many were told each time."""
    monkeypatch.setattr(renewed, "FEW", 0)
    numbers = []

    def counted(recommendations, *words):
        found = renewed.renewed(recommendations, *words)
        numbers.append((len(found), len(recommendations)))
        return found

    monkeypatch.setattr(status, "renewed", counted)
    return numbers


@pytest.fixture
def curator():
    return make_user("curator")


def make_criteria():
    for code, kind in (("7a", "deliver"), ("7b", "sustain"), ("7c", "refrain")):
        make_criterion(code, kind=kind, essential=code != "7c")
    make_criterion("8a", kind="deliver")


def drawn(draw):
    """Facts, findings and a source, as they may be."""
    year = draw.choice([1999, 2008, *range(2012, timezone.localdate().year)])
    criteria = draw.sample(list(Criterion.objects.all()), draw.choice([1, 1, 2, 3]))
    rows = [
        finding_row(each, effect=draw.randint(-2, 2), occasion=draw.random() < 0.7)
        for each in criteria
    ]
    facts = {
        "kind": draw.choice(KINDS),
        "tier": draw.choice("AABC"),
        "occurred_on": date(year, draw.randint(1, 12), draw.randint(1, 28)),
    }
    if facts["kind"] == "resolution":
        facts |= {"votes_yes": 15, "votes_no": 0, "votes_abstain": 0}
    return facts, rows, [source_row(publisher=draw.choice(["", "Court", "Press"]))]


def make_entry(draw, state):
    facts, findings, sources = drawn(draw)
    return make_evidence(state, findings=findings, sources=sources, **facts)


def differing():
    """What is written otherwise than it follows from everything."""
    return [(each.code, what) for each, what in otherwise(timezone.localdate())]


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_it_is_what_follows_from_everything(seed, told, curator):
    draw = random.Random(seed)  # noqa: S311 - nothing here is secret
    make_criteria()
    published = [make_entry(draw, Evidence.State.PUBLISHED) for _ in range(30)]
    waiting = [make_entry(draw, Evidence.State.SUBMITTED) for _ in range(8)]
    write_standings()

    for _number in range(10):
        what = draw.choice(["publish", "publish", "correct", "withdraw", "dissent"])
        if what == "publish" and waiting:
            entry = waiting.pop()
            decide(entry, reviewer=curator, outcome="publish")
            published.append(entry)
        elif what == "withdraw":
            entry = published.pop(draw.randrange(len(published)))
            withdraw(entry, by=curator, reason="It was no such thing.")
        elif what == "dissent":
            _dissent(draw.choice(published), curator)
        else:
            _correct(draw, draw.choice(published), curator)
        assert differing() == [], what
    assert sum(number for number, _all in told) > 5


def _dissent(entry, curator):
    finding = Finding.objects.accepted().filter(evidence=entry).first()
    dissent = dissent_from_finding(
        finding,
        by=make_user("reviewer"),
        effect=2 if finding.effect < 2 else -2,
        reason="I would say otherwise.",
    )
    confirm(dissent, by=curator)


def _correct(draw, entry, curator):
    facts, findings, sources = drawn(draw)
    title = f"Corrected {draw.random()}"
    correct(
        Evidence.objects.get(pk=entry.pk),
        by=curator,
        reason="It happened otherwise.",
        facts={"title": title, "summary": "Otherwise.", **facts},
        sources=sources,
        findings=findings,
    )


def test_what_was_written_of_other_findings_is_worked_out_from_all(told, curator):
    make_criteria()
    draw = random.Random(7)  # noqa: S311 - nothing here is secret
    for _number in range(20):
        make_entry(draw, Evidence.State.PUBLISHED)
    entry = make_entry(draw, Evidence.State.SUBMITTED)
    write_standings()
    # Somebody takes a finding back past all that would have written it.
    one = Finding.objects.accepted().filter(criterion__in=_tests_of(entry)).first()
    Finding.objects.filter(pk=one.pk).update(retired_at=timezone.now())

    decide(entry, reviewer=curator, outcome="publish")

    touched = {finding.criterion.recommendation for finding in entry.findings.all()}
    assert one.criterion.recommendation in touched
    assert one.criterion.recommendation not in dict(differing_of(touched))


def _tests_of(entry):
    return [finding.criterion_id for finding in entry.findings.all()]


def differing_of(recommendations):
    return [
        (each, what)
        for each, what in otherwise(timezone.localdate())
        if each in recommendations
    ]


def test_of_many_findings_few_are_read(told, curator, monkeypatch):
    """An old entry moves no history: what it reads is within a few years of today."""
    criterion = make_criterion("7a", kind="sustain")
    for number in range(60):
        day = date(1950, 1, 1) + timedelta(days=450 * number)
        make_evidence(
            findings=[finding_row(criterion, effect=1)], occurred_on=day, kind="report"
        )
    entry = make_evidence(
        Evidence.State.SUBMITTED, occurred_on=date(1960, 5, 5), kind="report"
    )
    record_changes()
    read, make = [], renewed.RuleFinding

    def counting(*row):
        read.append(row)
        return make(*row)

    monkeypatch.setattr(renewed, "RuleFinding", counting)

    decide(entry, reviewer=curator, outcome="publish")

    assert told == [(1, 1)] and differing() == []
    assert 0 < len(read) < 30
    assert PresentStanding.objects.get().working["years"]["1960"]["entries"] == 1
