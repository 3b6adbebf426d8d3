"""Vetoes from lists that tell who cast them, and not how the others voted."""

from datetime import date

import pytest

from icctracker.models import Ballot, Document, Import, OtherValue, Vote
from icctracker.readings.consistency import disagreements
from icctracker.readings.inbox import ledger, reasons, suggested, with_reasons
from tests.council_files import as_csv, dppa, roll_call, roll_calls
from tests.factories import make_user
from tests.imports.test_council_files import SYRIA, SYRIA_VETO
from tests.inbox import track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

NEW_VETO = SYRIA_VETO | {
    "date": "2014-06-01",
    "draft_res#": "S/2014/999",
    "record": "7190",
    "agenda": "The situation in Syria",
}
FULL = roll_call("S/2014/999", "vetoed", "2014-06-01", SYRIA, "The situation in Syria")
LISTS = {
    "dppa": dppa(NEW_VETO),
    "dppa-json": dppa(NEW_VETO, form="json"),
    "library": as_csv(
        [
            {
                "Date": "2014-06-01",
                "Draft": "S/2014/999",
                "Written Record": "S/PV.7190",
                "Agenda Item": "The situation in Syria",
                "Permanent Member Casting Negative Vote": "China; Russian Federation",
            }
        ]
    ),
}


def new_text():
    return Document.objects.get(symbol="S/2014/999")


def new_ballot():
    return Ballot.objects.get(document__symbol="S/2014/999")


def votes_of(ballot):
    return dict(ballot.votes.values_list("member__code", "cast"))


class TestANewVeto:
    @pytest.mark.parametrize("name", LISTS)
    def test_comes_in_with_those_who_cast_it_and_no_other_vote(self, bring_in, name):
        outcome = bring_in(LISTS[name], name="vetoes")

        assert outcome.only == {"new": 1}
        document, ballot = new_text(), new_ballot()
        assert (document.series, document.agenda_item) == (
            "vetoed",
            "The situation in Syria",
        )
        assert (ballot.outcome, ballot.meeting, ballot.seats) == (
            "vetoed",
            "S/PV.7190",
            15,
        )
        assert not ballot.votes_known
        assert votes_of(ballot) == {"CHN": "N", "RUS": "N"}

    def test_knows_the_file_it_comes_from(self, bring_in):
        outcome = bring_in(LISTS["dppa"], name="vetoes")

        for row in (new_text(), new_ballot()):
            assert row.imported == outcome.run.imported
        assert outcome.run.imported.source == "vetoes"
        assert "Peacebuilding Affairs" in outcome.run.imported.credit

    def test_is_told_in_the_report(self, bring_in):
        (said,) = bring_in(LISTS["dppa"], dry=True).of("new")

        assert said.theirs == (
            "1 June 2014: vetoed by CHN, RUS, votes not known. The situation in Syria"
        )

    @pytest.mark.parametrize("name", LISTS)
    def test_twice_changes_nothing(self, bring_in, record, name):
        bring_in(LISTS[name])
        before = record()

        again = bring_in(LISTS[name])

        assert again.only == {"same": 1}
        assert record() == before

    def test_on_two_lines_comes_in_once(self, bring_in):
        outcome = bring_in(dppa(NEW_VETO, NEW_VETO))

        assert outcome.only == {"new": 1, "passed": 1}
        assert new_text().ballots.count() == 1

    def test_of_the_first_years_has_eleven_seats(self, bring_in):
        early = {"date": "1950-02-01", "draft_res#": "S/1999", "china": "0"}

        bring_in(dppa(NEW_VETO | early))

        assert Ballot.objects.get(document__symbol="S/1999").seats == 11

    def test_leaves_the_record_consistent(self, bring_in):
        today = date(2026, 11, 23)
        before = list(disagreements(today))

        bring_in(LISTS["dppa"])

        assert list(disagreements(today)) == before

    def test_counts_as_a_veto_of_those_who_cast_it(self, bring_in):
        before = Vote.objects.vetoes().count()

        bring_in(LISTS["dppa"])

        assert Vote.objects.vetoes().count() == before + 2


class TestTheFullVote:
    def test_that_comes_later_completes_it(self, bring_in):
        first = bring_in(LISTS["dppa"]).run.imported

        outcome = bring_in(roll_calls(FULL), name="votes.csv")

        assert outcome.only == {"changed": 1, "same": 1}
        ballot = new_ballot()
        assert (ballot.tally, ballot.non_voting) == ("13–2–0", 0)
        assert ballot.votes.count() == 15
        assert ballot.imported == first
        origins = ballot.origins.order_by("field")
        assert [(o.field, o.before, o.imported) for o in origins] == [
            ("tally", "", outcome.run.imported),
            ("votes", "N 2", outcome.run.imported),
        ]
        assert not OtherValue.objects.filter(document=ballot.document).exists()

    def test_twice_changes_nothing(self, bring_in, record):
        bring_in(LISTS["dppa"])
        bring_in(roll_calls(FULL))
        before = record()

        again = bring_in(roll_calls(FULL))
        list_again = bring_in(LISTS["dppa"])

        assert again.only == list_again.only == {"same": 1}
        assert record() == before

    def test_in_the_other_order_leaves_the_list_nothing_to_add(self, bring_in, record):
        bring_in(roll_calls(FULL | {"Official full title": NEW_VETO["agenda"]}))
        Ballot.objects.filter(document=new_text()).update(meeting="S/PV.7190")
        before = record()

        outcome = bring_in(LISTS["dppa"])

        assert outcome.only == {"same": 1}
        assert record() == before

    def test_that_tells_the_count_only_leaves_the_votes_as_they_were(self, bring_in):
        bring_in(LISTS["dppa"])
        counted = {"Yes": 13, "No": 2, "Abstentions": 0, "Non-Voting": 0}

        bring_in(roll_calls(FULL | dict.fromkeys(SYRIA, "") | counted))

        assert new_ballot().tally == "13–2–0"
        assert votes_of(new_ballot()) == {"CHN": "N", "RUS": "N"}

    def test_that_names_others_is_kept_beside_it(self, bring_in, record):
        bring_in(dppa(NEW_VETO | {"china": "0"}))

        outcome = bring_in(roll_calls(FULL))
        after = record()
        again = bring_in(roll_calls(FULL))

        assert outcome.only == {"conflict": 2, "same": 1}
        assert not new_ballot().votes_known
        said = new_text().other_values.order_by("field").values_list("field", "says")
        assert list(said) == [
            ("vetoed-by", "Sciences Po roll call names CHN,RUS"),
            ("vote", "Sciences Po roll call: 13-2-0, not voting 0"),
        ]
        assert again.only == {"known": 2, "same": 1}
        assert record() == after


class TestTheSameTextUnderAnotherName:
    def test_a_text_of_unknown_symbol_is_known_by_day_and_members(
        self, bring_in, record
    ):
        """The veto of 7 April 2026 is known from the press, without its symbol."""
        known = Document.objects.get(symbol="", ballots__held_on=date(2026, 4, 7))
        codes = Vote.objects.vetoes().filter(ballot__document=known)
        cast = set(codes.values_list("member__code", flat=True))
        columns = {"CHN": "china", "RUS": "russian_federation_ussr"}
        row = {columns[code]: "1" for code in cast} | {"agenda": known.agenda_item}
        row |= {"date": "2026-04-07", "draft_res#": "S/2026/777"}

        outcome = bring_in(dppa(row))
        after = record()
        again = bring_in(dppa(row))

        assert outcome.only == {"conflict": 1, "same": 1}
        assert known.other_values.get().says.endswith("names the text S/2026/777")
        assert not Document.objects.filter(symbol="S/2026/777").exists()
        assert again.only == {"known": 1, "same": 1}
        assert record() == after

    def test_a_revision_of_a_text_vetoed_that_day_is_not_added(self, bring_in, record):
        before = record()

        outcome = bring_in(dppa(SYRIA_VETO | {"draft_res#": "S/2014/348/Rev.1"}))

        assert outcome.only == {"passed": 1}
        assert "may be the same text" in outcome.of("passed")[0].message
        assert record() == before

    def test_another_text_of_that_day_is_new(self, bring_in):
        outcome = bring_in(dppa(SYRIA_VETO | {"draft_res#": "S/2014/999"}))

        assert outcome.only == {"new": 1}


class TestADraftThatFailed:
    def test_is_no_vetoed_text_whatever_a_list_says(self, bring_in, record):
        imported = Import.objects.create(source="drafts.csv")
        Document.objects.create(symbol="S/2014/999", series="failed", imported=imported)
        before = record()

        outcome = bring_in(LISTS["dppa"], name="vetoes")

        assert outcome.only == {"passed": 1}
        [passed] = outcome.of("passed")
        assert "Draft that failed for want of votes" in passed.message
        assert record() == before


class TestTheInbox:
    def test_a_new_veto_is_suggested_in_its_situation(self, bring_in):
        track(agenda_words="Syria")

        bring_in(LISTS["dppa"])

        documents = with_reasons(suggested(make_user("researcher")))
        found = {document.symbol: reasons(document) for document in documents}
        assert found["S/2014/999"] == [
            "vetoed by China and Russian Federation",
            "on Syrian Arab Republic",
        ]

    def test_the_ledger_counts_it(self, bring_in):
        track(agenda_words="Syria")
        user = make_user("researcher")
        _lines, before = ledger(user)

        bring_in(LISTS["dppa"])

        _lines, after = ledger(user)
        assert len(after.vetoed) == len(before.vetoed) + 1
        assert new_text().pk in after.waiting

    def test_a_title_or_agenda_item_filled_in_brings_its_document(self, bring_in):
        known = Document.objects.get(symbol="S/2014/348")
        Document.objects.filter(pk=known.pk).update(agenda_item="")
        situation = track(agenda_words="Middle East")
        assert known not in situation.documents.all()

        bring_in(dppa(SYRIA_VETO))

        assert known in situation.documents.all()

    def test_what_fails_there_undoes_the_whole(self, bring_in, record, monkeypatch):
        before = record()

        def fail():
            raise RuntimeError("no words")

        monkeypatch.setattr("icctracker.imports.runs.link_situations", fail)
        with pytest.raises(RuntimeError):
            bring_in(LISTS["dppa"])

        assert record() == before


class TestAgendaItems:
    def test_in_other_words_are_listed_and_ours_stay(self, bring_in, record):
        before = record()

        outcome = bring_in(dppa(SYRIA_VETO))

        assert outcome.only == {"worded": 1, "same": 1}
        (said,) = outcome.of("worded")
        assert (said.field, said.ours, said.theirs) == (
            "agenda_item",
            "Middle East - Syria",
            "The situation in the Middle East",
        )
        assert record() == before

    def test_in_the_same_words_but_for_case_and_stops_are_not(self, bring_in):
        outcome = bring_in(dppa(SYRIA_VETO | {"agenda": "MIDDLE EAST – Syria."}))

        assert outcome.only == {"same": 1}
