from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from icctracker.actions.entries import add_finding
from icctracker.actions.review import frozen, withdraw
from icctracker.imports.council_tables import load_council_tables
from icctracker.imports.first_record import load_council_record
from icctracker.models import (
    Ballot,
    Criterion,
    Evidence,
    Finding,
    ReviewDecision,
    Search,
    Vote,
)
from icctracker.models.folded import folded_of, refold
from icctracker.models.rules import latest_today
from icctracker.readings.consistency import disagreements
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_recommendation,
    make_user,
)

TODAY = date(2026, 11, 26)


def found():
    return list(disagreements(TODAY))


@pytest.fixture
def entry(db):
    """A published veto with which nothing is wrong."""
    entry = make_evidence(slug="a-veto", votes_yes=13, votes_no=2, votes_abstain=0)
    ReviewDecision.objects.create(evidence=entry, outcome="publish")
    return entry


def change(record, **values):
    type(record).objects.filter(pk=record.pk).update(**values)
    if folded_of(type(record)):
        refold(type(record), [record.pk])


class TestDisagreements:
    def test_consistent_records_yield_none(self, entry):
        assert found() == []

    def test_a_published_entry_without_source(self, entry):
        entry.sources.all().delete()
        change(entry.findings.get(), publisher="")

        assert found() == [
            "Entry a-veto: sources: Give at least one source: nothing is published"
            " without."
        ]

    def test_a_published_entry_without_accepted_finding(self, entry):
        change(entry.findings.get(), retired_at=timezone.now())

        assert found() == [
            "Entry a-veto: findings: Give at least one finding: what does this event"
            " show?"
        ]

    def test_a_published_entry_of_which_no_version_is_kept(self, entry):
        entry.editions.update(until=timezone.now())

        assert found() == ["Entry a-veto is published, but no version of it is kept."]

    def test_a_version_that_stands_of_what_is_not_published(self, entry):
        withdraw(entry, by=make_user("curator"), reason="It never happened.")
        entry.editions.update(until=None)

        assert found() == ["Entry a-veto is not published, but a version of it stands."]

    def test_a_published_entry_with_a_finding_that_waits(self, entry):
        Finding.objects.create(
            evidence=entry,
            criterion=make_criterion("4b"),
            effect=1,
            form="decision",
            rationale="It waits.",
        )

        assert found() == [
            "Entry a-veto is published with a finding that was never accepted."
        ]

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("event_date", date(2014, 5, 23), "date 2014-05-23"),
            ("tier", "C", "tier C"),
            ("publisher", "Somebody", "publisher Somebody"),
        ],
    )
    def test_an_accepted_finding_that_departs_from_its_entry(
        self, entry, field, value, says
    ):
        change(entry.findings.get(), **{field: value})

        [sentence] = found()
        assert f"was accepted with the {says}" in sentence

    def test_a_withdrawn_entry_with_accepted_findings(self, entry):
        change(entry, state="withdrawn", withdrawn_at=timezone.now())
        entry.editions.update(until=timezone.now())
        ReviewDecision.objects.create(evidence=entry, outcome="withdraw", note="Error.")

        [sentence] = found()
        assert "is accepted, but its entry is withdrawn" in sentence

    def test_another_form_without_a_reason(self, entry):
        change(entry.findings.get(), form="process")

        [sentence] = found()
        assert "Say why: this kind of event is taken as “Decision”." in sentence

    def test_another_form_with_a_reason_is_fine(self, entry):
        change(entry.findings.get(), form="process", form_reason="Only procedural.")

        assert found() == []

    def test_a_correction_of_another_entry_or_criterion(self, entry):
        other = make_evidence(
            findings=[finding_row(make_criterion("7b"))], slug="other", kind="other"
        )
        ReviewDecision.objects.create(evidence=other, outcome="publish")
        change(other.findings.get(), supersedes=entry.findings.get(), form="signal")

        sentences = found()

        assert [s.split("the finding on 7b ")[1] for s in sentences] == [
            "supersedes a finding of another entry: Entry a-veto.",
            "supersedes a finding on criterion 7a.",
            "supersedes a finding that is not retired.",
        ]

    def test_a_veto_without_a_vote_against(self, entry):
        change(entry, votes_no=0)

        assert found() == [
            "Entry a-veto: votes no: A veto is a vote against: give at least one."
        ]

    def test_a_roll_call_that_does_not_add_up(self, entry, council):
        votes = dict.fromkeys("ARG AUS TCD CHL FRA JOR LTU LUX NGA KOR".split(), "Y")
        votes |= {"CHN": "N", "RUS": "N", "RWA": "Y", "GBR": "Y", "USA": "A"}
        change(entry, roll_call=votes)

        sentence = "The votes of the members add up to 12–2–1; here is 13–2–0."
        assert f"Entry a-veto: votes yes: {sentence}" in found()

    def test_a_roll_call_with_a_stranger_to_the_council(self, entry, council):
        change(entry, roll_call={"DEU": "Y", "USA": "U"})

        sentence = "Entry a-veto: roll call: DEU did not sit on the Council in 2014."
        assert sentence in found()

    def test_a_veto_without_votes(self, entry):
        change(entry, votes_yes=None, votes_no=None, votes_abstain=None)

        assert found() == ["Entry a-veto: votes no: A veto needs the votes."]

    def test_more_votes_than_seats(self, entry):
        change(entry, votes_yes=14)

        assert found() == [
            "Entry a-veto: votes yes: The Council has 15 members; these votes add up to"
            " 16."
        ]

    def test_a_resolution_adopted_with_too_few_votes(self, entry):
        change(entry, kind="resolution", votes_yes=8)

        assert found() == [
            "Entry a-veto: votes yes: The Council adopts with at least 9 votes in"
            " favour; with 8 the text was not adopted."
        ]

    def test_an_assembly_may_cast_more_votes(self, entry):
        change(entry, kind="ga-resolution", votes_yes=140)

        assert found() == []

    @pytest.mark.parametrize(
        ("symbol", "says"),
        [
            ("s/2014/348", "Its official form is S/2014/348."),
            ("S/2010/348", "The year in “S/2010/348” is not that of the date"),
            ("S/RES/2170(2013)", "was adopted in 2014, not in 2013"),
            ("A note", "This is not a document symbol"),
        ],
    )
    def test_symbols_that_are_not_official_or_do_not_fit(self, entry, symbol, says):
        change(entry, symbol=symbol)

        assert any(says in sentence for sentence in found())

    def test_dates_in_the_future(self, entry):
        tomorrow = latest_today() + timedelta(days=1)
        criterion = Criterion.objects.get()
        Search.objects.create(
            criterion=criterion,
            searched_on=tomorrow,
            where="Library",
            query="veto",
            outcome="Nothing.",
        )
        change(entry.findings.get(), event_date=tomorrow)
        change(entry, occurred_on=tomorrow, symbol="", meeting="")
        change(criterion.codebook, published_on=tomorrow)

        sentences = found()

        assert len(sentences) == 3
        assert all("future" in sentence for sentence in sentences)

    @pytest.mark.parametrize(
        ("state", "says"),
        [("published", "is published"), ("declined", "is declined")],
    )
    def test_a_state_that_nobody_decided(self, db, state, says):
        entry = make_evidence(state, votes_yes=13, votes_no=2, votes_abstain=0)

        [sentence] = found()
        assert (
            sentence == f"Entry {entry.slug or entry.pk} {says}, but nobody decided so."
        )

    def test_an_unmarked_decision_about_ones_own_entry(self, entry):
        author = make_user("reviewer")
        change(entry, submitted_by=author)
        entry.decisions.update(reviewer=author)

        assert found() == ["Entry a-veto was decided on by its own author, unmarked."]

    def test_a_recommendation_without_essential_criterion(self, entry):
        make_recommendation("R9")

        [sentence] = found()
        assert "has no essential criterion" in sentence

    def test_a_criterion_that_goes_back_to_an_earlier_meaning(self, entry):
        criterion = Criterion.objects.get()
        change(criterion, meaning=2)
        make_criterion("7a", codebook=make_codebook("1.1", TODAY))

        assert "Criterion 7a goes back to an earlier meaning in Codebook 1.1." in (
            found()
        )

    def test_an_entry_that_speaks_twice_to_one_code(self, entry):
        newer = make_criterion("7a", codebook=make_codebook("1.1", TODAY))
        now = entry.published_at
        add_finding(entry, finding_row(newer), by=None, **frozen(entry, now))

        assert found() == [
            "Entry a-veto: findings 2: This criterion has a finding above. An entry has"
            " one finding for each."
        ]

    def test_access_that_does_not_follow_the_role(self, entry):
        make_user("researcher", username="rita", is_staff=True)
        make_user("curator", username="cara", is_staff=False)
        make_user("curator", is_active=False)

        assert found() == [
            "Account rita may open the admin, but is no curator.",
            "Account cara is a curator, but may not open the admin.",
        ]

    def test_drafts_may_have_gaps(self, entry):
        make_evidence(
            Evidence.State.DRAFT,
            by=make_user("researcher"),
            symbol="nothing yet",
            sources=[],
            findings=[],
        )

        assert found() == []


@pytest.mark.usefixtures("council")
class TestTheCouncilsRecord:
    @pytest.fixture
    def entry(self, entry):
        """A published veto as the record has it."""
        for name in ("China", "Russian Federation"):
            entry.actors.create(name=name)
        return entry

    def test_an_entry_that_agrees_yields_none(self, entry):
        assert found() == []

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            (
                {"votes_yes": 12, "votes_abstain": 1},
                "has the votes 12-2-1; the Council's record has 13-2-0.",
            ),
            (
                {"meeting": "S/PV.7181"},
                "has the meeting S/PV.7181; the Council's record has S/PV.7180.",
            ),
            (
                {"symbol": "S/2014/349"},
                "S/2014/349 is not in the Council's record.",
            ),
        ],
    )
    def test_an_entry_that_departs_from_it(self, entry, values, says):
        change(entry, **values)

        [sentence] = found()
        assert sentence.endswith(says)

    def test_an_entry_of_another_day(self, entry):
        change(entry, occurred_on=date(2014, 5, 23))
        change(entry.findings.get(), event_date=date(2014, 5, 23))

        assert found() == [
            "Entry a-veto is dated 2014-05-23; the Council's record has 2014-05-22."
        ]

    def test_a_veto_by_somebody_else(self, entry):
        entry.actors.filter(name="China").delete()

        assert found() == [
            "Entry a-veto has a veto by Russian Federation; the Council's record has"
            " China, Russian Federation."
        ]

    def test_two_members_that_voted_the_other_way_round(self, entry):
        votes = Vote.objects.filter(ballot__document__symbol=entry.symbol)
        roll_call = dict(votes.values_list("member__code", "cast"))
        change(entry, roll_call=roll_call | {"CHN": "Y", "FRA": "N"})

        assert (
            "Entry a-veto has members voting otherwise than in the Council's record:"
            " CHN, FRA."
        ) in found()

    def test_a_roll_call_as_in_the_record_yields_none(self, entry):
        votes = Vote.objects.filter(ballot__document__symbol=entry.symbol)

        change(entry, roll_call=dict(votes.values_list("member__code", "cast")))

        assert found() == []

    def test_what_came_after_the_end_of_the_record_is_left_alone(self, entry):
        late = date(2026, 11, 1)
        change(entry, occurred_on=late, symbol="S/2026/900", meeting="S/PV.10200")
        change(entry.findings.get(), event_date=late)

        assert found() == []

    def test_a_ballot_with_more_votes_than_it_counts(self, entry):
        ballot = Ballot.objects.get(document__symbol="S/2014/348")
        ballot.votes.filter(cast="Y").first().delete()
        change(ballot.votes.filter(cast="Y").first(), cast="N")

        assert found() == [
            "The votes stored for S/2014/348, 2014-05-22 are more than its tally"
            " counts."
        ]

    def test_the_shipped_evidence_agrees_with_the_shipped_record(self, first_data):
        load_council_record(settings.BASE_DIR / "fixtures" / "council")
        load_council_tables(settings.BASE_DIR / "fixtures" / "council")

        assert found() == []


class TestCommand:
    def test_it_says_so_when_all_is_consistent(self, entry, capsys):
        call_command("check_consistency")

        assert capsys.readouterr().out == "No disagreements.\n"

    def test_it_lists_each_disagreement_and_fails(self, entry, capsys):
        change(entry, votes_no=0)

        with pytest.raises(CommandError) as failure:
            call_command("check_consistency")

        assert failure.value.returncode == 1
        assert capsys.readouterr().out == (
            "Entry a-veto: votes no: A veto is a vote against: give at least one.\n"
        )

    def test_the_first_data_is_consistent(self, first_data):
        assert found() == []


def test_a_failed_draft_of_which_nothing_more_is_known_is_no_fault(read_council):
    assert Ballot.objects.filter(outcome="failed", yes=None).exists()

    assert found() == []
