"""Where each recommendation stands today is written once, then read as written."""

from dataclasses import fields
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icctracker.actions.answering import (
    confirm,
    dissent_from_finding,
    refuse,
    take_back,
)
from icctracker.actions.status import assess, record_changes, write_standings
from icctracker.models import Finding, PresentStanding, Recommendation, Search
from icctracker.readings.present import otherwise, past_of, present, present_of
from icctracker.readings.present import written as as_written
from icctracker.readings.standing import Standing, standings
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(db):
    make_criterion()
    # A year ago: in a few years it leaves the window, and time changes something.
    occurred_on = date(timezone.localdate().year - 1, 1, 31)
    return make_evidence(by=make_user("researcher"), occurred_on=occurred_on)


@pytest.fixture
def written(entry):
    write_standings()
    return PresentStanding.objects.get()


def today():
    return timezone.localdate()


def past(day):
    return past_of(Recommendation.objects.get(), day)


def differing():
    """What is written otherwise than it follows, if all still holds."""
    holding = PresentStanding.objects.holding(today()).count()
    assert holding == Recommendation.objects.count()
    return list(otherwise(today()))


class TestReading:
    def test_it_says_what_follows_from_the_evidence(self, written):
        (read,), (worked_out,) = present(today()), standings(today())

        assert isinstance(read, PresentStanding)
        for name in (
            "status suggested since changes confirmed since_the_start as_of"
            " differs_from_the_rule overtaken_by_evidence review_overdue lapsed"
            " not_tested_since review_due_on review_due_months recommendation"
        ).split():
            assert getattr(read, name) == getattr(worked_out, name), name

    def test_it_costs_as_little_for_a_hundred_findings_as_for_one(self, written):
        with CaptureQueriesContext(connection) as few:
            present(today())
        for _number in range(10):
            make_evidence()
        write_standings()
        with CaptureQueriesContext(connection) as many:
            present(today())

        assert len(few) == len(many) == 3
        assert not any("icctracker_finding" in str(query) for query in many)

    def test_its_working_is_read_and_no_finding(self, written):
        recommendation = written.recommendation
        with CaptureQueriesContext(connection) as asked:
            row = present_of(recommendation, today())

        assert row.working["criteria"]["7a"]["number"] == 1
        assert len(asked) == 1

    def test_what_an_older_version_wrote_is_worked_out_until_it_is_written_anew(
        self, written
    ):
        PresentStanding.objects.update(working=None)
        (row,) = present(today())
        assert isinstance(row, Standing)
        assert present_of(written.recommendation, today()).working

        record_changes()

        (row,) = present(today())
        assert isinstance(row, PresentStanding) and row.working

    def test_what_is_tested_today_is_so_on_the_days_until_it_is_written_anew(
        self, written
    ):
        later = written.good_until - timedelta(days=1)
        row, worked_out = present_of(written.recommendation, later), past(later)

        assert worked_out._state.adding and not row._state.adding
        assert row.working == worked_out.working

    def test_what_is_not_written_is_worked_out(self, entry):
        (row,) = present(today())

        assert isinstance(row, Standing)

    def test_what_time_may_have_changed_is_worked_out(self, written):
        assert written.good_until

        (before,) = present(written.good_until - timedelta(days=1))
        (after,) = present(written.good_until)

        assert isinstance(before, PresentStanding)
        assert isinstance(after, Standing)

    def test_another_codebook_is_noticed_at_once(self, written):
        draft = make_draft()
        draft.published_on, draft.published_at = today(), timezone.now()
        draft.note = "Why."
        draft.save()

        (row,) = present(today())

        assert isinstance(row, Standing)

    def test_the_day_is_that_of_the_reader(self, written):
        tomorrow = today() + timedelta(days=1)

        (row,) = present(tomorrow)

        assert row.as_of == tomorrow


class TestWriting:
    """Whatever changes what readers are told writes it, in the same transaction."""

    def test_a_dissent_and_what_becomes_of_it(self, written):
        finding, other = Finding.objects.get(), make_user("researcher")
        reviewer = make_user("reviewer")
        finding.coded_twice = True
        finding.save()
        write_standings()

        dissent = dissent_from_finding(finding, by=other, effect=1, reason="No.")
        assert differing() == []
        confirm(dissent, by=reviewer)
        assert differing() == []
        take_back(dissent, by=other, reason="I was wrong.")
        assert differing() == []
        again = dissent_from_finding(
            finding, by=make_user("researcher"), effect=0, reason="No."
        )
        refuse(again, by=reviewer, reason="It is none.")
        assert differing() == []

    @pytest.mark.parametrize("effect", [-2, 1])
    def test_a_second_coding(self, entry, effect):
        write_standings()

        make_coding(entry, rows=[finding_row(effect=effect)])

        assert differing() == []

    def test_an_assessment(self, written):
        assess(
            written.recommendation,
            by=make_user("curator"),
            as_of=today(),
            decided="overtaken",
            rationale="So it is.",
        )

        (row,) = present(today())
        assert row.status.code == "overtaken"
        assert differing() == []

    def test_the_passing_of_time(self, written, time_machine):
        time_machine.move_to(written.good_until)

        record_changes()

        assert PresentStanding.objects.get().worked_out_for == written.good_until
        assert differing() == []

    def test_of_what_still_holds_nothing_is_worked_out_again(self, written):
        record_changes()
        with CaptureQueriesContext(connection) as asked:
            record_changes()

        assert not any("icctracker_finding" in str(query) for query in asked)


class TestChecking:
    def test_what_is_written_wrongly_is_told_and_mended(self, written):
        PresentStanding.objects.update(suggested_code="followed", contrary=False)

        with pytest.raises(CommandError):
            call_command("check_consistency", stdout=(told := StringIO()))
        assert "R7: what is written of its standing is not" in told.getvalue()

        call_command("rebuild", stdout=StringIO())

        assert list(otherwise(today())) == []

    @pytest.mark.parametrize("part", ["criteria", "years", "listed", "fragile"])
    def test_the_working_is_checked_as_well(self, written, part):
        written.working[part] = []
        written.save()

        ((recommendation, names),) = otherwise(today())

        assert (recommendation, names) == (written.recommendation, ["working"])

    def test_every_part_of_it_is_checked(self, written):
        (right,) = standings(today())
        names = {field.name for field in PresentStanding._meta.local_fields}

        assert names == {
            *("recommendation", "worked_out_for", "good_until", "assessment"),
            *("codebook", "ruleset", "suggested_code", "suggested_level"),
            *("suggested_reason", "since", "trend", "confidence", "doubts"),
            *("contrary", "lapsed", "not_tested_since", "review_due_months"),
            *("moves", "counts", "last_evidence_on", "working", "grounds", "gist"),
        }
        (row,) = as_written([right])
        assert row.counts == {"7a": {"-2": 1}}
        assert row.last_evidence_on == Finding.objects.get().event_date
        assert {field.name for field in fields(Standing)} >= {"rule", "codebook_id"}
        assert not Search.objects.exists()


def forget(written, name):
    gist = {each: what for each, what in written.gist.items() if each != name}
    PresentStanding.objects.update(gist=gist)


def test_a_row_without_the_grounds_of_its_sentences_is_written_anew(written):
    """As an older version of the site left it, alone or after this one had written."""
    for lose in (
        lambda: PresentStanding.objects.update(grounds=None),
        lambda: forget(PresentStanding.objects.get(), "grounded"),
    ):
        lose()
        assert not PresentStanding.objects.holding(today()).exists()

        record_changes()

        assert PresentStanding.objects.get().grounds["parts"][0]["code"] == "7a"
        assert not differing()


def test_a_row_that_does_not_say_which_findings_it_is_of_is_written_anew(written):
    """As an older version of the site left it; until then it is worked out."""
    forget(written, "seen")
    assert not PresentStanding.objects.holding(today()).exists()

    record_changes()

    assert PresentStanding.objects.holding(today()).get().gist == written.gist
