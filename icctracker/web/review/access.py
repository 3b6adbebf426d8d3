"""Who may sit at the review desk, and the pages that it has."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from icctracker.models import Coding, Dissent, Evidence, Proposal, Response
from icctracker.readings.present import present
from icctracker.readings.standing import (
    criteria_unsearched,
    reviews_ahead,
    reviews_due,
)
from icctracker.web.kit.answers import version_shown
from icctracker.web.kit.fragments import made_once
from icctracker.web.kit.kept import NothingLost
from icctracker.web.kit.tabs import Tab, TabbedMixin, few


class ReviewTabs(TabbedMixin):
    """A page of the review desk, with the way to all the others."""

    tab = "review-queue"

    @cached_property
    def standings(self):
        """Where every recommendation stands today."""
        return present(timezone.localdate())

    @cached_property
    def due(self):
        """The assessments that are due."""
        return reviews_due(self.standings)

    @cached_property
    def unsearched(self):
        """The criteria that nobody has searched for a year."""
        return criteria_unsearched(timezone.localdate())

    def get_tabs(self):
        user = self.request.user
        if not user.has_perm("icctracker.review_evidence"):
            return []
        tabs = [
            Tab("review-queue", _("Queue"), self._queued()),
            Tab("reconcile-list", _("Reconcile"), self._to_reconcile()),
            Tab("response-queue", _("Corrections and replies"), self._to_answer()),
            Tab("due-list", _("Due"), self._due()),
        ]
        if user.has_perm("icctracker.add_assessment"):
            tabs.append(Tab("assessment-list", _("Assess")))
        if user.has_perm("icctracker.change_codebook"):
            tabs.append(Tab("codebook-draft", _("Codebook")))
        if user.has_perm("icctracker.change_ruleset"):
            tabs.append(Tab("ruleset-draft", _("Rule")))
        return tabs

    def _queued(self):
        entries = Evidence.objects.submitted().without_blind(self.request.user)
        return few(entries) + few(Proposal.objects.waiting())

    def _due(self):
        """The same for every reviewer, so it is counted once for each version."""
        version, name = version_shown(self.request), f"due on {timezone.localdate()}"
        counted = made_once(
            version, name, lambda: str(len(self.due) + len(self.unsearched))
        )
        return int(counted)

    def _to_reconcile(self):
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        return few(Coding.objects.to_reconcile().exclude(evidence__in=blind))

    def _to_answer(self):
        return few(Response.objects.waiting()) + few(Dissent.objects.waiting())


class ReviewAccess(NothingLost, ReviewTabs):
    """For reviewers; a page may ask for more."""

    permission_required = "icctracker.review_evidence"


# What is due: assessments, and criteria that nobody has searched for a year.


class DueList(ReviewAccess, TemplateView):
    """Which recommendations are to be assessed, and what is to be searched."""

    tab = "due-list"
    template_name = "review/due_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            due=self.due,
            ahead=reviews_ahead(self.standings),
            unsearched=self.unsearched,
            **kwargs,
        )
