"""Form fields for texts and addresses, which say plainly what is wrong with them."""

import uuid
from collections import namedtuple
from unicodedata import category

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy

from icctracker.models.rules import says_nothing
from icctracker.texts.legible import legible

# Reading what a form sent beside its fields, and sending as a browser would.


def posted_key(data):
    """The creation key that a form carries, if it is one."""
    try:
        return uuid.UUID((data or {}).get("creation_key", ""))
    except ValueError:
        return None


def whole_number(text):
    """The number that a hidden field carries, else None."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def as_posted(value):
    """A value as a browser sends it, in a list."""
    if isinstance(value, list):
        return value
    return [] if value is None or value is False else [str(value)]


# What is to be mended in a form, and where.

# One thing to mend: where it is, what it is called there, and what to do.
Problem = namedtuple("Problem", "target label message")


def problems_in(form, names, where=""):
    """The errors of these fields, in this order; ``where`` goes before each label."""
    found = []
    for name in names:
        if name not in form.errors:
            continue
        field = form[name]
        target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
        label = f"{where}{field.label}"
        found += [Problem(target, label, message) for message in field.errors]
    return found


TOO_LONG = gettext_lazy(
    "Shorten this to at most %(limit_value)d characters; it has %(show_value)d."
)


def limit(model, name):
    """The longest text that a field of a model holds."""
    return model._meta.get_field(name).max_length


class PlainForm(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class Text(forms.CharField):
    """Text of one line or more; too much of it is said, never cut off."""

    def __init__(self, *, max_length, rows=None, spellcheck=True, **kwargs):
        kwargs.setdefault("required", False)
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = TOO_LONG
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = TOO_LONG
        self.widget.attrs.pop("maxlength", None)
        # What is typed runs as its first letters do.
        self.widget.attrs["dir"] = "auto"
        if not spellcheck:
            self.widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}

    def to_python(self, value):
        # Browsers send two characters for each line break; one is counted and kept.
        text = legible(super().to_python(value)).strip()
        return "" if says_nothing(text) else text


class AddressField(forms.URLField):
    """An address as people paste it: in brackets, with spaces, over lines."""

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(c for c in value if category(c) not in ("Cf", "Cc"))
            value = value.strip().removeprefix("<").removesuffix(">").strip()
            value = "%20".join(value.split())
        return super().to_python(value)


class WebAddress(AddressField):
    """An address on the web: http or https, and nothing else."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *, max_length, **kwargs):
        super().__init__(
            max_length=max_length, required=False, assume_scheme="https", **kwargs
        )
        message = gettext_lazy(
            "Give a full web address that begins with http:// or https://."
        )
        self.error_messages |= {"invalid": message, "max_length": TOO_LONG}
        self.validators = [self._told(each, message) for each in self.validators]
        self.widget.attrs.pop("maxlength", None)
        # What is typed runs as its first letters do.
        self.widget.attrs["dir"] = "auto"
        self.widget.attrs |= {"inputmode": "url", "spellcheck": "false"}

    @staticmethod
    def _told(validator, message):
        if isinstance(validator, URLValidator):
            return URLValidator(schemes=["http", "https"], message=message)
        if getattr(validator, "code", "") == "max_length":
            validator.message = TOO_LONG
        return validator
