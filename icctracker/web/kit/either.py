"""Choices of which an address may name several: what is shown is any of them."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters import fields

MOST_VALUES = 20


class Several(forms.Select):
    """A list to choose one from; several stay chosen if the address names several."""

    def value_from_datadict(self, data, files, name):
        values = values_of(data, name)
        return values if len(values) > 1 else "".join(values)

    def get_context(self, name, value, attrs):
        self.allow_multiple_selected = isinstance(value, list)
        return super().get_context(name, value, attrs)


def values_of(data, name):
    """The values that an address gives a name, each once."""
    given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
    return list(dict.fromkeys(value for value in given if value not in (None, "")))


class EitherMixin:
    """A choice, or a tuple of them where several are named."""

    widget = Several

    def clean(self, value):
        if not isinstance(value, list):
            return super().clean(value)
        if len(value) > MOST_VALUES:
            text = _("Name at most %(most)d; there are %(number)d.")
            raise ValidationError(text % {"most": MOST_VALUES, "number": len(value)})
        return tuple(super(EitherMixin, self).clean(each) for each in value)


class EitherField(EitherMixin, fields.ChoiceField):
    """One of some values, or several of them."""


class EitherRecord(EitherMixin, fields.ModelChoiceField):
    """One record, or several of them."""


class EitherFilterMixin:
    """Keeps what has any of the values."""

    def filter(self, qs, value):
        if not isinstance(value, tuple):
            return super().filter(qs, value)
        # By key, since what has two of them is one record all the same.
        found = qs.model._base_manager.filter(**{f"{self.field_name}__in": value})
        return qs.filter(pk__in=found.values("pk"))


class EitherFilter(EitherFilterMixin, django_filters.ChoiceFilter):
    """By one of some values, or by any of several."""

    field_class = EitherField


class EitherRecordFilter(EitherFilterMixin, django_filters.ModelChoiceFilter):
    """By a record, or by any of several."""

    field_class = EitherRecord


def lookups(wanted):
    """Lookups for values of which some are several."""
    return {
        f"{lookup}__in" if isinstance(value, tuple) else lookup: value
        for lookup, value in wanted.items()
    }


def each_of(value):
    """The values of a filter, however many."""
    return value if isinstance(value, tuple) else (value,)
