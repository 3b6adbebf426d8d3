"""Codings and their reconciliation: records to be read, but never by a blind coder."""

from django.contrib import admin
from django.db.models import Exists, OuterRef

from icctracker.models import (
    Coding,
    CodingLine,
    Evidence,
    ReconciledLine,
    Reconciliation,
    Sample,
)

from .base import ReadInline, RecordAdmin
from .records import OfEntryAdmin


class CodingLineInline(ReadInline):
    model = CodingLine
    fields = ["criterion", "effect", "form", "occasion", "pinpoint", "rationale"]
    readonly_fields = fields
    show_change_link = False


@admin.register(Coding)
class CodingAdmin(OfEntryAdmin):
    """What was handed in; a coding in hand is its coder's alone."""

    list_display = ["evidence", "purpose", "state", "coder", "done_at", "differs"]
    list_select_related = ["evidence", "coder"]
    list_filter = ["purpose", "state", "differs", "sample"]
    search_fields = ["evidence__title", "evidence__slug", "coder__username"]
    date_hierarchy = "done_at"
    inlines = [CodingLineInline]

    def get_inlines(self, request, obj):
        handed_in = obj is not None and obj.state == Coding.State.DONE
        return super().get_inlines(request, obj) if handed_in else []

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "note"] if obj.is_open else fields


class ReconciledLineInline(ReadInline):
    model = ReconciledLine
    fields = ["criterion", "taken", "effect", "form", "occasion", "reason"]
    readonly_fields = fields
    show_change_link = False


@admin.register(Reconciliation)
class ReconciliationAdmin(RecordAdmin):
    list_display = ["coding", "together", "proposed_at", "decided_at"]
    list_select_related = ["coding__evidence"]
    list_filter = ["together"]
    search_fields = ["coding__evidence__title", "lines__reason"]
    date_hierarchy = "decided_at"
    inlines = [ReconciledLineInline]

    def get_queryset(self, request):
        entries = Evidence.objects.visible_to(request.user)
        visible = Exists(entries.filter(pk=OuterRef("coding__evidence_id")))
        return super().get_queryset(request).filter(visible)


@admin.register(Sample)
class SampleAdmin(RecordAdmin):
    list_display = ["year", "size", "population", "seed", "drawn_at"]
