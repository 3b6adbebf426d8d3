"""What differs between an entry as somebody typed it and as it is saved."""

from collections import namedtuple
from datetime import date
from itertools import zip_longest

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icctracker.models import Criterion

from .entry import EntryForm
from .fields import NamesField

Difference = namedtuple("Difference", "label saved yours")


def differences(entry, saved):
    """Field by field, where a bound entry form differs from the saved entry."""
    other = EntryForm(saved)
    names = [name for name in entry.facts.fields if name != "reason"]
    found = _compare(entry.facts, other.facts, names)
    yours, theirs = (_votes(each.grid) for each in (entry, other))
    if yours != theirs:
        found.append(Difference(_("Votes of the members"), theirs, yours))
    for mine, theirs, label in (
        (entry.sources, other.sources, _("Source %(number)d")),
        (entry.findings, other.findings, _("Finding %(number)d")),
    ):
        mine = [form for form in mine if form.has_changed()]
        for number, (yours, other_row) in enumerate(zip_longest(mine, theirs), 1):
            where = f"{label % {'number': number}}, "
            fields = (yours or other_row).fields
            found += _compare(yours, other_row, fields, where)
    return found


def _votes(grid):
    """How each member voted, a line for each; empty without a roll call."""
    if grid is None:
        return ""
    casts, names = dict(grid.casts), {each.code: each.name for each in grid.members}
    return "\n".join(
        f"{names[code]}: {casts[cast]}" for code, cast in sorted(grid.cast().items())
    )


def _compare(mine, theirs, names, where=""):
    found = []
    for name in names:
        yours, saved = _shown(mine, name), _shown(theirs, name)
        if yours != saved:
            label = f"{where}{(mine or theirs)[name].label}"
            found.append(Difference(label, saved, yours))
    return found


def _shown(form, name):
    """The value of a field as people read it; empty if there is no such row."""
    if form is None:
        return ""
    value = form[name].value()
    if form.is_bound:
        value = form.cleaned_data.get(name, value)
    field = form.fields[name]
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, date):
        return date_format(value)
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(sorted(_label(field, each) for each in value or []))
    if isinstance(field, forms.ChoiceField):
        return _label(field, value)
    if isinstance(field, NamesField):
        value = "\n".join(sorted(field.names(value)))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _label(field, value):
    value = value.pk if isinstance(value, Criterion) else value
    if value in (None, ""):
        return ""
    for key, label in field.choices:
        group = label if isinstance(label, list | tuple) else [(key, label)]
        for each, text in group:
            if str(each) == str(value):
                return str(text)
    return str(value)
