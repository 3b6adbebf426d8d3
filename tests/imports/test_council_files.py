import pytest

from icctracker.imports.files import FileRefused
from icctracker.models import Ballot, Document, Import, ImportRun, OtherValue, Vote
from tests.council_files import (
    as_csv,
    dppa,
    marc,
    new_resolution,
    roll_call,
    roll_calls,
    voting_rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

R1593 = {"casts": "CHN:A DZA:A BRA:A USA:A"}
FIVE = ("CHINA", "FRANCE", "RUSSIAN FEDERATION/USSR", "UNITED KINGDOM", "UNITED STATES")
TEN_OF_2014 = (
    *("ARGENTINA", "AUSTRALIA", "CHAD", "CHILE", "JORDAN", "LITHUANIA"),
    *("LUXEMBOURG", "NIGERIA", "KOREA", "RWANDA"),
)
SYRIA = dict.fromkeys((*FIVE, *TEN_OF_2014), "Y") | {
    "CHINA": "N",
    "RUSSIAN FEDERATION/USSR": "N",
}
SYRIA_VETO = {
    "date": "2014-05-22",
    "draft_res#": "S/2014/348",
    "record": "7180",
    "agenda": "The situation in the Middle East",
    "china": "1",
    "russian_federation_ussr": "1",
}
R1593_RECORD = [
    ("001", "544817"),
    ("191a", "S/RES/1593(2005)"),
    ("245", {"a": "Resolution 1593 (2005) /", "c": "adopted by the Security Council"}),
    ("992a", "20050331"),
    ("996a", "Adopted 11-0-4, 5158th meeting"),
]
# One small file of each layout, all about what the record has already.
FILES = {
    "voting": as_csv(voting_rows(**R1593)),
    "dppa": dppa(SYRIA_VETO),
    "dppa-json": dppa(SYRIA_VETO, form="json"),
    "sciences-po": roll_calls(
        roll_call("S/2014/348", "vetoed", "2014-05-22", SYRIA, "Middle East - Syria")
    ),
    "library-vetoes": as_csv(
        [
            {
                "Date": "22/05/2014",
                "Draft": "S/2014/348",
                "Written Record": "S/PV.7180",
                "Agenda Item": "The situation in the Middle East",
                "Permanent Member Casting Negative Vote": "China; Russian Federation",
            }
        ]
    ),
    "marc": marc(R1593_RECORD),
}


class TestEveryLayout:
    @pytest.mark.parametrize("name", FILES)
    def test_what_the_record_says_too_changes_nothing(self, bring_in, record, name):
        Document.objects.filter(number=1593).update(library_record=544817)
        before = record()

        outcome = bring_in(FILES[name], date_order="day-first")

        assert outcome.only.pop("same") == 1
        # Only the agenda item has other words in the lists of vetoes.
        assert outcome.only.keys() <= {"same", "worded"}
        assert record() == before
        assert outcome.run.imported is None

    @pytest.mark.parametrize("name", FILES)
    def test_a_file_is_known_by_its_content_and_not_by_its_name(self, bring_in, name):
        found = bring_in(FILES[name], name="misleading.pdf", date_order="day-first")

        assert found.run.layout

    def test_one_of_another_kind_is_refused_in_words(self, bring_in):
        others = {
            b"participant,signature,instrument\nX,,\n": "states of the Rome",
            b"ms_code,session,ms_vote\nX,1,Y\n": "General Assembly",
            b"a,b\n1,2\n": "has these columns: a, b",
            b"<!doctype html><p>Sign in": "not MARCXML",
            b"PK\x03\x04...": "not a text file",
            b"{}": "not a list of records",
            b"[1,": "cannot be read as such",
            b"": "empty",
        }

        for content, says in others.items():
            with pytest.raises(FileRefused, match=says):
                bring_in(content)


class TestNewResolutions:
    def test_one_that_is_new_comes_in_with_its_vote(self, bring_in):
        outcome = bring_in(as_csv(new_resolution()), name="newer.csv")

        assert outcome.only == {"new": 1}
        document = Document.objects.get(number=2826)
        assert document.symbol == "S/RES/2826(2026)"
        assert (document.title, document.agenda_item) == (
            "On a new matter",
            "A new matter",
        )
        ballot = document.ballots.get()
        assert (ballot.outcome, ballot.tally) == ("unanimous", "15–0–0")
        assert (ballot.meeting, ballot.library_record) == ("S/PV.10200", 4099999)
        assert ballot.votes.count() == 15
        assert document.imported.source == "newer.csv"
        assert "Dag Hammarskjöld Library" in document.imported.credit

    def test_twice_changes_nothing(self, bring_in, record):
        bring_in(as_csv(new_resolution()))
        before = record()

        again = bring_in(as_csv(new_resolution()))

        assert again.only == {"same": 1}
        assert record() == before

    def test_a_dry_run_says_so_and_writes_nothing(self, bring_in, record):
        before = record()

        outcome = bring_in(as_csv(new_resolution()), dry=True)

        assert outcome.only == {"new": 1}
        assert record() == before

    @pytest.mark.parametrize(
        ("cast", "yes", "non_voting"), [("X", 0, 15), ("Y", 15, 0), ("X", 0, 0)]
    )
    def test_an_adoption_without_a_vote_is_no_vote_of_nobody(
        self, bring_in, cast, yes, non_voting
    ):
        total = {"total_yes": yes, "total_non_voting": non_voting}
        rows = new_resolution(ms_vote=cast, modality="Without Vote", **total)

        bring_in(as_csv(rows))

        ballot = Ballot.objects.get(document__number=2826)
        assert ballot.outcome == "without vote"
        assert (ballot.tally, ballot.non_voting) == ("", 15)
        assert set(ballot.votes.values_list("cast", flat=True)) == {"X"}

    def test_codes_of_the_time_are_those_of_the_same_seat(self, bring_in):
        members = "CHN FRA SUN GBR USA GUY IRL JPN JOR PAN POL ESP TGO UGA ZAR".split()
        rows = voting_rows("S/RES/504(1982)", members=members, date="1982-04-30")

        outcome = bring_in(as_csv(rows))

        assert outcome.only == {"new": 1}
        votes = Vote.objects.filter(ballot__document__number=504)
        assert votes.filter(member__code="RUS").exists()
        assert votes.filter(member__code="COD").exists()

    def test_a_record_of_a_resolution_gives_the_vote_as_far_as_it_says(self, bring_in):
        fields = [
            ("001", "4099999"),
            ("191a", "S/RES/2826(2026)"),
            ("245a", "Security Council resolution 2826 (2026) [on a new matter]"),
            ("992a", "20260730"),
            ("996a", "Adopted 13-0-2, 10200th meeting"),
            ("993a", "S/2026/500"),
        ]

        bring_in(marc(fields))

        document = Document.objects.get(number=2826)
        assert (document.library_record, document.drafts) == (4099999, "S/2026/500")
        ballot = document.ballots.get()
        assert (ballot.tally, ballot.meeting) == ("13–0–2", "S/PV.10200")
        assert not ballot.votes.exists()

    def test_a_voting_record_counts_members_without_a_vote_as_not_voting(
        self, bring_in
    ):
        members = "CHN FRA RUS GBR USA BHR COL COD DNK GRC LVA LBR PAK PAN".split()
        fields = [
            ("001", "4099999"),
            ("791", {"a": "S/RES/2826(2026)", "b": "S/", "c": "81"}),
            ("269a", "2026-07-30"),
            ("952a", "S/PV.10200"),
            ("996", {"b": "14", "e": "1", "f": "15"}),
            *(("967", {"c": code, "d": "Y"}) for code in members),
            ("967", {"c": "SOM"}),
        ]

        bring_in(marc(fields))

        ballot = Ballot.objects.get(document__number=2826)
        assert (ballot.yes, ballot.non_voting, ballot.library_record) == (
            14,
            1,
            4099999,
        )
        assert ballot.votes.get(member__code="SOM").cast == "X"

    def test_a_new_veto_comes_in_with_its_vote(self, bring_in):
        row = roll_call("S/2014/999", "vetoed", "2014-06-01", SYRIA, "A new matter")

        first = bring_in(roll_calls(row))
        again = bring_in(roll_calls(row))

        assert (first.only, again.only) == ({"new": 1}, {"same": 1})
        document = Document.objects.get(symbol="S/2014/999")
        assert (document.series, document.subject) == ("vetoed", "A new matter")
        assert Vote.objects.vetoes().filter(ballot__document=document).count() == 2

    def test_a_resolution_cannot_come_in_without_its_vote(self, bring_in, record):
        before = record()

        outcome = bring_in(marc([("191a", "S/RES/2826(2026)"), ("992a", "20260730")]))

        assert outcome.only == {"passed": 1}
        assert "does not say how the members voted" in outcome.of("passed")[0].message
        assert record() == before


class TestWhatTheRecordLacks:
    def test_a_title_that_was_cut_gives_way_to_the_full_one(self, bring_in):
        known = Document.objects.get(number=1593)
        Document.objects.filter(pk=known.pk).update(title="On ref…", title_is_cut=True)
        title = (
            "Security Council resolution 1593 (2005) [on referring “Darfur” [Sudan]]"
        )

        outcome = bring_in(as_csv(voting_rows(**R1593, description=title)))

        assert outcome.only == {"changed": 1, "same": 1}
        document = Document.objects.get(number=1593)
        assert document.title == "On referring “Darfur” [Sudan]"
        assert not document.title_is_cut
        origin = document.origins.get()
        assert (origin.field, origin.before) == ("title", "On ref…")
        assert origin.imported == outcome.run.imported

    def test_a_cut_title_never_replaces_a_full_one(self, bring_in, record):
        Document.objects.filter(number=1593).update(title="On the referral of Darfur")
        before = record()
        title = "Security Council resolution 1593 (2005) [on the referral of Da[...]"

        outcome = bring_in(as_csv(voting_rows(**R1593, description=title)))

        assert outcome.only == {"same": 1}
        assert record() == before

    def test_an_empty_value_is_filled_and_knows_its_source(self, bring_in):
        Document.objects.filter(number=1593).update(agenda_item="")

        bring_in(as_csv(voting_rows(**R1593, agenda="Reports on the Sudan.")))

        document = Document.objects.get(number=1593)
        assert document.agenda_item == "Reports on the Sudan"
        assert document.origins.get().field == "agenda_item"

    def test_a_roll_call_that_was_not_known_is_filled_in(self, bring_in):
        votes = Vote.objects.filter(ballot__document__number=1593)
        votes.filter(cast="Y").delete()

        bring_in(FILES["voting"])

        assert votes.count() == 15
        assert Document.objects.get(number=1593).origins.get().field == "votes"


class TestConflicts:
    @pytest.mark.parametrize(
        ("rows", "field", "says"),
        [
            (
                voting_rows(**R1593, **{"date": "2005-03-13"}),
                "date",
                "Library voting file dates it 2005-03-13",
            ),
            (
                voting_rows(casts="CHN:A DZA:A BRA:A RUS:A"),
                "vote",
                "Library voting file: 11-0-4, not voting 0; in favour: United States;"
                " abstaining: Russian Federation",
            ),
            (
                voting_rows(),
                "vote",
                "Library voting file: 15-0-0, not voting 0; in favour: Brazil, China,"
                " Algeria, United States",
            ),
            (
                voting_rows(**R1593, meeting="S/PV.5159"),
                "meeting",
                "Library voting file, meeting record: S/PV.5159",
            ),
            (
                voting_rows(**R1593, undl_id="1"),
                "other",
                "Library voting file: voting record 1 of the UN Digital Library",
            ),
        ],
    )
    def test_both_values_are_kept_once(self, bring_in, record, rows, field, says):
        first = bring_in(as_csv(rows))
        after_first = record()
        again = bring_in(as_csv(rows))

        assert first.only == {"conflict": 1, "same": 1}
        other = OtherValue.objects.get(document__number=1593)
        assert (other.field, other.says, other.standing) == (field, says, "open")
        assert other.imported == first.run.imported
        ballot = Ballot.objects.get(document__number=1593)
        assert (str(ballot.held_on), ballot.tally) == ("2005-03-31", "11–0–4")
        assert again.only == {"known": 1, "same": 1}
        assert record() == after_first

    def test_a_title_that_differs_is_kept_beside_ours(self, bring_in):
        ours = Document.objects.get(number=1593).title
        title = "Security Council resolution 1593 (2005) [on something else]"

        bring_in(as_csv(voting_rows(**R1593, description=title)))

        document = Document.objects.get(number=1593)
        assert document.title == ours
        assert document.other_values.get().says.endswith(": On something else")

    def test_what_the_record_knows_to_be_said_is_not_kept_again(self, bring_in, record):
        """Non-participation counted as abstaining: the record says so of 338."""
        members = "CHN FRA SUN GBR USA AUS AUT GIN IND IDN KEN PAN PER SDN YUG"
        rows = voting_rows(
            "S/RES/338(1973)",
            "CHN:A",
            members.split(),
            date="1973-10-22",
            meeting="S/PV.1747",
        )
        before = record()

        outcome = bring_in(as_csv(rows))

        assert outcome.only == {"known": 1, "same": 1}
        assert record() == before

    def test_a_veto_said_to_be_by_others_is_kept_beside_ours(self, bring_in):
        bring_in(dppa(SYRIA_VETO | {"china": "0"}))

        other = OtherValue.objects.get(document__symbol="S/2014/348")
        assert (other.field, other.says) == (
            "vetoed-by",
            "DPPA list of vetoes names RUS",
        )

    def test_adopted_with_and_without_a_vote_is_another_way_to_describe_it(
        self, bring_in
    ):
        members = "CHN FRA RUS GBR USA AUT BEL CPV ECU HUN IND JPN MAR VEN ZWE".split()
        rows = voting_rows(
            "S/RES/741(1992)",
            members=members,
            date="1992-02-07",
            meeting="S/PV.3050",
        )
        OtherValue.objects.filter(document__number=741).delete()

        bring_in(as_csv(rows))

        other = OtherValue.objects.get(document__number=741, field="vote")
        assert other.standing == "modality"
        assert not Ballot.objects.get(document__number=741).was_voted


class TestSeveralVotesOnOneText:
    def test_they_find_their_ballots_in_any_order(self, bring_in, record):
        rows = []
        for ballot in Ballot.objects.filter(document__symbol="S/10805/Rev.1"):
            names = dict(ballot.votes.values_list("member__name", "cast"))
            votes = {name.upper(): {"X": "NV"}.get(c, c) for name, c in names.items()}
            rows.append(
                roll_call("S/10805/Rev.1 (as amended)", "vetoed", ballot.held_on, votes)
            )
        before = record()

        outcome = bring_in(roll_calls(*reversed(rows)))

        assert outcome.only == {"same": 3}
        assert record() == before


class TestWhatIsPassedOver:
    def test_a_text_that_failed_without_a_veto_is_not_in_the_record(self, bring_in):
        votes = dict.fromkeys((*FIVE, *TEN_OF_2014), "A")
        row = roll_call("S/2014/916", "lack of maj.", "2014-12-30", votes)

        outcome = bring_in(roll_calls(row))

        assert outcome.only == {"passed": 1}

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ([("791a", "A/RES/ES-10/21")], "of the General Assembly"),
            ([("191a", "S/2014/348")], "Not a resolution"),
            ([("245a", "A map")], "no document symbol"),
        ],
    )
    def test_records_of_other_documents_are_said_to_be_so(
        self, bring_in, fields, reason
    ):
        outcome = bring_in(marc(fields))

        assert outcome.only == {"passed": 1}
        assert reason in outcome.of("passed")[0].message

    def test_a_vote_of_somebody_who_had_no_seat_is_doubted(self, bring_in, record):
        before = record()
        row = roll_call(
            "S/2014/348", "vetoed", "2014-05-22", SYRIA | {"KOREA": "", "TURKEY": "Y"}
        )

        outcome = bring_in(roll_calls(row))

        assert outcome.only == {"doubt": 1, "same": 1}
        doubt = outcome.of("doubt")[0]
        assert (doubt.line, doubt.field) == (2, "TURKEY")
        assert record() == before

    def test_a_new_vote_cannot_rest_on_such_a_one(self, bring_in):
        votes = SYRIA | {"KOREA": "", "TURKEY": "Y"}

        outcome = bring_in(
            roll_calls(roll_call("S/2014/9", "vetoed", "2014-06-01", votes))
        )

        assert outcome.only == {"fault": 1}


class TestAllOrNothing:
    def test_one_fault_keeps_everything_out(self, bring_in, record):
        before = record()
        rows = new_resolution() + voting_rows("S/RES/1594(2005)", ms_vote="?")

        outcome = bring_in(as_csv(rows))

        assert outcome.only == {"new": 1, "fault": 1}
        assert outcome.run.state == ImportRun.State.REFUSED
        assert record() == before

    def test_unless_told_otherwise(self, bring_in):
        rows = new_resolution() + voting_rows("S/RES/1594(2005)", ms_vote="?")

        bring_in(as_csv(rows), partly=True)

        assert Document.objects.filter(number=2826).exists()
        assert not Document.objects.filter(number=1594).exists()

    def test_what_fails_half_way_leaves_nothing(self, bring_in, record, monkeypatch):
        before = record()

        def fail(*args, **kwargs):
            raise RuntimeError("the disk is full")

        monkeypatch.setattr("icctracker.imports.runs.Vote.objects.bulk_create", fail)
        with pytest.raises(RuntimeError):
            bring_in(as_csv(new_resolution()))

        assert record() == before
        run = ImportRun.objects.get()
        assert (run.state, run.holds_lock) == (ImportRun.State.STOPPED, False)

    def test_a_value_that_changed_meanwhile_undoes_the_whole(
        self, bring_in, monkeypatch
    ):
        Document.objects.filter(number=1593).update(agenda_item="")
        rows = new_resolution() + voting_rows(**R1593, agenda="From the file")
        write = runs_bring_in()

        def meanwhile(compared):
            Document.objects.filter(number=1593).update(agenda_item="From somebody")
            return write(compared)

        monkeypatch.setattr("icctracker.imports.runs.bring_in", meanwhile)
        with pytest.raises(FileRefused, match="changed meanwhile"):
            bring_in(as_csv(rows))

        assert not Document.objects.filter(number=2826).exists()
        assert not Import.objects.filter(source="file").exists()


def runs_bring_in():
    from icctracker.imports.runs import bring_in

    return bring_in
