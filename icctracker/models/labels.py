"""What a choice is called: its label looked up, and the others not translated for it.

Django makes all choices of a field hashable for each label that it shows, and thereby
translates every one of them, a score for a kind.
"""

from functools import partialmethod

from django.utils.encoding import force_str
from django.utils.hashable import make_hashable


def look_up_labels(models):
    """Let models tell ``get_…_display`` so, where they do not tell it themselves."""
    for model in models:
        for field in model._meta.get_fields():
            name = f"get_{field.name}_display"
            if getattr(field, "choices", None) and _is_djangos(model, name):
                setattr(model, name, partialmethod(_label, field=field))


def _is_djangos(model, name):
    method = vars(model).get(name)
    return getattr(method, "func", None) is model._get_FIELD_display


def _label(record, field):
    """The label of what a record has in a field; the value where it has none."""
    value = getattr(record, field.attname)
    labels = dict(field.flatchoices)
    return force_str(labels.get(make_hashable(value), value), strings_only=True)
