"""Forms for an entry, its sources and its findings: what the admin accepts."""

import re
from datetime import date

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    FACTS,
    FINDING_FIELDS,
    SOURCE_FIELDS,
    Codebook,
    Evidence,
    Finding,
    Search,
    Source,
    rules,
)
from icctracker.models.evidence import with_subjects
from icctracker.models.rules import SEARCH_IN_FUTURE, Stops
from icctracker.texts import symbols
from icctracker.texts.dates import DAY_FIRST, MONTH_FIRST
from icctracker.web.kit.days import DayField
from icctracker.web.kit.forms import AddressField

# How a file writes days in figures: never guessed, asked where a file is chosen.

DATES_IN_FIGURES = gettext_lazy("Dates such as 5/6/2014")
DATE_ORDERS = [
    ("", gettext_lazy("There are none")),
    (DAY_FIRST, gettext_lazy("The day comes first: 5 June")),
    (MONTH_FIRST, gettext_lazy("The month comes first: 6 May")),
]

# Rows of a form that somebody else replaced while it was being filled in.

MOST_ROWS = 200


def beside_saved(data, prefix, saved, form_class):
    """What was posted for a formset, with the rows that others saved since beside it.

    A row whose record is gone becomes a new one, so that what was typed in it stays;
    a record that the form did not know of is added as it is saved.
    """
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdecimal() and int(total) <= MOST_ROWS):
        return data
    posted = [_row(data, f"{prefix}-{number}-") for number in range(int(total))]
    keys = {str(record.pk) for record in saved}
    known = [row for row in posted if _key(row) in keys]
    unseen = [r for r in saved if str(r.pk) not in {_key(row) for row in known}]
    gone = [row for row in posted if _key(row) and _key(row) not in keys]
    if not unseen and not gone:
        return data
    known += [_as_posted(record, form_class) for record in unseen]
    new = [row for row in posted if not _key(row)]
    new += [row | {"id": [""]} for row in gone if not row.get("DELETE", [""])[-1]]
    return _with_rows(data, prefix, known, new)


def _row(data, start):
    return {
        name.removeprefix(start): data.getlist(name)
        for name in data
        if name.startswith(start)
    }


def _key(row):
    return row.get("id", [""])[-1]


def _as_posted(record, form_class):
    values = model_to_dict(record, fields=form_class._meta.fields)
    row = {
        name: ["" if value is None else str(value)]
        for name, value in values.items()
        if value is not False
    }
    return row | {"id": [str(record.pk)], "evidence": [str(record.evidence_id)]}


def _with_rows(data, prefix, known, new):
    changed = data.copy()
    for name in data:
        if re.match(rf"{prefix}-\d+-", name):
            del changed[name]
    for number, row in enumerate([*known, *new]):
        for name, values in row.items():
            changed.setlist(f"{prefix}-{number}-{name}", values)
    changed[f"{prefix}-INITIAL_FORMS"] = str(len(known))
    changed[f"{prefix}-TOTAL_FORMS"] = str(len(known) + len(new))
    return changed


class WideInput(forms.TextInput):
    """A line as wide as the texts below it."""

    def __init__(self, attrs=None):
        super().__init__({"class": "vLargeTextField"} | (attrs or {}))


class FactsForm(forms.ModelForm):
    """The facts of an entry, in their official form; what they must be, rules say."""

    def clean_symbol(self):
        return symbols.normalise(self.cleaned_data["symbol"])

    def clean_meeting(self):
        return symbols.normalise(self.cleaned_data["meeting"])

    def refuse(self, fault):
        """Say at its field what is wrong, unless something is wrong there already."""
        name = fault.where if fault.where in self.fields else None
        if name not in self.errors:
            self.add_error(name, fault.what)


def step_of(entry):
    """What a save in the admin must not stand in the way of."""
    draft = entry.state == Evidence.State.DRAFT
    return Stops.SAVING if draft else Stops.SAVING | Stops.PUBLISHING


class EntryForm(FactsForm):
    """An entry in the admin; knows whether somebody else saved it meanwhile."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Evidence
        fields = with_subjects([name for name in FACTS if name != "roll_call"])
        widgets = {"title": WideInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "seen" in self.fields:
            self.initial["seen"] = self.instance.version

    def clean(self):
        data = super().clean()
        for fault in rules.fact_faults(self._judged(data)):
            if fault.stops & step_of(self.instance):
                self.refuse(fault)
        seen, current = data.get("seen"), self.instance.version
        if self.instance.pk and "seen" in self.fields and seen != current:
            # What was typed stays; saving once more is then a choice.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = current
            self._show_both()
            raise forms.ValidationError(
                _(
                    "Somebody saved this entry while you were editing it. Where yours"
                    " differs, the field says what is saved; to keep what is typed"
                    " here, save again."
                )
            )
        return data

    def _judged(self, data):
        facts = {name: data.get(name) for name in self._meta.fields}
        facts["actors"] = [actor.name for actor in data.get("actors") or ()]
        facts["roll_call"] = self.instance.roll_call
        draft = self.instance.state == Evidence.State.DRAFT
        return rules.Entry(facts, draft=draft)

    def _show_both(self):
        """Say at each field that differs what is saved; what was typed stays in it."""
        for name in self.changed_data:
            if name != "seen":
                text = _("As saved by somebody else: “%(saved)s”.")
                self.add_error(name, text % {"saved": self._saved(name)})

    def _saved(self, name):
        """The saved value of a field, as people read it."""
        value = self.initial.get(name)
        if isinstance(value, list):
            return ", ".join(sorted(map(str, value)))
        if isinstance(value, date):
            return date_format(value)
        choices = dict(getattr(self.fields[name], "choices", ()) or ())
        return str(choices.get(value, "" if value is None else value)) or "–"


class PartsFormSet(BaseInlineFormSet):
    """Sources or findings of an entry."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if self.is_bound and self.instance.pk:
            saved = list(self.get_queryset())
            self.data = beside_saved(self.data, self.prefix, saved, self.form)

    def faults(self, rows):
        """What is wrong with these rows of the entry."""
        raise NotImplementedError

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = self.kept_forms()
        for fault in self.faults([form.cleaned_data for form in kept]):
            if not fault.stops & step_of(self.instance):
                continue
            if fault.row is None:
                raise forms.ValidationError(fault.what)
            kept[fault.row].add_error(fault.field, fault.what)

    def kept_forms(self):
        """The rows that are filled and not marked to be deleted."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms
            and (form.instance.pk or form.has_changed())
        ]


class SourceForm(forms.ModelForm):
    """One source."""

    class Meta:
        model = Source
        fields = ["position", *SOURCE_FIELDS]
        widgets = {"url": WideInput, "label": WideInput, "archived_url": WideInput}
        field_classes = {"url": AddressField, "archived_url": AddressField}


class SourceFormSet(PartsFormSet):
    """The sources of an entry, in order: it rests on the first."""

    def faults(self, rows):
        return rules.source_faults(rules.Entry({}, sources=rows))

    def rows(self):
        """What the actions take, in the order of the positions given."""
        forms_in_order = sorted(self.kept_forms(), key=self._place)
        return [form.cleaned_data for form in forms_in_order]

    def _place(self, form):
        """A new row whose position was left alone comes last."""
        placed = form.instance.pk or "position" in form.changed_data
        return (not placed, form.cleaned_data.get("position") or 0)


class FindingForm(forms.ModelForm):
    """One finding; without a form the kind of the entry proposes one."""

    class Meta:
        model = Finding
        fields = ["criterion", *FINDING_FIELDS]
        widgets = {"form_reason": WideInput, "searched_words": WideInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "criterion" in self.fields:
            # The codebook is kept on pages of its own.
            widget = self.fields["criterion"].widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = False
        if "form" in self.fields:
            self.fields["form"].required = False
            self.fields["form"].help_text = _("Leave empty for what the kind proposes.")


class FindingFormSet(PartsFormSet):
    """The findings of an entry, one per criterion."""

    def faults(self, rows):
        entry = rules.Entry({"kind": self.instance.kind}, findings=rows)
        return rules.finding_faults(entry)

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        current = {each.pk for each in Codebook.objects.each_in_force()}
        for form in self.kept_forms():
            chosen = form.cleaned_data["criterion"]
            if "criterion" in form.changed_data and chosen.codebook_id not in current:
                form.add_error("criterion", _("It is not in the codebook in force."))


# The form of a search, in the admin and in imports.


class SearchForm(forms.ModelForm):
    """A search to put on the log."""

    class Meta:
        model = Search
        fields = ["criterion", "searched_on", "where", "query", "outcome"]
        field_classes = {"searched_on": DayField}

    def clean_searched_on(self):
        day = self.cleaned_data["searched_on"]
        for fault in rules.impossible_day(day, SEARCH_IN_FUTURE):
            raise forms.ValidationError(fault.what)
        return day

    def clean(self):
        data = super().clean()
        names = ("criterion", "searched_on", "where", "query")
        same = {name: data.get(name) for name in names}
        if all(same.values()) and Search.objects.known().filter(**same).exists():
            self.add_error("query", _("This search is already on the log."))
        return data


# Records chosen by typing their names.


LONGEST_KEY = 19


class _Known:
    """Shows again only what can be a key; Django's own fails on anything else."""

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, list(filter(self._may_be, value)), attrs)

    def _may_be(self, value):
        keys = self.field.remote_field.model._meta.pk
        try:
            keys.to_python(value)
        except ValidationError:
            return False
        return len(str(value)) < LONGEST_KEY


class OneByName(_Known, AutocompleteSelect):
    """One record."""


class ManyByName(_Known, AutocompleteSelectMultiple):
    """Any number of records."""


class KeysField(forms.ModelMultipleChoiceField):
    """Any number of records, by keys that a database can be asked for."""

    def _check_values(self, value):
        for each in value:
            if len(str(each)) >= LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(each)[:LONGEST_KEY]},
                )
        return super()._check_values(value)


class ChosenByName:
    """An admin, or its rows, whose ``autocomplete_fields`` take anything."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(
            db_field, request, **self._widget(OneByName, db_field, request) | kwargs
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        own = {"form_class": KeysField}
        own |= self._widget(ManyByName, db_field, request)
        return super().formfield_for_manytomany(db_field, request, **own | kwargs)

    def _widget(self, widget, db_field, request):
        if db_field.name not in self.get_autocomplete_fields(request):
            return {}
        return {"widget": widget(db_field, self.admin_site)}
