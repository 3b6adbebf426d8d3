"""What the Council's record can fill in an entry, and what it leaves alone."""

from datetime import date

import pytest

from icctracker.actions.entries import save_entry
from icctracker.models import Document, Evidence, OtherValue, Situation
from icctracker.readings.record import prefill
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db


def document(symbol):
    found = Document.objects.with_votes().select_related("imported")
    return found.get(symbol=symbol)


class TestAVetoedText:
    def test_gives_date_meeting_votes_and_symbol(self, council):
        facts = prefill(document("S/2014/348")).facts

        assert facts["occurred_on"] == date(2014, 5, 22)
        assert (facts["symbol"], facts["meeting"]) == ("S/2014/348", "S/PV.7180")
        votes = [facts[f"votes_{name}"] for name in ("yes", "no", "abstain")]
        assert votes == [13, 2, 0]
        assert len(facts["roll_call"]) == 15

    def test_derives_the_veto_and_its_authors_from_the_votes(self, council):
        filled = prefill(document("S/2014/348"))

        assert filled.facts["kind"] == "veto"
        assert filled.facts["actor_names"] == ["China", "Russian Federation"]
        assert "derived" in filled.origins["actor_names"].text

    def test_is_told_in_the_words_of_the_record(self, council):
        facts = prefill(document("S/2014/348")).facts

        assert facts["title"] == "Veto of the text S/2014/348: Middle East - Syria"
        assert "2 against (China, Russian Federation)" in facts["summary"]
        assert "permanent members having voted against" in facts["summary"]

    def test_is_sourced_by_official_addresses_only(self, council):
        sources = prefill(document("S/2014/348")).sources

        assert [row["url"] for row in sources] == [
            "https://undocs.org/en/S/2014/348",
            "https://undocs.org/en/S/PV.7180",
        ]
        assert all(row["official"] for row in sources)

    def test_names_the_holder_of_a_seat_at_the_time(self, council):
        summary = prefill(document("S/5973")).facts["summary"]

        assert "USSR" in summary

    def test_voted_in_parts_waits_for_the_choice_of_a_vote(self, council):
        text = document("S/10805/Rev.1")

        unchosen = prefill(text)
        chosen = prefill(text, unchosen.ballots[1])

        assert len(unchosen.ballots) == 3
        assert not {"votes_yes", "roll_call", "summary"} & set(unchosen.facts)
        assert chosen.facts["votes_yes"] == unchosen.ballots[1].yes
        assert "vote 2 of 3" in chosen.facts["summary"]


class TestAStatement:
    def test_is_one_of_the_council_with_its_day_and_meeting(self, read_council):
        filled = prefill(document("S/PRST/2014/5"))

        facts = filled.facts
        assert facts["kind"] == "presidential-statement"
        assert facts["occurred_on"] == date(2014, 2, 21)
        assert facts["meeting"] == "S/PV.7115"
        assert facts["actor_names"] == ["Security Council"]
        assert not {"votes_yes", "roll_call"} & set(facts)
        assert "made on behalf of the Council, without a vote" in facts["summary"]
        assert facts["title"].startswith(
            "Statement by the President of the Security Council S/PRST/2014/5:"
        )
        assert not filled.doubts


class TestAFailedDraft:
    def test_is_a_draft_not_adopted_and_no_veto(self, read_council):
        facts = prefill(document("S/2023/772")).facts

        assert facts["kind"] == "draft-resolution"
        assert "actor_names" not in facts
        assert (facts["votes_yes"], facts["votes_no"]) == (5, 4)
        assert "It was not adopted, for want of votes" in facts["summary"]
        assert facts["title"].startswith("Draft S/2023/772, not adopted:")

    def test_of_which_the_votes_are_not_known_says_so(self, read_council):
        facts = prefill(document("S/516")).facts

        assert "How the members voted is not in the record" in facts["summary"]
        assert "votes_yes" not in facts


class TestAResolution:
    def test_is_an_act_of_the_council(self, council):
        facts = prefill(document("S/RES/1593(2005)")).facts

        assert facts["kind"] == "resolution"
        assert facts["actor_names"] == ["Security Council"]
        assert (
            "4 abstentions (Algeria, Brazil, China, United States)"
            in (facts["summary"])
        )

    def test_without_a_vote_has_no_votes(self, council):
        facts = prefill(document("S/RES/3(1946)")).facts

        assert "votes_yes" not in facts or facts["votes_yes"]
        without = Document.objects.filter(ballots__outcome="without vote").first()
        facts = prefill(document(without.symbol)).facts
        assert not {"votes_yes", "roll_call"} & set(facts)
        assert "without a vote" in facts["summary"]


class TestUncertainty:
    def test_an_open_question_between_sources_is_said_beside_the_value(self, council):
        text = document("S/RES/2756(2024)")
        assert text.other_values.filter(standing=OtherValue.Standing.OPEN).exists()

        origins = prefill(text).origins

        assert any("12-0-2" in doubt for doubt in origins["votes_yes"].doubts)
        assert not origins["occurred_on"].uncertain

    def test_an_incomplete_roll_call_is_said(self, council):
        doubts = prefill(document("S/RES/2756(2024)")).origins["roll_call"].doubts

        assert "The roll call is incomplete: of 15 members 14 are known." in doubts

    def test_a_title_that_the_source_cuts_is_said(self, council):
        filled = prefill(document("S/RES/1422(2002)"))

        said = filled.origins["summary"].doubts
        assert said == ("The source cuts the title short.",)
        assert filled.facts["title"].endswith(
            f": {document(filled.document.symbol).agenda_item}"
        )

    def test_no_title_breaks_off(self, council):
        long = document("S/2014/348")
        long.title = "A word. " * 40

        title = prefill(long).facts["title"]

        assert title == f"Veto of the text S/2014/348: {long.agenda_item}"

    def test_a_text_known_from_the_press_only_is_uncertain_in_all(self, council):
        filled = prefill(document(""))

        assert all(origin.uncertain for origin in filled.origins.values())
        assert filled.sources == []

    @pytest.mark.parametrize("symbol", ["S/RES/2756(2024)", ""])
    def test_how_strong_the_sources_are_is_left_to_the_writer(self, council, symbol):
        assert "tier" not in prefill(document(symbol)).facts


class TestSituations:
    def test_are_those_whose_words_find_the_document(self, council):
        syria = Situation.objects.create(slug="syria", name="Syrian Arab Republic")
        chosen = Situation.objects.create(slug="region", name="The region")
        text = document("S/2014/348")
        chosen.documents.add(text)

        filled = prefill(text)

        assert filled.facts["situations"] == [chosen] != [syria]
        assert not filled.origins["situations"].uncertain

    def test_are_guessed_by_the_words_of_the_record(self, council):
        Situation.objects.create(slug="syria", name="Syrian Arab Republic")
        Situation.objects.create(slug="mali", name="Mali")

        filled = prefill(document("S/2014/348"))

        assert [each.slug for each in filled.facts["situations"]] == ["syria"]
        assert filled.origins["situations"].uncertain

    def test_are_left_open_where_two_bear_the_name(self, council):
        Situation.objects.create(slug="syria", name="Syria (north)")
        Situation.objects.create(slug="syria-south", name="Syria (south)")

        assert "situations" not in prefill(document("S/2014/348")).facts

    def test_follow_published_entries_on_the_same_agenda_item(self, council):
        chosen = Situation.objects.create(slug="anywhere", name="Anywhere")
        text = document("S/2014/348")
        for symbol in ("S/2020/654", "S/2001/270"):
            Document.objects.filter(symbol=symbol).update(agenda_item=text.agenda_item)
            make_evidence(symbol=symbol, state="published").situations.add(chosen)

        assert prefill(text).facts["situations"] == [chosen]

    def test_of_drafts_are_not_followed(self, council):
        chosen = Situation.objects.create(slug="anywhere", name="Anywhere")
        text = document("S/2014/348")
        for symbol in ("S/2020/654", "S/2001/270"):
            Document.objects.filter(symbol=symbol).update(agenda_item=text.agenda_item)
            make_evidence(symbol=symbol, state="draft").situations.add(chosen)

        assert "situations" not in prefill(text).facts


class TestUse:
    def test_what_is_filled_can_be_saved_as_it_is(self, council):
        filled = prefill(document("S/2014/348"))

        entry = save_entry(
            Evidence(),
            by=make_user("researcher"),
            facts=filled.facts,
            sources=filled.sources,
        )

        assert (entry.kind, entry.votes_no) == ("veto", 2)
        assert [str(each) for each in entry.actors.all()] == filled.vetoes

    def test_takes_five_queries_at_most(self, council, django_assert_max_num_queries):
        text = document("S/2014/348")

        with django_assert_max_num_queries(5):
            prefill(text)
