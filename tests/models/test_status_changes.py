"""Status changes: what the database refuses."""

from datetime import date

import pytest
from django.utils import timezone

from icctracker.models import StatusChange
from tests.factories import make_recommendation

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def change(**values):
    return StatusChange.objects.create(
        **{
            "recommendation": make_recommendation(),
            "at": timezone.now(),
            "as_of": date(2026, 1, 1),
            "before": "limited",
            "after": "followed",
            "cause": "correction",
        }
        | values
    )


class TestStatusChange:
    def test_it_changes_something(self):
        with refused_by("status_change_changes_something"):
            change(after="limited")

    def test_only_the_first_has_nothing_before_it(self):
        with refused_by("status_change_first_has_nothing_before"):
            change(before="")

    def test_the_first_has_nothing_before_it(self):
        with refused_by("status_change_first_has_nothing_before"):
            change(cause="first")

    def test_the_status_is_one_of_ours(self):
        with refused_by("status_change_is_known"):
            change(after="splendid")

    def test_another_reason_is_a_change(self):
        row = change(
            before="not-followed",
            before_reason="no action found",
            after="not-followed",
            after_reason="contrary practice",
        )

        assert str(row).endswith("not-followed")
