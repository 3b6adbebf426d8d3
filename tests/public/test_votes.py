"""The votes behind the occasions, and the lists behind each number."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence
from tests.factories import make_evidence
from tests.inbox import track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

SYMBOL, LATER = "S/2014/348", "S/2020/654"
DOCUMENTS = reverse("document-list")


def words_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def seven():
    """A recommendation with a vote coded as an occasion, and one that is not coded."""
    syria = track(title_words=f"{SYMBOL}\n{LATER}")
    make_evidence(symbol=SYMBOL, situations=[syria])
    return reverse("recommendation-record", args=["r7", "votes"])


class TestARecommendation:
    def test_it_tells_how_many_votes_are_coded(self, client, seven):
        page = words_of(client.get(seven))

        told = "7a, votes in one situation: 2, of which 2 vetoed; 1 coded here,"
        assert f"{told} 1 not coded at all" in page

    def test_each_number_leads_to_its_list(self, client, seven):
        page = words_of(client.get(seven))

        voted = "&amp;series=resolution&amp;series=vetoed&amp;series=failed"
        for query in (voted, "&amp;outcome=vetoed", f"&amp;coded=no{voted}"):
            assert f'{DOCUMENTS}?situation=syria&amp;since=2011{query}"' in page

    def test_the_past_has_its_own_numbers_and_no_lists_of_today(self, client, seven):
        page = words_of(client.get(seven, {"as_of": "2019-12-31"}))

        assert "7a, votes in one situation: 1, of which" in page
        assert f"{DOCUMENTS}?situation" not in page

    def test_without_votes_among_the_occasions_nothing_is_said(self, client):
        make_evidence(symbol="", kind="statement")

        path = reverse("recommendation-record", args=["r7", "votes"])
        page = words_of(client.get(path))

        assert "Nothing of this is on record" in page

    def test_its_page_leads_to_them(self, client, seven):
        page = client.get(reverse("recommendation-detail", args=["r7"]))

        assert f'href="{seven}"' in page.content.decode()


class TestTheDocuments:
    def listed(self, client, **asked):
        page = client.get(DOCUMENTS, {"situation": "syria"} | asked)
        return {str(each) for each in page.context["page_obj"]}

    def test_by_situation(self, client, seven):
        assert self.listed(client) == {SYMBOL, LATER}

    def test_since_a_year(self, client, seven):
        assert self.listed(client, since="2015") == {LATER}

    @pytest.mark.parametrize(("coded", "found"), [("yes", SYMBOL), ("no", LATER)])
    def test_by_whether_a_published_entry_is_about_them(
        self, client, seven, coded, found
    ):
        make_evidence(Evidence.State.DRAFT, symbol=LATER)
        make_evidence(Evidence.State.SUBMITTED, symbol=LATER)

        assert self.listed(client, coded=coded) == {found}
