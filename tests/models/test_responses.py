import re
from datetime import timedelta

import pytest

from icctracker.models import Answer, Response
from icctracker.models.reviews import new_reference
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def make_response(**fields):
    return Response.objects.create(**{"kind": "reply", "text": "Our side."} | fields)


def make_answer(response, **fields):
    given = {"outcome": "answered", "text": "Thank you."} | fields
    given.setdefault("answered_by", make_user("reviewer"))
    return Answer.objects.create(response=response, **given)


class TestResponse:
    def test_its_reference_can_be_read_out(self):
        found = {new_reference() for _n in range(50)}

        assert len(found) == 50
        pattern = r"(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}"
        assert all(re.fullmatch(pattern, each) for each in found)

    @pytest.mark.parametrize(
        ("may", "signed"), [(True, "A. Reader, A mission"), (False, "")]
    )
    def test_a_name_is_printed_only_if_its_owner_agrees(self, may, signed):
        response = make_response(
            name="A. Reader", affiliation="A mission", publish_name=may
        )

        assert response.signed == signed


class TestAnswer:
    def test_the_latest_one_holds_and_all_are_kept(self):
        response = make_response()
        first = make_answer(response)
        last = make_answer(response, outcome="withheld", text="It names somebody.")

        public = Response.objects.public().get()
        assert public.outcome == "withheld"
        assert list(public.answers.all()) == [first, last]

    def test_readers_are_told_nothing_before_and_only_what_was_known_then(self):
        response = make_response()
        answered = make_answer(response).answered_at
        make_answer(response, outcome="withheld")
        moment = timedelta(microseconds=1)

        assert not Response.objects.public(answered - moment).exists()
        then = Response.objects.public(answered).get()
        assert (then.outcome, len(then.answers.all())) == ("answered", 1)

    def test_what_nobody_answered_waits(self):
        waiting = make_response()
        make_answer(make_response())

        assert list(Response.objects.waiting()) == [waiting]
