"""The Council's record in the admin: searched and read, changed by nobody."""

import pytest

from icctracker.models import Ballot, Document, Import, Member, OtherValue
from tests.factories import make_user

from .pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

MODELS = {
    "document": Document,
    "ballot": Ballot,
    "member": Member,
    "othervalue": OtherValue,
    "import": Import,
}


def shown(answer):
    return [str(record) for record in answer.context["cl"].result_list]


@pytest.mark.parametrize("noun", MODELS)
class TestEveryNoun:
    def test_list_and_record_answer_for_a_curator(self, curator_client, noun):
        record = MODELS[noun].objects.first()

        for address in (
            page(noun, "changelist"),
            page(noun, "changelist") + "?q=2014",
            page(noun, "change", record.pk),
        ):
            assert curator_client.get(address).status_code == 200, address

    def test_nobody_adds_changes_or_deletes(self, client, noun):
        record = MODELS[noun].objects.first()
        client.force_login(make_user(is_superuser=True, is_staff=True))

        refused = [
            client.post(page(noun, "add"), {}),
            client.post(page(noun, "change", record.pk), {}),
            client.post(page(noun, "delete", record.pk), {"post": "yes"}),
        ]

        assert [answer.status_code for answer in refused] == [403, 403, 403]

    @pytest.mark.parametrize("role", [None, "researcher", "reviewer"])
    def test_others_are_turned_away(self, client, noun, role):
        if role:
            client.force_login(make_user(role))

        assert client.get(page(noun, "changelist")).status_code == 302

    def test_its_list_takes_few_queries(
        self, curator_client, noun, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(9):
            curator_client.get(page(noun, "changelist"))


class TestSearch:
    @pytest.mark.parametrize("noun", ["document", "ballot"])
    def test_a_symbol_is_found_however_it_is_written(self, curator_client, noun):
        answer = curator_client.get(page(noun, "changelist"), {"q": "scr 1593"})

        assert len(shown(answer)) == 1
        assert "S/RES/1593(2005)" in shown(answer)[0]

    def test_words_of_the_title_are_found(self, curator_client):
        answer = curator_client.get(page("document", "changelist"), {"q": "Darfur"})

        assert shown(answer) == ["S/RES/1593(2005)"]
