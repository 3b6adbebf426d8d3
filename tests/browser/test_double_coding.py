"""Two coders and a third person, each in a browser of their own."""

import pytest
from django.urls import reverse

from icctracker.models import Coding, Evidence
from tests.factories import make_criterion, make_evidence, make_user

from .steps import assert_accessible, assert_fits, sign_in
from .test_working import press

pytestmark = pytest.mark.browser


@pytest.fixture
def entry(new_page):
    make_criterion("7a", statement="Permanent members do not veto.")
    return make_evidence(
        Evidence.State.SUBMITTED, by=make_user("researcher"), title="A contested vote"
    )


def code(page, effect):
    criteria = page.get_by_label("Criterion", exact=True)
    criteria.select_option(label="7a Permanent members do not veto.")
    page.get_by_label(effect).check()
    page.get_by_label("Reason", exact=True).fill("It concerned a pause, not a crime.")
    press(page, "Hand in this coding")


class TestFromTheQueueToTheReconciliation:
    def test_offered_coded_blind_and_reconciled(self, new_page, live_server, entry):
        first, coder, third = new_page(), new_page(), new_page(width=375)
        sign_in(first, live_server, make_user("reviewer"))
        sign_in(coder, live_server, make_user("researcher"))
        sign_in(third, live_server, make_user("reviewer"))

        first.goto(live_server.url + reverse("review-evidence", args=[entry.pk]))
        press(first, "Ask for a second coding")
        assert_accessible(first)

        coder.get_by_role("link", name="Code blind").click()
        coder.get_by_label("I have not read what the first coder found").check()
        assert_accessible(coder)
        press(coder, "Pick it up")
        assert "A permanent member stopped the text." not in coder.content()
        assert_accessible(coder)
        code(coder, "Context only")
        coder.get_by_text("It differs from the first coding").first.wait_for()

        third.goto(live_server.url + reverse("reconcile-list"))
        third.get_by_role("link", name="A contested vote").click()
        press(third, "Record the decision")
        third.get_by_role("link", name="Choose one of the three").wait_for()
        assert_accessible(third)
        assert_fits(third)
        third.get_by_label("As the second coder").check()
        third.get_by_label("Reason", exact=True).fill("A pause is no crime.")
        press(third, "Record the decision")
        third.get_by_text("A third person decided.").wait_for()
        assert_accessible(third)

        assert Coding.objects.compared().get().settled_at
        assert entry.findings.get().effect == 0
