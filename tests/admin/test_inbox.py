"""The words of situations, and what was set aside, in the admin."""

import pytest

from icctracker.actions.record import dismiss, put_back
from icctracker.models import Dismissal, Situation
from tests.factories import make_situation, make_user
from tests.inbox import document

from .pages import page
from .test_exchange import as_csv, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]


def words(**values):
    blank = dict.fromkeys("note since title_words agenda_words ignored_words".split())
    values = {"name": "Syrian Arab Republic", "slug": "syria"} | values
    return {name: value or "" for name, value in (blank | values).items()}


def linked():
    return [str(each) for each in Situation.objects.get().documents.all()]


class TestWords:
    def test_saved_words_find_their_documents_at_once(self, curator_client):
        syria = make_situation()
        data = words(agenda_words="Syria", since="2011")

        answer = curator_client.post(page("situation", "change", syria.pk), data)

        assert answer.status_code == 302
        assert linked() == ["S/2014/348"]

    def test_so_do_those_of_a_new_situation(self, curator_client):
        curator_client.post(page("situation", "add"), words(title_words="S/2014/348"))

        assert linked() == ["S/2014/348"]

    def test_so_do_those_that_come_in_a_file(self, curator_client):
        bring_in(curator_client, as_csv(words(agenda_words="Syria")), "situation")

        assert linked() == ["S/2014/348"]

    def test_a_year_before_the_council_is_refused_in_words(self, curator_client):
        syria = make_situation()

        answer = curator_client.post(
            page("situation", "change", syria.pk), words(since="1900")
        )

        assert "1946" in str(answer.context["adminform"].form.errors["since"])


class TestWhatWasSetAside:
    @pytest.fixture
    def row(self):
        user = make_user("researcher")
        (row,) = dismiss([document("S/2014/348")], reason="Beside it.", by=user)
        return row

    def test_curators_read_it(self, curator_client, row):
        listed = curator_client.get(page("dismissal", "changelist"))
        shown = curator_client.get(page("dismissal", "change", row.pk))

        assert "Beside it." in listed.content.decode()
        assert shown.status_code == 200

    @pytest.mark.parametrize(("state", "count"), [("aside", 0), ("back", 1)])
    def test_also_what_was_put_back(self, curator_client, row, state, count):
        put_back([row.document], by=row.dismissed_by)

        answer = curator_client.get(page("dismissal", "changelist"), {"state": state})

        assert len(answer.context["cl"].result_list) == count

    def test_nobody_changes_or_deletes_it(self, client, row):
        client.force_login(make_user(is_superuser=True, is_staff=True))

        change = client.post(page("dismissal", "change", row.pk), {"reason": "Other."})
        delete = client.post(page("dismissal", "delete", row.pk), {"post": "yes"})

        assert (change.status_code, delete.status_code) == (403, 403)
        assert Dismissal.objects.get().reason == "Beside it."
