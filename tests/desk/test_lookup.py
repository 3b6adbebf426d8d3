"""Looking a document up from the evidence form, with scripts and without."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.review import decide
from icctracker.models import Ballot, Evidence, Situation
from icctracker.web.desk.beside import look_up
from tests.desk.posted import entry_post, finding_post, problems, signed_in
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")
LOOKUP = reverse("desk-lookup")


@pytest.fixture
def user(council):
    return make_user("researcher")


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


def ballot(symbol, item=1):
    return Ballot.objects.filter(document__symbol=symbol, item=item).first()


def symbols_found(text):
    return [each.document.symbol for each in look_up(text).ballots]


def pressed(user, button, value="1", **values):
    """The form as it is sent by one of its buttons, empty unless told otherwise."""
    blank = dict.fromkeys(
        "occurred_on kind title summary symbol meeting votes_yes votes_no votes_abstain"
        " actor_names counter_evidence".split(),
        "",
    )
    return entry_post(
        user, sources=[{}], findings=[{}], button=button, **blank | values
    ) | {button: value}


def facts_of(response):
    facts = response.context["entry"].facts
    return {name: facts[name].value() for name in facts.fields}


class TestSearching:
    @pytest.mark.parametrize(
        "text",
        [
            "S/2014/348",
            " s/2014/348. ",
            "https://undocs.org/S/2014/348",
            "S/2014/34",
            "S/PV.7180",
            "22 May 2014",
            "2014-05-22",
            "May 22nd, 2014",
            "22 mai 2014",
            "21-22 May 2014",
            "UNSC draft (22 May 2014) UN Doc S/2014/348",
            "348",
            "syria",
        ],
    )
    def test_finds_a_text_by_all_that_people_know_of_it(self, council, text):
        assert "S/2014/348" in symbols_found(text)

    def test_asks_about_a_day_that_may_be_two(self, council):
        found = look_up("5/6/2014")

        assert "either 5 June 2014 or 6 May 2014" in found.refusal
        assert not found.ballots

    @pytest.mark.parametrize("text", ["1593", "res 1593", "S/RES/1593", "darfur 2002"])
    def test_finds_a_resolution_by_number_and_words(self, council, text):
        assert symbols_found(text) == ["S/RES/1593(2005)"]

    def test_finds_a_resolution_by_its_draft(self, council):
        assert symbols_found("S/2005/218") == ["S/RES/1593(2005)"]

    def test_refuses_what_cannot_be_a_symbol_with_the_reason(self, council):
        found = look_up("S/RES/99999(2031)")

        assert "far from having adopted" in found.refusal
        assert not found.ballots

    def test_knows_a_good_symbol_that_the_record_does_not_have(self, council):
        found = look_up("S/PRST/2013/2")

        assert found.outside
        assert found.symbol.official == "S/PRST/2013/2"

    @pytest.mark.parametrize("text", ["S/RES/1593 (2006)", "resolution 1593 (1999)"])
    def test_offers_the_resolution_of_a_number_whose_year_does_not_fit(
        self, council, text
    ):
        found = look_up(text)

        assert found.misnamed and not found.outside and not found.exact
        assert [each.document.symbol for each in found.ballots] == ["S/RES/1593(2005)"]
        assert "was adopted in 2005" in found.near_to.warnings[0]

    def test_knows_that_a_part_of_a_symbol_may_be_a_whole_one(self, council):
        found = look_up("S/2014/34")

        assert found.near_to.official == "S/2014/34"
        assert not found.misnamed and not found.exact

    def test_shows_every_vote_on_a_text_that_was_voted_on_in_parts(self, council):
        found = look_up("S/10805/Rev.1")

        assert found.in_parts
        assert len(found.ballots) == 3

    @pytest.mark.parametrize(
        "text", ["%", "_", "' OR 1=1 --", '"', "\\", "'); DROP TABLE x; --", "(((", "𝕊"]
    )
    def test_takes_odd_text_as_text(self, council, text):
        found = look_up(text)

        assert len(found.ballots) < Ballot.objects.count()

    def test_nothing_and_too_much_find_nothing(self, council):
        assert not look_up("   ").ballots
        assert "too long" in look_up("a" * 500).refusal

    def test_takes_few_queries(self, council, django_assert_max_num_queries):
        with django_assert_max_num_queries(2):
            look_up("syria")
        with django_assert_max_num_queries(5):
            look_up("S/PRST/2013/2")


class TestStatementsAndFailedDrafts:
    @pytest.mark.parametrize(
        ("typed", "symbol", "kind"),
        [
            ("s/prst/2014/5", "S/PRST/2014/5", "presidential-statement"),
            ("https://undocs.org/S/2023/772", "S/2023/772", "draft-resolution"),
        ],
    )
    def test_fill_the_form_by_their_symbol(
        self, read_council, client, typed, symbol, kind
    ):
        desk = signed_in(client, make_user("researcher"))

        facts = facts_of(desk.get(CREATE, {"symbol": typed}))

        assert (facts["symbol"], facts["kind"]) == (symbol, kind)
        assert facts["title"]


class TestSuggestions:
    def test_offer_votes_as_buttons_of_the_form(self, desk):
        page = desk.get(LOOKUP, {"lookup": "S/2014/348"}).content.decode()

        assert f'name="choose" value="{ballot("S/2014/348").pk}"' in page
        assert "22 May 2014" in page and "13–2–0" in page

    def test_say_how_many_there_are(self, desk):
        page = desk.get(LOOKUP, {"lookup": "the"}).content.decode()

        assert "votes in the Council’s record" in page

    def test_are_for_those_who_log_evidence(self, client, council):
        assert client.get(LOOKUP).status_code == 302
        assert signed_in(client, make_user()).get(LOOKUP).status_code == 403

    def test_show_typed_text_as_text(self, desk):
        page = desk.get(LOOKUP, {"lookup": "<b>zz</b>"}).content.decode()

        assert "<b>zz" not in page


class TestSymbolsNearTheRecord:
    def test_a_year_that_does_not_fit_fills_nothing_and_offers_the_right_one(
        self, desk, user
    ):
        typed = pressed(user, "look_up", lookup="S/RES/1593(2006)")

        response = desk.post(CREATE, typed)

        page = response.content.decode()
        assert "Resolution 1593 was adopted in 2005, not in 2006." in page
        assert f'name="choose" value="{ballot("S/RES/1593(2005)").pk}"' in page
        assert not facts_of(response)["symbol"]
        assert "S/RES/1593(2006)" not in page.replace('value="S/RES/1593(2006)"', "")

    def test_one_can_go_on_with_a_symbol_that_is_but_the_beginning_of_others(
        self, desk, user
    ):
        page = desk.get(LOOKUP, {"lookup": "S/2014/34"}).content.decode()
        assert "None of these: go on with S/2014/34" in page

        response = desk.post(CREATE, pressed(user, "use_symbol", "S/2014/34"))

        assert facts_of(response)["symbol"] == "S/2014/34"
        assert "https://undocs.org/en/S/2014/34" in response.content.decode()
        assert not Evidence.objects.exists()

    def test_a_symbol_that_is_none_fills_nothing(self, desk, user):
        response = desk.post(CREATE, pressed(user, "use_symbol", "nonsense\0"))

        assert response.status_code == 200
        assert not facts_of(response)["symbol"]


class TestFillingIn:
    def test_the_button_fills_the_form_and_saves_nothing(self, desk, user):
        response = desk.post(CREATE, pressed(user, "look_up", lookup="s/2014/348"))

        facts = facts_of(response)
        assert facts["occurred_on"] == date(2014, 5, 22)
        assert (facts["symbol"], facts["meeting"]) == ("S/2014/348", "S/PV.7180")
        assert facts["kind"] == "veto"
        assert facts["actor_names"] == "China\nRussian Federation"
        sources = [row["url"].value() for row in response.context["entry"].sources]
        assert sources[0] == "https://undocs.org/en/S/2014/348"
        assert not Evidence.objects.exists()

    def test_a_suggestion_fills_the_form(self, desk, user):
        key = str(ballot("S/RES/1593(2005)").pk)

        facts = facts_of(desk.post(CREATE, pressed(user, "choose", key)))

        assert facts["kind"] == "resolution"
        assert facts["symbol"] == "S/RES/1593(2005)"

    def test_enter_in_the_field_looks_up_and_does_not_save(self, desk, user):
        data = pressed(user, "save", "by Enter", lookup="S/2014/348", looked_up="")

        response = desk.post(CREATE, data)

        assert facts_of(response)["symbol"] == "S/2014/348"
        assert not Evidence.objects.exists()

    def test_enter_elsewhere_saves_as_ever(self, desk, user):
        data = pressed(
            user,
            "save",
            "by Enter",
            title="Kept",
            lookup="S/2014/348",
            looked_up="S/2014/348",
        )

        desk.post(CREATE, data)

        assert Evidence.objects.get().title == "Kept"

    def test_an_address_opens_the_form_filled(self, desk):
        response = desk.get(CREATE, {"symbol": "S/2014/348"})

        page = response.content.decode()
        assert facts_of(response)["symbol"] == "S/2014/348"
        assert "From the record" in page and "imported" in page

    def test_the_page_of_a_document_leads_there_for_those_who_log(self, client, user):
        page = reverse("document-detail", args=["S/RES/1593(2005)"])
        link = f"{CREATE}?symbol=S%2FRES%2F1593%282005%29"

        assert link not in client.get(page).content.decode()
        desk = signed_in(client, user)
        assert link in desk.get(page).content.decode()
        assert facts_of(desk.get(link))["symbol"] == "S/RES/1593(2005)"

    def test_what_was_typed_is_never_written_over(self, desk, user):
        data = pressed(
            user,
            "look_up",
            lookup="S/2014/348",
            title="My own title",
            occurred_on="23 May 2014",
        )

        response = desk.post(CREATE, data)

        facts = facts_of(response)
        assert facts["title"] == "My own title"
        assert facts["occurred_on"] == "23 May 2014"
        note = response.context["entry"].notes["occurred_on"]
        assert note.differs and note.says == "22 May 2014"
        assert 'name="use_record" value="occurred_on"' in response.content.decode()

    def test_the_value_of_the_record_can_be_taken(self, desk, user):
        data = pressed(
            user,
            "use_record",
            "occurred_on",
            symbol="S/2014/348",
            title="My own title",
            occurred_on="23 May 2014",
        )

        facts = facts_of(desk.post(CREATE, data))

        assert facts["occurred_on"] == date(2014, 5, 22)
        assert facts["title"] == "My own title"
        assert facts["meeting"] == ""

    def test_another_document_replaces_what_the_first_had_filled(self, desk, user):
        first = ballot("S/2014/348")
        data = pressed(
            user,
            "choose",
            str(ballot("S/RES/1593(2005)").pk),
            ballot=str(first.pk),
            symbol="S/2014/348",
            occurred_on="2014-05-22",
            actor_names="China\r\nRussian Federation",
            title="My own title",
            kind="veto",
            votes_yes="13",
            votes_no="2",
            votes_abstain="0",
        )

        facts = facts_of(desk.post(CREATE, data))

        assert facts["symbol"] == "S/RES/1593(2005)"
        assert facts["occurred_on"] == date(2005, 3, 31)
        assert facts["actor_names"] == "Security Council"
        assert facts["kind"] == "resolution"
        assert facts["title"] == "My own title"

    def test_a_text_voted_on_in_parts_waits_for_the_choice(self, desk, user):
        data = pressed(user, "look_up", lookup="S/10805/Rev.1")

        response = desk.post(CREATE, data)

        assert facts_of(response)["votes_yes"] in ("", None)
        assert response.content.decode().count('name="choose"') == 3

        second = ballot("S/10805/Rev.1", item=2)
        response = desk.post(CREATE, pressed(user, "choose", str(second.pk)))

        assert facts_of(response)["votes_yes"] == second.yes

    def test_a_symbol_outside_the_record_fills_itself_and_its_address(self, desk, user):
        response = desk.post(CREATE, pressed(user, "look_up", lookup="s/prst/2013/2"))

        assert facts_of(response)["symbol"] == "S/PRST/2013/2"
        [source] = response.context["entry"].sources
        assert source["url"].value() == "https://undocs.org/en/S/PRST/2013/2"
        assert "the Council’s record has no vote" in response.content.decode()

    @pytest.mark.parametrize("key", ["", "0", "999999", "x", "9" * 30])
    def test_a_forged_choice_fills_nothing(self, desk, user, key):
        response = desk.post(CREATE, pressed(user, "choose", key))

        assert response.status_code == 200
        assert facts_of(response)["symbol"] == ""

    def test_a_filled_form_with_a_finding_can_be_submitted(self, desk, user):
        """Symbol, criterion, effect and reason are all that is typed."""
        filled = desk.post(
            CREATE, pressed(user, "look_up", lookup="S/2014/348")
        ).context["entry"]
        data = sent_as_shown(filled, user)

        response = desk.post(CREATE, data)

        assert response.status_code == 302, problems(response)
        entry = Evidence.objects.get()
        assert entry.state == "submitted"
        assert (entry.kind, entry.votes_yes) == ("veto", 13)
        assert entry.roll_call["RUS"] == "N" and len(entry.roll_call) == 15
        assert entry.sources.count() == 2


def sent_as_shown(entry, user):
    """What a browser would send of a filled form, with a finding added."""
    data = {}
    facts, grid = entry.facts, entry.grid
    for form in [facts, grid, entry.sources.management_form, *entry.sources]:
        for name in form.fields:
            value = form[name].value()
            if value is not None and value is not False:
                data[form[name].html_name] = "on" if value is True else value
    rest = entry_post(user, sources=[], findings=[finding_post()], button="submit")
    keep = {"opened_by", "creation_key", "seen", "submit"}
    data |= {
        name: value
        for name, value in rest.items()
        if name in keep or name.startswith("findings-")
    }
    return data


class TestAlike:
    def test_a_published_entry_on_the_document_is_offered(self, desk, user):
        make_evidence(symbol="S/2014/348", title="Logged before")

        page = desk.get(CREATE, {"symbol": "S/2014/348"}).content.decode()

        assert "already logged on 22 May 2014" in page
        assert "Logged before" in page

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "declined"])
    def test_what_others_have_in_hand_does_not_show(self, desk, state):
        other = make_user("researcher")
        make_evidence(state, by=other, symbol="S/2014/348", title="zzsecretzz")

        page = desk.get(CREATE, {"symbol": "S/2014/348"}).content.decode()

        assert "zzsecretzz" not in page
        assert "already" not in page
        assert "0 entries" in page

    def test_ones_own_draft_on_the_document_is_named(self, desk, user):
        make_evidence("draft", by=user, symbol="S/2014/348", title="Mine")

        page = desk.get(CREATE, {"symbol": "S/2014/348"}).content.decode()

        assert "already in an entry that is not published (draft)" in page

    def test_entries_near_by_are_shown_and_nothing_is_blocked(self, desk, user):
        syria = Situation.objects.create(slug="syria", name="Syrian Arab Republic")
        near = make_evidence(
            symbol="S/2014/999",
            occurred_on=date(2014, 5, 24),
            title="Debate after the veto",
            situations=[syria],
        )
        far = make_evidence(
            symbol="S/2010/1", occurred_on=date(2010, 1, 1), title="Unlike it"
        )

        response = desk.get(CREATE, {"symbol": "S/2014/348"})

        [row] = response.context["alike"].near
        assert row.entry == near != far
        assert row.reasons == ["within three days", "the same situation"]

    def test_a_similar_title_is_near_at_any_date(self, desk, user):
        other = make_evidence(
            symbol="S/2000/1",
            occurred_on=date(2000, 1, 1),
            title="Double veto of the Syria referral",
        )
        data = pressed(user, "submit", title="Veto of the referral of Syria")

        response = desk.post(CREATE, data)

        assert [row.entry for row in response.context["alike"].near] == [other]

    def test_an_entry_is_not_like_itself(self, client, desk, user):
        entry = make_evidence("draft", by=user, symbol="S/2014/348")

        response = desk.get(reverse("evidence-update", args=[entry.pk]))

        assert response.context["alike"].logged == []
        assert response.context["alike"].near == []

    def test_queries_do_not_grow_with_the_entries(
        self, desk, django_assert_max_num_queries
    ):
        for number in range(8):
            make_evidence(symbol="S/2014/348", title=f"Number {number}")
            make_evidence(symbol=f"S/2014/{number}", title=f"Other {number}")

        with django_assert_max_num_queries(38):
            desk.get(CREATE, {"symbol": "S/2014/348"})


class TestOwnWords:
    def test_are_not_said_to_come_from_the_record(self, desk, user):
        composed = "Composed from the record"
        data = pressed(user, "choose", str(ballot("S/2014/348").pk))

        before = desk.post(CREATE, data).content.decode()
        data |= {"title": "In my words", "summary": "All of it in my own words."}
        after = desk.post(CREATE, data).content.decode()

        assert composed in before
        assert composed not in after and "says something else" not in after


class TestTheVoteGrid:
    def test_is_shown_for_the_members_of_the_year(self, desk, user):
        data = pressed(user, "show_grid", occurred_on="1 June 2014")

        grid = desk.post(CREATE, data).context["entry"].grid

        assert len(grid.members) == 15
        assert [each.code for each in grid.members[:5]] == [
            "CHN",
            "FRA",
            "RUS",
            "GBR",
            "USA",
        ]

    def test_asks_for_the_date_first(self, desk, user):
        page = desk.post(CREATE, pressed(user, "show_grid")).content.decode()

        assert "Give the date first" in page

    @pytest.mark.parametrize("day", ["1 June 2014", ""])
    def test_the_cursor_stays_with_the_votes(self, desk, user, day):
        data = pressed(user, "show_grid", occurred_on=day)

        page = desk.post(CREATE, data).content.decode()

        tag = page.partition('id="votes"')[2].partition(">")[0]
        assert 'tabindex="-1" autofocus' in tag

    def test_says_where_the_members_are_not_listed(self, desk, user):
        data = pressed(user, "show_grid", occurred_on="1 June 1945")

        assert desk.post(CREATE, data).status_code == 200

    def test_a_veto_and_who_cast_it_follow_from_the_votes(self, desk, user):
        desk.post(CREATE, by_hand(user, RUS="N"))

        entry = Evidence.objects.get()
        assert entry.state == "submitted"
        assert entry.kind == "veto"
        assert (entry.votes_yes, entry.votes_no, entry.votes_abstain) == (14, 1, 0)
        assert [str(each) for each in entry.actors.all()] == ["Russian Federation"]

    def test_a_text_with_enough_votes_is_a_resolution(self, desk, user):
        desk.post(CREATE, by_hand(user, RUS="A"))

        assert Evidence.objects.get().kind == "resolution"

    def test_a_text_without_enough_votes_is_no_veto(self, desk, user):
        no = dict.fromkeys("ARG AUS TCD CHL JOR LTU LUX".split(), "A")

        response = desk.post(CREATE, by_hand(user, RUS="N", kind="veto", **no))

        assert "failed in any case" in problems(response)["id_kind"]

    def test_a_veto_cannot_be_typed(self, desk, user):
        data = entry_post(user, button="submit", symbol="S/2014/999")

        response = desk.post(CREATE, data)

        assert "follows from the votes" in problems(response)["id_kind"]
        assert not Evidence.objects.exists()

    def test_a_veto_that_is_on_record_may_be(self, desk, user):
        desk.post(CREATE, entry_post(user, button="submit"))

        assert Evidence.objects.get().kind == "veto"

    def test_a_veto_is_not_among_the_kinds_offered(self, desk):
        page = desk.get(CREATE).content.decode()

        assert '<option value="veto"' not in page

    def test_a_matter_of_procedure_knows_no_veto(self, desk, user):
        desk.post(CREATE, by_hand(user, RUS="N", kind="resolution"))

        assert Evidence.objects.get().kind == "resolution"

    def test_the_rest_are_marked_in_favour_by_a_button(self, desk, user):
        data = pressed(
            user, "rest_in_favour", occurred_on="1 June 2014", **{"roll-RUS": "N"}
        )

        grid = desk.post(CREATE, data).context["entry"].grid

        assert grid.cast()["RUS"] == "N"
        assert list(grid.cast().values()).count("Y") == 14

    def test_what_is_missing_is_named_and_nothing_is_lost(self, desk, user):
        data = by_hand(user, RUS="N")
        del data["roll-USA"]

        response = desk.post(CREATE, data)

        assert "United States" in problems(response)["votes"]
        assert response.context["entry"].grid.cast()["RUS"] == "N"

    def test_an_odd_vote_is_refused(self, desk, user):
        response = desk.post(CREATE, by_hand(user, RUS="Q"))

        assert not Evidence.objects.exists()
        assert response.status_code == 200

    def test_other_totals_than_the_votes_are_refused(self, desk, user):
        data = by_hand(user, RUS="N", votes_yes="13", votes_no="2", votes_abstain="0")

        response = desk.post(CREATE, data)

        assert "add up to 14–1–0" in problems(response)["id_votes_yes"]

    def test_others_than_those_who_cast_the_veto_are_refused(self, desk, user):
        response = desk.post(CREATE, by_hand(user, RUS="N", actor_names="China"))

        assert "Take out: China" in problems(response)["id_actor_names"]

    def test_votes_wait_for_a_date_that_is_mended(self, desk, user):
        data = by_hand(user, RUS="N", occurred_on="1 June 1045")

        page = desk.post(CREATE, data).content.decode()

        assert '<input type="hidden" name="roll-RUS" value="N">' in page

    def test_unknown_votes_leave_the_totals_to_be_typed(self, desk, user):
        data = by_hand(
            user,
            RUS="U",
            kind="resolution",
            votes_yes="15",
            votes_no="0",
            votes_abstain="0",
        )

        desk.post(CREATE, data)

        entry = Evidence.objects.get()
        assert (entry.state, entry.votes_yes) == ("submitted", 15)

    def test_the_votes_come_back_when_a_draft_is_opened(self, desk, user):
        desk.post(CREATE, by_hand(user, button="save", RUS="N"))
        entry = Evidence.objects.get()

        form = desk.get(reverse("evidence-update", args=[entry.pk])).context["entry"]

        assert form.grid.cast() == entry.roll_call

    def test_a_correction_may_change_who_voted_how_and_nothing_else(self, client, user):
        curator = make_user("curator")
        desk = signed_in(client, user)
        desk.post(CREATE, by_hand(user, RUS="A", FRA="Y"))
        entry = Evidence.objects.get()
        decide(entry, reviewer=curator, outcome="publish")
        entry.refresh_from_db()
        data = by_hand(
            curator,
            button="correct",
            RUS="Y",
            FRA="A",
            kind="resolution",
            reason="Two names were mixed up.",
            seen=str(entry.version),
        )

        response = signed_in(client, curator).post(
            reverse("evidence-correct", args=[entry.pk]), data
        )

        assert response.status_code == 302, problems(response)
        entry.refresh_from_db()
        assert (entry.roll_call["FRA"], entry.roll_call["RUS"]) == ("A", "Y")

    def test_the_votes_can_be_cleared(self, desk, user):
        data = by_hand(user, button="clear_grid", RUS="N", kind="resolution")

        assert desk.post(CREATE, data).context["entry"].grid is None

    def test_readers_see_the_votes_of_an_entry_outside_the_record(self, client, user):
        entry = make_evidence(
            symbol="S/2014/999",
            roll_call={"RUS": "N", "USA": "Y", "CHN": "Y"},
            votes_yes=2,
            votes_no=1,
            votes_abstain=0,
        )

        page = client.get(entry.get_absolute_url()).content.decode()

        assert "Against: Russian Federation." in page
        assert "In favour: China, United States." in page


def by_hand(user, *, button="submit", kind="", actor_names="", **values):
    """A vote that the record does not have, as it is filled in by hand."""
    votes = {name: values.pop(name, "") for name in list(values) if len(name) > 3}
    members = "ARG AUS TCD CHL CHN FRA JOR LTU LUX NGA KOR RUS RWA GBR USA".split()
    roll = {f"roll-{code}": values.get(code, "Y") for code in members}
    totals = dict.fromkeys(("votes_yes", "votes_no", "votes_abstain"), "")
    given = {"occurred_on": "1 June 2014", "symbol": "S/2014/999"} | totals | votes
    return entry_post(
        user, button=button, kind=kind, actor_names=actor_names, **given, **roll
    )
