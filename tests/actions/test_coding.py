"""Coding an entry a second time: offered, picked up, handed in, compared."""

import pytest
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.coding import (
    draw_sample,
    give_back,
    hand_in,
    offer_coding,
    pick_up,
    save_coding,
)
from icctracker.actions.review import correct, decide, withdraw
from icctracker.models import (
    Coding,
    Evidence,
    Finding,
    Reading,
    ReviewDecision,
    Sample,
)
from icctracker.readings.standing import result_for
from tests.factories import (
    finding_row,
    make_codebook,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def author(db):
    return make_user("researcher")


@pytest.fixture
def reviewer(db):
    return make_user("reviewer")


@pytest.fixture
def entry(author):
    make_criterion()
    return make_evidence(State.SUBMITTED, by=author)


@pytest.fixture
def published(author):
    make_criterion()
    return make_evidence(by=author)


def same(**changed):
    """What the first coder found, in words of one's own."""
    return finding_row(rationale="In my own words.", **changed)


class TestOffering:
    def test_to_whoever_picks_it_up(self, entry, reviewer):
        coding = offer_coding(entry, by=reviewer)

        assert (coding.state, coding.coder) == ("offered", None)

    def test_to_one_person_who_is_blind_from_then_on(self, entry, reviewer):
        coder = make_user("reviewer")

        offer_coding(entry, by=reviewer, coder=coder)

        assert entry not in Evidence.objects.visible_to(coder)
        assert entry in Evidence.objects.visible_to(reviewer)

    def test_it_takes_a_reviewer(self, entry):
        with pytest.raises(ActionRefused, match="role"):
            offer_coding(entry, by=make_user("researcher"))

    @pytest.mark.parametrize("state", ["draft", "returned", "declined", "withdrawn"])
    def test_only_what_is_submitted_or_published_is_coded_again(self, reviewer, state):
        with pytest.raises(ActionRefused, match="not coded a second time"):
            offer_coding(make_evidence(state), by=reviewer)

    def test_one_coding_at_a_time(self, entry, reviewer):
        offer_coding(entry, by=reviewer)

        with pytest.raises(ActionRefused, match="under way"):
            offer_coding(entry, by=reviewer)

    def test_not_while_two_are_to_be_reconciled(self, entry, reviewer):
        make_coding(entry, rows=[same(effect=1)])

        with pytest.raises(ActionRefused, match="to be reconciled"):
            offer_coding(entry, by=reviewer)


def bar_author(entry, person):
    entry.submitted_by = person
    entry.save()


def bar_coder_of_a_finding(entry, person):
    entry.findings.update(coded_by=person)


def read(entry, person):
    """As a page notes it that shows an entry to somebody."""
    Reading.objects.note(Evidence.objects.filter(pk=entry.pk), person)


def bar_reader(entry, person):
    read(entry, person)


def bar_reviewer_who_decided(entry, person):
    ReviewDecision.objects.create(
        evidence=entry, reviewer=person, outcome="return", note="A comment."
    )


def bar_earlier_coder(entry, person):
    make_coding(entry, coder=person, rows=[same()])


class TestWhoMayCode:
    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    def test_every_role_may(self, entry, reviewer, role):
        coding = offer_coding(entry, by=reviewer)

        taken = pick_up(coding, by=make_user(role), unread=True)

        assert taken.is_open

    @pytest.mark.parametrize(
        ("bar", "said"),
        [
            (bar_author, "wrote"),
            (bar_coder_of_a_finding, "has coded"),
            (bar_earlier_coder, "has coded"),
            (bar_reviewer_who_decided, "decided"),
            (bar_reader, "opened"),
        ],
    )
    def test_nobody_who_knows_the_first_codes(self, entry, reviewer, bar, said):
        person = make_user("reviewer")
        bar(entry, person)
        coding = offer_coding(entry, by=reviewer)

        assert entry not in Evidence.objects.codable_by(person)
        with pytest.raises(ActionRefused, match=said):
            pick_up(coding, by=person, unread=True)

    def test_nor_anybody_asked_by_name(self, entry, reviewer):
        person = make_user("reviewer")
        read(entry, person)

        with pytest.raises(ActionRefused, match="opened"):
            offer_coding(entry, by=reviewer, coder=person)

    def test_nor_anybody_who_does_not_give_their_word(self, entry, reviewer):
        coding = offer_coding(entry, by=reviewer)

        with pytest.raises(ActionRefused, match="not read"):
            pick_up(coding, by=make_user("researcher"), unread=False)

    def test_nor_anybody_without_the_permission(self, entry, reviewer):
        coding = offer_coding(entry, by=reviewer)

        with pytest.raises(ActionRefused, match="may code"):
            pick_up(coding, by=make_user(), unread=True)

    def test_what_is_published_may_have_been_read(self, published, reviewer):
        person = make_user("reviewer")
        published.readings.create(reader=person)
        coding = offer_coding(published, by=reviewer)

        assert pick_up(coding, by=person, unread=True).coder == person

    def test_two_cannot_pick_up_the_same(self, entry, reviewer):
        coding = offer_coding(entry, by=reviewer)
        pick_up(coding, by=make_user("researcher"), unread=True)

        with pytest.raises(ActionRefused, match="Somebody else"):
            pick_up(coding, by=make_user("researcher"), unread=True)

    def test_an_author_who_reads_their_own_entry_leaves_no_trace(self, entry, author):
        read(entry, author)

        assert not entry.readings.exists()


class TestWriting:
    def test_what_is_saved_can_be_changed(self, entry):
        coding = make_coding(entry)

        save_coding(coding, by=coding.coder, lines=[same(effect=1)], note="So far.")
        save_coding(coding, by=coding.coder, lines=[same(effect=0)])

        assert coding.lines.get().effect == 0
        assert entry.findings.get().coded_twice is False

    def test_somebody_elses_is_not_mine_to_write(self, entry, reviewer):
        coding = make_coding(entry)

        with pytest.raises(ActionRefused, match="not yours"):
            save_coding(coding, by=reviewer, lines=[])

    def test_saved_in_two_places_at_once_the_second_is_told(self, entry):
        coding = make_coding(entry)
        save_coding(coding, by=coding.coder, lines=[same()], version=1)

        with pytest.raises(EditConflict):
            save_coding(coding, by=coding.coder, lines=[], version=1)

        assert coding.lines.exists()

    def test_without_a_form_it_is_the_one_the_kind_proposes(self, entry):
        coding = make_coding(entry, rows=[same(form="")])

        assert coding.lines.get().form == "decision"


class TestHandingIn:
    def test_once_handed_in_it_is_never_changed(self, entry):
        coding = make_coding(entry, rows=[same()])

        for act in (save_coding, hand_in):
            with pytest.raises(ActionRefused, match="no longer be changed"):
                act(coding, by=coding.coder, lines=[same(effect=1)])

        assert coding.lines.get().effect == -2

    def test_it_says_something(self, entry):
        coding = make_coding(entry)

        with pytest.raises(ActionRefused, match="at least one criterion"):
            hand_in(coding, by=coding.coder, lines=[])

    def test_each_criterion_once(self, entry):
        coding = make_coding(entry)

        with pytest.raises(ActionRefused, match="one thing about each"):
            hand_in(coding, by=coding.coder, lines=[same(), same(effect=1)])

    def test_by_the_codebook_in_force(self, entry):
        coding = make_coding(entry)
        make_codebook("2.0", timezone.localdate())

        with pytest.raises(ActionRefused, match="codebook has changed"):
            hand_in(coding, by=coding.coder, lines=[same()])

    def test_not_of_an_entry_that_was_withdrawn_meanwhile(self, published):
        coding = make_coding(published)
        Evidence.objects.filter(pk=published.pk).update(
            state=State.WITHDRAWN, withdrawn_at=timezone.now()
        )

        with pytest.raises(ActionRefused, match="not coded a second time"):
            hand_in(coding, by=coding.coder, lines=[same()])

    def test_the_first_coding_is_kept_as_it_was(self, entry, author):
        coding = make_coding(entry, rows=[same()])
        entry.findings.update(effect=1, rationale="Changed later.")

        first = coding.against.lines.get()

        assert coding.against.coder == author
        assert (first.effect, first.rationale) == (
            -2,
            "A permanent member stopped the text.",
        )

    def test_the_same_codes_are_those_of_two_people(self, entry):
        coding = make_coding(entry, rows=[same(pinpoint="OP 7")])

        finding = entry.findings.get()
        assert not coding.differs
        assert (finding.coded_twice, finding.disputed) == (True, False)
        assert finding.second_coding == coding

    def test_it_is_no_change_of_the_entry_but_its_pages_are_old(self, entry):
        before = entry.history.count()

        make_coding(entry, rows=[same(effect=1)])

        assert entry.history.count() == before
        assert Evidence.objects.get().version == entry.version + 1

    @pytest.mark.parametrize(
        "changed", [{"effect": -1}, {"occasion": False}, {"form": "formal"}]
    )
    def test_another_code_is_in_dispute(self, entry, changed):
        coding = make_coding(entry, rows=[same(**changed)])

        finding = entry.findings.get()
        assert coding.differs and coding.awaits_reconciling
        assert finding.coded_twice and finding.disputed

    def test_a_criterion_that_only_one_saw_is_a_difference(self, author):
        codes = [make_criterion(code) for code in ("7a", "7b", "7c")]
        rows = [finding_row(criterion) for criterion in codes[:2]]
        entry = make_evidence(State.SUBMITTED, by=author, findings=rows)

        coding = make_coding(
            entry, rows=[same(criterion=codes[0]), same(criterion=codes[2])]
        )

        found = [(d.criterion.code, bool(d.first)) for d in coding.differences()]
        disputed = entry.findings.filter(disputed=True).get()
        assert found == [("7b", True), ("7c", False)]
        assert disputed.criterion.code == "7b"


class TestPublishedFindings:
    def test_the_past_stays_as_it_was_known(self, published):
        before = timezone.now()

        make_coding(published, rows=[same()])

        now = Finding.objects.accepted().get()
        then = Finding.objects.accepted(before).get()
        assert (then.coded_twice, now.coded_twice) == (False, True)
        assert now.supersedes == then
        assert now.says_the_same(then)

    def test_a_second_coding_takes_the_doubt_from_the_confidence(self, published):
        recommendation = published.findings.get().criterion.recommendation
        day = timezone.localdate()
        before = result_for(recommendation, day).doubts

        make_coding(published, rows=[same()])

        assert "single-coded" in before
        assert "single-coded" not in result_for(recommendation, day).doubts

    def test_a_dispute_leaves_it(self, published):
        make_coding(published, rows=[same(effect=1)])

        recommendation = published.findings.accepted().get().criterion.recommendation
        result = result_for(recommendation, timezone.localdate())
        assert "single-coded" in result.doubts


class TestGivingBack:
    def test_what_a_coder_gives_back_is_offered_again(self, entry):
        coding = make_coding(entry)

        give_back(coding, by=coding.coder, reason="I know the author.")

        coding.refresh_from_db()
        assert (coding.state, coding.note) == ("withdrawn", "I know the author.")
        assert entry.codings.live().get().state == "offered"

    def test_what_a_reviewer_withdraws_is_not(self, entry, reviewer):
        coding = make_coding(entry)

        give_back(coding, by=reviewer, reason="Not needed.")

        assert not entry.codings.live().exists()

    def test_the_note_of_its_coder_is_kept_behind_the_reason(self, entry, reviewer):
        coding = make_coding(entry)
        save_coding(coding, by=coding.coder, lines=[], note="Ask for the minutes.")

        give_back(coding, by=reviewer, reason="Not needed.")

        coding.refresh_from_db()
        assert coding.note == "Not needed.\n\nAsk for the minutes."

    def test_others_cannot(self, entry):
        with pytest.raises(ActionRefused, match="role"):
            give_back(make_coding(entry), by=make_user("researcher"), reason="No.")

    def test_it_takes_a_reason(self, entry, reviewer):
        with pytest.raises(ActionRefused, match="Say why"):
            give_back(make_coding(entry), by=reviewer, reason=" ")

    def test_what_is_handed_in_stays(self, entry, reviewer):
        coding = make_coding(entry, rows=[same()])

        with pytest.raises(ActionRefused, match="no longer under way"):
            give_back(coding, by=reviewer, reason="Away with it.")


class TestDecisions:
    @pytest.mark.parametrize("outcome", ["publish", "return", "decline"])
    def test_they_wait_while_somebody_is_coding(self, entry, reviewer, outcome):
        make_coding(entry)

        with pytest.raises(ActionRefused, match="coding this entry a second time"):
            decide(entry, reviewer=reviewer, outcome=outcome, note="So be it.")

        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED

    def test_an_offer_that_nobody_took_ends_with_the_decision(self, entry, reviewer):
        coding = offer_coding(entry, by=reviewer)

        decide(entry, reviewer=reviewer, outcome="publish")

        coding.refresh_from_db()
        assert coding.state == "withdrawn"

    def test_published_in_dispute_it_stays_in_dispute(self, entry, reviewer):
        coding = make_coding(entry, rows=[same(effect=1)])

        decide(entry, reviewer=reviewer, outcome="publish")

        assert Finding.objects.accepted().get().disputed
        assert coding in Coding.objects.to_reconcile()

    def test_what_is_sent_back_is_not_reconciled(self, entry, reviewer):
        make_coding(entry, rows=[same(effect=1)])

        decide(entry, reviewer=reviewer, outcome="return", note="Code it anew.")

        coding = entry.codings.compared().get()
        assert coding.settled_at and not coding.awaits_reconciling
        assert coding.lines.exists()

    def test_a_withdrawal_ends_what_is_under_way(self, published):
        coding = make_coding(published)

        withdraw(published, by=make_user("curator"), reason="It was wrong.")

        coding.refresh_from_db()
        assert coding.state == "withdrawn"

    def test_a_blind_curator_neither_corrects_nor_withdraws(self, published):
        curator = make_user("curator")
        make_coding(published, coder=curator)

        with pytest.raises(ActionRefused, match="blind"):
            withdraw(published, by=curator, reason="A way round.")
        with pytest.raises(ActionRefused, match="blind"):
            correction(published, curator, finding_row(effect=1))


def correction(entry, by, row):
    return correct(
        entry, by=by, reason="Why.", facts={}, sources=[source_row()], findings=[row]
    )


class TestCorrections:
    @pytest.mark.parametrize("form", ["decision", "", None])
    def test_the_same_codes_in_better_words_are_still_those_of_two(
        self, published, form
    ):
        make_coding(published, rows=[same()])

        correction(
            published,
            make_user("curator"),
            finding_row(form=form, rationale="Better said."),
        )

        finding = Finding.objects.accepted().get()
        assert finding.rationale == "Better said."
        assert finding.coded_twice and finding.second_coding

    @pytest.mark.parametrize("changed", [{"effect": 1}, {"occasion": False}])
    def test_other_codes_are_those_of_one(self, published, changed):
        make_coding(published, rows=[same()])

        correction(published, make_user("curator"), finding_row(**changed))

        finding = Finding.objects.accepted().get()
        assert not finding.coded_twice and finding.second_coding is None

    def test_a_dispute_outlives_a_correction(self, published):
        make_coding(published, rows=[same(effect=1)])

        correction(published, make_user("curator"), finding_row(effect=2))

        assert Finding.objects.accepted().get().disputed


class TestSamples:
    @pytest.fixture
    def entries(self, author):
        make_criterion()
        return [make_evidence(by=author) for _number in range(8)]

    def drawn(self):
        return set(
            Coding.objects.filter(purpose="drift").values_list("evidence", flat=True)
        )

    def test_the_same_seed_draws_the_same(self, entries):
        draw_sample(year=2025, size=3, seed="a lot")
        first = self.drawn()
        Coding.objects.all().delete()

        draw_sample(year=2026, size=3, seed="a lot")

        assert self.drawn() == first and len(first) == 3

    def test_another_seed_draws_others(self, entries):
        draw_sample(year=2025, size=3, seed="a lot")
        first = self.drawn()
        Coding.objects.all().delete()

        draw_sample(year=2026, size=3, seed="another")

        assert self.drawn() != first

    def test_it_says_what_it_was_drawn_from(self, entries):
        make_evidence(State.SUBMITTED)
        make_coding(entries[0])

        sample = draw_sample(year=2025, size=7, seed="x")

        assert (sample.size, sample.population) == (7, 7)
        assert entries[0].pk not in self.drawn()

    @pytest.mark.parametrize("size", [0, 9])
    def test_no_more_than_there_are(self, entries, size):
        with pytest.raises(ActionRefused, match="at most 8"):
            draw_sample(year=2025, size=size, seed="x")

        assert not Sample.objects.exists()

    def test_one_a_year(self, entries):
        draw_sample(year=2025, size=1, seed="x")

        with pytest.raises(ActionRefused, match="2025 is drawn"):
            draw_sample(year=2025, size=1, seed="y")

    def test_given_back_it_stays_in_the_sample(self, entries):
        sample = draw_sample(year=2025, size=1, seed="x")
        coding = pick_up(sample.codings.get(), by=make_user("researcher"), unread=True)

        give_back(coding, by=coding.coder, reason="No time.")

        assert sample.codings.live().get().purpose == "drift"
