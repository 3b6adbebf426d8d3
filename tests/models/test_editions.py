"""What readers were shown of an entry, from one instant to another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from icctracker.actions.editions import write_edition
from icctracker.actions.evidence import FACTS
from icctracker.models import Edition, EditionSource, Evidence
from icctracker.models.editions import FACTS_SHOWN
from tests.factories import make_criterion, make_evidence

from .refusals import refused_by

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
        assert list(Edition.objects.at_instant(now)) == [newer]
        before = now - timedelta(microseconds=1)
        assert list(Edition.objects.at_instant(before)) == [edition]

    def test_its_number_is_given_once(self, entry, edition):
        with refused_by("edition_number_once_per_entry"):
            copied(edition, number=1, until=edition.at)

    def test_one_stands_at_a_time(self, entry, edition):
        with refused_by("edition_stands_once_per_entry"):
            copied(edition, number=2)

    def test_it_ends_after_it_began(self, edition):
        edition.until = edition.at - timedelta(seconds=1)

        with refused_by("edition_ends_after_it_began"):
            edition.save()

    def test_it_cites_a_source_once(self, edition):
        url = edition.sources.get().url

        with refused_by("edition_source_once"):
            EditionSource.objects.create(edition=edition, url=url, label="Again")


def copied(edition, **changed):
    """The same facts in another row."""
    facts = {name: getattr(edition, name) for name in FACTS_SHOWN}
    values = {"evidence": edition.evidence, "at": edition.at} | facts | changed
    return Edition.objects.create(**values)
