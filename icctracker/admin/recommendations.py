"""Curation of publications, recommendations and the codebook."""

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)

from .base import CurationAdmin, ReadInline, list_url


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


@admin.register(Codebook)
class CodebookAdmin(CurationAdmin):
    """A new version begins as a copy of the one in force, so that no status moves."""

    list_display = ["version", "published_on", "number_of_criteria", "in_force"]
    search_fields = ["version", "note"]
    date_hierarchy = "published_on"
    fields = ["version", "published_on", "note", "criteria_link"]
    readonly_fields = ["published_on", "criteria_link"]
    lasting_fields = ["version"]
    cited_by = ["assessments", "criteria__findings", "criteria__searches"]
    keep_reason = gettext_lazy(
        "A version that findings, searches or assessments use, or that is the only"
        " one, cannot be deleted."
    )

    def get_queryset(self, request):
        current = Codebook.objects.in_force()
        is_current = When(pk=current.pk if current else None, then=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                criteria_count=Count("criteria"),
                is_current=Case(is_current, default=False),
            )
        )

    def kept(self, queryset):
        if Codebook.objects.count() < 2:
            return queryset
        return super().kept(queryset)

    def get_form(self, request, obj=None, **kwargs):
        text = _(
            "A new version takes effect today. It begins as a copy of the version in"
            " force; then change its criteria, before anything is coded with them."
        )
        kwargs["help_texts"] = {} if obj else {"version": text}
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            return super().save_model(request, obj, form, change)
        current = Codebook.objects.in_force()
        obj.published_on = timezone.localdate()
        super().save_model(request, obj, form, change)
        for criterion in current.criteria.all() if current else ():
            criterion.pk, criterion.codebook = None, obj
            criterion._state.adding = True
            criterion.save()

    def get_deleted_objects(self, objs, request):
        """A version goes together with its criteria; ``kept`` has seen to citations."""
        count = Criterion.objects.filter(codebook__in=list(objs)).count()
        names = [str(codebook) for codebook in objs]
        counts = {_("codebooks"): len(names), _("criteria"): count}
        return names, counts, set(), []

    def delete_model(self, request, obj):
        self.delete_queryset(request, Codebook.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        codebooks = list(queryset)
        Criterion.objects.filter(codebook__in=codebooks).delete()
        for codebook in codebooks:
            codebook.delete()

    @admin.display(description=gettext_lazy("criteria"))
    def number_of_criteria(self, codebook):
        return codebook.criteria_count

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, codebook):
        return codebook.is_current

    @admin.display(description=gettext_lazy("criteria"))
    def criteria_link(self, codebook):
        if not codebook.pk:
            return _("Copied from the version in force.")
        count = codebook.criteria.count()
        text = ngettext("%(count)d criterion", "%(count)d criteria", count)
        url = list_url(Criterion, codebook__id__exact=codebook.pk)
        return format_html('<a href="{}">{}</a>', url, text % {"count": count})


class CriterionForm(forms.ModelForm):
    """A criterion may be added only to a version that nothing is coded with."""

    def clean_codebook(self):
        codebook = self.cleaned_data["codebook"]
        if codebook.criteria.filter(findings__accepted_at__isnull=False).exists():
            raise forms.ValidationError(
                _("Accepted findings use this version. Add a new version first.")
            )
        return codebook


@admin.register(Criterion)
class CriterionAdmin(CurationAdmin):
    """Criteria change only by a new version of the codebook."""

    form = CriterionForm
    list_display = ["code", "statement", "kind", "essential", "codebook"]
    list_display_links = ["code", "statement"]
    list_select_related = ["codebook", "recommendation"]
    list_filter = ["codebook", "kind", "essential", "recommendation"]
    search_fields = ["code", "statement", "counts", "does_not_count"]
    autocomplete_fields = ["codebook", "recommendation"]
    lasting_fields = ["codebook", "recommendation", "code"]
    cited_by = ["findings", "searches", "codebook__criteria__findings__accepted_at"]
    keep_reason = gettext_lazy(
        "Findings or searches use this version of the codebook. Criteria change only"
        " by a new version: add a codebook, then change its criteria."
    )

    def has_change_permission(self, request, obj=None):
        """Not once an accepted finding uses the version the criterion belongs to."""
        allowed = super().has_change_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return not obj.codebook.criteria.filter(
            findings__accepted_at__isnull=False
        ).exists()

    def get_search_results(self, request, queryset, search_term):
        """To code with, only the criteria in force are offered."""
        queryset, duplicates = super().get_search_results(
            request, queryset, search_term
        )
        if request.GET.get("field_name") == "criterion":
            queryset = queryset.filter(codebook=Codebook.objects.in_force())
        return queryset, duplicates
