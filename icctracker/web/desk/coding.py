"""Coding blind: what there is to code, and one coding in hand."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.choices import flatten_choices
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from django.views.generic.base import TemplateResponseMixin

from icctracker.actions import ActionRefused
from icctracker.actions.coding import (
    give_back,
    hand_in,
    pick_up,
    save_coding,
)
from icctracker.models import FINDING_FIELDS, Coding, Evidence, rules
from icctracker.models.rules import Stops
from icctracker.web.kit import kept
from icctracker.web.kit.acting import Acting, seen
from icctracker.web.kit.forms import (
    PlainForm,
    Problem,
    Text,
    limit,
    problems_in,
    whole_number,
)
from icctracker.web.kit.kept import DeskAccess
from icctracker.web.kit.picker import BUTTONS, Picker, document_of, pin

from .fields import Options, criteria
from .forms import MOST_ROWS, FindingFormSet
from .tabs import DeskTabs

# The form of a second coding: rows of findings, and a note.


class NoteForm(PlainForm):
    """What the coder wants to say of the coding as a whole."""

    note = Text(
        label=gettext_lazy("Note (optional)"),
        max_length=limit(Coding, "note"),
        rows=3,
        help_text=gettext_lazy(
            "If this event concerns no criterion, remove every finding and say why"
            " here."
        ),
    )


class GiveBackForm(PlainForm):
    """Why a coder gives an entry back."""

    reason = Text(
        label=gettext_lazy("Why you cannot code it"),
        max_length=limit(Coding, "note"),
        rows=2,
    )


class CodingForm:
    """All that a coder fills in.

    With ``data`` it is bound and can be checked; with ``typed`` it shows what was
    posted and checks nothing; with neither it shows what is saved.
    """

    def __init__(self, coding, *, data=None, typed=None):
        self.coding, self.focus, self.refusal = coding, "", ""
        self.posted, self.picked_for, self.pick_note = typed or data, None, ""
        self.read = {}
        self.giving_back = GiveBackForm()
        lines = list(coding.lines.select_related("criterion__recommendation"))
        used = [line.criterion_id for line in lines]
        self.options = Options(criteria(used), {}, [])
        rows = [self._initial(line) for line in lines]
        self.seen = coding.version if data is None else seen(data)
        self._build(data, rows or [{}], {"note": coding.note})
        if typed is not None:
            self.seen = seen(typed)
            self._build(typed)
            self._show(self.rows.typed())

    def _initial(self, line):
        values = {name: getattr(line, name) for name in FINDING_FIELDS}
        if line.form == self.coding.evidence.default_form and not line.form_reason:
            values["form"] = ""
        return values | {"criterion": str(line.criterion_id)}

    def _build(self, data, rows=None, note=None):
        self.note = NoteForm(data, initial=note)
        self.rows = FindingFormSet(
            data,
            initial=rows,
            prefix="findings",
            form_kwargs={"options": self.options},
        )

    def _show(self, rows):
        note = {"note": self.note["note"].value()}
        self._build(None, rows, note)

    @cached_property
    def document(self):
        """The document of the record that the event is about, or None."""
        return document_of(self.coding.evidence.symbol)

    @property
    def picker(self):
        """The paragraphs of the document, to be picked; None where it has no record."""
        if self.document is None:
            return None
        picker = Picker(
            self.document, self.rows, self.posted, self.picked_for, self.read
        )
        picker.note = self.pick_note
        return picker

    def rearrange(self, buttons):
        """Add, remove or explain a row as the pressed button says, typed text kept."""
        rows = self.rows.typed()
        if "add_finding" in buttons and len(rows) < MOST_ROWS:
            rows.append({})
            self.focus = f"id_findings-{len(rows) - 1}-criterion"
        number = whole_number(buttons.get("remove_finding"))
        if number is not None and number < len(rows):
            del rows[number]
            self.focus = "add-finding"
        if "explain" in buttons:
            number = whole_number(buttons.get("explain"))
            self.focus = f"id_findings-{number}-criterion"
        if "pin" in buttons and (picker := self.picker):
            self.picked_for = pin(picker, buttons["pin"], rows)
            self.pick_note = picker.note
            self.focus = f"id_findings-{self.picked_for}-pinpoint"
        self._show(rows)
        for form in self.rows:
            for name, field in form.fields.items():
                if form[name].auto_id == self.focus:
                    field.widget.attrs["autofocus"] = True

    def check(self):
        """Whether all of it can be understood."""
        self.note.is_valid()
        self.rows.is_valid()
        coded = rules.Entry(
            {"kind": self.coding.evidence.kind}, findings=self.rows.values()
        )
        for fault in rules.finding_faults(coded):
            # Nothing to code is an answer too, and so is what an older version asked.
            asked = fault.stops & Stops.PUBLISHING or fault.field == "searched_words"
            if fault.row is not None and asked:
                self.rows.refuse(fault)
        return not self.problems

    def advice(self):
        """What the coder should check, though it stops nothing."""
        facts = {"symbol": self.coding.evidence.symbol}
        coded = rules.Entry(facts, findings=self.rows.values())
        return [fault.what for fault in rules.pinpoint_advice(coded)]

    @property
    def problems(self):
        """Everything to be mended, in the order of the page."""
        found = [Problem("", "", self.refusal)] if self.refusal else []
        if self.giving_back.is_bound:
            found += problems_in(self.giving_back, ["reason"])
        if not self.note.is_bound:
            return found
        for error in self.rows.non_form_errors():
            found.append(Problem("findings", "", error))
        for number, form in enumerate(self.rows, 1):
            where = _("Finding %(number)d, ") % {"number": number}
            found += problems_in(form, form.fields, where)
        return found + problems_in(self.note, ["note"])

    def lines(self):
        """What was coded, as the actions want it."""
        return [
            {name: form.cleaned_data[name] for name in [*FINDING_FIELDS, "criterion"]}
            for form in self.rows
            if form.has_changed() and form.cleaned_data.get("criterion")
        ]


# What was typed for a coding that ended meanwhile, in words that can be copied.


def unrecorded(coding, data):
    """What the data say beyond the coding as it is kept: rows in words, and notes."""
    sent, kept = CodingForm(coding, typed=data), CodingForm(coding)
    known = [in_words(row) for row in kept.rows]
    rows = [in_words(row) for row in sent.rows]
    notes = [_plain(data.get(name, "")) for name in ("note", "reason")]
    found = {
        "rows": [row for row in rows if row and row not in known],
        "notes": [note for note in notes if note and note not in _plain(coding.note)],
    }
    return found if any(found.values()) else None


def in_words(form):
    """What the fields of a form hold, each with its label; empty ones are left out."""
    said = [(field.label, _words(field)) for field in form]
    return [(label, words) for label, words in said if words]


def _words(bound):
    """What a field holds, as its reader would say it, whether or not it is allowed."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _("yes") if value else ""
    text = _plain("" if value is None else str(value))
    offered = flatten_choices(getattr(bound.field, "choices", ()))
    return {str(key): str(label) for key, label in offered if key != ""}.get(text, text)


def _plain(text):
    """A text as it is kept: no blanks around it, and one sign for each line break."""
    return text.replace("\r\n", "\n").strip()


ROW_BUTTONS = ["add_finding", "remove_finding", "explain", *BUTTONS]
RECENT = 10
# So many are listed of each; the others come once these are done.
MOST_LISTED = 25


class CodingAccess(DeskAccess):
    """For those who may code evidence a second time."""

    permission_required = "icctracker.code_evidence"


class CodingList(CodingAccess, DeskTabs, TemplateView):
    """What the coder has in hand, what is offered, and what awaits both coders.

    Of what is offered only neutral things are told: date, kind and symbol.
    """

    tab = "coding-list"
    template_name = "desk/coding_list.html"

    def get_context_data(self, **kwargs):
        handed_in = self.request.user.codings.filter(state=Coding.State.DONE)
        lists = {
            name: list(codings[:MOST_LISTED]) for name, codings in self.codings.items()
        }
        return super().get_context_data(
            done=handed_in.exclude(purpose=Coding.Purpose.FIRST)
            .select_related("evidence")
            .order_by("-done_at")[:RECENT],
            **lists,
            # The most that is listed of each, where something may be left out.
            most=MOST_LISTED if MOST_LISTED in map(len, lists.values()) else None,
            **kwargs,
        )


class CodingPickUp(CodingAccess, View):
    """Takes an offered coding in hand, on the coder's word to be blind."""

    http_method_names = ["post"]

    def post(self, request, pk):
        coding = get_object_or_404(
            Coding, pk=pk, evidence__in=Evidence.objects.codable_by(request.user)
        )
        try:
            pick_up(coding, by=request.user, unread="unread" in request.POST)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("coding-list")
        return redirect("coding-detail", coding.pk)


class CodingDetail(CodingAccess, Acting, TemplateResponseMixin, View):
    """One's own coding: the event and its sources, and the form; later, to read."""

    template_name = "desk/coding_form.html"

    def get_coding(self):
        own = Coding.objects.filter(coder=self.request.user).exclude(
            purpose=Coding.Purpose.FIRST
        )
        parts = ("evidence__situations", "evidence__actors", "evidence__sources")
        own = own.select_related("evidence").prefetch_related(*parts)
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get(self, request, pk):
        coding = self.get_coding()
        typed = kept.found(request)
        if not coding.is_open:
            lost = typed and unrecorded(coding, typed)
            return self.show_done(coding, unrecorded=lost, kept=True)
        return self.show(CodingForm(coding, typed=typed), kept=typed is not None)

    def post(self, request, pk):
        coding = self.get_coding()
        if "forget" in request.POST:
            kept.forget(request)
            return redirect(request.path)
        if not coding.is_open:
            return self.too_late(coding)
        if "give_back" in request.POST:
            return self.give_back(coding)
        if any(button in request.POST for button in ROW_BUTTONS):
            form = CodingForm(coding, typed=request.POST)
            form.rearrange(request.POST)
            return self.show(form)
        form = CodingForm(coding, data=request.POST)
        return self.carry_out(form) if form.check() else self.show(form)

    def act(self, form):
        write = hand_in if "hand_in" in self.request.POST else save_coding
        return write(
            form.coding,
            by=self.request.user,
            lines=form.lines(),
            note=form.note.cleaned_data["note"],
            version=form.seen,
        )

    def done(self, form, made):
        answer = super().done(form, made)
        for text in form.advice():
            messages.warning(self.request, text)
        return answer

    def onward(self, coding):
        return self.request.path

    def refused(self, form, why):
        form.refusal = why
        return self.show(form)

    def too_late(self, coding):
        """The coding has ended: what was typed and is not recorded is given back."""
        if lost := unrecorded(coding, self.request.POST):
            return self.show_done(coding, unrecorded=lost, status=409)
        messages.info(self.request, _("Nothing was changed: see what is recorded."))
        return redirect(self.request.path)

    def said(self, coding):
        """What happened to the coding."""
        if coding.is_open:
            return _("Saved. Only you see it until you hand it in.")
        if coding.differs:
            return _("Handed in. It differs from the first coding: see below.")
        return _("Handed in. It agrees with the first coding.")

    def slower(self, form, why):
        """Show what is typed beside what was saved elsewhere."""
        saved = Coding.objects.get(pk=form.coding.pk)
        form.refusal, form.seen = why, saved.version
        lines = saved.lines.select_related("criterion")
        return self.show(form, saved_lines=lines, status=409)

    def give_back(self, coding):
        form = CodingForm(coding)
        form.giving_back = asked = GiveBackForm(self.request.POST)
        if not asked.is_valid():
            return self.show(form)
        reason = asked.cleaned_data["reason"]
        try:
            give_back(coding, by=self.request.user, reason=reason)
        except ActionRefused as refusal:
            return self.refused(form, str(refusal))
        messages.success(self.request, _("Given back. Somebody else can code it."))
        return redirect("coding-list")

    def show(self, form, *, status=None, **context):
        context = self.get_context_data(
            form=form,
            coding=form.coding,
            evidence=form.coding.evidence,
            action=self.request.path,
            **context,
        )
        return self.render_to_response(context, status=status)

    def show_done(self, coding, *, status=None, **context):
        self.template_name = "desk/coding_done.html"
        context = self.get_context_data(
            coding=coding,
            evidence=coding.evidence,
            lines=coding.lines.select_related("criterion__recommendation"),
            **context,
        )
        return self.render_to_response(context, status=status)
