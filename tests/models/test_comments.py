import pytest

from icctracker.models import Comment, Evidence, comments_for
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def entry():
    entry = make_evidence(State.SUBMITTED, by=make_user("researcher"))
    Comment.objects.create(evidence=entry, author=entry.submitted_by, text="A remark.")
    return entry


class TestWhoReads:
    @pytest.mark.parametrize("role", ["reviewer", "curator"])
    def test_reviewers_do(self, entry, role):
        assert [c.text for c in comments_for(make_user(role), entry)] == ["A remark."]

    def test_so_does_the_author_of_the_entry(self, entry):
        assert comments_for(entry.submitted_by, entry).count() == 1

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED])
    @pytest.mark.parametrize("role", [None, "researcher"])
    def test_nobody_else_does_not_even_once_it_is_published(self, entry, role, state):
        entry.state = state

        assert not comments_for(make_user(role), entry).exists()

    def test_a_draft_is_not_discussed(self, entry):
        entry.state = State.DRAFT

        assert not comments_for(entry.submitted_by, entry).exists()
