"""The one table of what may become of an entry, and that every action keeps to it."""

import pytest

from icctracker.actions import ActionRefused
from icctracker.actions.entries import SUBMIT, TRANSITIONS, submit
from icctracker.actions.review import correct, decide, withdraw
from icctracker.models import Evidence, ReviewDecision
from tests.factories import finding_row, make_evidence, make_user, source_row

pytestmark = pytest.mark.django_db

State, Outcome = Evidence.State, ReviewDecision.Outcome


def take(step, entry, author):
    """Take a step by the one action there is for it."""
    if step == SUBMIT:
        return submit(entry, by=author)
    curator = make_user("curator")
    if step == Outcome.WITHDRAW:
        return withdraw(entry, by=curator, reason="It was wrong.")
    if step == Outcome.CORRECT:
        facts = {"sources": [source_row()], "findings": [finding_row()]}
        return correct(entry, by=curator, reason="A slip.", facts={}, **facts)
    return decide(entry, reviewer=curator, outcome=step, note="So it is.")


class TestTransitions:
    def test_every_outcome_of_a_decision_is_in_the_table(self):
        assert set(TRANSITIONS) == {SUBMIT, *Outcome}

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("step", TRANSITIONS)
    def test_a_step_leads_where_the_table_says_or_is_refused(self, step, state):
        author = make_user("researcher")
        entry = make_evidence(state, by=author)
        allowed, leads_to = TRANSITIONS[step]

        if state in allowed:
            take(step, entry, author)
        else:
            with pytest.raises(ActionRefused):
                take(step, entry, author)

        entry.refresh_from_db()
        assert entry.state == (leads_to if state in allowed else state)
        decided = step != SUBMIT and state in allowed
        assert entry.decisions.count() == decided
