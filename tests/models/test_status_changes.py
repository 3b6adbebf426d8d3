"""Status changes: what counts as one."""

from datetime import date

import pytest
from django.utils import timezone

from icctracker.models import StatusChange
from tests.factories import make_recommendation

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
    def test_another_reason_is_a_change(self):
        row = change(
            before="not-followed",
            before_reason="no action found",
            after="not-followed",
            after_reason="contrary practice",
        )

        assert str(row).endswith("not-followed")
