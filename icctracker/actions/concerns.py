"""What a person may still be told when a message is sent, and would want to know."""

from functools import cached_property

from django.utils import timezone

from icctracker.due import criteria_unsearched
from icctracker.models import (
    Assessment,
    Coding,
    Evidence,
    Notice,
    Proposal,
    Response,
    User,
)

Kind = Notice.Kind
_NEEDED = {
    Kind.NEW_ENTRY: "icctracker.review_evidence",
    Kind.CODING: "icctracker.code_evidence",
    Kind.RESPONSE: "icctracker.review_evidence",
    Kind.DUE: "icctracker.curate_evidence",
}


class Concerns:
    """What still concerns one person; asked once, whatever the number of notices."""

    def __init__(self, person):
        self.person = person

    def include(self, notice):
        """Whether the person may be told this, and it is still so.

        Whoever codes an entry blind is told nothing about it but to code it.
        """
        person = self.person
        if not person.is_active or person.mail == User.Mail.NEVER or not person.email:
            return False
        if not person.has_perm(self._needed(notice)):
            return False
        if notice.kind == Kind.CODING:
            return notice.evidence_id in self.blinding
        if notice.evidence_id in self.blinding:
            return False
        still_so = getattr(self, f"_{notice.kind.replace('-', '_')}")
        return still_so(notice)

    def _needed(self, notice):
        if notice.kind == Kind.PROPOSAL and not notice.outcome:
            return "icctracker.review_evidence"
        return _NEEDED.get(notice.kind, "icctracker.add_evidence")

    def _decision(self, notice):
        return notice.evidence.submitted_by_id == self.person.pk

    def _new_entry(self, notice):
        return notice.evidence.state == Evidence.State.SUBMITTED

    def _comment(self, notice):
        own = notice.evidence.submitted_by_id == self.person.pk
        return own or self.person.has_perm("icctracker.review_evidence")

    def _response(self, notice):
        return (notice.evidence_id, notice.recommendation_id) in self.unanswered

    def _proposal(self, notice):
        return bool(notice.outcome) or notice.evidence_id in self.proposed

    def _due(self, notice):
        if not notice.recommendation_id:
            return self.unsearched
        decided = self.assessed.get(notice.recommendation_id)
        return decided is None or decided < notice.created_at

    @cached_property
    def blinding(self):
        """The entries that the person is coding blind."""
        codings = Coding.objects.blinding(self.person)
        return set(codings.values_list("evidence", flat=True))

    @cached_property
    def unanswered(self):
        """What the responses that nobody has answered are about."""
        waiting = Response.objects.waiting()
        return set(waiting.values_list("evidence", "recommendation"))

    @cached_property
    def proposed(self):
        """The entries with a proposed finding that nobody has decided on."""
        return set(Proposal.objects.waiting().values_list("evidence", flat=True))

    @cached_property
    def assessed(self):
        """When each recommendation was last assessed."""
        recorded = Assessment.objects.order_by("recorded_at")
        return dict(recorded.values_list("recommendation", "recorded_at"))

    @cached_property
    def unsearched(self):
        """Whether any criterion has not been searched this year."""
        return bool(criteria_unsearched(timezone.localdate()))
