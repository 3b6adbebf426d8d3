"""Drafting the codebook: its version, its criteria, and the reason to publish it."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy

from icctracker.models import Criterion, Recommendation

from .forms import LONGEST

_TOO_LONG = gettext_lazy(
    "Shorten it to %(limit_value)d characters: it has %(show_value)d."
)


def _text(rows=4, **options):
    """A text that is refused in words when too long, and never cut by the browser."""
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[MaxLengthValidator(LONGEST, _TOO_LONG)],
        **options,
    )


class DraftForm(forms.Form):
    """The number of the next version."""

    version = forms.CharField(
        label=gettext_lazy("Number of the next version"),
        help_text=gettext_lazy("Higher than the one in force: 1.1 after 1.0."),
        max_length=7,
        widget=forms.TextInput(attrs={"size": 7, "maxlength": None}),
        error_messages={
            "required": gettext_lazy("Give the version a number."),
            "max_length": gettext_lazy("Write two numbers, as in 1.1."),
        },
    )


class CriterionForm(forms.Form):
    """What a criterion asks, what counts for it and what does not."""

    statement = _text(
        rows=3,
        label=gettext_lazy("Statement"),
        help_text=gettext_lazy("What would be so if the recommendation were followed."),
        error_messages={"required": gettext_lazy("Say what is tested.")},
    )
    counts = _text(
        label=gettext_lazy("What counts"),
        error_messages={"required": gettext_lazy("Say what counts.")},
    )
    does_not_count = _text(
        label=gettext_lazy("What does not count"),
        error_messages={"required": gettext_lazy("Say what does not count.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        widget=forms.RadioSelect,
        choices=[
            ("deliver", gettext_lazy("Deliver: a thing to be created")),
            ("sustain", gettext_lazy("Sustain: a practice to keep up")),
            ("refrain", gettext_lazy("Refrain: a conduct to avoid")),
        ],
        error_messages={"required": gettext_lazy("Choose the kind.")},
    )
    delivered_by = forms.ChoiceField(
        label=gettext_lazy("Delivered in full by"),
        help_text=gettext_lazy("Matters only for a thing to be created."),
        widget=forms.RadioSelect,
        choices=Criterion.DeliveredBy.choices,
        initial=Criterion.DeliveredBy.DECISION,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    essential = forms.BooleanField(
        label=gettext_lazy("Essential: the recommendation is as strong as the weakest"),
        required=False,
        initial=True,
    )


class NewCriterionForm(CriterionForm):
    """A criterion that no version has had."""

    recommendation = forms.ModelChoiceField(
        Recommendation.objects.all(),
        to_field_name="code",
        label=gettext_lazy("Recommendation"),
        error_messages={"required": gettext_lazy("Choose the recommendation.")},
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "The number of the recommendation and a letter that no version has used,"
            " as in 7c."
        ),
        max_length=5,
        widget=forms.TextInput(attrs={"size": 5, "maxlength": None}),
        error_messages={
            "required": gettext_lazy("Give the criterion a code."),
            "max_length": gettext_lazy("Write a number and a letter, as in 7c."),
        },
    )
    field_order = ["recommendation", "code"]


class RevisionForm(CriterionForm):
    """A criterion of the draft that the version in force has as well."""

    recode = forms.ChoiceField(
        label=gettext_lazy("What happens to the findings coded so far"),
        widget=forms.RadioSelect,
        choices=[
            (
                "",
                gettext_lazy("They carry over: the words change, the test does not"),
            ),
            (
                "1",
                gettext_lazy("They must be coded again: the test itself changes"),
            ),
        ],
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def ask_again(self, revision):
        """Keep what was typed, but let it be saved over the newer draft."""
        self.data = self.data.copy()
        self.data["revision"] = revision


class PublishForm(forms.Form):
    """The reason for a version, and the preview it was read with."""

    reason = _text(
        rows=5,
        label=gettext_lazy("What changed, and why"),
        help_text=gettext_lazy("Readers see it with the version."),
        error_messages={
            "required": gettext_lazy("Say why: readers see the reason."),
        },
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def shown_with(self, token):
        """Note what the curator is shown, so that the answer belongs to it."""
        self.initial["token"] = token
        if self.is_bound:
            self.data = self.data.copy()
            self.data["token"] = token
