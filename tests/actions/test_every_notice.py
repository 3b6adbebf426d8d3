"""Every kind of notice can be told, and says whom it still concerns."""

import pytest

from icctracker.actions.mail import Concerns, line_of
from icctracker.models import Notice
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db

# With no other outcome than these is there anything to tell.
OUTCOMES = {Notice.Kind.DECISION: "publish"}


@pytest.mark.parametrize("kind", Notice.Kind)
def test_each_kind_has_a_sentence_and_says_whom_it_still_concerns(kind):
    entry = make_evidence()
    notice = Notice(kind=kind, evidence=entry, outcome=OUTCOMES.get(kind, ""))
    curator = make_user("curator", email="c@example.org")

    assert line_of(notice)
    assert Concerns(curator).include(notice) in (True, False)
