"""Writing entries: a new one, a draft of one's own, a correction of a published one."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.entries import (
    discard,
    keep_unfinished,
    save_entry,
    submit,
)
from icctracker.actions.review import (
    correct,
    restore,
    what_would_change,
    withdraw,
)
from icctracker.models import (
    Evidence,
    ReviewDecision,
    comments_for,
    may_comment,
    rules,
)
from icctracker.models.rules import Stops
from icctracker.readings.versions import mark_outdated
from icctracker.web.kit import kept
from icctracker.web.kit.acting import Acting, ActingForm, seen
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.forms import posted_key
from icctracker.web.kit.kept import DeskAccess
from icctracker.web.kit.picker import BUTTONS as PICKER_BUTTONS
from icctracker.web.kit.unpinned import OnTheList

from . import beside
from .beside import Alike
from .entry import EntryForm, differences, with_parts
from .forms import ReasonForm

# Buttons that change the rows of the form and save nothing.
ROW_BUTTONS = "add_source remove_source add_finding remove_finding explain".split()
ROW_BUTTONS += [*beside.BUTTONS, *PICKER_BUTTONS]


class EntryEditor(DeskAccess, Acting, TemplateResponseMixin, View):
    """The form of an entry, which never loses what was typed.

    What cannot be saved is shown again with the reason; what somebody else saved in
    the meantime is shown beside it.
    """

    template_name = "desk/evidence_form.html"
    correcting = False

    def get_evidence(self):
        """The entry to be edited, with its parts."""
        raise NotImplementedError

    @property
    def asked_for(self):
        """The document with which the form is to open, if any."""
        return ""

    def write(self, entry, **values):
        """Save the entry through its action; returns it as saved."""
        raise NotImplementedError

    def get(self, request, **kwargs):
        evidence = self.get_evidence()
        if refusal := self.refusal(evidence):
            messages.warning(request, refusal)
            return redirect("desk-evidence", evidence.pk)
        typed = kept.found(request) or self.unfinished(evidence)
        entry = self.entry(evidence, typed=typed)
        if text := self.asked_for:
            entry.rearrange({"look_up": "1", "lookup": text})
        return self.show(entry, kept=typed is not None)

    def post(self, request, **kwargs):
        evidence = self.get_evidence()
        if "forget" in request.POST:
            self.forget(evidence)
            return redirect(request.path)
        buttons = self.pressed(request.POST)
        if any(button in buttons for button in ROW_BUTTONS):
            entry = self.entry(evidence, typed=request.POST)
            entry.rearrange(buttons)
            return self.show(entry)
        return self.save(self.entry(evidence, data=request.POST))

    def pressed(self, data):
        """The data with the button that was meant: Enter in a search looks it up."""
        text = data.get("lookup", "")
        if data.get("save") == "by Enter" and text != data.get("looked_up", ""):
            data = data.copy()
            data["look_up"] = "1"
        return data

    def entry(self, evidence, **given):
        return EntryForm(evidence, correcting=self.correcting, **given)

    def refusal(self, evidence):
        """Why this entry cannot be edited here, or nothing."""
        return ""

    def unfinished(self, evidence):
        """What was typed before and is kept with the entry, or None."""
        return None

    def forget(self, evidence):
        """Drop what was typed and not saved."""
        kept.forget(self.request)

    @property
    def complete(self):
        """Whether nothing may be missing."""
        return self.correcting or "submit" in self.request.POST

    def save(self, entry):
        """Save what can be saved, or show the form with what is in the way."""
        sound = entry.check(complete=self.complete)
        if not entry.arrived_whole or (self.complete and not sound):
            return self.show(entry)
        return self.carry_out(entry)

    def act(self, entry):
        try:
            with transaction.atomic():
                return self.write(entry, version=entry.seen, **entry.values())
        except IntegrityError as clash:
            # The same form was sent twice at once, and the other was quicker.
            key = entry.evidence.creation_key
            if not Evidence.objects.filter(creation_key=key).exists():
                raise
            raise EditConflict(_("This form was sent twice at once.")) from clash

    def slower(self, entry, why):
        """Show both versions; if they are the same, the form was merely sent twice."""
        current = with_parts(Evidence.objects.all()).get(
            creation_key=entry.evidence.creation_key
        )
        found = differences(entry, current)
        if not found:
            return self.already_saved(current)
        conflict = {"reason": why, "entry": current, "fields": found}
        return self.show(entry, conflict=conflict, status=409)

    def refused(self, entry, why):
        entry.refusal = why
        evidence = entry.evidence
        if evidence.pk and self.refusal(evidence):
            if not differences(entry, evidence):
                return self.already_saved(evidence)
        return self.show(entry)

    def already_saved(self, evidence):
        kept.forget(self.request)
        messages.info(self.request, _("This was saved already; it is here once."))
        return redirect(self.onward(evidence))

    def onward(self, evidence):
        return reverse("desk-evidence", args=[evidence.pk])

    def show(self, entry, *, status=None, **context):
        context = self.get_context_data(
            entry=entry,
            action=self.action(entry.evidence),
            alike=None if self.correcting else Alike(entry, self.request.user),
            lookup_text=self.lookup_text,
            **context,
        )
        return self.render_to_response(context, status=status)

    @property
    def lookup_text(self):
        """What is in the field of the look-up."""
        return self.request.POST.get("lookup") or self.request.GET.get("symbol", "")

    def action(self, evidence):
        """Where the form is sent: once saved, a new entry is a draft like any other."""
        return self.request.path

    def done(self, entry, evidence):
        answer = super().done(entry, evidence)
        self.advise(entry)
        return answer

    # Whether what is saved here is still nobody else's to read.
    stays_private = False

    def advise(self, entry):
        for field, warning in entry.warnings:
            messages.warning(self.request, f"{field.label}: {warning}")
        if entry.new_actors:
            told = {"names": ", ".join(entry.new_actors)}
            text = _("Added to the actors: %(names)s.") % told
            if self.stays_private:
                text += " " + _("Only you see them until you submit the entry.")
            messages.info(self.request, text)


class DraftEditor(EntryEditor):
    """An entry that its author may still change: drafted, or sent back."""

    def refusal(self, evidence):
        if not evidence.pk or evidence.is_editable:
            return ""
        state = evidence.get_state_display().lower()
        return _("This entry is %(state)s and can no longer be edited here.") % {
            "state": state
        }

    def action(self, evidence):
        return reverse("evidence-update", args=[evidence.pk]) if evidence.pk else ""

    @property
    def stays_private(self):
        return not self.complete

    def write(self, entry, **values):
        saved = save_entry(entry.evidence, by=self.request.user, **values)
        return submit(saved, by=self.request.user) if self.complete else saved

    def said(self, evidence):
        if self.complete:
            return _("Submitted. A reviewer will read it.")
        return _("Your draft is saved.")

    def done(self, entry, evidence):
        if entry.problems:
            return self.partly_saved(entry, evidence)
        kept.forget(self.request, reverse("evidence-update", args=[evidence.pk]))
        return super().done(entry, evidence)

    def partly_saved(self, entry, evidence):
        """Show again what could not be saved yet, and keep it with the draft."""
        data = self.request.POST.copy()
        data["seen"] = str(evidence.version)
        kept.forget(self.request)
        text = data.urlencode()
        if len(text) <= kept.MOST_BYTES:
            keep_unfinished(evidence, text, by=self.request.user)
        entry.posted, entry.evidence = data, evidence
        return self.show(entry, partly=True)

    def unfinished(self, evidence):
        return QueryDict(evidence.unfinished) if evidence.unfinished else None

    def forget(self, evidence):
        super().forget(evidence)
        if evidence.pk:
            keep_unfinished(evidence, "", by=self.request.user)


class EvidenceCreate(DraftEditor):
    """A new entry, of a document if its ``symbol`` is given in the address.

    The same form sent again leads to the entry it has made.
    """

    @property
    def asked_for(self):
        return self.request.GET.get("symbol", "")

    def get_evidence(self):
        if self.request.method != "POST":
            return Evidence()
        key = posted_key(self.request.POST)
        made = with_parts(Evidence.objects.filter(creation_key=key)).first()
        if made and made.submitted_by_id == self.request.user.pk:
            return made
        return Evidence(creation_key=key) if key and not made else Evidence()


class EvidenceUpdate(DraftEditor):
    """An entry of one's own; anybody else's is not there."""

    def get_evidence(self):
        own = Evidence.objects.filter(submitted_by=self.request.user)
        return get_object_or_404(with_parts(own), pk=self.kwargs["pk"])


class EvidenceCorrect(NotWhileCoding, EntryEditor):
    """The correction of a published entry, with the reason."""

    permission_required = "icctracker.curate_evidence"
    correcting = True
    success_message = gettext_lazy("The correction is published.")

    def get_evidence(self):
        evidence = get_object_or_404(
            with_parts(Evidence.objects.public()), pk=self.kwargs["pk"]
        )
        if evidence.state != Evidence.State.PUBLISHED and self.request.method == "GET":
            raise Http404
        return evidence

    @cached_property
    def on_the_list(self):
        """The list of findings without a pinpoint, if it was opened from there."""
        opened = OnTheList(self.request)
        return opened if opened.finding else None

    def entry(self, evidence, **given):
        if self.on_the_list:
            given["pins"] = self.on_the_list.finding.pk
        return super().entry(evidence, **given)

    def action(self, evidence):
        return self.request.get_full_path()

    def get_context_data(self, **kwargs):
        return super().get_context_data(on_the_list=self.on_the_list, **kwargs)

    def write(self, entry, *, version, **values):
        if not differences(entry, entry.evidence):
            if version != entry.evidence.version:
                raise EditConflict
            raise ActionRefused(_("Nothing here differs from the published entry."))
        correct(
            entry.evidence,
            by=self.request.user,
            reason=entry.facts.cleaned_data["reason"],
            version=version,
            **values,
        )
        return entry.evidence

    def onward(self, evidence):
        if self.on_the_list:
            return self.on_the_list.next_address
        return evidence.get_absolute_url()


# Restoring an earlier version of a published entry.


class RestoreForm(ReasonForm):
    """Why an earlier version is restored."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("Reason for restoring it")


class EvidenceRestore(NotWhileCoding, DeskAccess, ActingForm):
    """Shows what restoring a version would change, and does it with a reason."""

    permission_required = "icctracker.curate_evidence"
    template_name = "desk/evidence_restore.html"
    form_class = RestoreForm
    way_on = gettext_lazy(
        "What restoring would change is shown anew; if it is still wanted, press the"
        " button once more."
    )

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

    @property
    def stands(self):
        return self.evidence.version

    def act(self, form):
        return restore(
            self.evidence,
            number=self.edition.number,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            version=seen(self.request.POST),
        )

    def said(self, made):
        return _("Version %(number)d is restored.") % {"number": self.edition.number}

    def onward(self, made):
        return reverse("evidence-history", args=[self.evidence.slug])

    def read_again(self):
        self.evidence.refresh_from_db()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            evidence=self.evidence,
            edition=self.edition,
            changes=what_would_change(self.evidence, self.edition),
            **kwargs,
        )


# Withdrawing a published entry.


class EvidenceWithdraw(NotWhileCoding, DeskAccess, SingleObjectMixin, ActingForm):
    """Withdraws a published entry, with the reason; its page stays."""

    permission_required = "icctracker.curate_evidence"
    template_name = "desk/evidence_withdraw.html"
    context_object_name = "evidence"
    form_class = ReasonForm
    success_message = gettext_lazy("The entry is withdrawn. Its page stays.")
    way_on = gettext_lazy(
        "Read it again; if it is still to be withdrawn, press the button once more."
    )

    @property
    def stands(self):
        return self.object.version

    def get_queryset(self):
        return Evidence.objects.public()

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission_required):
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        if self.object.state == Evidence.State.WITHDRAWN:
            return self.too_late((kept.found(request) or {}).get("reason", ""))
        return super().get(request, **kwargs)

    def form_valid(self, form):
        if self.object.state == Evidence.State.WITHDRAWN:
            return self.too_late(form.cleaned_data["reason"])
        return super().form_valid(form)

    def act(self, form):
        return withdraw(
            self.object,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            version=seen(self.request.POST),
        )

    def onward(self, made):
        return self.object.get_absolute_url()

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
        return kept.page(self.request, said, onward=onward, typed=[reason])

    def read_again(self):
        self.object.refresh_from_db()


class DeskEvidence(NotWhileCoding, DeskAccess, DetailView):
    """An entry as it will appear, with its state; for its author and reviewers."""

    template_name = "desk/evidence_preview.html"
    context_object_name = "evidence"

    def get_queryset(self):
        user = self.request.user
        entries = Evidence.objects.visible_to(user)
        if not user.has_perm("icctracker.review_evidence"):
            entries = entries.filter(submitted_by=user)
        decisions = ReviewDecision.objects.order_by("-decided_at", "-pk")
        return with_parts(entries).prefetch_related(
            Prefetch("decisions", queryset=decisions, to_attr="past_decisions")
        )

    def get_context_data(self, **kwargs):
        mine = self.object.submitted_by_id == self.request.user.pk
        may_edit = mine and self.object.is_editable
        return super().get_context_data(
            findings=mark_outdated(_in_order(self.object.current_findings)),
            mine=mine,
            may_edit=may_edit,
            missing=rules.lacking(rules.entry_of(self.object)) if may_edit else [],
            may_discard=mine and self.object.state == Evidence.State.DRAFT,
            discussed=may_comment(self.request.user, self.object),
            comments=comments_for(self.request.user, self.object),
            **kwargs,
        )


def _in_order(findings):
    def place(finding):
        return finding.criterion.recommendation.number, finding.criterion.code

    return sorted(findings, key=place)


class EvidenceSubmit(EvidenceUpdate):
    """Submits an entry as it is saved; if something is missing, shows where."""

    http_method_names = ["get", "head", "options", "post"]
    complete = True

    def get(self, request, **kwargs):
        return redirect("desk-evidence", kwargs["pk"])

    def post(self, request, **kwargs):
        evidence = self.get_evidence()
        if refusal := self.refusal(evidence):
            messages.info(request, refusal)
            return redirect("desk-evidence", evidence.pk)
        step = Stops.SAVING | Stops.SUBMITTING
        if faults := rules.stopping(rules.entry_of(evidence), step):
            entry = EntryForm(evidence)
            entry.show_faults(faults)
            return self.show(entry)
        try:
            submit(evidence, by=request.user, version=seen(request.POST))
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk-evidence", evidence.pk)
        messages.success(request, _("Submitted. A reviewer will read it."))
        return redirect("desk-evidence", evidence.pk)


class EvidenceDiscard(DeskAccess, DetailView):
    """Asks whether a draft is to be deleted, and deletes it."""

    template_name = "desk/evidence_discard.html"
    context_object_name = "evidence"

    def get_queryset(self):
        return Evidence.objects.filter(submitted_by=self.request.user)

    def post(self, request, **kwargs):
        evidence = self.get_object()
        try:
            discard(evidence, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk-evidence", evidence.pk)
        kept.forget(request, reverse("evidence-update", args=[kwargs["pk"]]))
        messages.success(request, _("The draft is deleted."))
        return redirect("desk")
