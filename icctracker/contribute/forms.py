"""The forms of the desk: the facts of an entry, a search, a reason."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.fields import PlainForm, Text, limit
from icctracker.models import Evidence, Kind, ReviewDecision, Search, Tier

from .fields import NOT_OFFERED, DayField, NamesField, SymbolField
from .options import chooser

VOTES = ("votes_yes", "votes_no", "votes_abstain")
COUNCIL_KINDS = (Kind.RESOLUTION, Kind.VETO, Kind.REFERRAL)
SEATS, STATES = 15, 193
EVENT_IN_FUTURE = gettext_lazy(
    "%(day)s is in the future. Evidence is logged after it has happened."
)
SEARCH_IN_FUTURE = gettext_lazy(
    "%(day)s is in the future. A search is logged after it was made."
)


def _number(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=STATES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages={
            "invalid": gettext_lazy("Write a whole number, such as 13."),
            "min_value": gettext_lazy("There cannot be fewer than 0 votes."),
            "max_value": gettext_lazy("There are 193 Member States."),
        },
    )


class FactsForm(PlainForm):
    """What happened: every field of an entry that is not a row of its own."""

    occurred_on = DayField(
        label=gettext_lazy("Date"),
        in_future=EVENT_IN_FUTURE,
        help_text=gettext_lazy(
            "When it happened, not when it was found. For example, 22 May 2014 or"
            " 2014-05-22."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of event"),
        required=False,
        choices=[("", ""), *Kind.choices],
        help_text=gettext_lazy(
            "May stay empty where you say below how each member of the Council voted:"
            " it follows from the votes."
        ),
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    title = Text(
        label=gettext_lazy("Title"),
        max_length=limit(Evidence, "title"),
        help_text=gettext_lazy("What happened, in one line a reader could quote."),
    )
    summary = Text(
        label=gettext_lazy("Summary"),
        max_length=limit(Evidence, "summary"),
        rows=5,
        help_text=gettext_lazy("Two or three sentences: who did what. No judgement."),
    )
    symbol = SymbolField(
        label=gettext_lazy("Document symbol (optional)"),
        help_text=gettext_lazy(
            "As people write it: S/2014/348, resolution 1593, ICC-02/05-01/09-302; or"
            " the document's address. It is put in its official form."
        ),
    )
    meeting = SymbolField(
        label=gettext_lazy("Meeting record (optional)"),
        help_text=gettext_lazy("For example, S/PV.7180."),
    )
    situations = forms.MultipleChoiceField(
        label=gettext_lazy("Situations (optional)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    actor_names = NamesField(
        label=gettext_lazy("Actors (optional)"),
        help_text=gettext_lazy(
            "Who acted; for a veto, who cast it. One a line, or with commas between. A"
            " name that is not on record yet is added when you save."
        ),
    )
    votes_yes = _number(gettext_lazy("In favour"))
    votes_no = _number(gettext_lazy("Against"))
    votes_abstain = _number(gettext_lazy("Abstaining"))
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier of the best source"),
        required=False,
        choices=[(tier.value, f"{tier.value}: {tier.label}") for tier in Tier],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_OFFERED},
        help_text=gettext_lazy("How close it stands to the act."),
    )
    counter_evidence = Text(
        label=gettext_lazy("What is the best evidence the other way? (optional)"),
        max_length=limit(Evidence, "counter_evidence"),
        rows=4,
        help_text=gettext_lazy(
            "What would somebody who disagrees point to? For the reviewer; not shown"
            " to readers."
        ),
    )
    reason = Text(
        label=gettext_lazy("Reason for the correction"),
        max_length=limit(ReviewDecision, "note"),
        rows=3,
        help_text=gettext_lazy("Kept with the entry and shown to readers."),
    )

    def __init__(self, *args, options, correcting=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["situations"].choices = options.situation_choices()
        self.fields["actor_names"].known = {
            name.casefold(): name for name in options.actor_names
        }
        if not correcting:
            del self.fields["reason"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = entry_layout(correcting)

    @property
    def day(self):
        """The date as it is typed, if it can be read."""
        value = self["occurred_on"].value()
        if isinstance(value, date):
            return value
        try:
            return DayField(in_future=EVENT_IN_FUTURE).clean(value)
        except forms.ValidationError:
            return None

    def hide_veto(self):
        """Offer no veto among the kinds: where votes are known it follows from them."""
        field = self.fields["kind"]
        if self["kind"].value() != Kind.VETO:
            choices = [each for each in field.choices if each[0] != Kind.VETO]
            field.widget.choices = choices

    def clean(self):
        votes = [self.cleaned_data.get(name) for name in VOTES]
        if any(name in self.errors for name in VOTES) or votes == [None] * 3:
            return self.cleaned_data
        if None in votes:
            missing = VOTES[votes.index(None)]
            self.add_error(missing, _("Give all three numbers, or none of them."))
            return self.cleaned_data
        self._check_votes(sum(votes), votes[1])
        return self.cleaned_data

    def _check_votes(self, total, against):
        kind = self.cleaned_data.get("kind")
        said = {"total": total}
        if kind in COUNCIL_KINDS and total > SEATS:
            message = _("The Council has 15 members; these votes add up to %(total)d.")
            self.add_error("votes_yes", message % said)
        elif total > STATES:
            message = _("There are 193 Member States; these votes add up to %(total)d.")
            self.add_error("votes_yes", message % said)
        if kind == Kind.VETO and not against:
            self.add_error(
                "votes_no", _("A veto is a vote against: give at least one.")
            )

    def warnings(self):
        """What the writer should check, as pairs of a field and the advice."""
        return [
            (self[name], warning)
            for name in ("symbol", "meeting")
            for warning in self.fields[name].warnings
        ]


def entry_layout(correcting=False):
    """One column in the order in which a researcher works."""
    sections = [
        Fieldset(
            gettext_lazy("What happened"),
            HTML("{% include 'contribute/facts.html' %}"),
        ),
        Fieldset(
            gettext_lazy("What shows it"),
            HTML("{% include 'contribute/shown_by.html' %}"),
        ),
        Fieldset(
            gettext_lazy("What it shows"),
            HTML("{% include 'contribute/findings.html' with rows=entry.findings %}"),
        ),
        Fieldset(gettext_lazy("The other way"), "counter_evidence"),
    ]
    if correcting:
        sections.append(Fieldset(gettext_lazy("Why it is corrected"), "reason"))
    return Layout(*sections)


class SearchForm(PlainForm):
    """A look for evidence that found nothing."""

    criterion = forms.TypedChoiceField(
        label=gettext_lazy("Criterion"),
        error_messages={
            "required": gettext_lazy("Choose the criterion you searched for."),
            "invalid_choice": NOT_OFFERED,
        },
    )
    searched_on = DayField(
        label=gettext_lazy("Date of the search"),
        required=True,
        in_future=SEARCH_IN_FUTURE,
        help_text=gettext_lazy("For example, 22 May 2014 or 2014-05-22."),
        error_messages={"required": gettext_lazy("Say when you searched.")},
    )
    where = Text(
        label=gettext_lazy("Where you looked"),
        required=True,
        max_length=limit(Search, "where"),
        help_text=gettext_lazy(
            "The catalogue, site or archive. For example, UN Digital Library."
        ),
        error_messages={"required": gettext_lazy("Say where you looked.")},
    )
    query = Text(
        label=gettext_lazy("What you asked"),
        required=True,
        max_length=limit(Search, "query"),
        help_text=gettext_lazy("The words and filters, so that it can be repeated."),
        error_messages={"required": gettext_lazy("Say what you asked.")},
    )
    outcome = Text(
        label=gettext_lazy("What came of it"),
        required=True,
        max_length=limit(Search, "outcome"),
        rows=4,
        help_text=gettext_lazy("What was there, and why none of it counts."),
        error_messages={"required": gettext_lazy("Say what came of it.")},
    )

    def __init__(self, *args, criteria, groups, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["criterion"]
        field.choices = [("", ""), *groups]
        field.coerce = chooser(criteria)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ReasonForm(PlainForm):
    """Why a published entry is withdrawn."""

    reason = Text(
        label=gettext_lazy("Reason for the withdrawal"),
        required=True,
        max_length=limit(ReviewDecision, "note"),
        rows=4,
        help_text=gettext_lazy("Kept with the entry and shown to readers."),
        error_messages={
            "required": gettext_lazy("Say why: readers of the entry will be told.")
        },
    )
