"""The list of passages, and what a document's own page says of its paragraphs."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from icctracker.models import Passage, Vote
from icctracker.readings.passages import BEARS_ON, by_recommendation
from tests.factories import finding_row, make_criterion, make_evidence, make_situation
from tests.inbox import track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_council")]
LIST = reverse("passage-list")
DARFUR = "S/RES/1593(2005)"
STATEMENT = "S/PRST/2014/5, PARA 13"


def words(response):
    return " ".join(response.content.decode().split())


def listed(client, **asked):
    page = client.get(LIST, asked)
    return [str(each) for each in page.context["page_obj"]]


def log(pinpoint, symbol=DARFUR, **facts):
    """A published entry with a finding pinned to a paragraph."""
    criterion = make_criterion("2b")
    findings = [finding_row(criterion, pinpoint=pinpoint)]
    facts = {"kind": "resolution", "occurred_on": "2005-03-31"} | facts
    return make_evidence(symbol=symbol, findings=findings, **facts)


def download(client, suffix, **asked):
    answer = client.get(reverse("passage-download", args=[suffix]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")


class TestTheList:
    def test_has_the_paragraphs_on_the_court_unless_asked_for_others(self, client):
        on_the_court = listed(client)

        assert f"{DARFUR}, OP 6" in on_the_court
        assert STATEMENT in on_the_court
        assert f"{DARFUR}, PP 1" not in on_the_court
        assert len(listed(client, term="any")) == min(50, Passage.objects.count())
        assert f"{DARFUR}, PP 1" in listed(client, term="inquiry")

    @pytest.mark.parametrize(
        ("asked", "found", "missing"),
        [
            ({"year": 2014}, STATEMENT, f"{DARFUR}, OP 6"),
            ({"series": "statement"}, STATEMENT, f"{DARFUR}, OP 6"),
            ({"sponsor": "GBR"}, f"{DARFUR}, OP 6", STATEMENT),
            (
                {"sponsor": "United Kingdom"},
                f"{DARFUR}, OP 6",
                STATEMENT,
            ),
            ({"recommendation": "R4"}, f"{DARFUR}, OP 7", f"{DARFUR}, OP 8"),
            (
                {"recommendation": "R4", "term": "costs"},
                f"{DARFUR}, OP 7",
                f"{DARFUR}, OP 6",
            ),
        ],
    )
    def test_is_filtered(self, client, asked, found, missing):
        passages = listed(client, **asked)

        assert found in passages
        assert missing not in passages

    def test_a_sponsor_who_is_named_is_chosen_in_the_form(self, client):
        page = words(client.get(LIST, {"sponsor": "United Kingdom"}))

        assert '<option value="GBR" selected>United Kingdom</option>' in page

    def test_is_filtered_by_situation(self, client):
        track("darfur", "Darfur", since=2003, title_words="Darfur")

        passages = listed(client, situation="darfur")

        assert f"{DARFUR}, OP 6" in passages
        assert STATEMENT not in passages

    def test_says_what_is_logged_to_the_paragraph(self, client):
        entry = log("OP 6")

        assert listed(client, logged="yes") == [f"{DARFUR}, OP 6"]
        assert f"{DARFUR}, OP 6" not in listed(client, logged="no")
        page = words(client.get(LIST))
        link = reverse("evidence-detail", args=[entry.slug])
        assert f'logged: <a href="{link}">' in page
        assert f'without this paragraph: <a href="{link}">' in page

    def test_a_draft_is_nowhere_to_be_seen(self, client):
        before = client.get(LIST, {"term": "any"}).content

        log("OP 6", state="draft")

        assert client.get(LIST, {"term": "any"}).content == before

    def test_what_was_logged_is_shown_as_of_a_day(self, client):
        log("OP 6")

        past = client.get(LIST, {"logged": "yes", "as_of": "2005-03-01"})

        assert not past.context["page_obj"].object_list
        assert "events up to 1 March 2005" in words(past)

    def test_its_number_of_queries_is_small_and_does_not_grow(
        self, client, django_assert_max_num_queries
    ):
        client.get(LIST)
        with django_assert_max_num_queries(12):
            client.get(LIST, {"term": "any"})


class TestWhatItSays:
    def test_for_which_years_and_kinds_texts_were_read(self, client):
        page = words(client.get(LIST))

        assert "Statements by the President of 2000 to 2014: 2 of 2 on record" in page
        assert "What was read, by year" in page

    def test_which_terms_bear_on_what(self, client):
        page = words(client.get(LIST))

        for term in BEARS_ON:
            assert f'<th scope="row">{term.label}</th>' in page.replace("&#x27;", "'")

    def test_why_nothing_is_found(self, client):
        at_odds = words(client.get(LIST, {"term": "costs", "recommendation": "R5"}))
        nothing = words(client.get(LIST, {"year": 1999}))

        assert "None of the terms chosen bears on the recommendation chosen" in at_odds
        assert "No paragraph of the index matches" in nothing

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"year": "nineteen"}, "Year: Enter a whole number."),
            ({"sponsor": "Narnia"}, "Sponsor: Select a valid choice. Narnia"),
            ({"term": "love"}, "Term: Select a valid choice. love"),
            ({"recommendation": "R77"}, "Recommendation: Select a valid choice. R77"),
        ],
    )
    def test_what_was_not_understood(self, client, asked, said):
        page = client.get(LIST, asked)
        file = client.get(reverse("passage-download", args=["csv"]), asked)

        assert said in words(page)
        assert file.status_code == 400
        assert said in words(file)

    def test_each_term_bears_on_some_recommendation(self):
        assert {t for terms in by_recommendation().values() for t in terms} == set(
            BEARS_ON
        )


class TestDownloads:
    def test_have_what_the_list_has(self, client):
        entry = log("OP 6")

        told = json.loads(download(client, "json", year=2005))["passages"]

        [passage] = [each for each in told if each["paragraph"] == "OP 6"]
        assert passage["uri"] == "https://undocs.org/S/RES/1593(2005)"
        assert passage["sponsors_iso3"] == ["GBR"]
        assert passage["sponsors_m49"] == ["826"]
        assert passage["address"].endswith(f"/documents/{DARFUR}/#op-6")
        assert passage["logged_by"] == [entry.slug]
        assert len(told) == len(listed(client, year=2005))

    def test_csv_has_a_row_for_each(self, client):
        rows = list(csv.DictReader(io.StringIO(download(client, "csv"))))

        assert {row["symbol"] for row in rows} >= {DARFUR, "S/PRST/2014/5"}
        assert len(rows) == len(listed(client))


class TestADocument:
    def test_those_on_the_court_come_first_each_with_its_address(self, client):
        log("OP 6")
        page = words(client.get(reverse("document-detail", args=[DARFUR])))

        assert '<li id="op-6">' in page
        assert '<li id="pp-2">' in page
        assert page.index('id="op-8"') < page.index('id="pp-1"')
        assert page.count('id="pp-1"') == 1
        assert "logged: <a" in page

    def test_a_statement_has_a_page_without_votes(self, client):
        page = words(client.get(reverse("document-detail", args=["S/PRST/2014/5"])))

        assert "Statement by the President" in page
        assert "Made by the President for all members" in page
        assert "How the members voted" not in page
        assert "21 February 2014" in page

    def test_a_failed_draft_has_its_votes_and_no_veto(self, client):
        page = words(client.get(reverse("document-detail", args=["S/2023/772"])))

        assert "Not adopted, for want of votes, 5–4–6" in page
        assert "votes against were no vetoes" in page
        assert '<span class="tag">veto</span>' not in page
        assert "no paragraph of it speaks of the Court" in page

    def test_says_its_identifiers_and_whoever_sponsored_it(self, client):
        page = words(client.get(reverse("document-detail", args=[DARFUR])))

        assert "https://undocs.org/S/RES/1593(2005)" in page
        assert "(GBR, 826)" in page
        assert "acts under Chapter VII" in page
        assert "Worded before: Referring the situation" in page

    def test_lists_of_documents_have_them_by_kind(self, client):
        page = client.get(reverse("document-list"), {"series": "statement"})

        assert {str(each) for each in page.context["page_obj"]} == {
            "S/PRST/2000/6",
            "S/PRST/2014/5",
        }


class TestAMember:
    def test_votes_on_failed_drafts_count_and_are_no_vetoes(self, client):
        before = client.get(reverse("member-detail", args=["united-states"]))
        page = words(before)

        assert "on drafts that failed for want of votes" in page
        assert "A vote against a draft that failed in any case is no veto" in page
        assert "UN M49: 840" in page

    def test_a_vote_against_one_stands_among_the_votes_of_its_year(self, client):
        page = words(client.get(reverse("member-detail", args=["japan"])))

        # Of 2023 there are S/RES/2720(2023), for, and S/2023/772, against.
        row = page.partition('<th scope="row">2023</th>')[2].partition("</tr>")[0]
        assert re.findall(r">(\d+)<", row)[:2] == ["1", "1"]
        failed = Vote.objects.filter(ballot__outcome="failed", cast="N")
        assert failed.filter(member__permanent=True).exists()
        assert not Vote.objects.vetoes().filter(pk__in=failed).exists()


def test_a_passage_lies_where_its_document_does(client):
    make_situation()

    assert listed(client, situation="syria") == []
