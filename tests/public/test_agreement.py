"""How much is coded twice, and how far coders agree, on the methodology page."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.coding import draw_sample, hand_in, pick_up
from icctracker.actions.review import decide, withdraw
from icctracker.models import (
    Coding,
    CodingLine,
    Evidence,
    Finding,
)
from icctracker.readings.coverage import agreement_of
from icctracker.ruleset.agreement import ENOUGH, ORDINAL, alpha
from tests.factories import (
    finding_row,
    make_codebook,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("methodology")


@pytest.fixture
def criterion(db):
    return make_criterion()


def coded_twice(criterion, first=-2, second=-2):
    """A published entry that two people have coded, the second one blind."""
    coding = coded_again(criterion, first, second, state=Evidence.State.SUBMITTED)
    made = decide(coding.evidence, reviewer=make_user("reviewer"), outcome="publish")
    coding.evidence = made.evidence
    return coding


def coded_again(criterion, first=-2, second=-2, **facts):
    """An entry that was published before a second person coded it."""
    entry = make_evidence(findings=[finding_row(criterion, effect=first)], **facts)
    rows = [] if second is None else [finding_row(criterion, effect=second)]
    return make_coding(entry, rows=rows)


def many(criterion, effects):
    """Pairs of codings as the record keeps them, without going through each form."""
    coder, done_at = make_user("researcher"), timezone.now()
    for pair in effects:
        entry = make_evidence(findings=[])
        made = None
        for purpose, effect in zip(("first", "second"), pair, strict=True):
            made = Coding.objects.create(
                evidence=entry,
                purpose=purpose,
                state="done",
                coder=coder,
                against=made,
                done_at=done_at,
            )
            CodingLine.objects.create(
                coding=made,
                criterion=criterion,
                effect=effect,
                form="decision",
                occasion=True,
                rationale="A reason.",
            )


def overview(**clocks):
    return agreement_of(
        clocks.get("as_of", timezone.localdate()), clocks.get("known_at")
    )


def tables(**clocks):
    return overview(**clocks).blind


class TestWhatCounts:
    def test_pairs_are_counted_by_criterion_and_in_all(self, criterion):
        other = make_criterion("10a")
        coded_twice(criterion)
        coded_twice(criterion, second=1)
        coded_twice(other)

        (table,) = tables()

        assert [(row.name, row.pairs, row.effect.same) for row in table.rows] == [
            ("7a", 2, 1),
            ("10a", 1, 1),
        ]
        assert (table.version, table.total.pairs) == ("1.0", 3)

    def test_a_criterion_that_only_one_saw_is_counted_apart(self, criterion):
        coded_twice(criterion, second=None)

        row = tables()[0].total

        assert (row.pairs, row.single) == (0, 1)

    def test_each_version_of_the_codebook_has_its_own(self, criterion):
        coded_twice(criterion)
        newer = make_codebook("2.0", date(2020, 1, 1))
        coded_twice(
            make_criterion(codebook=newer, recommendation=criterion.recommendation)
        )

        assert [table.version for table in tables()] == ["2.0", "1.0"]

    def test_only_published_entries_count(self, criterion):
        entry = make_evidence(Evidence.State.SUBMITTED)
        make_coding(entry, rows=[finding_row()])

        assert tables() == []

    def test_nor_those_of_later_events_or_handed_in_later(self, criterion):
        before = timezone.now()
        coded_twice(criterion)
        coded_again(criterion, published_at=before - timedelta(days=9))

        for found, then in (
            (overview(as_of=date(2014, 5, 21)), []),
            (overview(known_at=before), []),
            (overview(known_at=timezone.now()), [1]),
        ):
            for found_by in (found.blind, found.after_publication):
                assert [table.total.pairs for table in found_by] == then

    def test_it_is_measured_before_reconciling(self, criterion):
        coding = coded_twice(criterion, second=1)
        coding.settled_at = timezone.now()
        coding.save()

        assert tables()[0].total.effect.same == 0


class TestCodedAfterPublication:
    """Anybody could have read the first codes, so that nobody can call it blind."""

    def test_it_stands_apart_from_what_was_coded_blind(self, criterion):
        coded_twice(criterion)
        coded_again(criterion, second=1)

        found = overview()

        (blind,), (after,) = found.blind, found.after_publication
        assert (blind.total.pairs, blind.total.effect.same) == (1, 1)
        assert (after.total.pairs, after.total.effect.same) == (1, 0)
        assert found.samples == []

    def test_an_entry_may_have_been_coded_both_ways(self, criterion):
        coding = coded_twice(criterion)
        make_coding(coding.evidence, rows=[finding_row(criterion)])

        found = overview()

        (blind,), (after,) = found.blind, found.after_publication
        assert blind.total.pairs == after.total.pairs == 1

    def test_each_version_of_the_codebook_has_its_own(self, criterion):
        coded_again(criterion)
        newer = make_codebook("2.0", date(2020, 1, 1))
        coded_again(
            make_criterion(codebook=newer, recommendation=criterion.recommendation)
        )

        after = overview().after_publication

        assert [table.version for table in after] == ["2.0", "1.0"]

    def test_once_withdrawn_it_is_in_no_figure(self, criterion):
        coding = coded_again(criterion)

        withdraw(coding.evidence, by=make_user("curator"), reason="It was wrong.")

        assert overview().after_publication == []

    def test_its_findings_count_as_coded_by_two_people(self, client, criterion):
        coded_again(criterion)

        page = client.get(PAGE)

        assert Finding.objects.accepted().get().coded_twice
        assert "Of 1 accepted findings 1 have been coded by two" in (
            " ".join(page.content.decode().split())
        )

    def test_readers_are_told_that_it_was_not_blind(self, client, criterion):
        coded_again(criterion)

        page = client.get(PAGE).content.decode()
        section = page[page.index('id="after-publication"') : page.index('id="drift"')]

        assert "before it was published, so there is nothing to compare" in page
        assert "coded again after publication, not blind" in section
        assert '<th scope="row">1.0</th>' in section
        assert "too few" in section

    def test_whoever_asks_for_it_is_told_so_too(self, client, criterion):
        client.force_login(make_user("reviewer"))
        waiting = make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))
        told = []
        for entry in (waiting, make_evidence()):
            page = client.get(reverse("review-evidence", args=[entry.pk]))
            told.append("will not count as blind" in page.content.decode())

        assert told == [False, True]


class TestThePage:
    def test_without_any_it_says_so(self, client, criterion):
        page = client.get(PAGE).content.decode()

        assert "nothing to compare" in page and "No sample has been drawn" in page

    def test_below_the_threshold_only_counts(self, client, criterion):
        coded_twice(criterion)

        page = client.get(PAGE).content.decode()
        section = page[page.index('id="agreement"') : page.index('id="gaps"')]

        assert "Agreement on findings coded against codebook 1.0" in section
        assert "too few" in section and " %" not in section

    def test_from_the_threshold_on_percentage_and_alpha(self, client, criterion):
        effects = [(-2, -2)] * 20 + [(1, 1)] * 25 + [(1, 2)] * (ENOUGH - 45)
        many(criterion, effects)

        page = client.get(PAGE)

        row = page.context["agreement"].blind[0].total
        text = page.content.decode()
        assert row.effect.percent == 90
        assert f"{alpha(effects, ORDINAL):.2f}" in text
        assert "90 %" in text and "not defined: no variation" in text

    def test_its_length_costs_no_queries(
        self, client, criterion, django_assert_max_num_queries
    ):
        many(criterion, [(-2, -2)] * 3)
        many(make_criterion("4a"), [(1, 2)] * 3)

        with django_assert_max_num_queries(16):
            client.get(PAGE)

    def test_nobody_is_named(self, client, criterion):
        entry = make_evidence(by=make_user("researcher", username="ada"))
        make_coding(
            entry, coder=make_user("researcher", username="bea"), rows=[finding_row()]
        )

        for path in (PAGE, entry.get_absolute_url()):
            page = client.get(path).content.decode()
            assert not re.search(r"\b(bea|ada)\b", page)


class TestDrift:
    def test_a_sample_is_published_with_its_seed_and_counted_apart(
        self, client, criterion
    ):
        make_evidence()
        sample = draw_sample(year=2026, size=1, seed="a-public-lot")
        coder = make_user("researcher")
        coding = pick_up(sample.codings.get(), by=coder, unread=True)
        hand_in(coding, by=coder, lines=[finding_row()])

        page = client.get(PAGE)

        found = page.context["agreement"]
        (drift,) = found.samples
        assert (drift.done, drift.row.pairs, drift.row.effect.same) == (1, 1, 1)
        assert found.blind == found.after_publication == []
        assert "seed a-public-lot" in page.content.decode()


class TestTheEntry:
    def test_a_finding_says_that_two_have_coded_it(self, client, criterion):
        coding = coded_twice(criterion)

        page = client.get(coding.evidence.get_absolute_url()).content.decode()

        assert "coded by two people" in page
        assert "Earlier findings" not in page

    def test_or_that_they_differ(self, client, criterion):
        coding = coded_twice(criterion, second=2)

        page = client.get(coding.evidence.get_absolute_url()).content.decode()

        assert "two coders differ" in page
