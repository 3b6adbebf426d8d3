"""What all pages of the admin share: what is cited is kept, and the past is read."""

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin


class CitedIsKept:
    """Refuses to delete what other records cite, and says why.

    ``cited_by`` names the relations that count; ``keep_reason`` says what to do
    instead. ``never_deleted`` keeps every record, cited or not.
    """

    cited_by = ()
    never_deleted = False
    keep_reason = gettext_lazy("Other records cite it, so it cannot be deleted.")
    actions = ["delete_selected"]
    change_form_template = "admin/curation_change_form.html"

    def response_action(self, request, queryset):
        """Runs a bulk action; keys that no list has sent choose nothing."""
        keys = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            messages.error(request, _("Choose the records again. Nothing was changed."))
            return None
        return super().response_action(request, queryset)

    def use(self):
        """The condition under which a record is in use."""
        use = Q(pk__in=[])
        for relation in self.cited_by:
            use |= Q(**{f"{relation}__isnull": False})
        return use

    def kept(self, queryset):
        """Those of a queryset that may not be deleted."""
        if self.never_deleted:
            return queryset
        return queryset.filter(self.use()).distinct()

    def is_kept(self, obj):
        """Whether one record may not be deleted."""
        return self.kept(self.model._default_manager.filter(pk=obj.pk)).exists()

    def has_delete_permission(self, request, obj=None):
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or not self.is_kept(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        note = self.keep_reason if obj is not None and self.is_kept(obj) else ""
        context = {"keep_reason": note} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        """Explains on the record's own page why it stays, instead of a bare 403."""
        obj = self.get_object(request, unquote(object_id))
        if obj and self.has_view_permission(request, obj) and self.is_kept(obj):
            self._explain(request, obj)
            return redirect(change_url(obj))
        return super().delete_view(request, object_id, extra_context)

    @admin.action(
        description=gettext_lazy("Delete selected %(verbose_name_plural)s"),
        permissions=["delete"],
    )
    def delete_selected(self, request, queryset):
        """Asks before deleting what may go, and says of the others why they stay."""
        kept = self.kept(queryset)
        for obj in kept:
            self._explain(request, obj)
        rest = queryset.exclude(pk__in=[obj.pk for obj in kept])
        return delete_selected(self, request, rest) if rest.exists() else None

    def _explain(self, request, obj):
        text = _("“%(name)s” was not deleted. %(reason)s")
        messages.error(request, text % {"name": obj, "reason": self.keep_reason})


class CurationAdmin(CitedIsKept, SimpleHistoryAdmin):
    """A noun that curators keep: with history, and nothing cited is deleted."""

    list_per_page = 50
    history_list_per_page = 25
    show_full_result_count = False
    # Fields that never change once the record is there, such as addresses in print.
    lasting_fields = ()
    # The field that proposes the slug of a new record.
    slug_from = ""
    # A past version knows its own columns; its links to others are those of today.
    links_to_many = ()

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if getattr(request, "shows_past_version", False):
            columns = (*self.opts.fields, *self.opts.many_to_many)
            names = [f.name for f in columns if f.editable and not f.primary_key]
            return list(dict.fromkeys([*names, *fields]))
        return [*fields, *self.lasting_fields] if obj else fields

    def get_prepopulated_fields(self, request, obj=None):
        adding = obj is None and self.slug_from
        return {"slug": [self.slug_from]} if adding else {}

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not getattr(request, "shows_past_version", False):
            return fieldsets
        return [
            (
                name,
                options
                | {"fields": [f for f in options["fields"] if self._was_known(f)]},
            )
            for name, options in fieldsets
        ]

    def history_view(self, request, object_id, extra_context=None):
        self._visible_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A past version to read. The past is never saved over the present."""
        obj = self._visible_or_404(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        if request.method == "POST":
            text = _("Earlier versions are kept to be read and cannot be restored.")
            messages.error(request, text)
            return redirect(change_url(obj))
        request.shows_past_version = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request, obj=None):
        return True

    def _was_known(self, field):
        computed = isinstance(field, str) and hasattr(type(self), field)
        return not computed and field not in self.links_to_many

    def _visible_or_404(self, request, object_id):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj


class RecordAdmin(admin.ModelAdmin):
    """A record written by actions: to be searched and read, changed by nobody."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadInline(admin.TabularInline):
    """Records shown on the page of another, with a link to their own."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def change_url(obj):
    """The admin page of a record."""
    return reverse(
        f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk]
    )


def list_url(model, **lookups):
    """The admin list of a model, filtered."""
    meta = model._meta
    return reverse(
        f"admin:{meta.app_label}_{meta.model_name}_changelist", query=lookups or None
    )
