from datetime import UTC, datetime

import pytest

from icctracker.models import Dismissal, Document
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

BEFORE, AFTER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def make_dismissal(**fields):
    fields.setdefault("document", Document.objects.get(symbol="S/2014/348"))
    fields.setdefault("dismissed_by", make_user("researcher"))
    fields.setdefault("reason", "It concerns something else.")
    return Dismissal.objects.create(**fields)


class TestDismissal:
    def test_once_put_back_it_may_be_set_aside_again(self):
        somebody = make_user("researcher")
        make_dismissal(dismissed_at=BEFORE, undone_at=AFTER, undone_by=somebody)

        again = make_dismissal()

        assert list(Dismissal.objects.stood()) == [again]
