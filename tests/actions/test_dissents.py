"""Dissent: put on record, confirmed by another, taken back."""

from datetime import date

import pytest

from icctracker.actions import ActionRefused
from icctracker.actions.answering import (
    confirm,
    dissent_from_assessment,
    dissent_from_finding,
    refuse,
    take_back,
)
from icctracker.actions.review import withdraw
from icctracker.actions.status import assess
from icctracker.models import Dissent, Evidence
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding():
    return make_evidence(by=make_user("researcher")).findings.get()


@pytest.fixture
def dissent(finding):
    return from_finding(finding, make_user("researcher"))


def from_finding(finding, by, **said):
    said = {"effect": -1, "reason": "It was a minor breach."} | said
    return dissent_from_finding(finding, by=by, **said)


class TestFromAFinding:
    def test_any_coder_may_and_it_waits(self, finding):
        made = from_finding(finding, make_user("researcher"))

        assert list(Dissent.objects.waiting()) == [made]
        assert not Dissent.objects.public().exists()

    def test_the_finding_stays_as_it_is(self, finding):
        from_finding(finding, make_user("researcher"))

        finding.refresh_from_db()
        assert (finding.effect, finding.retired_at) == (-2, None)

    def test_nobody_dissents_from_their_own(self, finding):
        with pytest.raises(ActionRefused, match="coded this finding yourself"):
            from_finding(finding, finding.coded_by)

    def test_nor_agrees_by_dissenting(self, finding):
        with pytest.raises(ActionRefused, match="this effect already"):
            from_finding(finding, make_user("researcher"), effect=-2)

    def test_nor_says_it_twice(self, finding):
        coder = make_user("researcher")
        from_finding(finding, coder)

        with pytest.raises(ActionRefused, match="on the record already"):
            from_finding(finding, coder, effect=1)

    def test_nor_without_a_reason(self, finding):
        with pytest.raises(ActionRefused, match="Say why"):
            from_finding(finding, make_user("researcher"), reason="  ")

    def test_somebody_without_a_role_may_not(self, finding):
        with pytest.raises(ActionRefused, match="role"):
            from_finding(finding, make_user())

    def test_what_no_longer_stands_is_not_dissented_from(self, finding):
        withdraw(finding.evidence, by=make_user("curator"), reason="It was wrong.")
        finding.refresh_from_db()

        with pytest.raises(ActionRefused, match="no longer stands"):
            from_finding(finding, make_user("researcher"))

    def test_nor_is_what_was_never_accepted(self):
        waiting = make_evidence(Evidence.State.SUBMITTED)

        with pytest.raises(ActionRefused, match="no longer stands"):
            from_finding(waiting.findings.get(), make_user("researcher"))


class TestFromAnAssessment:
    @pytest.fixture
    def assessment(self, finding):
        return self.assess(finding)

    def assess(self, finding):
        return assess(
            finding.criterion.recommendation,
            by=make_user("curator"),
            as_of=date(2020, 1, 1),
            decided="limited",
            rationale="So I read it.",
        )

    def test_any_coder_may(self, assessment):
        made = dissent_from_assessment(
            assessment, by=make_user("reviewer"), status="followed", reason="It is."
        )

        assert (made.status, made.would_say) == ("followed", "Followed")

    @pytest.mark.parametrize(
        ("own", "status", "said"),
        [(True, "followed", "yourself"), (False, "limited", "what was decided")],
    )
    def test_not_from_ones_own_nor_to_say_the_same(self, assessment, own, status, said):
        by = assessment.assessed_by if own else make_user("reviewer")

        with pytest.raises(ActionRefused, match=said):
            dissent_from_assessment(assessment, by=by, status=status, reason="Why.")

    def test_not_from_one_that_has_been_followed_by_another(self, finding, assessment):
        self.assess(finding)

        with pytest.raises(ActionRefused, match="newer assessment"):
            dissent_from_assessment(
                assessment, by=make_user("reviewer"), status="followed", reason="Why."
            )


class TestConfirming:
    def test_a_reviewer_puts_it_on_the_page(self, dissent):
        confirm(dissent, by=make_user("reviewer"))

        assert list(Dissent.objects.on_record()) == [dissent]

    def test_not_its_own_author(self, finding):
        reviewer = make_user("reviewer")
        own = from_finding(finding, reviewer)

        with pytest.raises(ActionRefused, match="other than its author"):
            confirm(own, by=reviewer)

    def test_nor_a_researcher(self, dissent):
        with pytest.raises(ActionRefused, match="role"):
            confirm(dissent, by=make_user("researcher"))

    def test_abuse_is_kept_off_the_page_with_a_reason(self, dissent):
        with pytest.raises(ActionRefused, match="Say why"):
            refuse(dissent, by=make_user("reviewer"), reason=" ")

        refuse(dissent, by=make_user("reviewer"), reason="It insults a colleague.")

        assert not Dissent.objects.public().exists()
        assert Dissent.objects.get().refusal_reason == "It insults a colleague."

    def test_it_is_decided_once(self, dissent):
        confirm(dissent, by=make_user("reviewer"))

        with pytest.raises(ActionRefused, match="already"):
            refuse(dissent, by=make_user("reviewer"), reason="Late.")


class TestTakingBack:
    def test_it_leaves_the_record_and_stays_readable(self, dissent):
        confirm(dissent, by=make_user("reviewer"))

        take_back(dissent, by=dissent.author, reason="I misread the text.")

        assert not Dissent.objects.on_record().exists()
        assert Dissent.objects.public().get().withdrawal_reason == "I misread the text."

    def test_only_its_author_may(self, dissent):
        with pytest.raises(ActionRefused, match="Only its author"):
            take_back(dissent, by=make_user("curator"), reason="It annoys me.")

    def test_once(self, dissent):
        take_back(dissent, by=dissent.author, reason="I misread the text.")

        with pytest.raises(ActionRefused, match="no longer stands"):
            take_back(dissent, by=dissent.author, reason="Again.")
