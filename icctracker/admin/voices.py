"""Curation of what others say: verdicts are kept here, the rest is only read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from icctracker.models import Answer, Dissent, Response, Verdict

from .base import CurationAdmin, RecordAdmin


@admin.register(Verdict)
class VerdictAdmin(CurationAdmin):
    """Verdicts of other trackers, each with where it is said."""

    list_display = ["tracker", "recommendation", "verdict", "said_on"]
    list_select_related = ["recommendation"]
    list_filter = ["recommendation", "tracker"]
    search_fields = ["tracker", "verdict", "note", "=recommendation__code"]
    date_hierarchy = "said_on"
    autocomplete_fields = ["recommendation"]
    fields = ["recommendation", "tracker", "verdict", "url", "said_on", "note"]


class AnswerInline(admin.StackedInline):
    model = Answer
    extra = 0
    can_delete = False
    fields = readonly_fields = ["outcome", "text", "answered_by", "answered_at"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Response)
class ResponseAdmin(RecordAdmin):
    """Never deleted; answered at the review desk."""

    list_display = ["reference", "received_at", "kind", "evidence", "recommendation"]
    list_select_related = ["evidence", "recommendation"]
    list_filter = ["kind", "recommendation"]
    search_fields = ["reference", "text"]
    date_hierarchy = "received_at"
    # Only who answers reads where to write to.
    exclude = ["email"]
    inlines = [AnswerInline]


@admin.register(Dissent)
class DissentAdmin(RecordAdmin):
    list_display = [
        "written_at",
        "about",
        "would_say",
        "author",
        "confirmed_at",
        "withdrawn_at",
    ]
    list_select_related = [
        "author",
        "finding__criterion",
        "assessment__recommendation",
    ]
    search_fields = ["reason", "author__username"]
    date_hierarchy = "written_at"

    @admin.display(description=gettext_lazy("about"))
    def about(self, dissent):
        return str(dissent.subject)
