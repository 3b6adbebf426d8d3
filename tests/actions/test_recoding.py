"""Coding findings again under a draft, and publishing the two in one step."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.codebook import (
    discard,
    drop_criterion,
    publish,
    restore_criterion,
    revise_criterion,
)
from icctracker.actions.recoding import confirm_many, recode, take_back
from icctracker.actions.review import correct
from icctracker.actions.status import write_standings
from icctracker.models import (
    Codebook,
    DataVersion,
    Evidence,
    ExportLine,
    Finding,
    Recoding,
)
from icctracker.readings import recoding as readings
from icctracker.readings.consistency import disagreements
from icctracker.readings.exports import lines_of
from icctracker.readings.standing import standing_of, standings
from icctracker.readings.versions import preview
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

TODAY = date(2016, 1, 1)


@pytest.fixture
def criterion():
    return make_criterion("7a", kind="sustain")


@pytest.fixture
def curator():
    return make_user("curator")


@pytest.fixture
def entries(criterion):
    # A statement: no votes, so that none are missing.
    facts = {"kind": "statement", "symbol": "", "meeting": ""}
    rows = [finding_row(effect=2, form="signal")]
    other = finding_row(make_criterion("9a"), form="signal")
    return [
        make_evidence(findings=rows, **facts),
        make_evidence(findings=rows, **facts),
        make_evidence(findings=[*rows, other], **facts),
    ]


@pytest.fixture
def draft(entries, curator):
    """A draft that asks something else of the one criterion."""
    draft = make_draft(curator)
    revise_criterion(
        draft.criteria.get(code="7a"), by=curator, recode=True, counts="Deeds."
    )
    draft.refresh_from_db()
    return draft


def ask_anew(draft, curator, counts):
    criterion = draft.criteria.get(code="7a")
    revise_criterion(criterion, by=curator, recode=True, counts=counts)


def finding_of(entry):
    return entry.findings.accepted().get(criterion__code="7a")


def progress_of(draft):
    [found] = readings.progress(draft, readings.asked_anew(draft))
    return found


def publish_all(draft, by, **given):
    return publish(draft, by=by, reason="A sharper test.", **given)


class TestCodingAgain:
    def test_what_stands_what_changes_and_what_falls_silent_are_told_apart(
        self, draft, entries, curator
    ):
        one, two, three = map(finding_of, entries)

        confirm_many(draft, [one], by=curator)
        recode(draft, two, by=curator, effect=-1, rationale="Words alone.")
        recode(draft, three, by=curator, silent=True, rationale="Of another court.")

        found = progress_of(draft)
        assert (found.stands, found.changed, found.silent, found.left) == (1, 1, 1, 0)

    def test_until_it_is_published_it_counts_for_nothing(self, draft, entries, curator):
        before = standing_of(draft.criteria.get(code="7a").recommendation, TODAY)
        version = DataVersion.objects.current()

        recode(draft, finding_of(entries[0]), by=curator, effect=-2, rationale="No.")

        after = standing_of(draft.criteria.get(code="7a").recommendation, TODAY)
        assert after.case == before.case
        assert DataVersion.objects.current() == version
        assert not Recoding.objects.visible_to(make_user("reviewer"))
        assert Recoding.objects.visible_to(curator).count() == 1

    def test_what_is_not_given_stays_and_the_same_again_writes_nothing(
        self, draft, entries, curator
    ):
        finding = finding_of(entries[0])
        first = recode(draft, finding, by=curator, effect=1)
        second = recode(draft, finding, by=curator, effect=1, seen="as it was")

        assert second == first
        assert (second.version, second.rationale) == (1, finding.rationale)

    @pytest.mark.parametrize(
        ("codes", "why"),
        [
            ({"silent": True}, "no longer speaks"),
            ({"effect": 1, "rationale": " "}, "Give the reason"),
            ({"form": "binding"}, "Say why"),
        ],
        ids=["silent", "reason", "form"],
    )
    def test_a_coding_says_why(self, draft, entries, curator, codes, why):
        with pytest.raises(ActionRefused, match=why):
            recode(draft, finding_of(entries[0]), by=curator, **codes)

    @pytest.mark.parametrize("role", [None, "researcher", "reviewer"])
    def test_it_is_for_curators(self, draft, entries, role):
        other, finding = make_user(role), finding_of(entries[0])
        for attempt in (
            lambda: recode(draft, finding, by=other, effect=1),
            lambda: confirm_many(draft, [finding], by=other),
            lambda: take_back(draft, finding, by=other),
        ):
            with pytest.raises(ActionRefused, match="role"):
                attempt()

    def test_whoever_codes_the_entry_blind_does_not_code_it_again(
        self, draft, entries, curator
    ):
        make_coding(entries[0], coder=curator, by=make_user("curator"))

        with pytest.raises(ActionRefused, match="blind"):
            recode(draft, finding_of(entries[0]), by=curator, effect=1)
        confirm_many(draft, [finding_of(entries[0])], by=make_user("curator"))
        assert not Recoding.objects.visible_to(curator)

    def test_nobody_confirms_what_they_did_not_see(self, draft, entries, curator):
        one, two = map(finding_of, entries[:2])
        test = draft.criteria.get(code="7a")
        seen = {each.pk: readings.stamp(each, None, test) for each in (one, two)}
        recode(draft, two, by=make_user("curator"), effect=-1)

        with pytest.raises(EditConflict, match="coded this again"):
            confirm_many(draft, [one, two], by=curator, seen=seen)

        assert progress_of(draft).stands == 0
        assert confirm_many(draft, [one], by=curator, seen=seen)

    def test_what_the_draft_does_not_ask_anew_is_not_coded_again(
        self, entries, curator
    ):
        draft = make_draft(curator)

        with pytest.raises(ActionRefused, match="does not change"):
            recode(draft, finding_of(entries[0]), by=curator, effect=1)

    def test_a_dispute_is_settled_first(self, draft, entries, curator):
        make_coding(entries[0], rows=[finding_row(effect=-2)])

        with pytest.raises(ActionRefused, match="reconcile"):
            recode(draft, finding_of(entries[0]), by=curator, effect=1)

    def test_whoever_coded_it_again_is_no_second_coder(self, draft, entries, curator):
        confirm_many(draft, [finding_of(entries[0])], by=curator)

        with pytest.raises(ActionRefused, match="coded an entry already"):
            make_coding(entries[0], coder=curator, by=make_user("curator"))

    def test_it_can_be_taken_back(self, draft, entries, curator):
        finding = finding_of(entries[0])
        confirm_many(draft, [finding], by=curator)

        take_back(draft, finding, by=curator)

        assert progress_of(draft).left == 3
        with pytest.raises(ActionRefused, match="nothing to take back"):
            take_back(draft, finding, by=curator)

    def test_what_comes_with_the_data_is_coded_by_nobody(self, draft, entries):
        made = recode(draft, finding_of(entries[0]), by=None, effect=1)

        assert made.coded_by is None


class TestKeepingCodings:
    def test_other_words_of_the_test_leave_it_to_be_looked_at_again(
        self, draft, entries, curator
    ):
        confirm_many(draft, [finding_of(entries[0])], by=curator)

        revise_criterion(
            draft.criteria.get(code="7a"), by=curator, recode=True, counts="Acts."
        )

        assert (progress_of(draft).left, preview(draft, TODAY).unused) == (3, 1)
        confirm_many(draft, [finding_of(entries[0])], by=curator)
        assert (progress_of(draft).left, preview(draft, TODAY).unused) == (2, 0)

    @pytest.mark.parametrize("without", ["restored", "dropped"])
    def test_it_outlives_that_the_criterion_goes_and_comes_back(
        self, draft, entries, curator, without
    ):
        confirm_many(draft, [finding_of(entries[0])], by=curator)
        criterion = draft.criteria.get(code="7a")
        if without == "restored":
            restore_criterion(draft, "7a", by=curator)
        else:
            drop_criterion(criterion, by=curator)
            assert preview(draft, TODAY).unused == 1
            restore_criterion(draft, "7a", by=curator)

        revise_criterion(
            draft.criteria.get(code="7a"), by=curator, recode=True, counts="Deeds."
        )

        assert progress_of(draft).stands == 1

    def test_what_is_corrected_meanwhile_is_left(self, draft, entries, curator):
        entry = entries[0]
        confirm_many(draft, [finding_of(each) for each in entries], by=curator)
        correct(
            entry,
            by=curator,
            reason="Read again.",
            facts={},
            sources=[source_row()],
            findings=[finding_row(effect=1, form="signal")],
        )

        assert progress_of(draft).left == 1

    def test_discarding_the_draft_takes_saying_how_many_codings_go(
        self, draft, entries, curator
    ):
        confirm_many(draft, [finding_of(each) for each in entries], by=curator)

        with pytest.raises(ActionRefused, match="3 findings were coded again"):
            discard(draft, by=curator)
        with pytest.raises(EditConflict):
            discard(draft, by=curator, codings=2)
        assert Recoding.objects.count() == 3
        discard(draft, by=curator, codings=3)
        assert not Recoding.objects.exists()


class TestPublishing:
    @pytest.fixture
    def coded(self, draft, entries, curator):
        one, two, three = map(finding_of, entries)
        confirm_many(draft, [one], by=curator)
        recode(draft, two, by=curator, effect=-1, rationale="Words alone.")
        recode(draft, three, by=curator, silent=True, rationale="Of another court.")
        return draft

    def test_the_preview_is_what_then_stands(self, coded, curator):
        owner = coded.criteria.get(code="7a").recommendation
        [then] = standings(TODAY, recommendations=[owner], version=coded)

        publish_all(coded, curator)

        now = standing_of(owner, TODAY)
        facts = [(f.date, f.effect, f.tier, f.publisher) for f in now.case.findings]
        assert facts == [
            (f.date, f.effect, f.tier, f.publisher) for f in then.case.findings
        ]
        assert now.suggested == then.suggested

    def test_each_finding_is_superseded_at_the_instant_of_the_version(
        self, coded, entries, curator
    ):
        old = [finding_of(each) for each in entries]

        published = publish_all(coded, curator)

        at = published.published_at
        on_it = Finding.objects.current().filter(criterion__code="7a")
        new = [on_it.filter(evidence=each).first() for each in entries]
        assert [f and f.effect for f in new] == [2, -1, None]
        assert [f.supersedes for f in new[:2]] == old[:2]
        assert {f.criterion.codebook for f in new[:2]} == {published}
        assert {f.accepted_at for f in new[:2]} == {at}
        assert set(
            Finding.objects.filter(pk__in=[f.pk for f in old]).values_list(
                "retired_at", flat=True
            )
        ) == {at}
        assert (published.coded_again, published.silent_since) == (2, 1)

    def test_the_last_finding_of_an_entry_stays_but_counts_no_more(
        self, draft, entries, curator
    ):
        confirm_many(draft, map(finding_of, entries[1:]), by=curator)
        only = finding_of(entries[0])
        recode(draft, only, by=curator, silent=True, rationale="Of another court.")

        published = publish_all(draft, curator)

        assert finding_of(entries[0]) == only
        assert only not in Finding.objects.accepted().under(published)
        assert published.silent_since == 1

    def test_what_was_known_before_stays_as_it_was(self, coded, curator):
        owner = coded.criteria.get(code="7a").recommendation
        instant = timezone.now()
        before = standing_of(owner, TODAY, instant)

        published = publish_all(coded, curator)

        just_before = published.published_at - timedelta(microseconds=1)
        assert standing_of(owner, TODAY, instant).case == before.case
        assert standing_of(owner, TODAY, just_before).case == before.case
        assert standing_of(owner, TODAY, published.published_at).case != before.case

    # The version moves once a transaction.
    @pytest.mark.django_db(transaction=True)
    def test_everything_that_follows_from_it_follows(self, coded, entries, curator):
        write_standings()
        version = DataVersion.objects.current()

        publish_all(coded, curator)

        faults = list(disagreements(timezone.localdate()))
        # No decision published these entries of a test.
        assert [each for each in faults if "nobody decided so" not in each] == []
        assert DataVersion.objects.current() != version
        kept = dict(ExportLine.objects.values_list("pk", "text"))
        keys = [entry.pk for entry in entries]
        assert kept == {key: text for key, text, _slug in lines_of(keys)}

    def test_each_entry_gets_a_version_that_says_so(self, coded, entries, curator):
        publish_all(coded, curator)

        for entry in entries:
            edition = entry.editions.current().get()
            assert (edition.number, edition.codebook_id) == (2, coded.pk)
            assert Evidence.objects.get(pk=entry.pk).version == entry.version + 1

    def test_what_is_left_is_left_explicitly_and_on_record(
        self, draft, entries, curator
    ):
        confirm_many(draft, [finding_of(entries[0])], by=curator)

        with pytest.raises(ActionRefused, match="2 findings are not coded again"):
            publish_all(draft, curator)
        with pytest.raises(EditConflict, match="number of findings"):
            publish_all(draft, curator, leave=3, leave_reason="So.")
        with pytest.raises(ActionRefused, match="why these findings are left"):
            publish_all(draft, curator, leave=2, leave_reason=" ")
        published = publish_all(draft, curator, leave=2, leave_reason="Lost.")

        assert (published.not_coded_again, published.not_coded_reason) == (2, "Lost.")
        assert finding_of(entries[1]).criterion.codebook != published

    def test_what_was_read_is_what_is_published(self, draft, entries, curator):
        confirm_many(draft, [finding_of(each) for each in entries], by=curator)
        token = preview(draft, timezone.localdate()).token
        recode(draft, finding_of(entries[0]), by=make_user("curator"), effect=1)

        with pytest.raises(EditConflict, match="while you were"):
            publish_all(draft, curator, token=token)

        assert Codebook.objects.draft()

    def test_a_second_coding_was_of_the_earlier_test(self, draft, entries, curator):
        make_coding(entries[0], rows=[finding_row(effect=2, form="signal")])
        assert finding_of(entries[0]).coded_twice
        confirm_many(draft, [finding_of(each) for each in entries], by=curator)

        publish_all(draft, curator)

        assert not finding_of(entries[0]).coded_twice

    def test_a_clock_that_was_ahead_keeps_the_order(self, coded, entries, curator):
        ahead = timezone.now() + timedelta(hours=1)
        entries[0].editions.update(at=ahead)

        published = publish_all(coded, curator)

        assert published.published_at > ahead

    def test_hundreds_take_as_many_queries_as_a_few(self, draft, entries, curator):
        few = self.queries(draft, curator)
        again = make_draft(curator, version="1.2")
        revise_criterion(
            again.criteria.get(code="7a"), by=curator, recode=True, counts="Yes."
        )
        for _number in range(20):
            make_evidence(
                kind="statement",
                symbol="",
                meeting="",
                findings=[
                    finding_row(Codebook.objects.in_force().criteria.get(code="7a"))
                ],
            )

        assert self.queries(again, curator) <= few

    def queries(self, draft, curator):
        due = readings.to_code(draft, readings.asked_anew(draft))
        confirm_many(draft, list(due), by=curator)
        write_standings()
        with CaptureQueriesContext(connection) as queries:
            publish_all(draft, curator)
        return len(queries)
