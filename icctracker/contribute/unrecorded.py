"""What was typed for a coding that ended meanwhile, in words that can be copied."""

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from .coding_form import CodingForm


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
