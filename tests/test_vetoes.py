"""Vetoes that count against a criterion: how many, by whom, where each is listed."""

import html
import json
import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from icctracker.models import Ballot, Document, Import, Member, StatusChange, Vote
from icctracker.readings.standing import standing_of
from icctracker.readings.vetoes import in_a_sentence, vetoes_of, what_is_counted
from tests.factories import finding_row, make_criterion, make_evidence

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def seven(db):
    statement = "Permanent members do not veto where crimes were committed."
    return make_criterion("7a", statement=statement)


@pytest.fixture
def members(db):
    named = {"RUS": "Russian Federation", "CHN": "China", "USA": "United States"}
    return {
        code: Member.objects.create(
            code=code, name=name, slug=name.lower().replace(" ", "-"), permanent=True
        )
        for code, name in named.items()
    }


def veto(members, symbol, held_on, *codes):
    """A vetoed draft of the record, with the votes of those who stopped it."""
    imported = Import.objects.get_or_create(source="record.csv")[0]
    document = Document.objects.create(
        symbol=symbol, series="vetoed", title="A draft", imported=imported
    )
    ballot = Ballot.objects.create(
        document=document,
        held_on=held_on,
        item=1,
        outcome="vetoed",
        yes=15 - len(codes),
        no=len(codes),
        abstain=0,
        non_voting=0,
        seats=15,
        imported=imported,
    )
    for code in codes:
        Vote.objects.create(ballot=ballot, member=members[code], cast="N")


def logged(symbol, occurred_on, **facts):
    facts.setdefault("kind", "veto")
    return make_evidence(symbol=symbol, occurred_on=occurred_on, **facts)


def let_through(occurred_on, **facts):
    findings = [finding_row(effect=2)]
    facts = {"kind": "resolution", "symbol": "", "findings": findings} | facts
    return make_evidence(occurred_on=occurred_on, **facts)


@pytest.fixture
def record(seven, members):
    """Three vetoes logged, one of them by two; one not; two texts let through."""
    veto(members, "S/2022/155", date(2022, 2, 25), "RUS")
    veto(members, "S/2023/773", date(2023, 10, 18), "USA")
    veto(members, "S/2023/792", date(2023, 10, 25), "CHN", "RUS")
    veto(members, "S/2024/302", date(2024, 4, 24), "RUS")
    logged("S/2022/155", date(2022, 2, 25), title="Ukraine")
    logged("S/2023/773", date(2023, 10, 18), title="Gaza, a pause")
    logged("S/2023/792", date(2023, 10, 25), title="Gaza, a text")
    let_through(date(2023, 11, 15), title="Gaza, pauses")
    let_through(date(2024, 3, 25), title="Gaza, Ramadan")
    return seven


def counted(criterion, as_of=DAY, known_at=None):
    standing = standing_of(criterion.recommendation, as_of, known_at)
    (found,) = vetoes_of(standing, [criterion], standing.parameters, known_at)
    return found


class TestCounting:
    def test_it_says_how_many_by_whom_and_how_many_texts_were_let_through(self, record):
        assert in_a_sentence(counted(record)) == (
            "3 vetoes in five years (Russian Federation 2, China 1, United States 1;"
            " one by two members), 2 texts let through."
        )

    def test_they_are_the_cases_that_the_rule_counts(self, record):
        found = counted(record)
        result = standing_of(record.recommendation, DAY).result.criteria["7a"]

        assert len(found.of("through")) == result.complied
        assert len(found.of("vetoes")) == result.occasions - result.complied

    def test_it_says_what_is_counted_and_what_else_the_record_has(self, record):
        assert what_is_counted(counted(record)) == (
            "Counted are the votes after 1 June 2021 and up to 1 June 2026 that are"
            " evidence on 7a here; who cast a veto is read from the Council's record."
            " 1 more veto of that time is on record and not among them."
        )

    def test_what_happened_later_does_not_count(self, record):
        assert in_a_sentence(counted(record, date(2023, 10, 20))) == (
            "2 vetoes in five years (Russian Federation 1, United States 1), no text"
            " let through."
        )

    def test_what_was_not_known_then_does_not_count(self, record):
        at = datetime(2026, 1, 1, tzinfo=UTC)
        logged("S/2024/302", date(2024, 4, 24), published_at=at)

        before = counted(record, known_at=datetime(2025, 12, 31, tzinfo=UTC))

        assert len(before.of("vetoes")) == 0
        assert len(counted(record).of("vetoes")) == 4

    def test_a_veto_that_is_only_context_is_not_counted(self, record):
        context = [finding_row(effect=0, occasion=False)]
        logged("S/2024/302", date(2024, 4, 24), findings=context)

        assert len(counted(record).of("vetoes")) == 3

    def test_a_veto_whose_votes_are_not_on_record_is_said_to_be_so(self, record):
        logged("S/2025/999", date(2025, 9, 9))

        said = in_a_sentence(counted(record))

        assert said.startswith("4 vetoes in five years")
        assert "of one the record does not tell by whom" in said

    def test_of_a_window_of_the_past_it_says_until_when(self, seven, members):
        veto(members, "S/2014/348", date(2014, 5, 22), "CHN", "RUS")
        logged("S/2014/348", date(2014, 5, 22))

        assert in_a_sentence(counted(seven)) == (
            "1 veto in the five years up to 22 May 2014 (China 1, Russian Federation"
            " 1; one by two members), no text let through."
        )

    def test_a_criterion_on_something_else_counts_no_vetoes(self, record):
        other = make_criterion("4a", statement="Referrals do not limit jurisdiction.")
        logged("S/2024/302", date(2024, 4, 24), findings=[finding_row(other)])
        standing = standing_of(other.recommendation, DAY)

        assert vetoes_of(standing, [other], standing.parameters) == []


class TestLists:
    PATH = "/recommendations/r7/?as_of=2026-06-01"

    def page(self, client, path):
        return client.get(path).content.decode()

    def test_each_figure_leads_to_a_list_of_as_many(self, client, record):
        page = self.page(client, self.PATH)
        links = re.findall(r'<a href="([^"]*record/vetoes[^"]*)">([^<]*)</a>', page)

        said = [words for _address, words in links]
        assert said == [
            *("3 vetoes", "Russian Federation 2", "China 1", "United States 1"),
            *("2 texts let through", "1 more veto"),
        ]
        for address, words in links:
            rows = self.page(client, html.unescape(address))
            table = rows.partition("<tbody>")[2].partition("</tbody>")[0]
            (number,) = re.findall(r"\d+", words)
            assert table.count("<tr>") == int(number), words

    def test_a_list_that_nobody_knows_shows_all(self, client, record):
        path = "/recommendations/r7/record/vetoes/?which=nonsense&member=nobody"

        response = client.get(path + "&as_of=2026-06-01")

        assert response.status_code == 200
        assert len(response.context["page_obj"].object_list) == 6

    def test_a_recommendation_without_vetoes_has_an_empty_list(self, client):
        make_criterion("4a", statement="Referrals do not limit jurisdiction.")

        page = self.page(client, "/recommendations/r4/record/vetoes/")

        assert "Nothing of this is on record up to this date." in page


class TestFiles:
    def test_the_command_says_what_the_page_says(self, client, record):
        said = StringIO()
        call_command("status", "--json", "--as-of", "2026-06-01", stdout=said)

        told = json.loads(said.getvalue())["recommendations"][0]["said"]
        page = client.get("/recommendations/r7/?as_of=2026-06-01").content.decode()
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
        for sentence in (
            *(told["stands"], told["since"], told["why"], told["confidence"]),
            *(told["who"], *told["cautions"], *told["vetoes"][0]),
        ):
            assert sentence in words


def a_lapsed_step():
    """A first step of 2014 towards something to deliver, and nothing since."""
    findings = [finding_row(make_criterion("1a", kind="deliver"), effect=1)]
    facts = {"kind": "resolution", "tier": "C", "findings": findings}
    return make_evidence(occurred_on=date(2014, 2, 21), **facts)


class TestEverywhere:
    """One status, said alike wherever it is shown."""

    def test_lists_say_how_sure_it_is(self, client, record):
        logged("S/2014/348", date(2014, 5, 22), title="Syria")

        for path in ("/", "/recommendations/"):
            page = client.get(path, {"as_of": "2019-06-01"}).content.decode()

            assert "rests on one entry; low confidence; no case since 2014" in page

    @pytest.mark.parametrize("path", ["/", "/recommendations/", "/recommendations/r1/"])
    def test_no_page_says_no_action_where_a_step_lapsed(self, client, path):
        a_lapsed_step()
        page = client.get(path).content.decode()

        assert "a step was taken" in page
        assert "– no action found" not in page
        assert "no action was found" not in page

    def test_a_change_is_noted_as_readers_are_shown_it(self, client):
        a_lapsed_step()
        for _time in range(2):
            call_command("record_changes", stdout=StringIO())

        assert StatusChange.objects.get().after_reason == "lapsed"
        page = client.get("/recommendations/r1/history/").content.decode()
        assert "a step was taken, but it lapsed" in page
