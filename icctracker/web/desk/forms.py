"""The forms of the desk: the facts of an entry, a search, a reason."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import (
    Effect,
    Evidence,
    Finding,
    Form,
    Kind,
    ReviewDecision,
    Search,
    Source,
    Tier,
)
from icctracker.models.rules import EVENT_IN_FUTURE, SEARCH_IN_FUTURE
from icctracker.models.vocabulary import Seats
from icctracker.readings.naming import Names
from icctracker.readings.silence import SEARCHED_FOR
from icctracker.ruleset.votes import AMENDED
from icctracker.texts import symbols
from icctracker.web.kit.either import values_of
from icctracker.web.kit.forms import PlainForm, Text, WebAddress, limit

from .fields import (
    NOT_OFFERED,
    CriterionField,
    NamesField,
    PastDayField,
    SymbolField,
    chooser,
)

MOST_VOTES = Seats.ASSEMBLY.in_year(AMENDED)


def _number(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_VOTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages={
            "invalid": gettext_lazy("Write a whole number, such as 13."),
            "min_value": gettext_lazy("There cannot be fewer than 0 votes."),
            "max_value": gettext_lazy("There are 193 Member States."),
        },
    )


def blame(form, name, what):
    """Say at a field what is wrong, unless something is wrong there already."""
    if name not in form.errors:
        form.add_error(name, what)


class FactsForm(PlainForm):
    """What happened: every field of an entry that is not a row of its own."""

    occurred_on = PastDayField(
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
            " name that is not on record yet is asked about before it is added."
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
        self.fields["actor_names"].known = Names(options.actor_names)
        self.new_actors = []
        if not correcting:
            del self.fields["reason"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = entry_layout(correcting)

    def clean_actor_names(self):
        """A name that is neither on record nor a State's is asked about first."""
        names = self.cleaned_data["actor_names"]
        known = self.fields["actor_names"].known
        agreed = set(values_of(self.data, "new_actors"))
        new = [name for name in names if not known.known_as(name)]
        self.new_actors = [(name, name in agreed) for name in new]
        if asked := [name for name in new if name not in agreed]:
            text = ngettext(
                "There is no actor %(names)s yet. Correct the name, or tick below that"
                " it is a new actor.",
                "There are no actors %(names)s yet. Correct the names, or tick below"
                " which are new actors.",
                len(asked),
            )
            said = ", ".join(f"“{name}”" for name in asked)
            raise forms.ValidationError(text % {"names": said}, code="new")
        return names

    @property
    def day(self):
        """The date as it is typed, if it can be read."""
        value = self["occurred_on"].value()
        if isinstance(value, date):
            return value
        try:
            return PastDayField(in_future=EVENT_IN_FUTURE).clean(value)
        except forms.ValidationError:
            return None

    def hide_veto(self):
        """Offer no veto among the kinds: where votes are known it follows from them."""
        field = self.fields["kind"]
        if self["kind"].value() != Kind.VETO:
            choices = [each for each in field.choices if each[0] != Kind.VETO]
            field.widget.choices = choices

    def warnings(self):
        """What the writer should check, as pairs of a field and the advice."""
        found = [
            (self[name], warning)
            for name in ("symbol", "meeting")
            for warning in self.fields[name].warnings
        ]
        day = getattr(self, "cleaned_data", {}).get("occurred_on")
        typed = " ".join(str(self["occurred_on"].value() or "").split())
        if day and typed not in (day.isoformat(), date_format(day)):
            text = _("This is understood as %(day)s.") % {"day": date_format(day)}
            found.append((self["occurred_on"], text))
        return found


def entry_layout(correcting=False):
    """One column in the order in which a researcher works."""
    sections = [
        Fieldset(
            gettext_lazy("What happened"),
            HTML("{% include 'desk/facts.html' %}"),
        ),
        Fieldset(
            gettext_lazy("What shows it"),
            HTML("{% include 'desk/shown_by.html' %}"),
        ),
        Fieldset(
            gettext_lazy("What it shows"),
            HTML("{% include 'desk/findings.html' with rows=entry.findings %}"),
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
    searched_on = PastDayField(
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


# The rows of an entry: its sources and its findings.

MOST_ROWS = 40


class SourceForm(PlainForm):
    """One document or page that shows the event."""

    url = WebAddress(
        label=gettext_lazy("Web address"),
        max_length=limit(Source, "url"),
        help_text=gettext_lazy("The official document where there is one."),
    )
    label = Text(
        label=gettext_lazy("What it is"),
        max_length=limit(Source, "label"),
        help_text=gettext_lazy(
            "For example, UN press release SC/10964. May stay empty where the address"
            " holds a document symbol."
        ),
    )
    official = forms.BooleanField(
        label=gettext_lazy("Official: issued by the UN, the Court or a government"),
        required=False,
        template_name="forms/checkbox.html",
    )
    archived_url = WebAddress(
        label=gettext_lazy("Archived copy (optional)"),
        max_length=limit(Source, "archived_url"),
        help_text=gettext_lazy("For example, its address at web.archive.org."),
    )

    def clean(self):
        data = self.cleaned_data
        if data.get("url") and data.get("label") == "":
            data["label"] = proposed_label(data["url"])
        return data


def proposed_label(url):
    """What an official address says that its document is; else nothing."""
    try:
        symbol = symbols.read(url)
    except symbols.SymbolError:
        return ""
    names = {
        symbols.PRESS_RELEASE: _("UN press release %(symbol)s"),
        symbols.COURT_RECORD: _("Court record %(symbol)s"),
    }
    name = names.get(symbol.series, _("UN document %(symbol)s"))
    return name % {"symbol": symbol.official}


def searched_for():
    """What an omission has to name, with the lists of words that are published."""
    asked = _("Needed for an omission: which words were looked for and not found.")
    published = _("For %(code)s, texts of the first data were searched for %(words)s.")
    known = SEARCHED_FOR.items()
    lists = [published % {"code": code, "words": words} for code, words in known]
    return " ".join([asked, *lists])


class FindingForm(PlainForm):
    """What the event shows about one criterion, of whichever recommendation."""

    criterion = CriterionField(
        label=gettext_lazy("Criterion"),
        required=False,
        empty_value=None,
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is no such criterion in the codebook. Choose one of those"
                " listed."
            )
        },
    )
    effect = forms.TypedChoiceField(
        label=gettext_lazy("Effect"),
        help_text=gettext_lazy("What the event does for this criterion."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=Effect.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    rationale = Text(
        label=gettext_lazy("Reason"),
        max_length=limit(Finding, "rationale"),
        rows=3,
        help_text=gettext_lazy("In a sentence: why this effect and no other."),
    )
    pinpoint = Text(
        label=gettext_lazy("Where it can be read (optional)"),
        max_length=limit(Finding, "pinpoint"),
        help_text=gettext_lazy("For example, OP 7 or p. 4."),
    )
    occasion = forms.BooleanField(
        label=gettext_lazy("This was an occasion"),
        required=False,
        template_name="forms/checkbox.html",
        help_text=gettext_lazy(
            "The addressee could have complied or not at that moment."
        ),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        choices=[("", gettext_lazy("As the kind of event proposes")), *Form.choices],
        error_messages={"invalid_choice": NOT_OFFERED},
        help_text=gettext_lazy("How much the act binds; the rule weighs it."),
    )
    form_reason = Text(
        label=gettext_lazy("Why this form"),
        max_length=limit(Finding, "form_reason"),
        help_text=gettext_lazy("Where it differs from the one the kind proposes."),
    )
    searched_words = Text(
        label=gettext_lazy("Words searched for"),
        max_length=limit(Finding, "searched_words"),
        help_text=lazy(searched_for, str)(),
    )

    def __init__(self, *args, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.options = options
        criterion = self.fields["criterion"]
        criterion.offer(options)
        criterion.choices = options.criterion_choices()
        # What counts is fetched as soon as another criterion is chosen.
        criterion.widget.attrs |= {
            "hx-get": reverse_lazy("finding-guidance"),
            "hx-target": f"#{self.prefix}-guidance",
            "hx-sync": "closest fieldset:replace",
        }

    @property
    def number(self):
        """The place of the row in the form, from 0."""
        return self.prefix.rpartition("-")[2]

    @property
    def guidance(self):
        """The criterion whose *counts* and *does not count* stand beside the field."""
        return self.options.criterion(self["criterion"].value())

    @property
    def shows_form(self):
        """Whether the form of the act needs to be seen: chosen, explained or wrong."""
        names = ("form", "form_reason", "searched_words")
        return any(self[name].value() or self[name].errors for name in names)


class Rows(BaseFormSet):
    """Rows that may be empty; what the filled ones must be, the rules say."""

    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": gettext_lazy(
            "Part of the form was lost on its way here. Please fill in this part again."
        ),
        "too_many_forms": gettext_lazy("There can be at most %(num)d of these."),
    }

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"empty_permitted": True}

    @property
    def filled(self):
        """The forms of the rows that say something."""
        return [form for form in self.forms if form.has_changed()]

    def values(self):
        """What could be understood of each filled row."""
        return [getattr(form, "cleaned_data", {}) for form in self.filled]

    def refuse(self, fault):
        """Say at its field what is wrong with a row, or that there must be one."""
        if fault.row is not None:
            blame(self.filled[fault.row], fault.field, fault.what)
        elif self.forms:
            blame(self.forms[0], fault.field, fault.what)
        elif not self.non_form_errors():
            self.non_form_errors().append(fault.what)

    @property
    def is_full(self):
        return self.total_form_count() >= MOST_ROWS

    def typed(self):
        """What each row holds, as typed, whether or not it can be understood."""
        return [
            {name: form[name].value() for name in form.fields} for form in self.forms
        ]


def _rows(form):
    return formset_factory(
        form,
        formset=Rows,
        extra=0,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


SourceFormSet = _rows(SourceForm)
FindingFormSet = _rows(FindingForm)
