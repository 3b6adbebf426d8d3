"""The rows of an entry: its sources and its findings."""

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker import symbols
from icctracker.fields import PlainForm, Text, WebAddress, limit
from icctracker.models import Effect, Finding, Form, Kind, Source

from .fields import NOT_OFFERED, CriterionField

MOST_ROWS = 40


class SourceForm(PlainForm):
    """One document or page that shows the event."""

    url = WebAddress(
        label=gettext_lazy("Web address"),
        max_length=limit(Source, "url"),
        help_text=gettext_lazy("The official document where there is one."),
    )
    label = Text(
        label=gettext_lazy("What it is"),
        max_length=limit(Source, "label"),
        help_text=gettext_lazy(
            "For example, UN press release SC/10964. May stay empty where the address"
            " holds a document symbol."
        ),
    )
    official = forms.BooleanField(
        label=gettext_lazy("Official: issued by the UN, the Court or a government"),
        required=False,
        template_name="forms/checkbox.html",
    )
    archived_url = WebAddress(
        label=gettext_lazy("Archived copy (optional)"),
        max_length=limit(Source, "archived_url"),
        help_text=gettext_lazy("For example, its address at web.archive.org."),
    )

    def clean(self):
        data = self.cleaned_data
        if not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Give the web address of this source."))
        if data.get("url") and data.get("label") == "":
            data["label"] = proposed_label(data["url"])
        return data


def proposed_label(url):
    """What an official address says that its document is; else nothing."""
    try:
        symbol = symbols.read(url)
    except symbols.SymbolError:
        return ""
    names = {
        symbols.PRESS_RELEASE: _("UN press release %(symbol)s"),
        symbols.COURT_RECORD: _("Court record %(symbol)s"),
    }
    name = names.get(symbol.series, _("UN document %(symbol)s"))
    return name % {"symbol": symbol.official}


class FindingForm(PlainForm):
    """What the event shows about one criterion, of whichever recommendation."""

    criterion = CriterionField(
        label=gettext_lazy("Criterion"),
        required=False,
        empty_value=None,
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is no such criterion in the codebook. Choose one of those"
                " listed."
            )
        },
    )
    effect = forms.TypedChoiceField(
        label=gettext_lazy("Effect"),
        help_text=gettext_lazy("What the event does for this criterion."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=Effect.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    rationale = Text(
        label=gettext_lazy("Reason"),
        max_length=limit(Finding, "rationale"),
        rows=3,
        help_text=gettext_lazy("In a sentence: why this effect and no other."),
    )
    pinpoint = Text(
        label=gettext_lazy("Where it can be read (optional)"),
        max_length=limit(Finding, "pinpoint"),
        help_text=gettext_lazy("For example, OP 7 or p. 4."),
    )
    occasion = forms.BooleanField(
        label=gettext_lazy("This was an occasion"),
        required=False,
        template_name="forms/checkbox.html",
        help_text=gettext_lazy(
            "The addressee could have complied or not at that moment."
        ),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        choices=[("", gettext_lazy("As the kind of event proposes")), *Form.choices],
        error_messages={"invalid_choice": NOT_OFFERED},
        help_text=gettext_lazy("How much the act binds; the rule weighs it."),
    )
    form_reason = Text(
        label=gettext_lazy("Why this form"),
        max_length=limit(Finding, "form_reason"),
        help_text=gettext_lazy("Where it differs from the one the kind proposes."),
    )

    def __init__(self, *args, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.options = options
        criterion = self.fields["criterion"]
        criterion.offer(options)
        criterion.choices = options.criterion_choices()
        # What counts is fetched as soon as another criterion is chosen.
        criterion.widget.attrs |= {
            "hx-get": reverse_lazy("finding-guidance"),
            "hx-target": f"#{self.prefix}-guidance",
            "hx-sync": "closest fieldset:replace",
        }

    @property
    def number(self):
        """The place of the row in the form, from 0."""
        return self.prefix.rpartition("-")[2]

    @property
    def guidance(self):
        """The criterion whose *counts* and *does not count* stand beside the field."""
        return self.options.criterion(self["criterion"].value())

    @property
    def shows_form(self):
        """Whether the form of the act needs to be seen: chosen, explained or wrong."""
        names = ("form", "form_reason")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self):
        data = self.cleaned_data
        needed = {
            "criterion": _("Choose the criterion that this finding is about."),
            "effect": _("Say what it does for this criterion."),
            "rationale": _(
                "Give the reason: an effect without one cannot be reviewed."
            ),
        }
        for name, message in needed.items():
            if name not in self.errors and data.get(name) in (None, ""):
                self.add_error(name, message)
        return data

    def require_form_reason(self, kind):
        """Ask why, where the form differs from the one that the kind proposes."""
        chosen = self.cleaned_data.get("form")
        if not (chosen and kind) or self.cleaned_data.get("form_reason"):
            return
        proposed = Kind(kind).default_form
        if chosen != proposed and "form_reason" not in self.errors:
            self.add_error(
                "form_reason",
                _("Say why: this kind of event is taken as “%(form)s”.")
                % {"form": proposed.label},
            )


class Rows(BaseFormSet):
    """Rows that may be empty, of which no two may say the same thing."""

    once = ""
    twice = ""
    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": gettext_lazy(
            "Part of the form was lost on its way here. Please fill in this part again."
        ),
        "too_many_forms": gettext_lazy("There can be at most %(num)d of these."),
    }

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"empty_permitted": True}

    def clean(self):
        seen = set()
        for form in self.forms:
            value = getattr(form, "cleaned_data", {}).get(self.once)
            # A criterion is the same under its code, whatever the version.
            value = getattr(value, "code", value)
            if value and value in seen:
                form.add_error(self.once, self.twice)
            seen.add(value)

    @property
    def is_full(self):
        return self.total_form_count() >= MOST_ROWS

    def typed(self):
        """What each row holds, as typed, whether or not it can be understood."""
        return [
            {name: form[name].value() for name in form.fields} for form in self.forms
        ]


class SourceRows(Rows):
    once = "url"
    twice = gettext_lazy("This source is already given above.")


class FindingRows(Rows):
    once = "criterion"
    twice = gettext_lazy(
        "This criterion has a finding above. An entry has one finding for each."
    )


def _rows(form, formset):
    return formset_factory(
        form,
        formset=formset,
        extra=0,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


SourceFormSet = _rows(SourceForm, SourceRows)
FindingFormSet = _rows(FindingForm, FindingRows)
