"""What readers were shown of an entry, from one instant to another."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from icctracker.actions.entries import write_edition
from icctracker.actions.review import correct, decide, withdraw
from icctracker.models import FACTS, FACTS_SHOWN, Edition, Evidence
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    make_criterion()
    return make_evidence()


@pytest.fixture
def edition(entry):
    return entry.editions.get()


class TestEdition:
    def test_it_holds_every_fact_that_readers_see_and_no_other(self):
        own = {field.name for field in Edition._meta.get_fields()}

        assert set(FACTS_SHOWN) == set(FACTS) - {"counter_evidence"}
        assert set(FACTS_SHOWN) < own
        assert not own & {"counter_evidence", "submitted_by", "unfinished"}

    def test_each_fact_fits_as_it_fitted_the_entry(self):
        for name in FACTS_SHOWN:
            mine, theirs = (
                model._meta.get_field(name) for model in (Edition, Evidence)
            )
            assert (mine.max_length or 9999) >= (theirs.max_length or 0), name

    def test_a_new_one_ends_the_one_before_at_the_same_instant(self, entry, edition):
        now = timezone.now()

        newer = write_edition(entry, at=now)

        edition.refresh_from_db()
        assert (edition.until, newer.at, newer.number) == (now, now, 2)
        assert list(Edition.objects.stood(now)) == [newer]
        before = now - timedelta(microseconds=1)
        assert list(Edition.objects.stood(before)) == [edition]


class TestEditionsLaidForWhatWasPublishedBefore:
    """The migration reads them out of the recorded history."""

    @staticmethod
    def told():
        """All that readers are told by each edition, with its instants."""
        return [
            [
                *(edition.number, edition.at, edition.until, edition.decision),
                *(getattr(edition, name) for name in FACTS_SHOWN),
                [str(situation) for situation in edition.situations.all()],
                [str(actor) for actor in edition.actors.all()],
                list(edition.sources.values_list("position", "url", "label")),
            ]
            for edition in Edition.objects.order_by("number")
        ]

    def test_they_are_those_that_would_have_been_kept(self):
        make_criterion()
        curator = make_user("curator")
        entry = make_evidence(
            Evidence.State.SUBMITTED, title="First", situations=[make_situation()]
        )
        decide(entry, reviewer=curator, outcome="publish")
        report = source_row("https://example.org/report", label="A report")
        for title, sources, reason in (
            ("Second", [report, source_row()], "The record says otherwise."),
            ("Third", [report], "Nor was it that."),
        ):
            correct(
                entry,
                by=curator,
                reason=reason,
                facts={"title": title, "situations": []},
                sources=sources,
                findings=[finding_row(form="decision")],
            )
        withdraw(entry, by=curator, reason="It never happened.")
        kept = self.told()
        Edition.objects.all().delete()

        import_module("icctracker.migrations.0009_status_changes").lay_editions(
            apps, None
        )

        assert len(kept) == 3
        assert self.told() == kept
