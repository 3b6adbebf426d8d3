"""Comments between the author of an entry and its reviewers."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from icctracker.access import NothingLost
from icctracker.actions import ActionRefused
from icctracker.actions.blinding import note_reading
from icctracker.actions.comments import comment
from icctracker.blindness import NotWhileCoding
from icctracker.models import Evidence, comments_for, may_comment

# Where a comment may have been written, and where its writer then goes on.
PAGES = {"desk": "desk-evidence", "review": "review-evidence"}


class EvidenceComment(NotWhileCoding, NothingLost, TemplateView):
    """The comments on one entry, and one more; what cannot be added is kept."""

    permission_required = "icctracker.add_evidence"
    template_name = "contribute/evidence_comment.html"

    @cached_property
    def evidence(self):
        entries = Evidence.objects.visible_to(self.request.user)
        entry = get_object_or_404(entries, pk=self.kwargs["pk"])
        if not may_comment(self.request.user, entry):
            raise Http404
        note_reading(entry, self.request.user)
        return entry

    @property
    def back(self):
        """The page to go back to, as far as its reader may open it."""
        reviews = self.request.user.has_perm("icctracker.review_evidence")
        wanted = self.request.POST.get("back") or self.request.GET.get("back")
        return "review" if wanted == "review" and reviews else "desk"

    def post(self, request, **kwargs):
        text = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
        try:
            made = comment(self.evidence, by=request.user, text=text)
        except ActionRefused as refusal:
            context = self.get_context_data(typed=text, fault=str(refusal))
            return self.render_to_response(context)
        page = reverse(PAGES[self.back], args=[self.evidence.pk])
        return redirect(f"{page}#comment-{made.pk}")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            evidence=self.evidence,
            comments=comments_for(self.request.user, self.evidence),
            back=self.back,
            page=reverse(PAGES[self.back], args=[self.evidence.pk]),
            **kwargs,
        )
