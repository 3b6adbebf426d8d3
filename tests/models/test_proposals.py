"""What the database itself refuses of proposed findings."""

import pytest

from icctracker.models import Proposal
from tests.factories import make_criterion, make_evidence, make_user

from .refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    make_criterion()
    return Proposal.objects.create(
        evidence=make_evidence(),
        criterion=make_criterion("7b"),
        proposed_by=make_user("researcher"),
        effect=1,
        rationale="It says so.",
    )


class TestProposals:
    def test_one_person_proposes_a_thing_once_at_a_time(self, proposal):
        proposal.pk = None

        with refused_by("proposal_waits_once"):
            proposal.save(force_insert=True)

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("proposal_effect_in_range", {"effect": 3}),
            ("proposal_has_a_reason", {"rationale": ""}),
            ("proposal_is_decided_or_waits", {"outcome": "accepted"}),
            ("proposal_is_decided_or_waits", {"outcome": "declined"}),
        ],
    )
    def test_what_cannot_be(self, proposal, name, values):
        with refused_by(name):
            Proposal.objects.filter(pk=proposal.pk).update(**values)
