from datetime import UTC, date, datetime, timedelta

import pytest

from icctracker.models import Finding
from tests.factories import finding_row, make_evidence

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def the_finding(state="published", **facts):
    return make_evidence(state, **facts).findings.get()


def stored(finding, **fields):
    """Write fields past all checks but those of the database."""
    Finding.objects.filter(pk=finding.pk).update(**fields)


class TestConstraints:
    def test_an_entry_says_one_thing_about_a_criterion(self):
        entry = make_evidence("draft")

        with refused_by("finding_once_per_criterion"):
            Finding.objects.create(
                evidence=entry, form="decision", **finding_row(effect=1)
            )

    def test_a_retired_finding_makes_room_for_its_successor(self):
        old = the_finding()
        stored(old, retired_at=old.accepted_at)

        new = Finding.objects.create(
            evidence=old.evidence, form="decision", supersedes=old, **finding_row()
        )

        assert old.superseded_by == new

    @pytest.mark.parametrize("effect", [-3, 3])
    def test_an_effect_is_between_two_for_and_two_against(self, effect):
        with refused_by("finding_effect_in_range"):
            stored(the_finding(), effect=effect)

    def test_its_form_is_known(self):
        with refused_by("finding_form_is_known"):
            stored(the_finding(), form="gesture")

    def test_it_has_a_reason(self):
        with refused_by("finding_has_a_reason"):
            stored(the_finding(), rationale="")

    @pytest.mark.parametrize("fields", [{"event_date": None}, {"tier": ""}])
    def test_what_is_accepted_keeps_what_the_rule_reads(self, fields):
        with refused_by("finding_accepted_is_frozen"):
            stored(the_finding(), **fields)

    @pytest.mark.parametrize(
        "fields", [{"event_date": date(2014, 5, 22)}, {"tier": "A"}]
    )
    def test_what_is_not_accepted_has_not_frozen_anything(self, fields):
        with refused_by("finding_accepted_is_frozen"):
            stored(the_finding("submitted"), **fields)

    def test_nothing_is_retired_before_it_was_accepted(self):
        finding = the_finding()

        with refused_by("finding_retired_after_accepted"):
            stored(finding, retired_at=finding.accepted_at - timedelta(seconds=1))


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
