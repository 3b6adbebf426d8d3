"""Adding, removing and explaining rows: nothing typed is lost, nothing is saved."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence
from tests.desk.posted import entry_post, finding_post, signed_in, source_post
from tests.factories import make_criterion, make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")
GUIDANCE = reverse("finding-guidance")


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def press(client, user):
    """Press a button of the form; returns the page."""
    signed_in(client, user)

    def post(button, value="1", headers=None, **values):
        data = entry_post(user, button=button, **values) | {button: value}
        return client.post(CREATE, data, headers=headers)

    return post


class TestWithoutJavaScript:
    def test_a_source_is_added(self, press):
        response = press("add_source", occurred_on="31 February 2014")

        page = response.content.decode()
        assert 'name="sources-1-url"' in page
        assert 'value="https://undocs.org/en/S/2014/348"' in page
        assert 'value="31 February 2014"' in page
        assert not Evidence.objects.exists()

    def test_nothing_is_checked_yet(self, press):
        response = press("add_source", occurred_on="31 February 2014")

        assert response.context["entry"].problems == []

    def test_the_cursor_goes_to_the_new_row(self, press):
        page = press("add_finding").content.decode()

        new = page.partition('name="findings-1-criterion"')[2]
        assert "autofocus" in new.partition(">")[0]

    def test_a_source_is_removed_and_the_others_move_up(self, press):
        sources = [source_post(f"https://un.org/{n}", f"No {n}") for n in range(3)]

        page = press("remove_source", "1", sources=sources).content.decode()

        assert 'value="https://un.org/0"' in page
        assert 'value="https://un.org/1"' not in page
        assert 'name="sources-1-url" value="https://un.org/2"' in page
        assert 'name="sources-2-url"' not in page

    def test_the_last_row_gives_way_to_an_empty_one(self, press):
        page = press("remove_finding", "0").content.decode()

        assert 'name="findings-0-criterion"' in page
        assert "A permanent member stopped the text." not in page

    @pytest.mark.parametrize("number", ["7", "-1", "many", "", "9" * 5000])
    def test_a_row_that_is_not_there_is_not_removed(self, press, number):
        page = press("remove_finding", number).content.decode()

        assert "A permanent member stopped the text." in page

    def test_what_counts_is_shown_on_request(self, press):
        make_criterion("4a", counts="Each referral put to a vote.")

        page = press("explain", "0", findings=[finding_post("4a")]).content.decode()

        assert "Each referral put to a vote." in page

    def test_choices_and_ticks_survive(self, press):
        entry = press("add_finding").context["entry"]

        first = entry.findings.forms[0]
        assert first["effect"].value() == "-2"
        assert first["occasion"].value() is True
        assert entry.facts["kind"].value() == "veto"

    def test_the_same_form_goes_on_to_be_saved_once(self, press, client, user):
        first = press("add_source").context["entry"]

        key = str(first.creation_key)
        client.post(CREATE, entry_post(user, creation_key=key))

        assert str(Evidence.objects.get().creation_key) == key

    def test_all_criteria_are_offered_under_their_recommendations(self, press):
        make_criterion("4a")

        page = press("explain", "0").content.decode()

        group = page.partition('<optgroup label="R4 Recommendation R4">')[2]
        assert "4a Criterion 4a is kept." in group.partition("</optgroup>")[0]

    def test_rows_come_to_an_end(self, press):
        sources = [source_post(f"https://un.org/{n}") for n in range(40)]

        page = press("explain", "0", sources=sources).content.decode()

        assert 'name="add_source"' not in page


class TestGuidance:
    @pytest.fixture
    def ask(self, client, user):
        make_criterion("7a", counts="Each contested vote.")
        make_criterion("7b")
        make_criterion("4a")
        signed_in(client, user)
        return lambda **chosen: client.get(
            GUIDANCE, {f"findings-3-{name}": value for name, value in chosen.items()}
        )

    def test_what_counts_follows_the_criterion(self, ask):
        chosen = finding_post("7a")["criterion"]

        page = ask(criterion=chosen).content.decode()

        assert "Each contested vote." in page
        assert "R7 Recommendation R7" in page

    def test_without_a_criterion_it_says_what_to_do(self, ask):
        page = ask(criterion="").content.decode()

        assert "Choose a criterion" in page

    @pytest.mark.parametrize(
        "query", ["", "?x=1", "?findings-x-criterion=1", "?findings-1-effect=1"]
    )
    def test_nonsense_is_not_found(self, client, user, query):
        response = signed_in(client, user).get(GUIDANCE + query)

        assert response.status_code == 404

    def test_nonsense_choices_are_ignored(self, ask):
        response = ask(criterion="ten")

        assert response.status_code == 200

    def test_strangers_are_asked_to_sign_in(self, client):
        assert client.get(GUIDANCE).status_code == 302
