"""The ten and each of them, as readers see them."""

import gzip
import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.actions.status import assess, write_standings
from icctracker.models import Evidence, Recommendation, Search
from icctracker.readings import working
from icctracker.web.public import recommendations
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven():
    return make_criterion("7a").recommendation


class TestHome:
    def test_it_says_in_one_sentence_where_all_stand(self, client, first_data):
        response = client.get(reverse("home"), {"as_of": "2026-11-26"})

        assert response.status_code == 200
        assert (
            "On 26 November 2026, of ten recommendations two are largely followed,"
            " three are followed to a limited extent and five are not followed."
            in response.content.decode()
        )

    def test_it_works_without_any_data(self, client):
        response = client.get(reverse("home"))

        assert response.status_code == 200

    def test_it_says_that_no_editor_has_confirmed_a_suggestion(self, client, seven):
        response = client.get(reverse("home"))

        assert "no editor has confirmed them yet" in response.content.decode()

    def test_a_curators_other_status_does_not_borrow_the_rules_date(
        self, client, seven
    ):
        make_evidence(occurred_on=date(2014, 5, 22))
        decision = {"as_of": date(2015, 12, 31), "decided": "overtaken"}
        assess(seven, by=make_user("curator"), rationale="It is moot.", **decision)

        page = client.get(reverse("home")).content.decode()

        assert "The rule suggests: Not followed" in page
        assert "decided December 2015" in page
        assert "since May 2014" not in page


class TestRecommendationList:
    def test_it_filters_by_status_and_says_so(self, client, first_data):
        response = client.get(
            reverse("recommendation-list"),
            {"status": "substantial", "as_of": "2026-11-26"},
        )

        codes = [row.recommendation.code for row in response.context["standings"]]
        assert codes == ["R8", "R9"]
        assert "Status: Largely followed" in response.content.decode()

    def test_a_status_that_does_not_exist_is_explained(self, client, seven):
        response = client.get(reverse("recommendation-list"), {"status": "splendid"})

        page = response.content.decode()
        assert response.status_code == 200
        assert "Part of the filter could not be understood" in page
        assert "splendid is not one of the available choices" in page

    def test_a_filter_that_nothing_matches_offers_all(self, client, seven):
        response = client.get(reverse("recommendation-list"), {"status": "followed"})

        page = response.content.decode()
        assert "Show all recommendations" in page
        assert "Their texts" not in page

    def test_it_keeps_the_date_in_its_links(self, client, seven):
        response = client.get(reverse("recommendation-list"), {"as_of": "2018-12-31"})

        assert "/recommendations/r7/?as_of=2018-12-31" in response.content.decode()


class TestRecommendationPage:
    def test_its_text_is_verbatim_and_says_whose_it_is(self, client, first_data):
        response = client.get("/recommendations/r4/")

        page = response.content.decode()
        assert (
            "Stop imposing limitations on the ICC&#x27;s jurisdiction, on the"
            " obligations of states to cooperate with the ICC, and on UN sources of"
            " funding for the Court in referral resolutions." in page
        )
        assert "International Peace Institute" in page
        assert "6 March 2013" in page

    def test_it_answers_in_any_case_of_its_code(self, client, seven):
        assert client.get("/recommendations/R7/").status_code == 200

    def test_an_unknown_code_is_not_found(self, client, seven):
        assert client.get("/recommendations/r99/").status_code == 404

    def test_it_says_where_it_stands_and_why(self, client, seven):
        make_evidence(occurred_on=date(2014, 5, 22))

        page = client.get("/recommendations/r7/?as_of=2015-12-31").content.decode()

        assert (
            "On 31 December 2015 recommendation 7 is not followed: there is contrary"
            " practice." in page
        )
        assert "kept to in 0 of 1 case" in page

    def test_it_names_the_entry_without_which_the_status_would_differ(
        self, client, seven
    ):
        evidence = make_evidence(occurred_on=date(2014, 5, 22))

        response = client.get("/recommendations/r7/?as_of=2015-12-31")

        page = response.content.decode()
        assert "Without this entry the status would be “Not yet assessed”" in page
        assert evidence.title in page

    def test_unpublished_evidence_stays_hidden(self, client, seven):
        for state in (
            Evidence.State.DRAFT,
            Evidence.State.SUBMITTED,
            Evidence.State.RETURNED,
            Evidence.State.DECLINED,
            Evidence.State.WITHDRAWN,
        ):
            make_evidence(state, title=f"Hidden {state}")

        page = client.get("/recommendations/r7/").content.decode()

        assert "Hidden" not in page
        assert "Not yet assessed" in page

    def test_events_after_the_chosen_day_do_not_count(self, client, seven):
        make_evidence(occurred_on=date(2014, 5, 22), title="A later veto")

        page = client.get("/recommendations/r7/?as_of=2014-05-21").content.decode()

        assert "A later veto" not in page
        assert "Not yet assessed" in page

    def test_a_curators_decision_and_the_suggestion_are_both_shown(self, client, seven):
        make_evidence(occurred_on=date(2014, 5, 22))
        assess(
            seven,
            by=make_user("curator"),
            as_of=date(2015, 12, 31),
            decided="overtaken",
            rationale="The question no longer arises.",
        )

        page = client.get("/recommendations/r7/?as_of=2016-01-01").content.decode()

        assert "Overtaken by events" in page
        assert "by the published rule, which gave “Not followed”" in page
        assert "The question no longer arises." in page
        assert "The rule has given that since 22 May 2014." in page
        assert "That has been so since" not in page

    def test_the_name_of_a_curator_is_private_by_default(self, client, seven):
        curator = make_user(
            "curator", username="jane.roe", public_name="Jane Roe", show_name=False
        )
        assess(seven, by=curator, as_of=date(2015, 1, 1), decided="not-assessed")

        page = client.get("/recommendations/r7/").content.decode()

        assert "Jane" not in page
        assert "jane.roe" not in page
        assert "a curator" in page

    def test_an_entry_with_two_findings_is_listed_once(self, client, seven):
        other = make_criterion("7b", recommendation=seven)
        findings = [finding_row(), finding_row(other)]
        make_evidence(title="A veto with two sides", findings=findings)

        page = client.get("/recommendations/r7/").content.decode()

        evidence = page.split('id="evidence"')[1].split('id="searches"')[0]
        assert evidence.count("A veto with two sides") == 1
        assert evidence.count('href="#7') == 2


class TestTheDate:
    @pytest.mark.parametrize("path", ["/", "/recommendations/r7/", "/evidence/"])
    @pytest.mark.parametrize(
        ("as_of", "words"),
        [
            ("yesterday", "is not a date"),
            ("2018-02-30", "is not a date"),
            ("2018-02", "The day is missing"),
            ("2999-01-01", "is in the future"),
            ("1900-01-01", "before the United Nations existed"),
        ],
    )
    def test_a_wrong_date_is_explained_with_a_way_on(
        self, client, seven, path, as_of, words
    ):
        response = client.get(path, {"as_of": as_of})

        page = response.content.decode()
        assert response.status_code == 400
        assert words in page
        assert reverse("recommendation-list") in page

    def test_known_at_hides_what_was_accepted_later(self, client, seven):
        make_evidence(title="Accepted today")

        page = client.get(
            "/recommendations/r7/?as_of=2016-01-01&known_at=2020-01-01"
        ).content.decode()

        assert "Accepted today" not in page

    def test_a_wrong_instant_is_explained(self, client, seven):
        response = client.get("/", {"known_at": "then"})

        assert response.status_code == 400
        assert "is not a date" in response.content.decode()


def of_year(year, **finding):
    return make_evidence(
        occurred_on=date(year, 1, 1), findings=[finding_row(**finding)]
    )


def test_the_timeline_and_its_table_show_the_same_findings(client, seven):
    for year in (2005, 2011, 2014):
        of_year(year, effect=1)

    response = client.get("/recommendations/r7/")

    marks = {mark.finding.pk for mark in response.context["timeline"].marks}
    assert marks == {finding.pk for finding in response.context["findings"]}
    assert len(marks) == 3
    assert [(y.year, y.by_effect) for y in response.context["years"]] == [
        (year, [0, 1, 0, 0, 0]) for year in (2014, 2011, 2005)
    ]


class TestItsCost:
    LARGEST = 14 * 1024

    def test_the_first_data_fits_a_light_page(self, client, first_data):
        for recommendation in Recommendation.objects.all():
            page = client.get(recommendation.get_absolute_url()).content
            assert len(gzip.compress(page)) < self.LARGEST, recommendation

    def test_its_parts_are_made_once_for_all_readers(self, client, seven, settings):
        settings.CACHES = settings.CACHES | {
            "fragments": settings.CACHES["answers"] | {"LOCATION": "fragments"}
        }
        entry = of_year(2015)
        first = client.get("/recommendations/r7/").content
        with CaptureQueriesContext(connection) as asked:
            second = client.get("/recommendations/r7/").content
        caches["fragments"].clear()

        assert first == second and entry.title in second.decode()
        assert len(asked) <= 5

    def test_no_finding_is_read_but_those_that_it_names(self, client, seven):
        entry = of_year(2015)
        write_standings()
        with CaptureQueriesContext(connection) as asked:
            client.get("/recommendations/r7/")

        read = [sql for sql in map(_sql, asked) if 'FROM "icctracker_finding"' in sql]
        assert len(read) == 1
        assert f'"icctracker_finding"."id" IN ({entry.findings.get().pk})' in read[0]
        assert len(asked) <= 12


def _sql(query):
    return query["sql"]


class TestMoreThanAPageHolds:
    """Of what is many the newest is named; all of it is counted, and one click away."""

    EFFECTS = (2, 1, 0, -1, -2)

    @pytest.fixture
    def many(self, seven, monkeypatch):
        limits = {"LISTED": 4, "ENTRIES": 2, "STEPS": 2, "FRAGILE": 1, "CHANGES": 2}
        for name, limit in limits.items():
            monkeypatch.setattr(working, name, limit)
        for year in (2015, 2016):
            for effect in self.EFFECTS:
                of_year(year, effect=effect, title=f"{year} {effect}")
        return "/recommendations/r7/?as_of=2016-12-31"

    def test_the_newest_entries_are_listed_and_all_are_counted_by_year(
        self, client, many
    ):
        response = client.get(many)

        assert len(response.context["findings"]) == 2
        assert response.context["number"] == 10
        older = {year.year: year.entries for year in response.context["older"]}
        assert older == {2015: 5, 2016: 5}

    def test_each_year_leads_to_as_many_entries_as_it_says(self, client, many):
        page = client.get(many).content.decode()

        evidence = page.split('id="evidence"')[1].split('id="searches"')[0]
        links = re.findall(
            r'<a href="([^"]+date_from[^"]+)">\d+</a> \((\d+)\)', evidence
        )
        assert len(links) == 2
        for path, number in links:
            listed = client.get(unescape(path))
            assert len(listed.context["page_obj"]) == int(number) == 5
            assert "as_of=2016-12-31" in path

    def test_they_are_drawn_by_year_with_the_figures_in_a_table(self, client, many):
        response = client.get(many)

        drawn = [effect for effect, _path in response.context["timeline"].areas]
        assert sorted(drawn) == sorted(self.EFFECTS)
        figures = [(y.year, y.by_effect) for y in response.context["years"]]
        assert figures == [(2016, [1] * 5), (2015, [1] * 5)]
        table = response.content.decode().split('id="by-year"')[1].split("</table>")[0]
        assert table.count('<td class="number">1</td>') == 10

    def test_a_bar_is_as_long_as_its_number(self, client, many):
        of_year(2016, effect=2)
        picture = client.get(many).context["timeline"]

        (full,) = [path for effect, path in picture.areas if effect == 2]
        heights = [
            abs(float(top) - float(end))
            for top, end in re.findall(r"M\S+ ([\d.]+)h\S+?V([\d.]+)h", full)
        ]
        assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)

    def test_the_newest_that_decide_are_named_and_all_are_on_a_page(self, client, many):
        response = client.get(many)

        page = response.content.decode()
        (reason,) = response.context["reasons"]
        assert (len(reason.rows), reason.number, reason.unweighed) == (2, 8, 2)
        assert "These are the newest 2 of 8." in page
        path = "/recommendations/r7/record/weights/?as_of=2016-12-31"
        assert f'href="{path}"' in page
        rows = client.get(path).context["weights"]
        assert len(rows) == 8
        assert sum(row.contribution for row in rows) == reason.result.score

    def test_what_people_wrote_is_named_up_to_a_number(
        self, client, seven, monkeypatch
    ):
        monkeypatch.setattr(recommendations, "FEW", 1)
        for number in (1, 2):
            Search.objects.create(
                criterion=seven.criteria.get(),
                searched_on=date(2015, 1, number),
                where="A catalogue",
                query=f"Words {number}",
                outcome="Nothing.",
            )

        page = client.get("/recommendations/r7/").content.decode()
        path = "/recommendations/r7/record/searches/"
        everything = client.get(path).content.decode()

        assert "Words 2" in page and "Words 1" not in page
        assert "These are 1 of 2." in page and f'href="{path}"' in page
        assert "Words 1" in everything and "Words 2" in everything

    @pytest.mark.parametrize("part", ["nonsense", "rows", "votes-"])
    def test_a_part_of_the_record_that_is_none_is_not_found(self, client, seven, part):
        assert client.get(f"/recommendations/r7/record/{part}/").status_code == 404

    def test_the_short_address_of_a_part_is_kept(self, client, seven):
        answer = client.get("/publications/a-note/recommendations/r7/record/votes/")

        assert answer.status_code == 302
        assert answer["Location"] == "/recommendations/r7/record/votes/"
