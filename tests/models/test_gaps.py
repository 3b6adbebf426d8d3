from datetime import date

import pytest

from icctracker.models import Gap

pytestmark = pytest.mark.django_db


def make_gap(**fields):
    given = {"slug": "briefings", "text": "A sample.", "noted_on": date(2026, 11, 23)}
    return Gap.objects.create(**given | fields)


class TestGap:
    def test_it_is_open_until_the_day_it_is_closed(self):
        gap = make_gap(closed_on=date(2026, 12, 1))

        assert list(Gap.objects.open_on(date(2026, 11, 30))) == [gap]
        assert not Gap.objects.open_on(date(2026, 12, 1)).exists()
