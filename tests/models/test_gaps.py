from datetime import date

import pytest

from icctracker.models import Gap

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def make_gap(**fields):
    given = {"slug": "briefings", "text": "A sample.", "noted_on": date(2026, 11, 23)}
    return Gap.objects.create(**given | fields)


class TestGap:
    def test_it_says_what_is_missing(self):
        with refused_by("gap_says_what"):
            make_gap(text="")

    def test_it_is_not_closed_before_it_was_noted(self):
        with refused_by("gap_closed_after_noted"):
            make_gap(closed_on=date(2026, 11, 22))

    def test_it_is_open_until_the_day_it_is_closed(self):
        gap = make_gap(closed_on=date(2026, 12, 1))

        assert list(Gap.objects.open_on(date(2026, 11, 30))) == [gap]
        assert not Gap.objects.open_on(date(2026, 12, 1)).exists()
