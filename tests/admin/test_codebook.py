from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import Codebook, Criterion
from tests.admin.pages import page
from tests.factories import make_draft, make_evidence


@pytest.fixture
def used(db):
    """A criterion on which there is an accepted finding."""
    return make_evidence().findings.get().criterion


class TestReading:
    @pytest.mark.parametrize("noun", ["codebook", "criterion"])
    def test_nothing_is_added_changed_or_deleted_here(self, curator_client, used, noun):
        record = used if noun == "criterion" else used.codebook

        answers = [
            curator_client.get(page(noun, "add")),
            curator_client.post(page(noun, "add"), {"version": "1.1"}),
            curator_client.post(page(noun, "change", record.pk), {"note": "New"}),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert (Codebook.objects.count(), Criterion.objects.count()) == (1, 1)

    @pytest.mark.parametrize("noun", ["codebook", "criterion"])
    def test_the_way_to_change_it_is_shown(self, curator_client, used, noun):
        record = used if noun == "criterion" else used.codebook

        for address in (page(noun, "changelist"), page(noun, "change", record.pk)):
            text = curator_client.get(address).content.decode()
            assert "Draft the next version" in text
            assert reverse("codebook-draft") in text

    def test_the_list_says_which_is_in_force_and_how_long_it_is(
        self, curator_client, used
    ):
        make_draft()

        text = curator_client.get(page("codebook", "changelist")).content.decode()

        assert "1.0" in text and "1.1" in text

    def test_to_code_with_only_criteria_in_force_are_offered(
        self, curator_client, used
    ):
        make_draft()
        query = "?app_label=icctracker&model_name=search&field_name=criterion&term=7a"

        answer = curator_client.get(reverse("admin:autocomplete") + query)

        assert [row["id"] for row in answer.json()["results"]] == [str(used.pk)]


class TestSearches:
    def values(self, criterion, /, **values):
        return {
            "criterion": criterion.pk,
            "searched_on": "10 January 2026",
            "where": "UN Digital Library",
            "query": "veto",
            "outcome": "Nothing.",
        } | values

    def test_one_is_logged_in_the_curators_name(self, curator_client, curator, used):
        curator_client.post(page("search", "add"), self.values(used))

        search = used.searches.get()
        assert (search.searched_by, search.searched_on) == (curator, date(2026, 1, 10))

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"searched_on": "01/01/2999"}, "in the future"),
            ({"searched_on": "yesterday"}, "is not a date"),
            ({"outcome": ""}, "required"),
            ({"criterion": "0"}, "Select a valid choice"),
        ],
    )
    def test_bad_input_is_explained(self, curator_client, used, values, says):
        answer = curator_client.post(page("search", "add"), self.values(used, **values))

        assert says in answer.content.decode()

    def test_the_same_twice_is_refused(self, curator_client, used):
        curator_client.post(page("search", "add"), self.values(used))

        answer = curator_client.post(page("search", "add"), self.values(used))

        assert "already on the log" in answer.content.decode()

    def test_the_log_is_not_rewritten(self, curator_client, used):
        curator_client.post(page("search", "add"), self.values(used))
        search = used.searches.get()

        answer = curator_client.post(
            page("search", "change", search.pk), self.values(used, outcome="Much.")
        )

        search.refresh_from_db()
        assert answer.status_code == 403
        assert search.outcome == "Nothing."
