"""Commenting on an entry."""

import pytest

from icctracker.actions import ActionRefused
from icctracker.actions.review import comment
from icctracker.models import Comment, Evidence
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def entry():
    return make_evidence(State.SUBMITTED, by=make_user("researcher"))


class TestComment:
    def test_author_and_reviewer_talk_to_each_other(self, entry):
        reviewer = make_user("reviewer")

        comment(entry, by=reviewer, text=" Which page? ")
        comment(entry, by=entry.submitted_by, text="Page 5.")

        assert [c.text for c in entry.comments.all()] == ["Which page?", "Page 5."]

    def test_it_does_not_make_the_page_of_another_stale(self, entry):
        comment(entry, by=entry.submitted_by, text="Page 5.")

        entry.refresh_from_db()
        assert entry.version == 1

    @pytest.mark.parametrize("role", [None, "researcher"])
    def test_nobody_else_joins_in(self, entry, role):
        with pytest.raises(ActionRefused, match="author and reviewers"):
            comment(entry, by=make_user(role), text="Me too.")

    def test_a_draft_has_nobody_to_talk_to(self):
        draft = make_evidence(State.DRAFT, by=make_user("researcher"))

        with pytest.raises(ActionRefused, match="once submitted"):
            comment(draft, by=draft.submitted_by, text="A note to myself.")

    @pytest.mark.parametrize(
        ("text", "said"), [("  ", "first"), ("x" * 5001, "it has 5001")]
    )
    def test_too_little_and_too_much_are_refused(self, entry, text, said):
        with pytest.raises(ActionRefused, match=said):
            comment(entry, by=entry.submitted_by, text=text)

    def test_sent_twice_it_is_there_once(self, entry):
        for _time in range(2):
            comment(entry, by=entry.submitted_by, text="Page 5.")

        assert Comment.objects.count() == 1
