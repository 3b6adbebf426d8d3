from datetime import UTC, datetime, timedelta

import pytest

from icctracker.models import Finding
from tests.factories import finding_row, make_evidence

pytestmark = pytest.mark.django_db


def the_finding(state="published", **facts):
    return make_evidence(state, **facts).findings.get()


def stored(finding, **fields):
    """Write fields past all checks but those of the database."""
    Finding.objects.filter(pk=finding.pk).update(**fields)


class TestFinding:
    def test_a_retired_finding_makes_room_for_its_successor(self):
        old = the_finding()
        stored(old, retired_at=old.accepted_at)

        new = Finding.objects.create(
            evidence=old.evidence, form="decision", supersedes=old, **finding_row()
        )

        assert old.superseded_by == new


class TestTwoClocks:
    def test_a_finding_under_review_is_not_accepted(self):
        the_finding("submitted")

        assert not Finding.objects.accepted().exists()
        assert Finding.objects.current().exists()

    def test_it_counts_from_the_instant_of_acceptance(self):
        instant = datetime(2020, 6, 1, tzinfo=UTC)
        the_finding(published_at=instant)

        before = instant - timedelta(microseconds=1)
        assert not Finding.objects.accepted(before).exists()
        assert Finding.objects.accepted(instant).exists()

    def test_it_counts_until_the_instant_of_retirement(self):
        finding = the_finding(published_at=datetime(2020, 6, 1, tzinfo=UTC))
        retired = datetime(2021, 6, 1, tzinfo=UTC)
        stored(finding, retired_at=retired)

        before = retired - timedelta(microseconds=1)
        assert Finding.objects.accepted(before).exists()
        assert not Finding.objects.accepted(retired).exists()
        assert not Finding.objects.accepted().exists()


class TestWeight:
    def test_it_is_that_of_the_rule(self):
        assert the_finding(kind="veto", tier="A").weight == 5
        assert the_finding(kind="veto", tier="C").weight == 1

    def test_before_acceptance_the_tier_is_that_of_the_entry(self):
        assert the_finding("submitted", tier="C").weight == 1
