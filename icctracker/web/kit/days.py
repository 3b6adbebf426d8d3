"""A field for a day: reads what can be read as one, and asks about the rest."""

from django import forms
from django.core.exceptions import ValidationError

from icctracker.readings.days import why_no_day
from icctracker.texts import dates


class DayField(forms.DateField):
    """A day, written as people write it; never one of two that it may be."""

    # Not of the type “date”: with it a browser takes one way of writing only.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"autocomplete": "off"})

    def __init__(self, *, order="", **kwargs):
        super().__init__(**kwargs)
        # Which comes first in figures, where that was said; else how it can be said.
        self.order, self.where_to_say = order, ""

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return dates.read(value, self.order)
        except dates.DateError as fault:
            why = why_no_day(value, fault)
            if isinstance(fault, dates.Ambiguous) and self.where_to_say:
                why = f"{why} {self.where_to_say}"
            raise ValidationError(why, code="invalid") from fault

    def prepare_value(self, value):
        # A browser's own field for dates shows one way of writing only.
        if self.widget.input_type == "date" and isinstance(value, str):
            try:
                return dates.read(value, self.order)
            except dates.DateError:
                return value
        return super().prepare_value(value)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True
