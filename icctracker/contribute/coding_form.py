"""The form of a second coding: rows of findings, and a note."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.evidence import FINDING_FIELDS
from icctracker.fields import PlainForm, Text, limit
from icctracker.models import Coding

from .formsets import MOST_ROWS, FindingFormSet
from .options import Options, criteria
from .posted import whole_number
from .problems import Problem, problems_in


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
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


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
        self.giving_back = GiveBackForm()
        lines = list(coding.lines.select_related("criterion__recommendation"))
        used = [line.criterion_id for line in lines]
        self.options = Options(criteria(used), {}, [])
        rows = [self._initial(line) for line in lines]
        self._build(data, rows or [{}], {"note": coding.note})
        if typed is not None:
            self._build(typed)
            self._show(self.rows.typed())

    def _initial(self, line):
        values = {name: getattr(line, name) for name in FINDING_FIELDS}
        if line.form == self.coding.evidence.default_form and not line.form_reason:
            values["form"] = ""
        return values | {"criterion": str(line.criterion_id)}

    def _build(self, data, rows=None, note=None):
        note = (note or {}) | {"version": self.coding.version}
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
        self._show(rows)
        for form in self.rows:
            for name, field in form.fields.items():
                if form[name].auto_id == self.focus:
                    field.widget.attrs["autofocus"] = True

    def check(self):
        """Whether all of it can be understood."""
        self.note.is_valid()
        self.rows.is_valid()
        for form in self.rows:
            form.require_form_reason(self.coding.evidence.kind)
        return not self.problems

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

    @property
    def version(self):
        """The version of the coding that the coder had before them."""
        return self.note.cleaned_data.get("version") or 0

    def ask_again(self, version):
        """Keep what was typed, and let it replace the newer version."""
        self.note.data = self.note.data.copy()
        self.note.data["version"] = str(version)
