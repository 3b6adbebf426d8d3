"""Values that later imports brought, as the page and the form credit them."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.urls import reverse

from icctracker.models import Ballot, Document, Import, Vote
from icctracker.readings.record import prefill
from icctracker.web.desk.beside import read_document
from tests.council_files import as_csv, marc, roll_call, roll_calls, voting_rows
from tests.desk.posted import signed_in
from tests.desk.test_lookup import pressed
from tests.factories import make_user
from tests.imports.test_council_files import R1593, R1593_RECORD, SYRIA
from tests.unknown_votes import SYMBOL as VETOED
from tests.unknown_votes import add_veto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

SYMBOL = "S/RES/1593(2005)"
TITLE = "Security Council resolution 1593 (2005) [on {}]"
CAME_LATER = "Some values came in later"
CREATE = reverse("evidence-create")


@pytest.fixture
def later(bring_in):
    """Imports a file as on a day of November 2026; gives its credit in words."""

    def run(content, day=26, name="voting.csv"):
        imported = bring_in(content, name=name).run.imported
        at = datetime(2026, 11, day, tzinfo=UTC)
        Import.objects.filter(pk=imported.pk).update(imported_at=at)
        return f"{imported.credit}, {name}, imported {day} November 2026"

    return run


@pytest.fixture
def first(council):
    """What the form credits the values to that came with the record itself."""
    at = datetime(2026, 7, 1, tzinfo=UTC)
    Import.objects.filter(source="resolutions.csv").update(imported_at=at)
    return filled().credit


def voting(**values):
    return as_csv(voting_rows(**R1593 | values))


def without(ballots=False, **values):
    """Let the record lack values of the resolution, or of the vote on it."""
    if ballots:
        Ballot.objects.filter(document__symbol=SYMBOL).update(**values)
    else:
        Document.objects.filter(symbol=SYMBOL).update(**values)


def veto_in_two_parts(**second):
    """A text vetoed in two votes, of which only those who cast the veto are known."""
    ballot = add_veto()
    for name, value in {"item": 2, "held_on": date(2014, 6, 2), **second}.items():
        setattr(ballot, name, value)
    ballot.pk = None
    ballot.save()


def first_roll_call():
    """The votes of the members on the first of them, from Sciences Po."""
    return roll_calls(roll_call(VETOED, "vetoed", "2014-06-01", SYRIA))


def text(response):
    return " ".join(unescape(response.content.decode()).split())


def page(client, symbol=SYMBOL, **query):
    return text(client.get(reverse("document-detail", args=[symbol]), query))


def filled(symbol=SYMBOL, item=None):
    document = read_document(symbol=symbol)
    chosen = [each for each in document.ballots.all() if each.item == item]
    return prefill(document, *chosen)


class TestThePage:
    def test_lists_them_with_their_source_and_day(self, client, later):
        without(title="", agenda_item="")
        agenda = "Reports on the Sudan."
        credit = later(voting(description=TITLE.format("Darfur"), agenda=agenda))

        said = page(client)

        assert f"<li>Title, agenda item: {credit}</li>" in said
        assert "Dag Hammarskjöld Library, Security Council Voting Data" in credit
        assert "Loaded from resolutions.csv" in said

    def test_is_silent_where_all_came_at_once(self, client):
        assert CAME_LATER not in page(client)

    def test_names_the_last_import_of_a_value_alone(self, client, later):
        without(title="")
        cut = later(voting(description=TITLE.format("Dar[...]")), 5, "cut.csv")
        full = later(voting(description=TITLE.format("Darfur")), 6, "full.csv")

        said = page(client)

        assert f"Title: {full}" in said
        assert cut not in said

    def test_has_a_line_for_each_import_the_oldest_first(self, client, later):
        without(agenda_item="", library_record=None)
        one = later(marc(R1593_RECORD), 5, "record.xml")
        two = later(voting(agenda="Reports on the Sudan."), 6)

        said = page(client)

        lines = (
            f"<li>Record in the UN Digital Library: {one}</li>"
            f" <li>Agenda item: {two}</li>"
        )
        assert lines in said.replace("</li><li>", "</li> <li>")

    def test_names_the_votes_on_a_veto_of_which_they_were_not_known(
        self, client, later
    ):
        add_veto()
        credit = later(first_roll_call(), name="scpo.csv")

        said = page(client, VETOED)

        assert f"<li>Totals of the vote, votes of the members: {credit}</li>" in said

    def test_says_which_of_several_votes_they_belong_to(self, client, later):
        veto_in_two_parts()
        credit = later(first_roll_call(), name="scpo.csv")

        said = page(client, VETOED)

        values = "Totals of the vote (vote 1), votes of the members (vote 1)"
        assert f"<li>{values}: {credit}</li>" in said
        assert "(vote 2)" not in said

    def test_names_a_vote_that_came_later_as_a_whole(self, client):
        at = datetime(2026, 11, 26, tzinfo=UTC)
        newer = Import.objects.create(source="newer.csv", imported_at=at)
        veto_in_two_parts(imported=newer)

        said = page(client, VETOED)

        assert "<li>Vote 2: newer.csv, imported 26 November 2026</li>" in said

    def test_lists_them_on_a_past_date_too_as_it_shows_the_record_of_today(
        self, client, later
    ):
        without(agenda_item="")
        credit = later(voting(agenda="Reports on the Sudan."))

        said = page(client, known_at="2020-01-01")

        assert "The Council's record is shown as it is today" in said
        assert "Reports on the Sudan" in said
        assert f"Agenda item: {credit}" in said

    def test_queries_do_not_grow_with_them(
        self, client, later, django_assert_max_num_queries, django_assert_num_queries
    ):
        without(title="", agenda_item="", library_record=None)
        later(marc(R1593_RECORD), 5, "record.xml")
        with django_assert_max_num_queries(17) as before:
            page(client)
        later(voting(description=TITLE.format("Darfur"), agenda="The Sudan."), 6)

        with django_assert_num_queries(len(before)):
            page(client)


class TestTheForm:
    def test_credits_each_value_to_the_import_it_came_from(self, later, first):
        without(ballots=True, meeting="")
        later(voting())

        origins = filled().origins

        assert "Security Council Voting Data" in origins["meeting"].text
        assert "imported 26 November 2026" in origins["meeting"].text
        for name in ("symbol", "occurred_on", "votes_yes", "roll_call"):
            assert origins[name].text == first
        assert "imported 1 July 2026" in first

    def test_credits_totals_and_votes_of_the_members_apart(self, later, first):
        Vote.objects.filter(ballot__document__symbol=SYMBOL, cast="Y").delete()
        later(voting())

        origins = filled().origins

        assert "imported 26 November 2026" in origins["roll_call"].text
        assert origins["votes_yes"].text == first

    def test_credits_both_where_neither_was_known(self, later):
        add_veto()
        later(first_roll_call(), name="scpo.csv")

        origins = filled(VETOED).origins

        for name in ("votes_yes", "votes_no", "votes_abstain", "roll_call"):
            assert "Sciences Po, Atelier de cartographie" in origins[name].text
        assert "A list of vetoes" in origins["occurred_on"].text

    def test_tells_only_of_the_vote_that_is_chosen(self, later):
        veto_in_two_parts()
        later(first_roll_call(), name="scpo.csv")

        lines = [len(filled(VETOED, item).later) for item in (None, 1, 2)]

        assert lines == [1, 1, 0]

    def test_shows_it_beside_the_value_and_under_the_record(self, client, later, first):
        user = make_user("researcher")
        without(title="")
        without(ballots=True, meeting="")
        credit = later(voting(description=TITLE.format("Darfur")))
        data = pressed(user, "look_up", lookup=SYMBOL)

        said = text(signed_in(client, user).post(CREATE, data))

        assert f"{first}." in said
        assert f"Title, meeting record: {credit}." in said
        assert "Security Council Voting Data, imported 26 November 2026." in said

    def test_takes_no_more_queries(self, later, django_assert_num_queries):
        without(title="", library_record=None)
        later(marc(R1593_RECORD), 5, "record.xml")
        document = read_document(symbol=SYMBOL)
        with django_assert_num_queries(5):
            assert len(prefill(document).later) == 1
        later(voting(description=TITLE.format("Darfur")), 6)
        document = read_document(symbol=SYMBOL)

        with django_assert_num_queries(5):
            assert len(prefill(document).later) == 2
