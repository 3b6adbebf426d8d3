"""One row of an imported file, checked like a form: faults by column, in words."""

from django import forms
from django.forms.models import modelform_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.imports.seats import Seats
from icctracker.models import (
    Actor,
    Codebook,
    Criterion,
    Evidence,
    Finding,
    Situation,
    Source,
)

from .cells import lines_of, read_finding, read_source
from .entry_forms import FindingForm
from .search_form import SearchForm
from .vote_forms import VotesForm

_SourceLine = modelform_factory(
    Source,
    fields=["url", "label", "official", "archived_url"],
)
_FindingLine = modelform_factory(
    Finding,
    form=FindingForm,
    fields=["effect", "form", "occasion", "pinpoint", "form_reason", "rationale"],
)


class EvidenceRow(VotesForm):
    """An entry with its relations, as a row of cells."""

    situations = forms.CharField(required=False)
    actors = forms.CharField(required=False)
    sources = forms.CharField()
    findings = forms.CharField()

    required_columns = "occurred_on kind tier title summary sources findings".split()

    class Meta:
        model = Evidence
        fields = [
            *"slug occurred_on kind tier symbol meeting title summary".split(),
            *"votes_yes votes_no votes_abstain".split(),
            *"counter_evidence verification_note".split(),
        ]

    def __init__(self, cells, *, context):
        super().__init__(cells)
        self.known = context
        for name in self.required_columns:
            self.fields[name].required = True

    @staticmethod
    def context():
        """What rows refer to: situations, actors, criteria in force, Council seats."""
        criteria = Criterion.objects.filter(codebook=Codebook.objects.in_force())
        return {
            "situations": {each.slug: each for each in Situation.objects.all()},
            "actors": {each.name: each for each in Actor.objects.all()},
            "criteria": {each.code: each for each in criteria},
            "seats": Seats(),
        }

    def clean_situations(self):
        text = _("There is no situation with the slug “%(name)s”.")
        return self._look_up("situations", text)

    def clean_actors(self):
        text = _("There is no actor named “%(name)s”; add it first.")
        return self._look_up("actors", text)

    def clean_sources(self):
        rows, faults = [], []
        for line in lines_of(self.cleaned_data["sources"]):
            form = _SourceLine(read_source(line))
            faults += _faults(line, form)
            rows.append(getattr(form, "cleaned_data", {}))
        urls = [row.get("url") for row in rows]
        faults += [
            _("The address %(url)s is given twice.") % {"url": url}
            for url in {url for url in urls if url and urls.count(url) > 1}
        ]
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean_findings(self):
        rows, faults, codes = [], [], []
        for line in lines_of(self.cleaned_data["findings"]):
            values = read_finding(line)
            code = values.pop("criterion")
            form = _FindingLine(values)
            faults += _faults(line, form)
            if code not in self.known["criteria"]:
                text = _("There is no criterion “%(code)s” in the codebook in force.")
                faults.append(text % {"code": code})
            if code in codes:
                text = _("There are two findings on criterion %(code)s.")
                faults.append(text % {"code": code})
            codes.append(code)
            criterion = self.known["criteria"].get(code)
            rows.append(getattr(form, "cleaned_data", {}) | {"criterion": criterion})
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean(self):
        data = super().clean()
        self.instance.kind = data.get("kind") or ""
        proposed = self.instance.default_form
        for row in data.get("findings") or ():
            if (
                proposed
                and row["form"] not in ("", proposed)
                and not row["form_reason"]
            ):
                text = _("%(code)s: the kind proposes “%(form)s”. Say why not.")
                values = {"code": row["criterion"].code, "form": proposed.label}
                self.add_error("findings", text % values)
        return data

    def _look_up(self, noun, text):
        names = lines_of(self.cleaned_data[noun])
        faults = [text % {"name": n} for n in names if n not in self.known[noun]]
        if faults:
            raise forms.ValidationError(faults)
        return [self.known[noun][name] for name in names]


class SearchRow(SearchForm):
    """A search, with its criterion by code."""

    criterion = forms.ModelChoiceField(
        Criterion.objects.all(),
        to_field_name="code",
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is no such criterion in the codebook in force."
            )
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].queryset = Criterion.objects.in_force()


def _faults(line, form):
    """What is wrong with one line of a cell, in words that quote its beginning."""
    return [
        _("“%(line)s…”: %(column)s: %(fault)s")
        % {"line": line[:30], "column": form.fields[name].label, "fault": fault}
        for name, faults in form.errors.items()
        for fault in faults
    ]
