"""Logging a search that found nothing."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import Search
from icctracker.web.kit import kept
from tests.desk.posted import signed_in
from tests.factories import make_criterion, make_user

pytestmark = pytest.mark.django_db
ADDRESS = reverse("search-create")


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def post(client, user):
    criterion = make_criterion("7a")
    signed_in(client, user)

    def send(**values):
        data = {
            "opened_by": kept.sign(user),
            "criterion": str(criterion.pk),
            "searched_on": "1 March 2024",
            "where": "UN Digital Library",
            "query": "veto AND pledge",
            "outcome": "Nothing after 2015.",
        }
        return client.post(ADDRESS, data | values)

    return send


class TestSearchCreate:
    def test_a_search_is_logged(self, post, user):
        response = post()

        search = Search.objects.get()
        assert response.url == reverse("desk")
        assert (search.searched_by, search.searched_on) == (user, date(2024, 3, 1))
        assert search.criterion.code == "7a"

    def test_the_criterion_can_be_given_in_the_address(self, client, user):
        make_criterion("7a")
        chosen = make_criterion("7b")

        form = signed_in(client, user).get(f"{ADDRESS}?criterion=7B").context["form"]

        assert form["criterion"].value() == str(chosen.pk)

    @pytest.mark.parametrize("code", ["99z", "", "%00"])
    def test_an_unknown_one_is_ignored(self, client, user, code):
        response = signed_in(client, user).get(f"{ADDRESS}?criterion={code}")

        assert response.status_code == 200

    def test_criteria_stand_under_their_recommendation(self, client, user):
        make_criterion("7a")

        page = signed_in(client, user).get(ADDRESS).content.decode()

        assert '<optgroup label="R7 Recommendation R7">' in page

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("criterion", "", "Choose the criterion you searched for."),
            ("criterion", "999", "Choose one of those listed."),
            ("searched_on", "1 March 2999", "is in the future"),
            ("searched_on", "31 February 2024", "is not a date"),
            ("searched_on", "", "Say when you searched."),
            ("where", " ", "Say where you looked."),
            ("where", "x" * 301, "it has 301"),
            ("query", "", "Say what you asked."),
            ("query", "x" * 501, "it has 501"),
            ("outcome", "", "Say what came of it."),
            ("outcome", "x" * 2001, "it has 2001"),
        ],
    )
    def test_bad_input_is_explained_at_the_field(self, post, field, value, message):
        response = post(**{field: value})

        assert message in response.context["form"].errors[field][0]
        assert f'href="#id_{field}"' in response.content.decode()
        assert not Search.objects.exists()

    def test_somebody_elses_same_search_is_said_to_be_there(self, post, client, user):
        post()
        Search.objects.update(searched_by=make_user("researcher"))

        response = post()

        assert "already on the log" in response.content.decode()

    def test_it_is_listed_on_the_desk(self, post, client):
        post()

        assert "veto AND pledge" in client.get(reverse("desk")).content.decode()

    def test_strangers_are_asked_to_sign_in(self, client):
        assert "sign-in" in client.get(ADDRESS).url

    def test_people_without_a_role_are_turned_away(self, client):
        assert signed_in(client, make_user()).get(ADDRESS).status_code == 403
