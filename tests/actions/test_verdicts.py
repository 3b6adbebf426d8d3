"""Taking back a verdict of another tracker that was recorded wrongly."""

from datetime import date

import pytest
from django.utils import timezone

from icctracker.actions import ActionRefused
from icctracker.actions.status import withdraw_verdict
from icctracker.models import Verdict
from tests.factories import make_user
from tests.models.test_verdicts import make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdict(db):
    return make_verdict()


class TestWithdrawing:
    def test_it_leaves_the_page_and_stays_in_the_past(self, verdict):
        before = timezone.now()

        withdraw_verdict(verdict, by=make_user("curator"), reason=" Misread. ")

        known = Verdict.objects.known
        assert not known(date(2026, 1, 1)).exists()
        assert known(date(2026, 1, 1), before).get() == verdict
        assert Verdict.objects.get().withdrawal_reason == "Misread."

    def test_a_reason_is_compulsory(self, verdict):
        with pytest.raises(ActionRefused, match="Say why"):
            withdraw_verdict(verdict, by=make_user("curator"), reason=" ")

    def test_it_is_done_once(self, verdict):
        curator = make_user("curator")
        withdraw_verdict(verdict, by=curator, reason="Misread.")

        with pytest.raises(ActionRefused, match="already"):
            withdraw_verdict(verdict, by=curator, reason="Again.")

    def test_it_takes_a_curator(self, verdict):
        with pytest.raises(ActionRefused, match="role"):
            withdraw_verdict(verdict, by=make_user("reviewer"), reason="No.")
