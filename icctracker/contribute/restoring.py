"""Restoring an earlier version of a published entry."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.restoring import restore, what_would_change
from icctracker.blindness import NotWhileCoding
from icctracker.models import Evidence

from . import typed
from .access import DeskAccess
from .forms import ReasonForm
from .posted import whole_number


class RestoreForm(ReasonForm):
    """Why an earlier version is restored."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("Reason for restoring it")


class EvidenceRestore(NotWhileCoding, DeskAccess, FormView):
    """Shows what restoring a version would change, and does it with a reason."""

    permission_required = "icctracker.curate_evidence"
    template_name = "contribute/evidence_restore.html"
    form_class = RestoreForm

    @cached_property
    def evidence(self):
        return get_object_or_404(Evidence.objects.public(), pk=self.kwargs["pk"])

    @cached_property
    def edition(self):
        editions = self.evidence.editions.prefetch_related(
            "situations", "actors", "sources"
        )
        return get_object_or_404(editions, number=self.kwargs["number"])

    def get(self, request, **kwargs):
        if self.evidence.state == Evidence.State.WITHDRAWN:
            raise Http404
        return super().get(request, **kwargs)

    def get_initial(self):
        kept = typed.kept(self.request) if self.request.method == "GET" else None
        return {"reason": kept.get("reason", "")} if kept else {}

    def form_valid(self, form):
        version = whole_number(self.request.POST.get("version")) or 0
        try:
            restore(
                self.evidence,
                number=self.edition.number,
                by=self.request.user,
                reason=form.cleaned_data["reason"],
                version=version,
            )
        except EditConflict:
            return self.changed(form)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        typed.forget(self.request)
        text = _("Version %(number)d is restored.") % {"number": self.edition.number}
        messages.success(self.request, text)
        return redirect(reverse("evidence-history", args=[self.evidence.slug]))

    def changed(self, form):
        """The entry was changed since: ask again, with what was typed."""
        self.evidence.refresh_from_db()
        form.add_error(
            None,
            _(
                "This entry was changed while you were reading it. What restoring would"
                " change is shown anew; if it is still wanted, press the button once"
                " more."
            ),
        )
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            evidence=self.evidence,
            edition=self.edition,
            changes=what_would_change(self.evidence, self.edition),
            **kwargs,
        )
