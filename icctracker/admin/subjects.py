"""Curation of situations, actors and known gaps."""

from collections import Counter

from django.contrib import admin
from django.db.models import Case, Count, When
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.actions.record import link_situations
from icctracker.models import (
    Actor,
    Addressee,
    Codebook,
    Criterion,
    Evidence,
    Gap,
    Publication,
    Recommendation,
    Ruleset,
    Situation,
)

from .base import CurationAdmin, ReadInline, list_url
from .exchange import ExchangeMixin
from .rows import ActorForm, ActorResource, SituationResource


def _entries_of(model, subjects):
    """How many entries each of some subjects has, without drafts, by its key.

    All links are counted, which takes their index alone, then those of the few drafts.
    """
    name = model.evidence.field.name
    links = getattr(Evidence, name).through.objects
    of = model._meta.model_name
    here = links.filter(**{f"{of}__in": subjects}).order_by().values_list(of)
    drafts = here.filter(evidence__state=Evidence.State.DRAFT)
    found = Counter(dict(here.annotate(n=Count("pk"))))
    found.subtract(dict(drafts.annotate(n=Count("pk"))))
    return found


class SubjectAdmin(ExchangeMixin, CurationAdmin):
    """What evidence is about, or who acted in it."""

    cited_by = ["evidence", "editions"]
    keep_reason = gettext_lazy(
        "Evidence entries belong to it, or did when they were published, so it cannot"
        " be deleted."
    )
    readonly_fields = ["entries_link"]
    evidence_lookup = None

    def get_changelist_instance(self, request):
        """Only what a page shows is counted."""
        changelist = super().get_changelist_instance(request)
        subjects = changelist.result_list = list(changelist.result_list)
        counted = _entries_of(self.model, subjects)
        for subject in subjects:
            subject.entries = counted[subject.pk]
        return changelist

    @admin.display(description=gettext_lazy("entries"))
    def number_of_entries(self, subject):
        return subject.entries

    @admin.display(description=gettext_lazy("evidence"))
    def entries_link(self, subject):
        if not subject.pk:
            return "–"
        url = list_url(Evidence, **{self.evidence_lookup: subject.pk})
        return format_html('<a href="{}">{}</a>', url, gettext_lazy("Show its entries"))


@admin.register(Situation)
class SituationAdmin(SubjectAdmin):
    list_display = ["name", "slug", "since", "number_of_entries"]
    search_fields = ["folded"]
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
    form = ActorForm
    list_display = ["name", "number_of_entries"]
    search_fields = ["folded"]
    fields = ["name", "entries_link"]
    evidence_lookup = "actors__id__exact"
    resource_classes = [ActorResource]

    def get_queryset(self, request):
        return super().get_queryset(request) & Actor.objects.visible_to(request.user)

    def save_model(self, request, obj, form, change):
        obj.drafted = False
        super().save_model(request, obj, form, change)


@admin.register(Gap)
class GapAdmin(CurationAdmin):
    """What the data is known to lack; closing a gap takes it off the open site."""

    list_display = ["slug", "text", "noted_on", "closed_on"]
    list_filter = [("closed_on", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "text"]
    date_hierarchy = "noted_on"
    fields = ["slug", "text", "noted_on", "closed_on"]
    lasting_fields = ["slug"]


# Curation of publications, recommendations and the codebook.


@admin.register(Publication)
class PublicationAdmin(CurationAdmin):
    list_display = ["title", "publisher", "published_on"]
    search_fields = ["title", "author", "publisher"]
    date_hierarchy = "published_on"
    slug_from = "title"
    lasting_fields = ["slug"]
    cited_by = ["recommendations"]
    keep_reason = gettext_lazy("It has recommendations, so it cannot be deleted.")


@admin.register(Addressee)
class AddresseeAdmin(CurationAdmin):
    list_display = ["label", "slug"]
    search_fields = ["label", "heading", "slug"]
    slug_from = "label"
    lasting_fields = ["slug"]
    cited_by = ["recommendations"]
    keep_reason = gettext_lazy(
        "Recommendations are addressed to it, so it cannot be deleted."
    )


class CriterionInline(ReadInline):
    model = Criterion
    fields = ["code", "codebook", "kind", "essential", "statement"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("codebook")


@admin.register(Recommendation)
class RecommendationAdmin(CurationAdmin):
    list_display = ["code", "number", "short_title", "publication"]
    list_display_links = ["code", "short_title"]
    list_select_related = ["publication"]
    search_fields = ["code", "short_title", "text"]
    list_filter = ["publication", "addressees"]
    autocomplete_fields = ["publication", "addressees"]
    lasting_fields = ["code"]
    links_to_many = ["addressees"]
    inlines = [CriterionInline]
    cited_by = ["criteria", "assessments"]
    keep_reason = gettext_lazy(
        "It has criteria or assessments, so it cannot be deleted."
    )


class KeptByVersions:
    """Read here, with its history; changed at the review desk, by a new version."""

    never_deleted = True
    draft_page = "codebook-draft"
    draft_text = gettext_lazy(
        "Criteria change only by a new version, which begins as a draft."
    )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, self._next_step() | (extra_context or {})
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = self._next_step() | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def _next_step(self):
        """Where it is changed; the address belongs to an audience."""
        try:
            links = [(reverse(self.draft_page), _("Draft the next version"))]
        except NoReverseMatch:
            links = []
        return {"next_steps": {"text": self.draft_text, "links": links}}


@admin.register(Codebook)
class CodebookAdmin(KeptByVersions, CurationAdmin):
    """The versions: which is in force, since when, and what it holds."""

    list_display = [
        *("version", "publication", "published_on", "number_of_criteria", "in_force")
    ]
    list_select_related = ["publication"]
    search_fields = ["version", "note"]
    date_hierarchy = "published_on"
    change_list_template = "admin/codebook_change_list.html"
    fields = (
        "publication version published_on published_at published_by note criteria_link"
    ).split()
    readonly_fields = fields
    keep_reason = gettext_lazy(
        "A version is never deleted: assessments and findings name it. A draft is"
        " discarded where it is written."
    )

    def get_queryset(self, request):
        current = [each.pk for each in Codebook.objects.each_in_force()]
        is_current = When(pk__in=current, then=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                criteria_count=Count("criteria"),
                is_current=Case(is_current, default=False),
            )
        )

    @admin.display(description=gettext_lazy("criteria"))
    def number_of_criteria(self, codebook):
        return codebook.criteria_count

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, codebook):
        return codebook.is_current

    @admin.display(description=gettext_lazy("criteria"))
    def criteria_link(self, codebook):
        count = codebook.criteria.count()
        text = ngettext("%(count)d criterion", "%(count)d criteria", count)
        url = list_url(Criterion, codebook__id__exact=codebook.pk)
        return format_html('<a href="{}">{}</a>', url, text % {"count": count})


@admin.register(Ruleset)
class RulesetAdmin(KeptByVersions, CurationAdmin):
    """The versions of the rule, to be read; they are drafted at the review desk."""

    list_display = ["version", "publication", "published_at"]
    list_select_related = ["publication"]
    search_fields = ["version", "reason"]
    fields = "publication version published_at published_by reason values".split()
    readonly_fields = fields
    draft_page = "ruleset-draft"
    draft_text = gettext_lazy(
        "The rule changes only by a new version, which begins as a draft."
    )
    keep_reason = gettext_lazy(
        "A version is never deleted: assessments name it. A draft is discarded where it"
        " is written."
    )


@admin.register(Criterion)
class CriterionAdmin(KeptByVersions, CurationAdmin):
    """The criteria of every version, to be searched and read."""

    list_display = ["code", "statement", "kind", "essential", "codebook"]
    list_display_links = ["code", "statement"]
    list_select_related = ["codebook", "recommendation"]
    list_filter = ["codebook", "kind", "essential", "recommendation"]
    search_fields = ["code", "statement", "counts", "does_not_count"]
    change_list_template = "admin/codebook_change_list.html"
    keep_reason = gettext_lazy(
        "Criteria change only by a new version of the codebook: draft it, and leave"
        " the criterion out there."
    )

    def get_search_results(self, request, queryset, search_term):
        """To code with, only the criteria in force are offered."""
        queryset, duplicates = super().get_search_results(
            request, queryset, search_term
        )
        if request.GET.get("field_name") == "criterion":
            queryset = queryset.filter(codebook__in=Codebook.objects.each_in_force())
        return queryset, duplicates
