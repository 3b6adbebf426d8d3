"""Curation of situations, actors and known gaps."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from icctracker.actions.situations import link_situations
from icctracker.models import Actor, Evidence, Gap, Situation

from .base import CurationAdmin, list_url
from .exchange import ExchangeMixin
from .resources import ActorResource, SituationResource


class SubjectAdmin(ExchangeMixin, CurationAdmin):
    """What evidence is about, or who acted in it."""

    cited_by = ["evidence", "editions"]
    keep_reason = _(
        "Evidence entries belong to it, or did when they were published, so it cannot"
        " be deleted."
    )
    readonly_fields = ["entries_link"]
    evidence_lookup = None
    # Counting entries drops the order of the model.
    ordering = ["name"]

    def get_queryset(self, request):
        entries = Count("evidence", filter=~Q(evidence__state=Evidence.State.DRAFT))
        return super().get_queryset(request).annotate(entries=entries)

    @admin.display(description=_("entries"), ordering="entries")
    def number_of_entries(self, subject):
        return subject.entries

    @admin.display(description=_("evidence"))
    def entries_link(self, subject):
        if not subject.pk:
            return "–"
        url = list_url(Evidence, **{self.evidence_lookup: subject.pk})
        return format_html('<a href="{}">{}</a>', url, _("Show its entries"))


@admin.register(Situation)
class SituationAdmin(SubjectAdmin):
    list_display = ["name", "slug", "since", "number_of_entries"]
    search_fields = ["name", "slug", "note"]
    fields = [
        *("name", "slug", "note", "entries_link"),
        *("since", "title_words", "agenda_words", "ignored_words"),
    ]
    slug_from = "name"
    lasting_fields = ["slug"]
    evidence_lookup = "situations__id__exact"
    resource_classes = [SituationResource]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        link_situations([obj])


@admin.register(Actor)
class ActorAdmin(SubjectAdmin):
    list_display = ["name", "number_of_entries"]
    search_fields = ["name"]
    fields = ["name", "entries_link"]
    evidence_lookup = "actors__id__exact"
    resource_classes = [ActorResource]


@admin.register(Gap)
class GapAdmin(CurationAdmin):
    """What the data is known to lack; closing a gap takes it off the open site."""

    list_display = ["slug", "text", "noted_on", "closed_on"]
    list_filter = [("closed_on", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "text"]
    date_hierarchy = "noted_on"
    fields = ["slug", "text", "noted_on", "closed_on"]
    lasting_fields = ["slug"]
