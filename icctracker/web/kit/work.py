"""What somebody at work may do about what they are reading: links to desk and review.

No page that is kept for strangers has them, as it is made of its parts for everybody.
"""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from icctracker.models import Evidence


class OffersWork:
    """A page that offers whoever is at work what they may do about it."""

    def work_here(self, context):
        """Pairs of address and words, given what the page is made from."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.request.user.is_authenticated:
            context["work_here"] = list(self.work_here(context))
        return context


def on_entry(user, evidence):
    """Pairs of address and words, for a published or withdrawn entry."""
    published = evidence.state == Evidence.State.PUBLISHED
    if published and user.has_perm("icctracker.add_evidence"):
        yield _to("finding-propose", evidence), _("Add a finding")
    if published and user.has_perm("icctracker.curate_evidence"):
        yield _to("evidence-correct", evidence), _("Correct it")
        yield _to("evidence-withdraw", evidence), _("Withdraw it")
    if user.has_perm("icctracker.review_evidence"):
        second = _to("review-evidence", evidence) + "#codings"
        yield second, _("Have it coded a second time")
    if published and user.has_perm("icctracker.add_evidence"):
        for finding in evidence.findings.accepted().select_related("criterion"):
            words = _("Dissent from the finding on %(code)s")
            address = reverse("finding-dissent", args=[finding.pk])
            yield address, words % {"code": finding.criterion.code}


def on_recommendation(user, recommendation, assessment):
    """The same for a recommendation, with the assessment in force, if any."""
    if user.has_perm("icctracker.add_assessment"):
        yield recommendation.get_assess_url(), _("Assess it")
    if user.has_perm("icctracker.add_search"):
        yield reverse("search-create"), _("Log a search that found nothing")
    if assessment and user.has_perm("icctracker.add_evidence"):
        address = reverse("assessment-dissent", args=[assessment.pk])
        yield address, _("Dissent from its assessment")


def on_document(user, document, text):
    """The same for a document, with the text that is shown of it, if any."""
    asked = urlencode({"symbol": document.symbol})
    if user.has_perm("icctracker.add_evidence"):
        words = _("Log evidence on this document")
        yield f"{reverse('evidence-create')}?{asked}", words
    if user.has_perm("icctracker.add_documenttext"):
        words = _("Add its text in another language") if text else _("Add its text")
        yield f"{reverse('text-create')}?{asked}", words


def _to(page, evidence):
    return reverse(page, args=[evidence.pk])
