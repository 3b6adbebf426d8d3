"""The form of one entry: its facts, sources and findings, bound together."""

from collections import namedtuple
from datetime import date
from itertools import zip_longest

from django import forms
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    FACTS,
    FINDING_FIELDS,
    SOURCE_FIELDS,
    VOTES,
    Criterion,
    Evidence,
    Finding,
    Kind,
    rules,
)
from icctracker.models.rules import Stops
from icctracker.web.kit.forms import (
    Problem,
    as_posted,
    posted_key,
    problems_in,
    whole_number,
)
from icctracker.web.kit.picker import Picker, document_of, pin

from .beside import Glance, assist, notes, record_of
from .fields import NamesField, Options
from .forms import MOST_ROWS, FactsForm, FindingFormSet, SourceFormSet, blame
from .votes import (
    AsRecorded,
    Grid,
    derived,
    lists_members,
    members_in,
    posted_votes,
    verdict,
)

# The fields of facts that are not called as the facts are.
FIELDS = {"actors": "actor_names"}
# Why an entry is corrected from the list of findings without a pinpoint.
PINNED = gettext_lazy("The paragraph is added in which the finding can be read.")

# An entry as it is saved, in the shape its form wants.


def with_parts(entries):
    """Entries with all that their form shows, in five queries."""
    findings = Finding.objects.current().select_related(
        "criterion__recommendation", "criterion__codebook"
    )
    return entries.prefetch_related(
        "situations",
        "actors",
        "sources",
        Prefetch(
            "findings",
            queryset=findings.order_by("pk"),
            to_attr="current_findings",
        ),
    )


def initial_of(evidence):
    """What the facts, the sources and the findings of a form hold at first."""
    names = [name for name in FACTS if name in FactsForm.base_fields]
    facts = {name: getattr(evidence, name) for name in names}
    facts["roll_call"] = evidence.roll_call
    if not evidence.pk:
        return facts, [{}], [{}]
    facts["situations"] = [each.slug for each in evidence.situations.all()]
    facts["actor_names"] = "\n".join(map(str, evidence.actors.all()))
    sources = [
        {name: getattr(source, name) for name in SOURCE_FIELDS}
        for source in evidence.sources.all()
    ]
    findings = [
        _finding_initial(row, evidence.kind) for row in evidence.current_findings
    ]
    return facts, sources or [{}], findings or [{}]


def _finding_initial(finding, kind):
    values = {name: getattr(finding, name) for name in FINDING_FIELDS}
    # The form that the kind proposes is left to the kind, should that change.
    proposed = finding.evidence.default_form if kind else "signal"
    if finding.form == proposed and not finding.form_reason:
        values["form"] = ""
    return values | {"criterion": str(finding.criterion_id)}


class EntryForm:
    """The whole form of one entry.

    With ``data`` it is bound and can be checked; with ``typed`` (posted data as well)
    it shows what was typed and checks nothing; with neither it shows the entry, open to
    have the finding with the key ``pins`` pinned to a paragraph.
    """

    def __init__(self, evidence, *, data=None, typed=None, correcting=False, pins=None):
        self.evidence, self.correcting = evidence, correcting
        findings = getattr(evidence, "current_findings", [])
        used = {row.criterion_id for row in findings}
        self.options = Options.load(used, own=evidence.pk)
        self.posted = data if data is not None else typed
        self.focus, self.refusal = "", ""
        self.found, self.shows_grid = None, "show_grid" in (self.posted or {})
        self.ballot_key = whole_number((self.posted or {}).get("ballot"))
        # The finding beside which paragraphs stand open, if somebody asks for one.
        places = {row.pk: place for place, row in enumerate(findings)}
        self.picked_for, self.pick_note, self.read = places.get(pins), "", {}
        initial = initial_of(evidence) if data is None else None
        if initial and self.picked_for is not None:
            initial[0]["reason"] = PINNED
        self._build(data, initial)
        if typed is not None:
            self._build(typed)
            self._show(self._typed())

    def show_faults(self, faults):
        """Say in the form of a saved entry what is wrong with it on record."""
        self.posted = self.as_sent()
        self._build(self.posted)
        for part in (self.facts, self.grid, self.sources, self.findings):
            if part is not None:
                part.is_valid()
        for fault in faults:
            self._refuse(fault)

    def as_sent(self):
        """What this form would send if it were sent as it is shown."""
        data = QueryDict(mutable=True)
        data["seen"] = str(self.evidence.version)
        data["creation_key"] = str(self.evidence.creation_key)
        managed = [self.sources.management_form, self.findings.management_form]
        grid = [self.grid] if self.grid else []
        rows = [*self.sources, *self.findings]
        for form in [self.facts, *grid, *managed, *rows]:
            for name in form.fields:
                data.setlist(form[name].html_name, as_posted(form[name].value()))
        return data

    def _build(self, data, initial=None):
        facts, sources, findings = initial or ({}, None, None)
        self._build_facts(data, facts)
        self.sources = SourceFormSet(data, initial=sources, prefix="sources")
        self.findings = FindingFormSet(
            data,
            initial=findings,
            prefix="findings",
            form_kwargs={"options": self.options},
        )

    def _build_facts(self, data, facts):
        """The facts, and the votes of the members with what follows from them."""
        given = {"options": self.options, "correcting": self.correcting}
        self.facts = FactsForm(data, initial=facts, **given)
        self.__dict__.pop("record", None)
        cast = facts.get("roll_call") if data is None else posted_votes(data)
        day, self.grid = self.facts.day, None
        if cast or self.shows_grid:
            year = day.year if day else None
            members = members_in(year)
            self.grid = Grid(data, members=members, year=year, initial=cast)
        self.council = AsRecorded(self.record if self.grid else None)
        self.verdict = verdict(self.grid, self.record if self.grid else None)
        if follows := derived(self.verdict, self.facts):
            if data is not None:
                data = data.copy()
                data.update(follows)
            self.facts = FactsForm(data, initial=facts | follows, **given)
        if not self.veto_is_typed:
            self.facts.hide_veto()

    @property
    def glance(self):
        """What of it need only be read."""
        return Glance(self)

    @property
    def veto_is_typed(self):
        """Whether a veto may be chosen: it is on record, or no votes can be given."""
        if self.evidence.kind == Kind.VETO and not self.evidence.roll_call:
            return True
        if self.grid is None and self.record and self.record.vetoes:
            return True
        return not lists_members(self.facts.day)

    @property
    def votes_are_to_be_read(self):
        """Whether the record has the vote, but not how the members voted, nor we."""
        ballot = self.record.ballot if self.record and not self.correcting else None
        blank = all(self.facts[name].value() in (None, "") for name in VOTES)
        return bool(ballot and not ballot.votes_known and blank and not self.grid)

    @cached_property
    def record(self):
        """What the Council's record says of the document, or None."""
        return record_of(self)

    @property
    def picker(self):
        """The paragraphs of the document, to be picked; None where it has no record."""
        if self.record:
            document = self.record.document
        else:
            document = document_of(self.facts["symbol"].value())
        if document is None:
            return None
        picker = Picker(
            document, self.findings, self.posted, self.picked_for, self.read
        )
        picker.note = self.pick_note
        return picker

    @cached_property
    def notes(self):
        """What the record says beside each field."""
        return notes(self, self.record) if self.record and not self.correcting else {}

    def _show(self, initial):
        facts, sources, findings = initial
        self._build(None, (facts, sources or [{}], findings or [{}]))

    def _typed(self):
        facts = {name: self.facts[name].value() for name in self.facts.fields}
        if self.grid:
            facts["roll_call"] = self.grid.leftover | self.grid.cast()
        return facts, self.sources.typed(), self.findings.typed()

    # What the buttons do that save nothing.

    def rearrange(self, buttons):
        """Add, remove or explain a row as the pressed button says, typed text kept."""
        facts, sources, findings = self._typed()
        facts, sources = assist(self, buttons, facts, sources)
        for name, rows in (("source", sources), ("finding", findings)):
            if f"add_{name}" in buttons and len(rows) < MOST_ROWS:
                rows.append({})
                first = "url" if name == "source" else "criterion"
                self.focus = f"id_{name}s-{len(rows) - 1}-{first}"
            number = whole_number(buttons.get(f"remove_{name}"))
            if number is not None and number < len(rows):
                del rows[number]
                self.focus = f"add-{name}"
        if "explain" in buttons:
            row = whole_number(buttons.get("explain"))
            self.focus = f"id_findings-{row}-criterion"
        if "pin" in buttons and (picker := self.picker):
            self.picked_for = pin(picker, buttons["pin"], findings)
            self.pick_note = picker.note
            self.focus = f"id_findings-{self.picked_for}-pinpoint"
        self._show((facts, sources, findings))
        for form in [*self.sources, *self.findings]:
            for name, field in form.fields.items():
                if form[name].auto_id == self.focus:
                    field.widget.attrs["autofocus"] = True

    # What is bound is checked, and handed to the actions.

    def check(self, *, complete):
        """Check what was typed; with ``complete``, also that nothing is missing."""
        for part in (self.facts, self.grid, self.sources, self.findings):
            if part is not None:
                part.is_valid()
        step = Stops.SAVING
        if complete:
            step |= Stops.PUBLISHING if self.correcting else Stops.SUBMITTING
        for fault in rules.stopping(self.judged(), step):
            self._refuse(fault)
        self._require_choices()
        return not self.problems

    def judged(self):
        """What could be understood, as the rules judge it."""
        facts = dict(self.facts.cleaned_data)
        facts["actors"] = facts.get("actor_names")
        facts["roll_call"] = self.grid.cast() if self.grid else {}
        return rules.Entry(
            facts,
            self.sources.values(),
            self.findings.values(),
            draft=self.evidence.state == Evidence.State.DRAFT,
            council=self.council,
        )

    def _refuse(self, fault):
        """Say what is wrong where it is, unless something is wrong there already."""
        rows = {"sources": self.sources, "findings": self.findings}
        if fault.where in rows:
            rows[fault.where].refuse(fault)
        elif fault.where == "roll_call":
            if self.grid and not self.grid.errors:
                self.grid.add_error(None, fault.what)
        else:
            blame(self.facts, FIELDS.get(fault.where, fault.where), fault.what)

    def _require_choices(self):
        """What only this form asks for: a reason, and votes instead of a bare veto."""
        if self.correcting and not self.facts.cleaned_data.get("reason"):
            text = _("Say why: readers of the entry will be told.")
            blame(self.facts, "reason", text)
        bare = self.facts.cleaned_data.get("kind") == Kind.VETO and not self.grid
        if bare and not self.veto_is_typed:
            text = _(
                "A veto is not chosen: it follows from the votes. Give below how each"
                " member voted."
            )
            blame(self.facts, "kind", text)

    @property
    def arrived_whole(self):
        """Whether no row was lost on the way: else saving would delete it."""
        return all(
            rows.management_form.is_valid() for rows in (self.sources, self.findings)
        )

    @property
    def problems(self):
        """Everything to be mended, in the order of the page."""
        if not self.facts.is_bound:
            return []
        found = [Problem("", "", self.refusal)] if self.refusal else []
        found += [Problem("", "", error) for error in self.facts.non_field_errors()]
        late = ("tier", "counter_evidence", "reason")
        early = [name for name in self.facts.fields if name not in late]
        found += problems_in(self.facts, early)
        if self.grid:
            found += problems_in(self.grid, self.grid.fields)
            errors = self.grid.non_field_errors()
            found += [Problem("votes", "", error) for error in errors]
        for rows, label in (
            (self.sources, _("Source %(number)d")),
            (self.findings, _("Finding %(number)d")),
        ):
            for error in rows.non_form_errors():
                found.append(Problem(rows.prefix, "", error))
            for number, form in enumerate(rows, 1):
                where = label % {"number": number}
                found += problems_in(form, form.fields, f"{where}, ")
            if rows is self.sources:
                found += problems_in(self.facts, ["tier"])
        return found + problems_in(self.facts, late[1:])

    @property
    def warnings(self):
        """What the writer should check, though it stops nothing."""
        if not self.facts.is_bound:
            return []
        advice = self.verdict.warning(self.facts["kind"].value())
        found = self.facts.warnings()
        if advice:
            found.append((self.facts["kind"], advice))
        sources = self.sources.values()
        if clash := rules.clash_of_sources(self.facts["tier"].value(), sources):
            found.append((self.facts["tier"], clash))
        return found + self.pinpoint_warnings

    @cached_property
    def pinpoint_warnings(self):
        """Where a finding names a paragraph that its document is not known to have."""
        if not hasattr(self.facts, "cleaned_data"):
            return []
        rows = self.findings.filled
        return [
            (rows[fault.row]["pinpoint"], fault.what)
            for fault in rules.pinpoint_advice(self.judged())
        ]

    def values(self):
        """What could be understood, as the actions want it."""
        return {
            "facts": self._facts(),
            "sources": [
                _picked(form, SOURCE_FIELDS)
                for form in self.sources
                if form.cleaned_data.get("url")
            ],
            "findings": [
                _picked(form, [*FINDING_FIELDS, "criterion"])
                for form in self.findings
                if _can_be_saved(form)
            ],
        }

    def _facts(self):
        data = self.facts.cleaned_data
        facts = {name: data[name] for name in FACTS if name in data}
        if not all(name in data for name in VOTES):
            facts = {name: facts[name] for name in facts if name not in VOTES}
        if self.grid is None:
            facts["roll_call"] = {}
        elif self.grid.is_valid():
            facts["roll_call"] = self.grid.cast()
        if not facts.get("tier"):
            facts.pop("tier", None)
        if "situations" in data:
            facts["situations"] = [
                self.options.situations[slug] for slug in data["situations"]
            ]
        if "actor_names" in data:
            facts["actor_names"] = data["actor_names"]
        return facts

    @property
    def new_actors(self):
        """The names that a save adds to those on record."""
        names = self.facts.cleaned_data.get("actor_names", [])
        return [name for name in names if name not in self.options.actor_names]

    @property
    def creation_key(self):
        """One for each form opened, so that sending it twice makes one entry."""
        return posted_key(self.posted) or self.evidence.creation_key

    @property
    def seen(self):
        """The version of the entry that the writer had before them."""
        if self.posted is None:
            return self.evidence.version
        # What is kept with a draft may be older than the name of the field.
        return whole_number(self.posted.get("seen") or self.posted.get("version")) or 0


def _picked(form, names):
    data = form.cleaned_data
    return {name: data[name] for name in names if name in data}


def _can_be_saved(form):
    data = form.cleaned_data
    needed = (data.get("criterion"), data.get("rationale"))
    return all(needed) and data.get("effect") is not None


# What differs between an entry as somebody typed it and as it is saved.

Difference = namedtuple("Difference", "label saved yours")


def differences(entry, saved):
    """Field by field, where a bound entry form differs from the saved entry."""
    other = EntryForm(saved)
    names = [name for name in entry.facts.fields if name != "reason"]
    found = _compare(entry.facts, other.facts, names)
    yours, theirs = (_votes(each.grid) for each in (entry, other))
    if yours != theirs:
        found.append(Difference(_("Votes of the members"), theirs, yours))
    for mine, theirs, label in (
        (entry.sources, other.sources, _("Source %(number)d")),
        (entry.findings, other.findings, _("Finding %(number)d")),
    ):
        mine = [form for form in mine if form.has_changed()]
        for number, (yours, other_row) in enumerate(zip_longest(mine, theirs), 1):
            where = f"{label % {'number': number}}, "
            fields = (yours or other_row).fields
            found += _compare(yours, other_row, fields, where)
    return found


def _votes(grid):
    """How each member voted, a line for each; empty without a roll call."""
    if grid is None:
        return ""
    casts, names = dict(grid.casts), {each.code: each.name for each in grid.members}
    return "\n".join(
        f"{names[code]}: {casts[cast]}" for code, cast in sorted(grid.cast().items())
    )


def _compare(mine, theirs, names, where=""):
    found = []
    for name in names:
        yours, saved = _shown(mine, name), _shown(theirs, name)
        if yours != saved:
            label = f"{where}{(mine or theirs)[name].label}"
            found.append(Difference(label, saved, yours))
    return found


def _shown(form, name):
    """The value of a field as people read it; empty if there is no such row."""
    if form is None:
        return ""
    value = form[name].value()
    if form.is_bound:
        value = form.cleaned_data.get(name, value)
    field = form.fields[name]
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, date):
        return date_format(value)
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(sorted(_label(field, each) for each in value or []))
    if isinstance(field, forms.ChoiceField):
        return _label(field, value)
    if isinstance(field, NamesField):
        value = "\n".join(sorted(field.names(value)))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _label(field, value):
    value = value.pk if isinstance(value, Criterion) else value
    if value in (None, ""):
        return ""
    for key, label in field.choices:
        group = label if isinstance(label, list | tuple) else [(key, label)]
        for each, text in group:
            if str(each) == str(value):
                return str(text)
    return str(value)
