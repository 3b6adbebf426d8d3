"""The forms of a dissent."""

from django import forms
from django.utils.translation import gettext_lazy

from icctracker.fields import PlainForm, Text, limit
from icctracker.models import Dissent, Effect, ImplementationStatus

CHOOSE = gettext_lazy("Choose what you would have said.")


def _reason():
    return Text(
        label=gettext_lazy("Why"),
        required=True,
        max_length=limit(Dissent, "reason"),
        rows=6,
        help_text=gettext_lazy(
            "Readers see it, with your public name only if you let it be shown."
        ),
        error_messages={"required": gettext_lazy("Say why: readers see the reason.")},
    )


class FindingDissentForm(PlainForm):
    """Which effect one would give instead, and why."""

    effect = forms.TypedChoiceField(
        label=gettext_lazy("The effect you would give it"),
        widget=forms.RadioSelect,
        choices=Effect.choices,
        coerce=int,
        error_messages={"required": CHOOSE},
    )
    reason = _reason()


class AssessmentDissentForm(PlainForm):
    """Which status one would have decided on, and why."""

    status = forms.ChoiceField(
        label=gettext_lazy("The status you would decide on"),
        widget=forms.RadioSelect,
        choices=ImplementationStatus.choices,
        error_messages={"required": CHOOSE},
    )
    reason = _reason()


class TakeBackForm(PlainForm):
    """Why a dissent is taken back."""

    reason = Text(
        label=gettext_lazy("Why you take it back"),
        required=True,
        max_length=limit(Dissent, "withdrawal_reason"),
        rows=4,
        help_text=gettext_lazy("It is kept, and shown where the dissent was."),
        error_messages={"required": gettext_lazy("Say why: it is kept.")},
    )
