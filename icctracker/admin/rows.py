"""What a file of evidence, searches, situations or actors holds, by column."""

from django import forms
from django.db.models import F, Prefetch, Q
from django.forms.models import modelform_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from icctracker.actions.entries import save_entry, submit
from icctracker.actions.record import link_situations
from icctracker.actions.status import log_search
from icctracker.imports.seats import NotSitting, Seats
from icctracker.models import (
    FACTS,
    SOURCE_FIELDS,
    VOTES,
    Actor,
    Criterion,
    Evidence,
    Finding,
    Kind,
    Search,
    Situation,
    Source,
    Vote,
    rules,
)
from icctracker.models.evidence import REMARKS, with_subjects
from icctracker.models.rules import Stops
from icctracker.readings.naming import Names
from icctracker.ruleset import votes
from icctracker.texts import dates
from icctracker.web.kit.days import DayField

from .exchange import (
    FINDING_HELP,
    FINDING_LINE,
    SOURCE_HELP,
    VOTE_HELP,
    AddingResource,
    finding_line,
    lines_of,
    read_finding,
    read_source,
    read_vote,
    source_line,
    vote_line,
)
from .forms import FactsForm, FindingForm, SearchForm, SourceForm

# The votes of the members as lines of a cell, checked as the desk's grid is.


class VotesForm(FactsForm):
    """Facts with the votes of the members, and what follows from them."""

    roll_call = forms.CharField(required=False)

    def clean_roll_call(self):
        lines = lines_of(self.cleaned_data["roll_call"])
        day = self.cleaned_data.get("occurred_on")
        if not lines or day is None:
            return {}
        return _roll_call(lines, day.year, self.known["seats"])

    def clean(self):
        data = super().clean()
        self._follow(self.judged(data))
        return data

    def judged(self, data):
        """What could be understood, as the rules judge it."""
        facts = {name: data.get(name) for name in self._meta.fields}
        facts["actors"] = [actor.name for actor in data.get("actors") or ()]
        facts["roll_call"] = data.get("roll_call") or {}
        council = self.known["council"]
        sources, findings = (data.get(name) or [] for name in ("sources", "findings"))
        return rules.Entry(facts, sources, findings, council=council)

    def _follow(self, entry):
        """Fill what is blank from the votes of the members."""
        if entry.count is None:
            return
        uncertain = votes.UNKNOWN in entry.facts["roll_call"].values()
        blank = all(entry.facts[name] is None for name in VOTES)
        if blank and not uncertain and not set(VOTES) & set(self.errors):
            counted = (entry.count.yes, entry.count.no, entry.count.abstain)
            self.cleaned_data |= dict(zip(VOTES, counted, strict=True))
        if entry.kind == Kind.VETO and not entry.facts["actors"]:
            self.cleaned_data["actor_names"] = entry.vetoing


def _roll_call(lines, year, seats):
    """The votes by the code of the member; all who sat that year, each once."""
    sat = seats.of(year)
    if not sat:
        text = _(
            "The Council's record does not list its members in %(year)d: leave this"
            " empty."
        )
        raise forms.ValidationError(text % {"year": year})
    cast, faults = {}, []
    for line in lines:
        try:
            code, vote = _read(line, year, seats)
        except forms.ValidationError as fault:
            faults += fault.messages
            continue
        if code in cast:
            text = _("The vote of %(name)s is given twice.")
            faults.append(text % {"name": seats.name(code)})
        cast[code] = vote
    if faults:
        raise forms.ValidationError(faults)
    return cast


def _read(line, year, seats):
    """The code of a member of that year and its vote, of one line."""
    code, cast = read_vote(line)
    if cast not in Vote.Cast.values:
        text = _(
            "“%(line)s”: write the member and its vote as in “CHN | N”; the vote is one"
            " of %(votes)s."
        )
        said = {"line": line[:30], "votes": ", ".join(Vote.Cast.values)}
        raise forms.ValidationError(text % said)
    try:
        return seats.by_code(code, year), cast
    except NotSitting as fault:
        raise forms.ValidationError(str(fault)) from fault
    except KeyError as fault:
        text = _("There is no Council member with the code “%(code)s”.")
        raise forms.ValidationError(text % {"code": code[:30]}) from fault


def in_figures(field, order):
    """Read the days of a file as was said when it was chosen, or say where to."""
    field.order = order
    field.where_to_say = _("Or say below the file which of them comes first in it.")


# One row of an imported file, checked like a form: faults by column, in words.

_SourceLine = modelform_factory(Source, form=SourceForm, fields=SOURCE_FIELDS)
_FindingLine = modelform_factory(Finding, form=FindingForm, fields=FINDING_LINE[1:])
_OF_EVENT = [name for name in FACTS if name not in REMARKS]


class EvidenceRow(VotesForm):
    """An entry with its relations, as a row of cells."""

    situations = forms.CharField(required=False)
    actors = forms.CharField(required=False)
    sources = forms.CharField(required=False)
    findings = forms.CharField(required=False)

    required_columns = "occurred_on kind tier title summary sources findings".split()

    class Meta:
        model = Evidence
        fields = [
            "slug",
            *(name for name in _OF_EVENT if name != "roll_call"),
            *REMARKS,
        ]
        field_classes = {"occurred_on": DayField}

    def __init__(self, cells, *, context):
        super().__init__(cells)
        self.known = context
        in_figures(self.fields["occurred_on"], context.get("date_order", ""))

    @staticmethod
    def context():
        """What rows refer to: situations, actors, criteria in force, Council seats."""
        criteria = Criterion.objects.in_force().select_related("recommendation")
        return {
            "situations": {each.slug: each for each in Situation.objects.all()},
            "actors": {each.name: each for each in Actor.objects.on_record()},
            "criteria": {each.key: each for each in criteria},
            "seats": Seats(),
            "council": rules.Council(),
            # What is to be checked, though it stops nothing.
            "advice": [],
        }

    def clean_situations(self):
        text = _("There is no situation with the slug “%(name)s”.")
        return self._look_up("situations", text)

    def clean_actors(self):
        text = _("There is no actor named “%(name)s”; add it first.")
        known = Names(self.known["actors"])
        return self._look_up("actors", text, known.read(self.cleaned_data["actors"]))

    def clean_sources(self):
        rows, faults = [], []
        for line in lines_of(self.cleaned_data["sources"]):
            form = _SourceLine(read_source(line))
            faults += _faults(line, form)
            rows.append(getattr(form, "cleaned_data", {}))
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean_findings(self):
        rows, faults = [], []
        for line in lines_of(self.cleaned_data["findings"]):
            values = read_finding(line)
            code = values.pop("criterion")
            form = _FindingLine(values)
            faults += _faults(line, form)
            if code not in self.known["criteria"]:
                text = _("There is no criterion “%(code)s” in the codebook in force.")
                faults.append(text % {"code": code})
            criterion = self.known["criteria"].get(code)
            rows.append(getattr(form, "cleaned_data", {}) | {"criterion": criterion})
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean(self):
        data = super().clean()
        unread = set(self.errors)
        for fault in rules.stopping(self.judged(data), Stops.SAVING | Stops.SUBMITTING):
            # What follows from votes that could not be read is not asked for.
            follows = fault.where in VOTES and "roll_call" in unread
            if fault.where not in unread and not follows:
                name = fault.where if fault.where in self.fields else None
                self.add_error(name, self._told(fault))
        if not self.errors:
            found = rules.pinpoint_advice(self.judged(data))
            self.known["advice"] += [self._told(fault) for fault in found]
        return data

    def _told(self, fault):
        """What is wrong, with the line of the cell where it has lines."""
        if fault.row is None:
            return fault.what
        line = lines_of(self.data[fault.where])[fault.row]
        model = Source if fault.where == "sources" else Finding
        label = capfirst(model._meta.get_field(fault.field).verbose_name)
        return _quoted(line, label, fault.what)

    def _look_up(self, noun, text, names=None):
        names = lines_of(self.cleaned_data[noun]) if names is None else names
        faults = [text % {"name": n} for n in names if n not in self.known[noun]]
        if faults:
            raise forms.ValidationError(faults)
        return [self.known[noun][name] for name in names]


class CriterionByKey(forms.ModelChoiceField):
    """A criterion in force by its code, with its publication where not the first."""

    def to_python(self, value):
        within, _colon, code = str(value or "").rpartition(":")
        found = self.queryset.filter(code=code, recommendation__within=within).first()
        if value and found is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
        return found


class SearchRow(SearchForm):
    """A search, with its criterion by code."""

    criterion = CriterionByKey(
        Criterion.objects.all(),
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is no such criterion in the codebook in force."
            )
        },
    )

    def __init__(self, *args, date_order="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].queryset = Criterion.objects.in_force()
        in_figures(self.fields["searched_on"], date_order)


def _faults(line, form):
    """What is wrong with one line of a cell, in words that quote its beginning."""
    return [
        _quoted(line, form.fields[name].label, fault)
        for name, faults in form.errors.items()
        for fault in faults
    ]


def _quoted(line, column, fault):
    text = _("“%(line)s…”: %(column)s: %(fault)s")
    return text % {"line": line[:30], "column": column, "fault": fault}


SITUATION_COLUMNS = (
    "slug name note since title_words agenda_words ignored_words".split()
)


CODED_ELSEWHERE = gettext_lazy("hidden: being coded a second time")
# What of an entry tells how it was coded.
CODES_SHOWN = {"findings", *REMARKS}


class EvidenceResource(AddingResource):
    """Evidence with its relations; what is imported awaits review."""

    row_form = EvidenceRow
    required_columns = EvidenceRow.required_columns
    in_lines = ("situations", "actors", "roll_call", "sources", "findings")
    column_help = {
        "slug": gettext_lazy(
            "Optional. An entry that has this slug already, or the same date, kind and"
            " title, is left alone."
        ),
        "occurred_on": gettext_lazy("The date, as in 2014-05-22 or 22 May 2014."),
        "kind": gettext_lazy("As in an export: resolution, veto, referral…"),
        "tier": gettext_lazy("A, B or C."),
        "situations": gettext_lazy("Slugs, one on a line."),
        "actors": gettext_lazy("Names, one on a line."),
        "roll_call": VOTE_HELP,
        "sources": SOURCE_HELP,
        "findings": FINDING_HELP,
    }
    situations, actors = Field(column_name="situations"), Field(column_name="actors")
    roll_call = Field(column_name="roll_call")
    sources, findings = Field(column_name="sources"), Field(column_name="findings")

    class Meta:
        model = Evidence
        fields = export_order = [
            "slug",
            *with_subjects(_OF_EVENT),
            *("sources", "findings"),
            *REMARKS,
            *"state verification published_at withdrawn_at".split(),
        ]

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.context = EvidenceRow.context()
        self.advice = self.context["advice"]

    def make_form(self, cells):
        context = self.context | {"date_order": self.date_order}
        return EvidenceRow(cells, context=context)

    def filter_export(self, queryset, **kwargs):
        last = Q(retired_at__isnull=True) | Q(retired_at=F("evidence__withdrawn_at"))
        findings = Finding.objects.filter(last).select_related(
            "criterion__recommendation"
        )
        return queryset.prefetch_related(
            "situations",
            "actors",
            "sources",
            Prefetch("findings", queryset=findings, to_attr="last_findings"),
        )

    def known(self, cells, user):
        entries = Evidence.objects.visible_to(user)
        if cells["slug"]:
            found = entries.filter(slug=cells["slug"].strip()).first()
            if found:
                return found
        try:
            day = dates.read(cells["occurred_on"], self.date_order)
        except dates.DateError:
            return None
        title = cells["title"]
        same = entries.filter(occurred_on=day, kind=cells["kind"], title=title)
        return same.first() if title else None

    def add(self, data, user):
        entry = save_entry(
            Evidence(slug=data["slug"] or None),
            by=user,
            facts=data,
            sources=data["sources"],
            findings=data["findings"],
        )
        return submit(entry, by=user)

    def dehydrate_situations(self, entry):
        return "\n".join(situation.slug for situation in entry.situations.all())

    def dehydrate_actors(self, entry):
        return "\n".join(actor.name for actor in entry.actors.all())

    def dehydrate_roll_call(self, entry):
        return "\n".join(vote_line(*vote) for vote in sorted(entry.roll_call.items()))

    def dehydrate_sources(self, entry):
        return "\n".join(map(source_line, entry.sources.all()))

    def export_field(self, field, instance, **kwargs):
        """A cell; without the codes, where its reader may still come to code blind."""
        if field.column_name in CODES_SHOWN and instance.codes_hidden:
            return str(CODED_ELSEWHERE)
        return super().export_field(field, instance, **kwargs)

    def dehydrate_findings(self, entry):
        return "\n".join(map(finding_line, entry.last_findings))


class SearchResource(AddingResource):
    """The log of searches that found nothing."""

    row_form = SearchRow
    required_columns = ["criterion", "searched_on", "where", "query", "outcome"]
    column_help = {
        "criterion": gettext_lazy("The code of a criterion in force, as in 7a."),
        "searched_on": gettext_lazy("The date, as in 2014-05-22 or 22 May 2014."),
    }
    criterion = Field(attribute="criterion__key", column_name="criterion")

    class Meta:
        model = Search
        fields = export_order = [
            *"criterion searched_on where query outcome".split(),
            *"withdrawn_at withdrawal_reason".split(),
        ]

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("criterion__recommendation")

    def make_form(self, cells):
        return SearchRow(cells, date_order=self.date_order)

    def known(self, cells, user):
        form = self.make_form(cells)
        form.full_clean()
        key = {name: cells[name].strip() for name in ("where", "query")}
        for name in ("criterion", "searched_on"):
            key[name] = form.cleaned_data.get(name)
        if not all(key.values()):
            return None
        return Search.objects.known().filter(**key).first()

    def add(self, data, user):
        return log_search(by=user, **data)


class SituationResource(AddingResource):
    """Situations by slug."""

    row_form = forms.modelform_factory(Situation, fields=SITUATION_COLUMNS)
    required_columns = ["slug", "name"]

    class Meta:
        model = Situation
        fields = export_order = SITUATION_COLUMNS

    def known(self, cells, user):
        return Situation.objects.filter(slug=cells["slug"].strip()).first()

    def add(self, data, user):
        situation = Situation.objects.create(**data)
        link_situations([situation])
        return situation


class ActorForm(forms.ModelForm):
    """An actor; one whose name somebody typed in a draft is put on record by it.

    Nothing tells that the name was there.
    """

    class Meta:
        model = Actor
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.pk is None:
            drafted = Actor.objects.filter(name=name, drafted=True).first()
            self.instance = drafted or self.instance
        return name


class ActorResource(AddingResource):
    """Actors by name."""

    row_form = ActorForm
    required_columns = ["name"]

    class Meta:
        model = Actor
        fields = export_order = ["name"]

    def known(self, cells, user):
        return Actor.objects.on_record().filter(name=cells["name"].strip()).first()

    def add(self, data, user):
        kept = {"defaults": {"drafted": False}}
        return Actor.objects.update_or_create(**data, **kept)[0]
