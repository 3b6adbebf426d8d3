from datetime import date, timedelta

import pytest
from django.utils import timezone

from icctracker.actions.review import correct
from icctracker.models import Dissent, Finding
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

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def finding():
    return make_evidence().findings.get()


def make_dissent(finding, **fields):
    given = {"finding": finding, "effect": 1, "reason": "It is otherwise."} | fields
    if "author" not in given:
        given["author"] = make_user("researcher")
    return Dissent.objects.create(**given)


class TestDissent:
    def test_once_withdrawn_its_author_may_dissent_again(self, finding):
        author = make_user("researcher")
        first = make_dissent(finding, author=author)

        first.withdrawn_at, first.withdrawal_reason = timezone.now(), "Wrong."
        first.save()
        assert make_dissent(finding, author=author)


class TestDispute:
    """A dissent on record puts its finding in dispute, by both clocks."""

    @pytest.fixture
    def dissent(self, finding):
        Finding.objects.update(coded_twice=True)
        return make_dissent(
            finding, confirmed_by=make_user("reviewer"), confirmed_at=timezone.now()
        )

    def doubted(self, finding, known_at=None):
        result = result_for(
            finding.criterion.recommendation, timezone.localdate(), known_at
        )
        return "single-coded" in result.doubts

    def test_a_finding_coded_twice_is_in_doubt_again(self, finding, dissent):
        assert self.doubted(finding)

    def test_one_that_nobody_confirmed_changes_nothing(self, finding):
        Finding.objects.update(coded_twice=True)
        make_dissent(finding)

        assert not self.doubted(finding)

    def test_from_its_confirmation_to_its_withdrawal(self, finding, dissent):
        confirmed, taken_back = dissent.confirmed_at, timezone.now()
        dissent.withdrawn_at, dissent.withdrawal_reason = taken_back, "I was wrong."
        dissent.save()

        known = [confirmed - MOMENT, confirmed, taken_back - MOMENT, taken_back]
        expected = [False, True, True, False]
        assert [self.doubted(finding, at) for at in known] == expected
        assert not self.doubted(finding)

    def test_it_changes_no_status(self, finding):
        recommendation = finding.criterion.recommendation
        before = result_for(recommendation, timezone.localdate()).status

        make_dissent(
            finding,
            effect=2,
            confirmed_by=make_user("reviewer"),
            confirmed_at=timezone.now(),
        )

        assert result_for(recommendation, timezone.localdate()).status == before


class TestDisputeOutlivesWhatSettlesNothing:
    """What takes the place of a finding inherits the dispute, not its answer."""

    @pytest.fixture
    def dissent(self, finding):
        return make_dissent(
            finding, confirmed_by=make_user("reviewer"), confirmed_at=timezone.now()
        )

    def correction(self, finding, criterion=None, facts=None, **codes):
        row = finding_row(criterion or finding.criterion, **codes)
        return correct(
            finding.evidence,
            by=make_user("curator"),
            reason="Why.",
            facts=facts or {},
            sources=[source_row()],
            findings=[row],
        )

    def disputed(self, known_at=None):
        accepted = Finding.objects.accepted(known_at).with_dispute(known_at)
        return accepted.get().in_dispute

    def test_a_second_coding_that_agrees(self, finding, dissent):
        make_coding(finding.evidence, rows=[finding_row(finding.criterion)])

        assert Finding.objects.accepted().get().coded_twice
        assert self.disputed()

    def test_a_correction_of_the_date_alone(self, finding, dissent):
        self.correction(finding, facts={"occurred_on": date(2014, 5, 23)})

        assert Finding.objects.accepted().get() != finding
        assert self.disputed()

    def test_a_correction_to_an_effect_that_is_not_theirs_either(
        self, finding, dissent
    ):
        self.correction(finding, effect=2)

        assert self.disputed()

    def test_a_later_version_of_the_codebook(self, finding, dissent):
        later = make_criterion(
            recommendation=finding.criterion.recommendation,
            codebook=make_codebook("1.1", date(2015, 1, 1)),
            meaning=finding.criterion.meaning + 1,
        )
        self.correction(finding, later)

        assert Finding.objects.accepted().get().criterion == later
        assert self.disputed()

    def test_it_is_settled_by_the_effect_they_would_give(self, finding, dissent):
        before = timezone.now()
        self.correction(finding, effect=dissent.effect)

        assert not self.disputed()
        assert self.disputed(before)

    def test_or_once_the_dissent_is_taken_back(self, finding, dissent):
        self.correction(finding, facts={"occurred_on": date(2014, 5, 23)})
        dissent.withdrawn_at, dissent.withdrawal_reason = timezone.now(), "Wrong."
        dissent.save()

        assert not self.disputed()
        assert self.disputed(dissent.withdrawn_at - MOMENT)

    def test_a_finding_on_another_criterion_is_not_drawn_in(self, finding, dissent):
        self.correction(finding, make_criterion("7b"))

        assert not self.disputed()

    def test_nor_is_one_of_another_entry(self, finding, dissent):
        other = make_evidence(findings=[finding_row(finding.criterion)])

        found = Finding.objects.accepted().with_dispute().filter(evidence=other)
        assert not found.get().in_dispute
