"""Withdrawing a published entry."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from icctracker.access import not_recorded
from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.review import withdraw
from icctracker.blindness import NotWhileCoding
from icctracker.models import Evidence, ReviewDecision

from . import typed
from .access import DeskAccess
from .forms import ReasonForm
from .posted import whole_number


class EvidenceWithdraw(NotWhileCoding, DeskAccess, SingleObjectMixin, FormView):
    """Withdraws a published entry, with the reason; its page stays."""

    permission_required = "icctracker.curate_evidence"
    template_name = "contribute/evidence_withdraw.html"
    context_object_name = "evidence"
    form_class = ReasonForm

    def get_queryset(self):
        return Evidence.objects.public()

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission_required):
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        if self.object.state == Evidence.State.WITHDRAWN:
            return self.too_late(self.get_initial().get("reason", ""))
        return super().get(request, **kwargs)

    def get_initial(self):
        kept = typed.kept(self.request) if self.request.method == "GET" else None
        return {"reason": kept.get("reason", "")} if kept else {}

    def form_valid(self, form):
        evidence = self.object
        reason = form.cleaned_data["reason"]
        if evidence.state == Evidence.State.WITHDRAWN:
            return self.too_late(reason)
        version = whole_number(self.request.POST.get("version")) or 0
        try:
            withdraw(evidence, by=self.request.user, reason=reason, version=version)
        except EditConflict:
            return self.changed(form)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        typed.forget(self.request)
        messages.success(self.request, _("The entry is withdrawn. Its page stays."))
        return redirect(evidence)

    def too_late(self, reason):
        """It is withdrawn by now: a reason that is not on record is given back."""
        withdrawals = self.object.decisions.filter(
            outcome=ReviewDecision.Outcome.WITHDRAW
        )
        said = _("The entry was withdrawn already.")
        if not reason:
            return redirect(self.object)
        if withdrawals.filter(note=reason).exists():
            messages.info(self.request, said)
            return redirect(self.object)
        onward = (self.object.get_absolute_url(), _("See the entry and its reason"))
        return not_recorded(self.request, said, onward=onward, typed=[reason])

    def changed(self, form):
        """The entry was changed since: ask again, with what was typed."""
        self.object.refresh_from_db()
        form.add_error(
            None,
            _(
                "This entry was changed while you were reading it. Read it again; if it"
                " is still to be withdrawn, press the button once more."
            ),
        )
        return self.form_invalid(form)
