"""Answering what came from outside, and deciding about a dissent."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.fields import PlainForm, Text, limit
from icctracker.models import Answer, Dissent


class AnswerForm(PlainForm):
    """Publish a response with an answer, or withhold it with the reason."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happens to it"),
        widget=forms.RadioSelect,
        choices=[
            (Answer.Outcome.ANSWERED, gettext_lazy("Publish it, with our answer")),
            (
                Answer.Outcome.WITHHELD,
                gettext_lazy("Withhold its text, and tell readers why"),
            ),
        ],
        error_messages={"required": gettext_lazy("Choose what happens.")},
    )
    text = Text(
        label=gettext_lazy("Our answer, or the reason"),
        required=True,
        max_length=limit(Answer, "text"),
        rows=6,
        help_text=gettext_lazy(
            "Readers see it. Say what was corrected and where, or why nothing was."
            " Do not repeat what is withheld."
        ),
        error_messages={"required": gettext_lazy("Write it: readers see it.")},
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def ask_again(self, after):
        """Keep what was typed, to be sent after the answer that is there now."""
        self.data = self.data.copy()
        self.data["after"] = after


class DissentForm(PlainForm):
    """Whether a text is a dissent."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        widget=forms.RadioSelect,
        choices=[
            ("confirm", gettext_lazy("A dissent: put it on the page")),
            ("refuse", gettext_lazy("Not a dissent, or abusive: keep it off the page")),
        ],
        help_text=gettext_lazy(
            "You need not agree. It changes no status, but what it is about counts as"
            " in dispute."
        ),
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    reason = Text(
        label=gettext_lazy("Reason, if you keep it off the page"),
        max_length=limit(Dissent, "refusal_reason"),
        rows=4,
        help_text=gettext_lazy("Its author reads it."),
    )

    def clean(self):
        data = super().clean()
        if data.get("outcome") == "refuse" and "reason" in data and not data["reason"]:
            self.add_error("reason", _("Say why: its author reads it."))
        return data
