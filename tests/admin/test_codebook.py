from datetime import date

import pytest
from django.utils import timezone

from icctracker.models import Codebook, Criterion
from icctracker.standing import standing_of
from tests.admin.pages import page
from tests.factories import make_codebook, make_criterion, make_evidence

ASKED = date(2026, 1, 1)


@pytest.fixture
def used(db):
    """A criterion on which there is an accepted finding."""
    return make_evidence().findings.get().criterion


def criterion_values(criterion, **values):
    return {
        "codebook": criterion.codebook_id,
        "recommendation": criterion.recommendation_id,
        "code": criterion.code,
        "kind": criterion.kind,
        "essential": "on",
        "statement": criterion.statement,
        "counts": criterion.counts,
        "does_not_count": "",
        "delivered_by": "decision",
    } | values


class TestCriteria:
    def test_those_in_use_are_read_only(self, curator_client, used):
        address = page("criterion", "change", used.pk)
        assert 'name="statement"' not in curator_client.get(address).content.decode()

        answer = curator_client.post(address, criterion_values(used, statement="New"))

        used.refresh_from_db()
        assert answer.status_code == 403
        assert used.statement != "New"

    def test_none_is_added_to_a_version_in_use(self, curator_client, used):
        values = criterion_values(used, code="7z")

        answer = curator_client.post(page("criterion", "add"), values)

        assert "Add a new version first" in answer.content.decode()
        assert not Criterion.objects.filter(code="7z").exists()

    def test_those_of_a_version_not_yet_used_change(self, curator_client, used):
        newer = make_codebook("1.1", timezone.localdate())
        criterion = make_criterion("7a", codebook=newer)
        address = page("criterion", "change", criterion.pk)
        values = criterion_values(criterion, statement="Clearer.")

        curator_client.post(address, values)

        criterion.refresh_from_db()
        assert criterion.statement == "Clearer."


class TestNewVersion:
    def test_it_begins_as_a_copy_so_that_no_status_moves(self, curator_client, used):
        before = standing_of(used.recommendation, ASKED).status

        curator_client.post(
            page("codebook", "add"), {"version": "1.1", "note": "Clearer words."}
        )

        version = Codebook.objects.in_force()
        assert (version.version, version.published_on) == (
            "1.1",
            timezone.localdate(),
        )
        copy = version.criteria.get()
        assert (copy.code, copy.statement) == (used.code, used.statement)
        assert copy.pk != used.pk
        assert standing_of(used.recommendation, ASKED).status == before

    def test_its_date_cannot_be_chosen(self, curator_client, used):
        values = {"version": "1.1", "published_on": "01/01/2013"}

        curator_client.post(page("codebook", "add"), values)

        assert Codebook.objects.in_force().published_on == timezone.localdate()

    def test_a_version_name_is_used_once(self, curator_client, used):
        answer = curator_client.post(page("codebook", "add"), {"version": "1.0"})

        assert "already exists" in answer.content.decode()

    def test_one_that_nothing_uses_goes_with_its_criteria(self, curator_client, used):
        curator_client.post(page("codebook", "add"), {"version": "1.1"})
        version = Codebook.objects.in_force()

        curator_client.post(page("codebook", "delete", version.pk), {"post": "yes"})

        assert list(Codebook.objects.all()) == [used.codebook]
        assert list(Criterion.objects.all()) == [used]

    def test_the_only_version_stays(self, curator_client, db):
        only = make_codebook()

        curator_client.post(page("codebook", "delete", only.pk), {"post": "yes"})

        assert Codebook.objects.filter(pk=only.pk).exists()


class TestSearches:
    def values(self, criterion, /, **values):
        return {
            "criterion": criterion.pk,
            "searched_on": "10/01/2026",
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
            ({"searched_on": "yesterday"}, "Enter a valid date"),
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
