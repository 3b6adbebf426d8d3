"""Form fields that accept what people write and say plainly what they cannot read."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker import symbols
from icctracker.models import Actor
from icctracker.models.evidence import EARLIEST

from .options import chooser

TOO_LONG = gettext_lazy(
    "Shorten this to at most %(limit_value)d characters; it has %(show_value)d."
)
NOT_OFFERED = gettext_lazy("Choose one of those listed.")

_DATE_FORMATS = ["%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y"]
# What begins like this is meant as a symbol that can be read, and is refused if not.
_MEANT_AS_SYMBOL = re.compile(
    r"\W*(?:(?:s|a|e|st|sc|sg|ga)\s*/|icc\s*-|(?:un)?scr\b|resolution\s*\d|https?:)",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[;\r\n]+")


def limit(model, name):
    """The longest text that a field of a model holds."""
    return model._meta.get_field(name).max_length


class PlainForm(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class CriterionField(forms.TypedChoiceField):
    """A criterion by its key; an earlier version's stands for the one that follows."""

    options = None

    def offer(self, options):
        """Offer the criteria that a form was loaded with."""
        self.options = options
        self.coerce = chooser(options.criteria)

    def prepare_value(self, value):
        return self._key(super().prepare_value(value))

    def to_python(self, value):
        return super().to_python(self._key(value))

    def _key(self, value):
        return self.options.key(value) if self.options and value else value


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
        if not spellcheck:
            self.widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}

    def to_python(self, value):
        # Browsers send two characters for each line break; one is counted and kept.
        return super().to_python(value).replace("\r\n", "\n")


class WebAddress(forms.URLField):
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
        self.widget.attrs |= {"inputmode": "url", "spellcheck": "false"}

    @staticmethod
    def _told(validator, message):
        if isinstance(validator, URLValidator):
            return URLValidator(schemes=["http", "https"], message=message)
        if getattr(validator, "code", "") == "max_length":
            validator.message = TOO_LONG
        return validator


class DayField(forms.DateField):
    """A day that has been, written as people write it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"autocomplete": "off"})

    def __init__(self, *, in_future, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(input_formats=_DATE_FORMATS, **kwargs)
        self.in_future = in_future

    def to_python(self, value):
        if isinstance(value, str):
            value = " ".join(value.split())
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                _(
                    "“%(written)s” is not a date on the calendar. Write it like"
                    " 22 May 2014 or 2014-05-22."
                )
                % {"written": value[:40]},
                code="invalid",
            ) from error

    def validate(self, value):
        super().validate(value)
        if not isinstance(value, date):
            return
        said = {"day": date_format(value)}
        if value > timezone.localdate():
            raise ValidationError(self.in_future % said, code="future")
        if value < EARLIEST:
            raise ValidationError(
                _(
                    "%(day)s is before 26 June 1945, when the Charter was signed;"
                    " nothing the tracker deals with is older."
                )
                % said,
                code="too early",
            )


class SymbolField(Text):
    """A document symbol, put in its official form; other references stay as written.

    After ``clean`` the attribute ``warnings`` holds what the writer should check.
    """

    def __init__(self, **kwargs):
        # Longer than a symbol, since people paste the document's address.
        super().__init__(max_length=symbols.LONGEST_ADDRESS, spellcheck=False, **kwargs)
        self.longest = 80
        self.warnings = ()

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return ""
        try:
            symbol = symbols.read(value, today_year=timezone.localdate().year)
            self.warnings = [_(warning) for warning in symbol.warnings]
            value = symbol.official
        except symbols.SymbolError as error:
            if _MEANT_AS_SYMBOL.match(value):
                raise ValidationError(_(str(error)), code="symbol") from error
            value = symbols.normalise(value)
        if len(value) > self.longest:
            raise ValidationError(
                TOO_LONG % {"limit_value": self.longest, "show_value": len(value)}
            )
        return value


class NamesField(Text):
    """Names, one a line or with commas or semicolons between; a list of them."""

    most = 60

    def __init__(self, *, known=(), **kwargs):
        super().__init__(max_length=8000, rows=3, **kwargs)
        self.known = {name.casefold(): name for name in known}

    def clean(self, value):
        names = self.names(super().clean(value))
        for name in names:
            if len(name) > limit(Actor, "name"):
                raise ValidationError(
                    _("“%(name)s…” is too long for a name: at most %(most)d.")
                    % {"name": name[:40], "most": limit(Actor, "name")}
                )
        if len(names) > self.most:
            raise ValidationError(
                _("Name at most %(most)d; there are %(number)d.")
                % {"most": self.most, "number": len(names)}
            )
        return names

    def names(self, value):
        """The names in a text, each once; or in a list of names, as it is."""
        if isinstance(value, list):
            return value
        names = {}
        for piece in _SEPARATORS.split(value or ""):
            # A name on record may hold a comma of its own.
            whole = " ".join(piece.split()).casefold() in self.known
            for part in [piece] if whole else piece.split(","):
                if name := " ".join(part.split()):
                    names.setdefault(name.casefold(), self.known_as(name))
        return list(names.values())

    def known_as(self, name):
        """The name as it stands on record, whatever its capitals."""
        return self.known.get(name.casefold(), name)
