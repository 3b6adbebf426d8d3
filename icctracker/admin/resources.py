"""What a file of evidence, searches, situations or actors holds, by column."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from icctracker.actions.evidence import save_entry, submit
from icctracker.actions.searches import log_search
from icctracker.actions.situations import link_situations
from icctracker.models import Actor, Evidence, Finding, Search, Situation

from .adding import AddingResource
from .cells import (
    FINDING_HELP,
    SOURCE_HELP,
    VOTE_HELP,
    finding_line,
    source_line,
    vote_line,
)
from .row_forms import EvidenceRow, SearchRow

SITUATION_COLUMNS = (
    "slug name note since title_words agenda_words ignored_words".split()
)


class EvidenceResource(AddingResource):
    """Evidence with its relations; what is imported awaits review."""

    row_form = EvidenceRow
    required_columns = EvidenceRow.required_columns
    column_help = {
        "slug": gettext_lazy(
            "Optional. An entry that has this slug already, or the same date, kind and"
            " title, is left alone."
        ),
        "occurred_on": gettext_lazy("The date, as in 2014-05-22."),
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
            *"slug occurred_on kind tier symbol meeting title summary".split(),
            *"situations actors votes_yes votes_no votes_abstain".split(),
            *"roll_call sources findings counter_evidence verification_note".split(),
            *"state verification published_at withdrawn_at".split(),
        ]

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.context = EvidenceRow.context()

    def make_form(self, cells):
        return EvidenceRow(cells, context=self.context)

    def filter_export(self, queryset, **kwargs):
        last = Q(retired_at__isnull=True) | Q(retired_at=F("evidence__withdrawn_at"))
        findings = Finding.objects.filter(last).select_related("criterion")
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
            day = forms.DateField().clean(cells["occurred_on"])
        except ValidationError:
            return None
        title = cells["title"].strip()
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

    def dehydrate_findings(self, entry):
        return "\n".join(map(finding_line, entry.last_findings))


class SearchResource(AddingResource):
    """The log of searches that found nothing."""

    row_form = SearchRow
    required_columns = ["criterion", "searched_on", "where", "query", "outcome"]
    column_help = {
        "criterion": gettext_lazy("The code of a criterion in force, as in 7a."),
        "searched_on": gettext_lazy("The date, as in 2014-05-22."),
    }
    criterion = Field(attribute="criterion__code", column_name="criterion")

    class Meta:
        model = Search
        fields = export_order = [
            *"criterion searched_on where query outcome".split(),
            *"withdrawn_at withdrawal_reason".split(),
        ]

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("criterion")

    def known(self, cells, user):
        form = SearchRow(cells)
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


class ActorResource(AddingResource):
    """Actors by name."""

    row_form = forms.modelform_factory(Actor, fields=["name"])
    required_columns = ["name"]

    class Meta:
        model = Actor
        fields = export_order = ["name"]

    def known(self, cells, user):
        return Actor.objects.filter(name=cells["name"].strip()).first()

    def add(self, data, user):
        return Actor.objects.create(**data)
