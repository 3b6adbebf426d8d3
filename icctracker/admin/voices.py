"""Curation of what others say: verdicts are kept here, the rest is only read."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import Answer, Dissent, Response, Verdict

from .base import CurationAdmin, RecordAdmin
from .bulk import withdraw_verdicts


class VerdictForm(forms.ModelForm):
    """A verdict to record."""

    class Meta:
        model = Verdict
        fields = ["recommendation", "tracker", "verdict", "url", "said_on", "note"]

    def clean(self):
        data = super().clean()
        same = {n: data.get(n) for n in ("recommendation", "tracker", "said_on")}
        standing = Verdict.objects.filter(withdrawn_at__isnull=True)
        if all(same.values()) and standing.filter(**same).exists():
            self.add_error(
                "tracker",
                _(
                    "A verdict of theirs on this recommendation as of that day is on"
                    " record. If it is wrong, withdraw it in the list first."
                ),
            )
        return data


class StandingVerdictFilter(admin.SimpleListFilter):
    """Verdicts by whether readers still see them."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("standing", _("On the page")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request, queryset):
        if self.value():
            standing = self.value() == "standing"
            return queryset.filter(withdrawn_at__isnull=standing)
        return queryset


@admin.register(Verdict)
class VerdictAdmin(CurationAdmin):
    """Recorded with where it is said and, if that was wrong, withdrawn."""

    form = VerdictForm
    list_display = ["tracker", "recommendation", "verdict", "said_on", "withdrawn_at"]
    list_select_related = ["recommendation"]
    list_filter = [StandingVerdictFilter, "recommendation", "tracker"]
    search_fields = ["tracker", "verdict", "note", "=recommendation__code"]
    date_hierarchy = "said_on"
    autocomplete_fields = ["recommendation"]
    readonly_fields = ["recorded_at", "withdrawn_at", "withdrawal_reason"]
    actions = ["delete_selected", withdraw_verdicts]
    never_deleted = True
    keep_reason = gettext_lazy(
        "A verdict on record is not changed or deleted: choose it in the list and"
        " withdraw it, then record it anew."
    )

    def get_fields(self, request, obj=None):
        typed = VerdictForm.Meta.fields
        return typed if obj is None else [*typed, *self.readonly_fields]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)


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
