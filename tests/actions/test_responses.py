"""Corrections and replies: received once, answered in public."""

import uuid

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.answering import answer, receive
from icctracker.models import Answer, Response
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def response():
    return receive(creation_key=uuid.uuid4(), kind="reply", text="Our side.")[0]


def reply(response, by=None, **said):
    said = {"outcome": "answered", "text": "Thank you."} | said
    return answer(response, by=by or make_user("reviewer"), **said)


class TestReceiving:
    def test_the_same_form_sent_twice_makes_one(self):
        key = uuid.uuid4()

        first, is_new = receive(creation_key=key, kind="reply", text="Our side.")
        again, is_new_again = receive(creation_key=key, kind="reply", text="Our side.")

        assert first == again
        assert (is_new, is_new_again) == (True, False)


class TestAnswering:
    def test_it_is_published_with_the_answer(self, response):
        reply(response)

        assert Response.objects.public().get().outcome == "answered"

    def test_only_a_reviewer_answers(self, response):
        with pytest.raises(ActionRefused, match="role"):
            reply(response, by=make_user("researcher"))

    @pytest.mark.parametrize(
        "said", [{"text": "  "}, {"outcome": "deleted"}, {"outcome": ""}]
    )
    def test_an_answer_says_something_known(self, response, said):
        with pytest.raises(ActionRefused):
            reply(response, **said)

        assert not Answer.objects.exists()

    def test_two_at_once_are_told_of_each_other(self, response):
        reply(response, after=0)

        with pytest.raises(EditConflict, match="while you were writing"):
            reply(response, after=0)

        assert Answer.objects.count() == 1

    def test_what_was_withheld_may_be_published_later_and_both_are_kept(self, response):
        reply(response, outcome="withheld", text="It named somebody.")
        reply(response, after=1)

        assert Response.objects.public().get().outcome == "answered"
        assert Answer.objects.count() == 2
