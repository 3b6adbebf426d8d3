"""The one table of what may become of an entry."""

from typing import NamedTuple

from icctracker.models import Evidence, ReviewDecision

State, Outcome = Evidence.State, ReviewDecision.Outcome


class Transition(NamedTuple):
    """From which states a step may be taken, and the state it leads to."""

    allowed_from: frozenset
    leads_to: str


def _step(*allowed_from, to):
    return Transition(frozenset(allowed_from), to)


SUBMIT = "submit"
# One step each; every step but the first, which is its author's, is a ReviewDecision.
# Whoever closes the account submits what was sent back to them by leaving.
TRANSITIONS = {
    SUBMIT: _step(*Evidence.EDITABLE, to=State.SUBMITTED),
    Outcome.PUBLISH: _step(State.SUBMITTED, to=State.PUBLISHED),
    Outcome.RETURN: _step(State.SUBMITTED, to=State.RETURNED),
    Outcome.DECLINE: _step(State.SUBMITTED, to=State.DECLINED),
    Outcome.CORRECT: _step(State.PUBLISHED, to=State.PUBLISHED),
    Outcome.WITHDRAW: _step(State.PUBLISHED, to=State.WITHDRAWN),
}
