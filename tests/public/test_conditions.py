"""A filter that nothing can fulfil says so; several values of one mean any of them."""

import re
from datetime import date
from importlib import import_module

import django_filters
import pytest
from django.urls import reverse

from icctracker.models import Kind
from icctracker.web.kit.either import EitherMixin
from icctracker.web.kit.filters import DescribedFilterSet
from tests.factories import finding_row, make_criterion, make_evidence, make_situation
from tests.public.test_evidence import titles

pytestmark = pytest.mark.django_db

CONTRADICTORY = {"date_from": "2014-05-22", "date_to": "1 January 2014"}


@pytest.fixture(autouse=True)
def criterion():
    return make_criterion("7a")


def said(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestAPeriod:
    def test_that_ends_before_it_begins_is_offered_the_other_way(self, client):
        entry = make_evidence(occurred_on=date(2014, 3, 1))
        query = CONTRADICTORY | {"kind": "veto"}

        response = client.get(reverse("evidence-list"), query)

        assert "22 May 2014 is after 1 January 2014" in said(response)
        (other,) = re.findall(
            r'href="([^"]*)">Show the period', response.content.decode()
        )
        assert "kind=veto" in other
        turned = client.get(reverse("evidence-list") + other.replace("&amp;", "&"))
        assert titles(turned) == [entry.title]

    def test_is_no_empty_download(self, client):
        assert client.get("/evidence.csv", CONTRADICTORY).status_code == 400

    @pytest.mark.parametrize("name", ["change-list", "evidence-list"])
    def test_that_may_be_two_is_asked_about(self, client, name):
        response = client.get(reverse(name), {"date_from": "5/6/2014"})

        assert "either 5 June 2014 or 6 May 2014" in said(response)

    def test_in_words_is_shown_as_a_browser_shows_days(self, client):
        page = client.get(reverse("evidence-list"), {"date_from": "22 May 2014"})

        assert 'value="2014-05-22"' in page.content.decode()


class TestARecommendation:
    @pytest.mark.parametrize("code", ["r7", "R7"])
    def test_goes_by_its_code_however_it_is_written(self, client, code):
        entry = make_evidence()

        page = client.get(reverse("evidence-list"), {"recommendation": code})

        assert titles(page) == [entry.title]


class TestAMeeting:
    @pytest.mark.both_databases
    def test_finds_what_was_voted_on_at_it(self, client, council):
        page = client.get(reverse("document-list"), {"q": "s/pv 7180"})

        assert "One document with" in said(page)
        assert "S/2014/348" in said(page)


class TestAYear:
    @pytest.mark.parametrize("year", ["2014.5", "2014,5", "1e3"])
    def test_is_a_whole_number(self, client, year):
        response = client.get(reverse("document-list"), {"year": year})

        assert "Year: Enter a whole number." in said(response)

    def test_cannot_lie_before_its_own_beginning(self, client):
        query = {"year": "2010", "since": "2014"}

        response = client.get(reverse("document-list"), query)

        assert "Nothing of 2010 is since 2014." in said(response)


class TestSeveralValues:
    def list(self, client, query):
        return client.get(f"{reverse('evidence-list')}?{query}")

    def test_of_one_choice_mean_any_of_them(self, client):
        syria, libya = make_situation(), make_situation("libya", "Libya")
        both = make_evidence(kind="veto", situations=[syria, libya], title="Both")
        one = make_evidence(kind="debate", situations=[libya], title="One")
        make_evidence(kind="statement", title="None")

        for query in ("kind=veto&kind=debate", "situation=syria&situation=libya"):
            response = self.list(client, query)
            assert sorted(titles(response)) == [both.title, one.title]
        assert f"Kind: {Kind.VETO.label} or {Kind.DEBATE.label}" in said(
            self.list(client, "kind=veto&kind=debate")
        )

    def test_of_findings_mean_any_of_them_for_one_finding(self, client, criterion):
        other = make_criterion("8a")
        make_evidence(findings=[finding_row(criterion, effect=-2)], title="A")
        make_evidence(findings=[finding_row(other, effect=1)], title="B")
        make_evidence(findings=[finding_row(other, effect=2)], title="C")

        found = self.list(client, "criterion=7a&criterion=8a&effect=-2&effect=1")

        assert sorted(titles(found)) == ["A", "B"]

    def test_stay_chosen_in_the_form(self, client):
        page = self.list(client, "kind=veto&kind=debate").content.decode()

        (chosen,) = re.findall(
            r'<select name="kind"[^>]*multiple.*?</select>', page, re.S
        )
        assert chosen.count(" selected") == 2
        alone = self.list(client, "kind=veto&kind=veto").content.decode()
        assert "multiple" not in alone

    def test_one_of_which_is_none_are_refused(self, client):
        assert "vetto is not one" in said(self.list(client, "kind=veto&kind=vetto"))

    @pytest.mark.parametrize(
        "query", ["date_from=2014-01-01&date_from=2015-01-01", "q=a&q=b"]
    )
    def test_of_what_has_one_are_refused(self, client, query):
        assert "Give one value here" in said(self.list(client, query))

    @pytest.mark.parametrize(
        ("query", "symbols"),
        [
            ("court=yes&court=no&year=2005", ["S/RES/1593(2005)"]),
            ("court=unknown&court=yes&year=2014", ["S/2014/348"]),
            ("coded=yes&coded=no&year=2014", ["S/2014/348"]),
        ],
    )
    def test_of_documents_mean_any_of_them(self, client, council, query, symbols):
        page = client.get(f"{reverse('document-list')}?{query}")

        assert "Give one value" not in said(page)
        assert all(symbol in said(page) for symbol in symbols)

    def test_without_end_are_refused(self, client):
        query = "&".join(f"actor={number}" for number in range(1000))

        assert "Name at most 20" in said(self.list(client, query))


# What of two values at once has no meaning.
OF_ONE_VALUE = {"sort", "period"}


def filter_sets(of=DescribedFilterSet):
    import_module("icctracker.urls")
    for each in of.__subclasses__():
        yield each
        yield from filter_sets(each)


@pytest.mark.parametrize("filters", [*filter_sets()], ids=lambda each: each.__name__)
def test_every_choice_of_every_list_may_be_several(filters):
    kinds = (django_filters.ChoiceFilter, django_filters.ModelChoiceFilter)
    found = filters.base_filters.items()
    choices = {name: each for name, each in found if isinstance(each, kinds)}

    either = [n for n, c in choices.items() if issubclass(c.field_class, EitherMixin)]
    assert choices.keys() - either <= OF_ONE_VALUE
