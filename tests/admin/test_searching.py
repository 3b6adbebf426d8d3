"""Lists of the admin find what is alike, as the open site does."""

import pytest
from django.urls import reverse

from icctracker.models import Actor
from tests.factories import make_evidence, make_situation, make_user
from tests.test_searching import FOUND_BY, NOT_BY, STORED

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADMIN = {
    "evidence": lambda: make_evidence(title=STORED),
    "situation": lambda: make_situation("a-place", STORED),
    "actor": lambda: Actor.objects.create(name=STORED),
    "user": lambda: make_user(username="zoe", public_name=STORED),
}


class TestInTheAdmin:
    @pytest.mark.parametrize("noun", ADMIN)
    def test_the_spelling_makes_no_difference(self, curator_client, noun):
        row = ADMIN[noun]()
        address = reverse(f"admin:icctracker_{noun}_changelist")

        for text in FOUND_BY:
            found = curator_client.get(address, {"q": text}).context["cl"]
            assert list(found.result_list) == [row], text
        for text in NOT_BY:
            found = curator_client.get(address, {"q": text}).context["cl"]
            assert not list(found.result_list), text
