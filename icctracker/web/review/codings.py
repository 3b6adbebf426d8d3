"""Second codings: asking for one, and reconciling what differs."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView, View
from django.views.generic.base import TemplateResponseMixin

from icctracker.actions import ActionRefused
from icctracker.actions.coding import (
    coders_of,
    confirm,
    give_back,
    offer_coding,
    reconcile,
    stamp_of,
)
from icctracker.models import (
    Coding,
    Effect,
    Evidence,
    Form,
    ReconciledLine,
    Reconciliation,
    User,
)
from icctracker.web.kit import kept
from icctracker.web.kit.acting import Acting
from icctracker.web.kit.blindness import NotesReading, NotWhileCoding
from icctracker.web.kit.kept import NothingLost

from .access import ReviewAccess, ReviewTabs

# The form of a reconciliation: one decision for each criterion that differs.

Taken = ReconciledLine.Taken
NONE = "none"


class LineForm(forms.Form):
    """What is decided about one criterion, and why."""

    taken = forms.ChoiceField(
        label=gettext_lazy("What the finding says"),
        choices=Taken.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the three."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("Effect"),
        required=False,
        choices=[
            ("", ""),
            *Effect.choices,
            (NONE, gettext_lazy("No finding on this criterion")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose one of those listed.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        choices=[("", gettext_lazy("As the kind of event proposes")), *Form.choices],
        error_messages={"invalid_choice": gettext_lazy("Choose one of those listed.")},
    )
    occasion = forms.BooleanField(
        label=gettext_lazy("This was an occasion"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with both codings; readers of the entry see it."),
        error_messages={
            "required": gettext_lazy("Say why: the reason is kept with the decision."),
            "max_length": gettext_lazy(
                "Shorten it to %(limit_value)d characters: it has %(show_value)d."
            ),
        },
    )

    def __init__(self, *args, difference, proposed_form, **kwargs):
        prefix = f"line-{difference.criterion.pk}"
        super().__init__(*args, prefix=prefix, label_suffix="", **kwargs)
        self.difference, self.proposed_form = difference, proposed_form
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        said = _said(difference)
        self.fields["taken"].choices = [
            (Taken.FIRST, _("As the first coder: %(says)s") % {"says": said[0]}),
            (Taken.SECOND, _("As the second coder: %(says)s") % {"says": said[1]}),
            (Taken.OTHER, _("Otherwise, with the codes below")),
        ]

    def clean(self):
        data = super().clean()
        if data.get("taken") == Taken.OTHER and not data.get("effect"):
            if "effect" not in self.errors:
                self.add_error("effect", _("Choose what it is, if otherwise."))
        return data

    @property
    def shows_codes(self):
        """Whether the codes of one's own need to be seen: chosen or wrong."""
        names = ("effect", "form", "occasion")
        wrong = self.is_bound and any(self[name].errors for name in names)
        return wrong or self["taken"].value() == Taken.OTHER

    def line(self):
        """The decision, as the action wants it."""
        data = self.cleaned_data
        other = data["taken"] == Taken.OTHER and data["effect"] != NONE
        return {
            "criterion": self.difference.criterion,
            "taken": data["taken"],
            "reason": data["reason"],
            "effect": int(data["effect"]) if other else None,
            "form": (data["form"] or self.proposed_form) if other else "",
            "occasion": data["occasion"] if other else False,
        }


class ReconcileForm:
    """One line form for each difference, and what the person was shown."""

    def __init__(self, coding, *, seen, data=None, proposal=None):
        self.seen = data.get("seen", "") if data is not None else seen
        self.errors_first, self.refusal = [], ""
        proposed_form = coding.evidence.default_form or Form.SIGNAL
        earlier = _initial(proposal)
        self.lines = [
            LineForm(
                data,
                difference=difference,
                proposed_form=proposed_form,
                initial=earlier.get(difference.criterion.pk),
            )
            for difference in coding.differences()
        ]

    def is_valid(self):
        return all([line.is_valid() for line in self.lines])

    def decided(self):
        return [line.line() for line in self.lines]

    @property
    def problems(self):
        """Pairs of the id of a field and what is to be mended there."""
        found = [("", self.refusal)] if self.refusal else []
        for line in self.lines:
            for field in line:
                target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
                where = f"{line.difference.criterion.code}, {field.label}"
                found += [(target, f"{where}: {error}") for error in field.errors]
        return found


def _said(difference):
    """What each coder says: the effect, and whatever else they differ on."""
    pair = difference.first, difference.second
    forms = {line.form for line in pair if line}
    occasions = {line.occasion for line in pair if line}
    found = []
    for line in pair:
        words = [line.get_effect_display()] if line else [_("no finding")]
        if line and len(forms) > 1:
            words.append(line.get_form_display())
        if line and len(occasions) > 1:
            words.append(_("an occasion") if line.occasion else _("not an occasion"))
        found.append("; ".join(each[:1].lower() + each[1:] for each in words))
    return found


def _initial(proposal):
    """What a proposal says, by criterion, for whoever wants to change it."""
    if proposal is None:
        return {}
    return {
        line.criterion_id: {
            "taken": line.taken,
            "effect": NONE if line.effect is None else line.effect,
            "form": line.form,
            "occasion": line.occasion,
            "reason": line.reason,
        }
        for line in proposal.lines.all()
    }


def coders():
    """Everybody who may be asked for a second coding."""
    backend = "django.contrib.auth.backends.ModelBackend"
    people = User.objects.with_perm("icctracker.code_evidence", backend=backend)
    return people.order_by("username")


class WithdrawForm(forms.Form):
    """Why a reviewer withdraws a coding."""

    reason = forms.CharField(
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Say why: the reason is kept with the coding.")
        },
    )


class CodingOffer(NotWhileCoding, NothingLost, View):
    """Asks for a second coding of an entry, or withdraws one that is under way."""

    permission_required = "icctracker.review_evidence"
    http_method_names = ["post"]

    def post(self, request, pk):
        entries = Evidence.objects.exclude(state=Evidence.State.DRAFT)
        evidence = get_object_or_404(entries, pk=pk)
        act = self.withdraw if "withdraw" in request.POST else self.offer
        try:
            messages.success(request, act(evidence))
        except ActionRefused as refusal:
            if kept.words(request):
                onward = (self.form_page(), _("Go to the entry"))
                return kept.page(request, str(refusal), onward=onward)
            messages.error(request, str(refusal))
        return redirect("review-evidence", pk)

    def form_page(self):
        """The page of the entry, on which the form stands."""
        return reverse("review-evidence", args=[self.kwargs["pk"]])

    def offer(self, evidence):
        key = self.request.POST.get("coder", "")
        if not key:
            offer_coding(evidence, by=self.request.user)
            return _("Offered: any coder who has not read it may pick it up.")
        known = coders() if key.isdecimal() and len(key) < 10 else coders().none()
        coder = known.filter(pk=key).first() if known else None
        if coder is None:
            raise ActionRefused(_("Choose one of the coders listed."))
        offer_coding(evidence, by=self.request.user, coder=coder)
        return _("Asked. Until then nobody can decide on the entry.")

    def withdraw(self, evidence):
        form, said = WithdrawForm(self.request.POST), _("The coding is withdrawn.")
        coding = evidence.codings.live().first()
        if coding is None:
            if form.is_valid() and _withdrawn_for(evidence, **form.cleaned_data):
                return said
            raise ActionRefused(_("No coding of this entry is under way."))
        if not form.is_valid():
            raise ActionRefused(" ".join(form.errors["reason"]))
        give_back(coding, by=self.request.user, **form.cleaned_data)
        return said


def _withdrawn_for(evidence, reason):
    """Whether a coding was withdrawn for this reason: the form was sent twice."""
    withdrawn = evidence.codings.filter(state=Coding.State.WITHDRAWN)
    return withdrawn.filter(note__startswith=reason).exists()


class ReconcileList(ReviewAccess, ListView):
    """Second codings that differ from the first, oldest first."""

    tab = "reconcile-list"
    template_name = "review/reconcile_list.html"
    context_object_name = "codings"
    paginate_by = 50

    def get_queryset(self):
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        return (
            Coding.objects.to_reconcile()
            .exclude(evidence__in=blind)
            .select_related("evidence", "against", "reconciliation")
            .order_by("done_at", "pk")
        )


class ReconcileDetail(
    NotesReading, NothingLost, ReviewTabs, Acting, TemplateResponseMixin, View
):
    """What differs between two codings, both reasons side by side, and the decision."""

    entry_by = {"pk": "codings"}
    permission_required = "icctracker.code_evidence"
    tab = "reconcile-list"
    template_name = "review/reconcile_form.html"

    @cached_property
    def coding(self):
        user = self.request.user
        blind = Coding.objects.blinding(user).values("evidence")
        compared = Coding.objects.compared().filter(differs=True)
        codings = compared.exclude(evidence__in=blind).select_related(
            "evidence", "against"
        )
        coding = get_object_or_404(codings, pk=self.kwargs["pk"])
        if user.pk in coders_of(coding) or user.has_perm("icctracker.review_evidence"):
            return coding
        raise Http404

    @property
    def proposal(self):
        made = Reconciliation.objects.filter(coding=self.coding)
        return made.prefetch_related("lines__criterion").first()

    def get(self, request, pk):
        return self.show(self.form(proposal=self.proposal))

    def post(self, request, pk):
        form = self.form(data=request.POST)
        if "confirm" in request.POST:
            return self.carry_out(self.form(proposal=self.proposal))
        return self.carry_out(form) if form.is_valid() else self.show(form)

    def form(self, **given):
        return ReconcileForm(self.coding, seen=stamp_of(self.coding), **given)

    def act(self, form):
        said = {"by": self.request.user, "stamp": self.request.POST.get("seen", "")}
        if "confirm" in self.request.POST:
            return confirm(self.coding, **said)
        return reconcile(self.coding, lines=form.decided(), **said)

    def said(self, made):
        if made.decided_at:
            return _("Reconciled. Both codings are kept.")
        return _("Proposed. It stands once the other coder confirms it.")

    def onward(self, made):
        return self.request.path

    def refused(self, form, why):
        form.refusal = why
        return self.show(form)

    def slower(self, form, why):
        """Show what was decided meanwhile beside what was typed."""
        self.coding.refresh_from_db()
        form.refusal, form.seen = why, stamp_of(self.coding)
        return self.show(form, conflict=True, status=409)

    def show(self, form, *, status=None, **context):
        coding, proposal = self.coding, self.proposal
        party = self.request.user.pk in coders_of(coding)
        waits = coding.awaits_reconciling
        waits = waits and coding.evidence.state in Coding.CODABLE
        context = self.get_context_data(
            form=form,
            coding=coding,
            evidence=coding.evidence,
            proposal=proposal,
            waits=waits,
            party=party,
            may_confirm=waits
            and party
            and proposal is not None
            and proposal.proposed_by_id != self.request.user.pk,
            **context,
        )
        return self.render_to_response(context, status=status)
