"""Records to read: findings, decisions, assessments; and the log of searches."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    Assessment,
    Dismissal,
    Evidence,
    Finding,
    ReviewDecision,
    Search,
)

from .base import CurationAdmin, RecordAdmin
from .bulk import withdraw_searches
from .exchange import ExchangeMixin
from .resources import SearchResource
from .search_form import SearchForm


class OfEntryAdmin(RecordAdmin):
    """A record of an evidence entry; of a draft, only its author sees it."""

    def get_queryset(self, request):
        entries = Evidence.objects.visible_to(request.user)
        visible = Exists(entries.filter(pk=OuterRef("evidence_id")))
        return super().get_queryset(request).filter(visible)


class StandingFilter(admin.SimpleListFilter):
    """Findings by whether the rule counts them now."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("accepted", _("Accepted")),
            ("retired", _("Retired or superseded")),
            ("waiting", _("Not yet accepted")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "accepted":
            return queryset.accepted()
        if self.value() == "retired":
            return queryset.filter(retired_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(accepted_at__isnull=True)
        return queryset


@admin.register(Finding)
class FindingAdmin(OfEntryAdmin):
    list_display = [
        "criterion_code",
        "effect",
        "form",
        "occasion",
        "event_date",
        "evidence",
        "accepted_at",
        "retired_at",
    ]
    list_select_related = ["criterion", "evidence"]
    list_filter = [
        StandingFilter,
        "effect",
        "form",
        "occasion",
        "coded_twice",
        "disputed",
        "criterion__recommendation",
    ]
    search_fields = ["=criterion__code", "evidence__title", "rationale", "pinpoint"]
    date_hierarchy = "event_date"

    @admin.display(description=gettext_lazy("criterion"), ordering="criterion__code")
    def criterion_code(self, finding):
        return finding.criterion.code


@admin.register(ReviewDecision)
class ReviewDecisionAdmin(OfEntryAdmin):
    list_display = ["decided_at", "outcome", "evidence", "reviewer", "alone"]
    list_select_related = ["evidence", "reviewer"]
    list_filter = ["outcome", "alone"]
    search_fields = ["evidence__title", "evidence__slug", "note", "reviewer__username"]
    date_hierarchy = "decided_at"


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    list_display = [
        "recommendation",
        "assessed_on",
        "decided",
        "suggested",
        "confidence",
        "review_due_on",
        "assessed_by",
    ]
    list_select_related = ["recommendation", "assessed_by", "codebook"]
    list_filter = ["decided", "confidence", "trend", "contrary", "recommendation"]
    search_fields = ["=recommendation__code", "recommendation__text", "rationale"]
    date_hierarchy = "assessed_on"


class PutBackFilter(admin.SimpleListFilter):
    """Documents set aside, by whether they still are."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("aside", _("Set aside")), ("back", _("Put back"))]

    def queryset(self, request, queryset):
        if self.value():
            return queryset.filter(undone_at__isnull=self.value() == "aside")
        return queryset


@admin.register(Dismissal)
class DismissalAdmin(RecordAdmin):
    list_display = [
        *("document", "reason", "dismissed_by", "dismissed_at"),
        *("undone_by", "undone_at"),
    ]
    list_select_related = ["document", "dismissed_by", "undone_by"]
    list_filter = [PutBackFilter]
    search_fields = ["document__symbol", "document__title", "reason"]
    date_hierarchy = "dismissed_at"


class LogFilter(admin.SimpleListFilter):
    """Searches by whether they still stand on the log."""

    title = gettext_lazy("log")
    parameter_name = "log"

    def lookups(self, request, model_admin):
        return [("on", _("On the log")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request, queryset):
        if self.value():
            return queryset.filter(withdrawn_at__isnull=self.value() == "on")
        return queryset


@admin.register(Search)
class SearchAdmin(ExchangeMixin, CurationAdmin):
    """A search is logged and, if it was wrong, withdrawn; it is never rewritten."""

    form = SearchForm
    list_display = [
        "criterion_code",
        "searched_on",
        "where",
        "query",
        "searched_by",
        "withdrawn_at",
    ]
    list_display_links = ["criterion_code", "query"]
    list_select_related = ["criterion", "searched_by"]
    list_filter = [LogFilter, "criterion__recommendation"]
    search_fields = ["=criterion__code", "where", "query", "outcome"]
    date_hierarchy = "searched_on"
    autocomplete_fields = ["criterion"]
    readonly_fields = [
        "searched_by",
        "recorded_at",
        "withdrawn_at",
        "withdrawal_reason",
    ]
    actions = ["delete_selected", withdraw_searches]
    never_deleted = True
    keep_reason = gettext_lazy(
        "A search on the log is not changed or deleted: choose it in the list and"
        " withdraw it, then log it anew."
    )
    resource_classes = [SearchResource]

    def get_fields(self, request, obj=None):
        typed = SearchForm.Meta.fields
        return typed if obj is None else [*typed, *self.readonly_fields]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        obj.searched_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("criterion"), ordering="criterion__code")
    def criterion_code(self, search):
        return search.criterion.code
