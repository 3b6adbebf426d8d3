"""The Council's record: its documents, and the evidence joined to them."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import Document, Evidence
from tests.factories import make_criterion, make_evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]


def address(symbol):
    return reverse("document-detail", args=[symbol])


def get(client, symbol, **query):
    return client.get(address(symbol), query)


def text(response):
    return " ".join(response.content.decode().split())


def symbols(response):
    return [document.symbol for document in response.context["page_obj"]]


class TestDocumentPage:
    def test_its_address_is_its_symbol(self):
        assert address("S/RES/1593(2005)") == "/documents/S/RES/1593(2005)/"

    def test_a_resolution_shows_vote_meeting_drafts_and_links(self, client):
        page = text(get(client, "S/RES/1593(2005)"))

        assert "Adopted by majority, 11–0–4" in page
        assert "31 March 2005" in page
        assert 'href="https://undocs.org/en/S/PV.5158"' in page
        assert 'href="https://undocs.org/en/S/RES/1593(2005)"' in page
        assert 'href="https://digitallibrary.un.org/record/' in page
        assert "Loaded from resolutions.csv" in page

    def test_every_member_has_a_seat_in_the_picture_and_a_row_in_the_table(
        self, client
    ):
        response = get(client, "S/2014/348")

        [call] = response.context["roll_calls"]
        page = text(response)
        assert len(call.seats) == 15
        assert {seat.member.code for seat in call.vetoes} == {"CHN", "RUS"}
        assert page.count('<g class="seat yes">') == 13
        assert page.count('<g class="seat no veto">') == 2
        assert page.count("In favour</td>") == 0
        assert [seat.member.code for seat in call.rows[:2]] == ["CHN", "RUS"]

    def test_seats_stand_apart(self, client):
        [call] = get(client, "S/RES/1593(2005)").context["roll_calls"]

        for one in call.seats:
            for other in call.seats:
                apart = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
                assert one is other or apart > (2 * one.size) ** 2
        assert all(0 < seat.x < 360 and 0 < seat.y < 320 for seat in call.seats)

    def test_before_1966_there_are_eleven_seats(self, client):
        [call] = get(client, "S/RES/3(1946)").context["roll_calls"]

        assert len(call.seats) == 11
        assert "then the USSR" in text(get(client, "S/RES/3(1946)"))

    def test_an_adoption_without_vote_is_no_failed_vote(self, client):
        page = text(get(client, "S/RES/741(1992)"))

        assert "Adopted without a vote" in page
        assert "0–0–0" not in page
        assert "<g class" not in page

    @pytest.mark.parametrize(
        ("symbol", "number"),
        [("S/RES/387(1976)", 15), ("S/RES/166(1961)", 10), ("S/RES/360(1974)", 4)],
    )
    def test_a_roll_call_with_gaps_says_so_and_shows_every_seat(
        self, client, symbol, number
    ):
        response = get(client, symbol)

        [call] = response.context["roll_calls"]
        assert call.uncertain == number
        assert len(call.seats) == call.ballot.seats
        assert f"the votes of {number} are not known for certain" in text(response)

    def test_both_values_are_shown_where_sources_differ(self, client):
        page = text(get(client, "S/2001/270"))

        assert "Where sources differ" in page
        assert "Library list dates it 28 March 2001" in page
        assert "the question is open" in page

    def test_a_draft_voted_on_in_parts_shows_each_vote(self, client):
        page = text(get(client, "S/10805/Rev.1"))

        assert "Vote 1 of 3" in page
        assert "Vote 3 of 3: 10–1–4" in page

    def test_a_meeting_in_place_of_a_symbol_is_explained(self, client):
        assert "only that of a meeting record" in text(get(client, "S/PV.45"))

    def test_a_title_that_the_source_cut_is_marked(self, client):
        Document.objects.filter(number=1593).update(title_is_cut=True)

        assert "cuts the title short" in text(get(client, "S/RES/1593(2005)"))

    def test_the_year_in_which_a_seat_changed_hands_is_explained(self, client):
        ballot = Document.objects.get(number=338).ballots.get()
        ballot.held_on = date(1971, 6, 1)
        ballot.save()

        page = text(get(client, "S/RES/338(1973)"))

        assert "China: this seat passed from the Republic of China during 1971" in page

    def test_a_vote_on_another_agenda_item_names_it(self, client):
        page = text(get(client, "S/PV.49"))

        assert "Vote 2 of 3: 9–2–0 · The Spanish question preliminary question" in page
        assert "Vote 3 of 3: 9–2–0</summary>" in page

    @pytest.mark.parametrize(
        "typed",
        ["SCR 1593", "s/res/1593 (2005)", "S/RES/1593", "resolution 1593"],
    )
    def test_other_spellings_lead_to_the_official_one(self, client, typed):
        response = get(client, typed, as_of="2015-01-01")

        assert response.status_code == 301
        assert response["Location"] == "/documents/S/RES/1593(2005)/?as_of=2015-01-01"

    def test_what_is_not_in_the_record_is_told_where_the_record_ends(self, client):
        response = get(client, "S/RES/2826(2026)")

        page = text(response)
        assert response.status_code == 404
        assert "ends with resolution 2825 of 29 June 2026" in page
        assert 'href="https://undocs.org/en/S/RES/2826(2026)"' in page

    def test_a_wrong_year_is_put_right(self, client):
        response = get(client, "S/RES/1593(2006)")

        assert response.status_code == 404
        assert "Resolution 1593 was adopted in 2005" in text(response)
        assert 'href="/documents/S/RES/1593(2005)/"' in text(response)

    def test_a_draft_leads_to_what_it_became(self, client):
        response = get(client, "S/2005/218")

        assert response.status_code == 404
        assert "It was a draft of" in text(response)

    @pytest.mark.parametrize("typed", ["\x00", "nonsense", "S/RES/0(1946)", "x" * 500])
    def test_what_is_no_symbol_is_explained(self, client, typed):
        response = get(client, typed)

        assert response.status_code == 404
        assert "could not be read as a document symbol" in text(response)


class TestEvidence:
    @pytest.fixture(autouse=True)
    def criterion(self):
        return make_criterion("7a")

    def test_a_document_shows_the_published_entries_on_it(self, client):
        make_evidence(title="Seen")
        make_evidence(Evidence.State.SUBMITTED, title="Unseen")
        make_evidence(symbol="S/2014/349", title="Elsewhere")

        page = text(get(client, "S/2014/348"))

        assert "Seen" in page
        assert "Unseen" not in page
        assert "Elsewhere" not in page

    def test_a_past_date_is_kept_for_the_list_of_entries_only(self, client):
        make_evidence(title="Later")

        response = get(client, "S/2014/348", as_of="2013-01-01")

        assert "Later" not in text(response)
        assert "Entries on events up to 1 January 2013" in text(response)
        assert len(response.context["roll_calls"]) == 1

    def test_an_entry_links_to_the_record_and_shows_how_members_voted(self, client):
        entry = make_evidence()

        page = text(client.get(entry.get_absolute_url()))

        assert 'href="/documents/S/2014/348/"' in page
        assert 'href="https://undocs.org/en/S/2014/348"' in page
        assert page.count('<g class="seat no veto">') == 2
        assert "does not change it" in page

    def test_the_record_never_changes_an_entry(self, client):
        entry = make_evidence(votes_yes=12, votes_no=2, votes_abstain=1)

        page = text(client.get(entry.get_absolute_url()))

        assert "12 in favour, 2 against, 1 abstaining" in page
        assert "13–2–0" in page

    def test_a_veto_on_a_text_without_known_symbol_is_joined_by_its_day(self, client):
        entry = make_evidence(symbol="", meeting="", occurred_on=date(2026, 4, 7))

        page = text(client.get(entry.get_absolute_url()))

        assert "11–2–2" in page
        assert "This vote is unconfirmed" in page

    def test_an_entry_outside_the_record_shows_no_roll_call(self, client):
        entry = make_evidence(symbol="", meeting="", kind="debate")

        assert "How the members voted" not in text(client.get(entry.get_absolute_url()))


class TestDocumentList:
    def test_it_lists_the_newest_first_and_says_where_the_record_ends(self, client):
        response = client.get(reverse("document-list"))

        assert symbols(response)[:2] == ["S/RES/2825(2026)", ""]
        assert "ends with resolution 2825 of 29 June 2026" in text(response)
        assert "A veto of 7 April 2026 is known from press reports" in text(response)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "scr 1593"}, ["S/RES/1593(2005)"]),
            ({"q": "Darfur Prosecutor"}, ["S/RES/1593(2005)"]),
            ({"year": "2014"}, ["S/2014/348"]),
            ({"outcome": "without vote"}, ["S/RES/741(1992)"]),
            ({"series": "vetoed", "year": "2001"}, ["S/2001/270"]),
            ({"court": "yes", "year": "2005"}, ["S/RES/1593(2005)"]),
            ({"court": "no", "year": "1976"}, ["S/RES/387(1976)"]),
            ({"court": "unknown", "year": "2014"}, ["S/2014/348"]),
            ({"outcome": "vetoed", "year": "2005"}, []),
        ],
    )
    def test_it_filters(self, client, query, found):
        assert symbols(client.get(reverse("document-list"), query)) == found

    def test_it_says_in_words_what_is_filtered(self, client):
        page = text(client.get(reverse("document-list"), {"series": "vetoed"}))

        assert "documents with Series: Vetoed text." in page

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("year", "19x4"),
            ("year", "1789"),
            ("series", "letters"),
            ("outcome", "tied"),
            ("court", "maybe"),
        ],
    )
    def test_a_filter_value_that_does_not_exist_is_explained(self, client, name, value):
        response = client.get(reverse("document-list"), {name: value})

        assert response.status_code == 200
        assert response.context["filter"].form.errors[name]
        assert "Part of the filter could not be understood" in text(response)

    def test_a_page_beyond_the_end_offers_a_way_back(self, client):
        response = client.get(reverse("document-list"), {"page": "99"})

        assert response.status_code == 404
        assert "This list does not have that page." in text(response)
