"""The Council by member."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.record import link_situations
from icctracker.models import Evidence, Situation
from icctracker.web.public.pictures import Bars, spans
from tests.factories import make_criterion, make_evidence

pytestmark = pytest.mark.django_db


def get(client, slug, **query):
    return client.get(reverse("member-detail", args=[slug]), query)


def tracked(slug, *, since=2000, **values):
    return Situation.objects.create(slug=slug, name=slug, since=since, **values)


def text(response):
    return " ".join(response.content.decode().split())


class TestCouncil:
    def test_without_the_record_it_says_so(self, client):
        response = client.get(reverse("council"))

        assert response.status_code == 200
        assert "has not been loaded" in text(response)

    def test_it_names_the_members_and_counts_the_vetoes_of_the_five(
        self, client, council
    ):
        response = client.get(reverse("council"))

        counted = {
            member.code: row.get("vetoes", 0)
            for member, row, _bars in response.context["permanent"]
        }
        assert set(counted) == {"CHN", "FRA", "GBR", "RUS", "USA"}
        assert len(response.context["sitting"]) == 15
        assert counted["RUS"] > counted["CHN"] > 0
        assert 'href="/council/russian-federation/"' in text(response)

    def test_its_queries_are_few(self, client, council, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            client.get(reverse("council"))


class TestMember:
    def test_the_vetoes_of_the_ussr_stand_on_the_page_of_its_seat(
        self, client, council
    ):
        response = get(client, "russian-federation")

        assert ">S/2014/348</a>" in text(response)
        assert ">S/PV.45</a>" in text(response)
        assert "the USSR held this seat until 1991" in text(response)
        assert "every vote of 1991" in text(response)

    def test_a_veto_names_those_who_vetoed_with_it(self, client, council):
        page = text(get(client, "china"))

        [row] = [row for row in page.split("<tr>") if ">S/2014/348</a>" in row]
        assert "with Russian Federation<" in row

    def test_what_is_unconfirmed_is_marked(self, client, council):
        assert '<span class="tag">unconfirmed</span>' in text(get(client, "china"))

    def test_votes_are_counted_by_year(self, client, council):
        rows = get(client, "russian-federation").context["by_year"]

        by_year = {row.subject: (row.cells, row.vetoes) for row in rows}
        assert by_year[2005] == ([1, 0, 0, 0], 0)
        assert by_year[2014] == ([0, 1, 0, 0], 1)

    def test_an_adoption_without_vote_is_not_counted_as_not_voting(
        self, client, council
    ):
        rows = get(client, "russian-federation").context["by_year"]

        assert [row.cells for row in rows if row.subject == 1992] == [[1, 0, 0, 0]]

    def test_a_vote_in_doubt_is_counted_as_such(self, client, council):
        page = text(get(client, "algeria"))

        assert "Not certain" in page
        assert "Vetoes" not in page

    def test_published_evidence_tells_the_situation(self, client, council):
        make_criterion("7a")
        syria = tracked("syria")
        make_evidence(situations=[syria])
        make_evidence(Evidence.State.SUBMITTED, situations=[tracked("x")])

        [row] = get(client, "china").context["by_situation"]
        before = get(client, "china", as_of="2014-01-01").context["by_situation"]

        assert (row.subject, row.vetoes) == (syria, 1)
        assert row.cells == [0, 1, 0, 0]
        assert before == []

    def test_what_nobody_has_coded_counts_as_well(self, client, council):
        sudan = tracked("sudan", title_words="Darfur", since=2005)
        link_situations()

        response = get(client, "china")

        [row] = response.context["by_situation"]
        assert row.subject == sudan
        assert row.cells == [0, 0, 1, 0]
        assert "since 2005" in text(response)

    def test_the_years_before_its_tracking_do_not_count(self, client, council):
        tracked("sudan", title_words="Darfur", since=2006)
        link_situations()

        assert get(client, "china").context["by_situation"] == []

    def test_a_veto_without_symbol_is_joined_by_its_day(self, client, council):
        make_criterion("7a")
        make_evidence(
            symbol="", situations=[tracked("gulf")], occurred_on=date(2026, 4, 7)
        )

        [row] = get(client, "china").context["by_situation"]

        assert row.vetoes == 1

    def test_a_member_that_has_not_voted_yet_says_so(self, client, council):
        page = text(get(client, "kyrgyzstan"))

        assert "Elected for 2027." in page
        assert "No vote of this member is on record yet." in page

    def test_a_state_that_was_never_a_member_has_no_page(self, client, council):
        assert get(client, "liechtenstein").status_code == 404

    def test_its_queries_are_few(self, client, council, django_assert_max_num_queries):
        with django_assert_max_num_queries(13):
            get(client, "russian-federation")


@pytest.mark.both_databases
class TestOtherNamesOfAMember:
    @pytest.mark.parametrize("name", ["russia", "rus", "RUS", "russian"])
    def test_lead_to_its_page(self, client, council, name):
        response = get(client, name)

        assert response.status_code == 301
        assert response["Location"] == "/council/russian-federation/"

    @pytest.mark.parametrize("name", ["united", "nobody", "u"])
    def test_that_are_of_several_or_of_nobody_lead_nowhere(self, client, council, name):
        assert get(client, name).status_code == 404


class TestPictures:
    def test_years_are_said_in_spans(self):
        assert spans([1998, 1946, 1947, 1948, 1998]) == "1946–1948, 1998"

    def test_bars_stand_on_the_line_and_none_is_taller_than_the_picture(self):
        bars = Bars({1946: 1, 1955: 17}, 1946, 2026)

        assert all(round(bar.y + bar.height, 1) == bars.axis for bar in bars.bars)
        assert bars.top.count == 17
        assert min(bar.y for bar in bars.bars) > 0
