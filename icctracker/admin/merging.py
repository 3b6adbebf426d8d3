"""Rows of a form that somebody else replaced while it was being filled in."""

import re

from django.forms.models import model_to_dict

MOST_ROWS = 1000


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
