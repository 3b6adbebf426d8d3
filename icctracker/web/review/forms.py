"""Deciding about an entry, and assessing a recommendation."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    FINDING_FIELDS,
    Answer,
    Criterion,
    Dissent,
    Effect,
    Form,
    ImplementationStatus,
    Recoding,
    Recommendation,
    ReviewDecision,
)
from icctracker.models.rules import latest_today
from icctracker.readings.rulesets import LABELS, faults_in_words
from icctracker.ruleset.parameters import LIMITS, NAMES
from icctracker.web.kit.days import DayField
from icctracker.web.kit.forms import PlainForm, Text, limit

Outcome = ReviewDecision.Outcome
LONGEST = 5000


def long_text(**options):
    """A text that is refused in words when too long, and never cut by the browser."""
    too_long = gettext_lazy(
        "Shorten it to %(limit_value)d characters: it has %(show_value)d."
    )
    return forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[MaxLengthValidator(LONGEST, too_long)],
        **options,
    )


class DecisionForm(forms.Form):
    """What happens to a submitted entry: publish, send back or decline."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happens to the entry"),
        widget=forms.RadioSelect,
        choices=[
            (Outcome.PUBLISH, gettext_lazy("Publish it")),
            (
                Outcome.RETURN,
                gettext_lazy("Send it back to its author, with a comment"),
            ),
            (Outcome.DECLINE, gettext_lazy("Decline it, with a reason")),
        ],
        error_messages={"required": gettext_lazy("Choose what happens.")},
    )
    checked = forms.BooleanField(
        required=False,
        label=gettext_lazy(
            "I have checked the date, the symbol and what it shows against a source"
        ),
        help_text=gettext_lazy("Needed to publish: readers will see it as verified."),
    )
    note = long_text(
        label=gettext_lazy("Comment or reason"),
        help_text=gettext_lazy(
            "Needed to send back or decline. If you publish, readers see it too."
        ),
    )

    def __init__(self, *args, evidence, own, author, **kwargs):
        super().__init__(*args, **kwargs)
        self.own, self.author = own, author
        if not evidence.has_author:
            outcome = self.fields["outcome"]
            outcome.choices = [c for c in outcome.choices if c[0] != Outcome.RETURN]
        if own:
            self.fields["note"].help_text = (
                _("You wrote this entry. To decide on it alone, say why: it is shown.")
                if author
                else _(
                    "You changed this entry while it was waiting. To decide on it"
                    " alone, say why: it is shown."
                )
            )

    def clean(self):
        data = super().clean()
        outcome = data.get("outcome")
        if outcome == Outcome.PUBLISH and not data.get("checked"):
            self.add_error("checked", _("Tick this to publish, once you have checked."))
        if "note" in data and not data["note"] and outcome:
            if outcome != Outcome.PUBLISH:
                self.add_error("note", _("Say why: it is kept with the decision."))
            elif self.own:
                self.add_error(
                    "note",
                    _("Say why you decide on your own entry.")
                    if self.author
                    else _("Say why you decide on an entry that you changed."),
                )
        return data

    def take_back_the_tick(self):
        """Keep what was typed, but let the newer version be checked first."""
        self.data = self.data.copy()
        self.data.pop("checked", None)


class AssessmentForm(forms.Form):
    """The status of a recommendation on a date, as a curator decides it."""

    as_of = DayField(
        label=gettext_lazy("Status as of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Give the date.")},
    )
    decided = forms.ChoiceField(
        label=gettext_lazy("The status you decide on"),
        help_text=gettext_lazy(
            "Choose what the rule suggests to confirm it, or another to override it."
        ),
        widget=forms.RadioSelect,
        choices=ImplementationStatus.choices,
        error_messages={"required": gettext_lazy("Choose the status.")},
    )
    decided_reason = forms.ChoiceField(
        label=gettext_lazy("If not followed, why"),
        required=False,
        choices=[
            ("", gettext_lazy("As the rule suggests, or does not apply")),
            ("contrary practice", gettext_lazy("Contrary practice")),
            ("no action found", gettext_lazy("No action found")),
        ],
    )
    rationale = long_text(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Needed where your decision differs from the suggestion. Readers see it."
        ),
    )
    suggested = forms.ChoiceField(
        widget=forms.HiddenInput, choices=ImplementationStatus.choices
    )
    suggested_reason = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, publication, **kwargs):
        super().__init__(*args, **kwargs)
        self.publication = publication

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day > latest_today():
            raise forms.ValidationError(
                _(
                    "%(day)s is in the future: a status can be decided for today or any"
                    " day before."
                )
                % {"day": date_format(day)}
            )
        if day < self.publication.published_on:
            raise forms.ValidationError(
                _("The recommendation was only made on %(day)s.")
                % {"day": date_format(self.publication.published_on)}
            )
        return day

    def clean(self):
        data = super().clean()
        decided, suggested = data.get("decided"), data.get("suggested")
        reason = data.get("decided_reason") or ""
        same = decided == suggested
        if decided == ImplementationStatus.NOT_FOLLOWED:
            if not same and not reason and "decided_reason" in data:
                self.add_error("decided_reason", _("Choose which of the two it is."))
            same = same and reason in ("", data.get("suggested_reason"))
        if decided and not same and "rationale" in data and not data["rationale"]:
            self.add_error(
                "rationale", _("Say why it differs from what the rule suggests.")
            )
        return data

    def shown_with(self, suggested):
        """Note what the curator is shown, so that the answer belongs to it."""
        shown = {
            "suggested": suggested.code,
            "suggested_reason": suggested.reason or "",
        }
        self.initial |= shown
        self.fields["decided"].choices = [
            (code, _("%(status)s (suggested)") % {"status": label})
            if code == suggested.code
            else (code, label)
            for code, label in ImplementationStatus.choices
        ]
        if self.is_bound:
            self.data = self.data.copy()
            self.data.update(shown)

    def keep_only_errors_of(self, name):
        """Forget the other errors: nothing but this field was asked about."""
        for other in [field for field in self.errors if field != name]:
            del self.errors[other]


# Drafting the codebook: its version, its criteria, and the reason to publish it.

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
        label=gettext_lazy("Essential: a main part, which counts for the status"),
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


class ValuesForm(forms.Form):
    """The values of a draft of the rule, all of them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in NAMES:
            smallest, largest = LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=smallest,
                max_value=largest,
                help_text=_("Between %(least)s and %(most)s.")
                % {"least": smallest, "most": largest},
            )

    def clean(self):
        data = super().clean()
        if not self.errors:
            values = {name: data[name] for name in NAMES}
            for name, sentence in faults_in_words(values):
                self.add_error(name, sentence)
        return data


class PublishForm(forms.Form):
    """The reason for a version."""

    reason = _text(
        rows=5,
        label=gettext_lazy("What changed, and why"),
        help_text=gettext_lazy("Readers see it with the version."),
        error_messages={
            "required": gettext_lazy("Say why: readers see the reason."),
        },
    )


class LeavingForm(PublishForm):
    """The same where findings are left that nobody coded again."""

    leave = forms.BooleanField(
        required=False,
        label=gettext_lazy("Publish it all the same: these findings do not count"),
    )
    leave_reason = _text(
        rows=3,
        required=False,
        label=gettext_lazy("Why they are not coded again"),
        help_text=gettext_lazy("Only if some are left. Readers see it too."),
    )


# Coding a finding again under a draft of the codebook.


class RecodingForm(PlainForm):
    """What a finding says under the changed test: nothing is chosen beforehand."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What the coding says now"),
        widget=forms.RadioSelect,
        choices=[
            (Recoding.Outcome.STANDS, gettext_lazy("The same as before: it stands")),
            (
                Recoding.Outcome.CHANGED,
                gettext_lazy("It says something else"),
            ),
            (
                Recoding.Outcome.SILENT,
                gettext_lazy("It no longer speaks to this criterion"),
            ),
        ],
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    rationale = Text(
        label=gettext_lazy("Reason"),
        max_length=limit(Recoding, "rationale"),
        rows=4,
        help_text=gettext_lazy(
            "Not needed if it stands. Readers see it once the version is published."
        ),
    )
    effect = forms.TypedChoiceField(
        label=gettext_lazy("Effect, if it says something else"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=Effect.choices,
        widget=forms.RadioSelect,
    )
    occasion = forms.TypedChoiceField(
        label=gettext_lazy("Could the addressee have acted otherwise at that moment?"),
        required=False,
        coerce=lambda text: text == "yes",
        empty_value=None,
        choices=[
            ("yes", gettext_lazy("Yes, this was an occasion")),
            ("no", gettext_lazy("No, it was none")),
        ],
        widget=forms.RadioSelect,
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        choices=[("", gettext_lazy("As before")), *Form.choices],
        help_text=gettext_lazy("How much the act binds; the rule weighs it."),
    )
    form_reason = Text(
        label=gettext_lazy("Why this form"),
        max_length=limit(Recoding, "form_reason"),
        help_text=gettext_lazy("Where it differs from the one the kind proposes."),
    )
    searched_words = Text(
        label=gettext_lazy("Words searched for"),
        max_length=limit(Recoding, "searched_words"),
        help_text=gettext_lazy("If the form is an omission. Empty: as before."),
    )
    pinpoint = Text(
        label=gettext_lazy("Where it can be read (optional)"),
        max_length=limit(Recoding, "pinpoint"),
        help_text=gettext_lazy("For example, OP 7 or p. 4. Empty: as before."),
    )

    def clean(self):
        data = super().clean()
        outcome = data.get("outcome")
        needed = {}
        if outcome in (Recoding.Outcome.CHANGED, Recoding.Outcome.SILENT):
            needed["rationale"] = _("Say why: readers will be told.")
        if outcome == Recoding.Outcome.CHANGED:
            needed["effect"] = _("Say what it does for this criterion.")
            needed["occasion"] = _("Say whether it was an occasion.")
        for name, sentence in needed.items():
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, sentence)
        return data

    @property
    def codes(self):
        """What of it the action is given."""
        data = self.cleaned_data
        outcome = data["outcome"]
        if outcome == Recoding.Outcome.SILENT:
            return {"silent": True, "rationale": data["rationale"]}
        if outcome == Recoding.Outcome.STANDS:
            return {}
        names = [name for name in FINDING_FIELDS if name in self.fields]
        return {name: data[name] for name in names if data[name] not in (None, "")}


# Answering what came from outside, and deciding about a dissent.


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
