"""An entry about a veto of which the record knows only who cast it."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.record import accept
from icctracker.models import Document
from icctracker.readings.consistency import disagreements
from icctracker.readings.record import prefill
from tests.desk.posted import entry_post, signed_in
from tests.desk.test_lookup import facts_of, pressed
from tests.factories import make_evidence, make_user
from tests.unknown_votes import SYMBOL, add_veto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

CREATE = reverse("evidence-create")
VOTES = "votes_yes votes_no votes_abstain roll_call".split()
TO_BE_READ = "the votes of the others are not known to it, so they are left empty"


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


def filled():
    add_veto()
    documents = Document.objects.with_votes().select_related("imported")
    return prefill(documents.get(symbol=SYMBOL))


def text(response):
    return " ".join(response.content.decode().split())


class TestWhatTheRecordFillsIn:
    def test_no_votes_but_those_who_cast_the_veto(self):
        facts = filled().facts

        assert not set(VOTES) & set(facts)
        assert facts["kind"] == "veto"
        assert facts["actor_names"] == ["China", "Russian Federation"]

    def test_the_summary_says_so(self):
        summary = filled().facts["summary"]

        assert "a vote against by China and Russian Federation" in summary
        assert "How the others voted is not in the record." in summary
        assert "None" not in summary

    def test_it_is_among_what_is_uncertain(self):
        found = filled()

        assert "The record does not know the votes of the others." in found.doubts
        assert not found.origins["actor_names"].uncertain

    def test_the_credit_names_the_file_where_the_row_names_no_source(self):
        assert "A list of vetoes" in filled().credit


class TestTheForm:
    def test_leaves_the_votes_empty_and_says_so(self, desk, user):
        add_veto()

        response = desk.post(CREATE, pressed(user, "look_up", lookup=SYMBOL))

        facts = facts_of(response)
        assert all(facts[name] in ("", None) for name in VOTES[:3])
        assert facts["kind"] == "veto"
        assert facts["actor_names"] == "China\nRussian Federation"
        page = text(response)
        assert TO_BE_READ in page
        assert "Vetoed: votes not known" in page
        assert "None in favour" not in page
        assert '<details class="change" open>' in page

    def test_no_longer_says_so_once_they_are_given(self, desk, user):
        add_veto()
        votes = {"votes_yes": "13", "votes_no": "2", "votes_abstain": "0"}

        response = desk.post(
            CREATE, pressed(user, "look_up", lookup=SYMBOL, symbol=SYMBOL, **votes)
        )

        assert facts_of(response)["votes_yes"] == "13"
        assert TO_BE_READ not in text(response)

    def test_takes_the_votes_of_all_members_as_they_are_read(self, desk, user):
        add_veto()
        day = {"occurred_on": "2014-06-01", "symbol": SYMBOL}
        shown = desk.post(CREATE, pressed(user, "show_grid", **day))
        members = shown.context["entry"].grid.members
        cast = {f"roll-{each.code}": "Y" for each in members}
        cast |= {"roll-CHN": "N", "roll-RUS": "N"}

        response = desk.post(CREATE, pressed(user, "show_grid", **day, **cast))

        verdict = response.context["entry"].verdict
        assert (verdict.totals, verdict.vetoes) == (
            (13, 2, 0),
            ["China", "Russian Federation"],
        )

    def test_a_veto_is_not_submitted_without_its_votes(self, desk, user):
        add_veto()
        values = {"symbol": SYMBOL, "occurred_on": "2014-06-01", "kind": "veto"}
        blank = dict.fromkeys(VOTES[:3], "")

        response = desk.post(
            CREATE, entry_post(user, button="submit", **values | blank)
        )

        assert "A veto needs the votes." in text(response)
        assert TO_BE_READ in text(response)

    def test_a_suggestion_becomes_a_draft_without_votes(self, user):
        document = add_veto().document

        entry, is_new = accept(document, by=user)

        assert is_new
        assert (entry.votes_no, entry.roll_call) == (None, {})
        assert {actor.name for actor in entry.actors.all()} == {
            "China",
            "Russian Federation",
        }


class TestConsistency:
    TODAY = date(2026, 11, 23)

    def test_the_votes_of_an_entry_are_no_disagreement(self):
        add_veto()
        before = list(disagreements(self.TODAY))

        make_evidence(
            symbol=SYMBOL,
            slug="a-veto",
            occurred_on=date(2014, 6, 1),
            votes_yes=13,
            votes_no=2,
            votes_abstain=0,
        )

        new = set(disagreements(self.TODAY)) - set(before)
        assert not [each for each in new if "has the votes" in each]

    def test_one_that_nobody_is_said_to_have_cast_is_found(self):
        ballot = add_veto(by=())

        assert (
            f"{ballot}: the record knows neither the votes nor who cast the veto."
            in disagreements(self.TODAY)
        )
