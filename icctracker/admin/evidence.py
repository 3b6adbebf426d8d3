"""Curation of evidence: find, read, mend before review, decide in bulk."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.entries import add_finding, lock, write_sources
from icctracker.models import (
    FACTS,
    VOTES,
    Actor,
    Coding,
    Evidence,
    Finding,
    Reading,
    Recommendation,
    Source,
    rules,
)
from icctracker.models.evidence import REMARKS, SUBJECTS
from icctracker.web.kit import kept
from icctracker.web.kit.blindness import newly_typed, turn_away

from .base import (
    CurationAdmin,
    change_url,
    decline,
    publish,
    send_back,
    withdraw_entries,
)
from .exchange import ExchangeMixin
from .forms import (
    MOST_ROWS,
    ChosenByName,
    EntryForm,
    FindingForm,
    FindingFormSet,
    SourceForm,
    SourceFormSet,
)
from .lists import by_year
from .rows import CODED_ELSEWHERE, EvidenceResource

# What may be done with an entry in each state, and where.

State = Evidence.State


def may_edit(user, entry):
    """Whether an entry may be edited here: before review, not in another's hands."""
    if entry is None or entry.state == State.SUBMITTED:
        return user.has_perm("icctracker.curate_evidence")
    return entry.is_editable and entry.submitted_by_id == user.pk


def next_steps(entry, user):
    """What can be done with an entry in its state, in words and links."""
    own = entry.submitted_by_id == user.pk
    at_desk = ("desk-evidence", _("Open at the desk"))
    texts = {
        State.DRAFT: (_("This is your draft. Submit it at your desk."), at_desk),
        State.SUBMITTED: (
            _("It awaits review. What you change here is kept in its history."),
            ("review-evidence", _("Review this entry")),
        ),
        State.RETURNED: (
            _("It was sent back; its author edits it and submits it again."),
            at_desk if own else None,
        ),
        State.PUBLISHED: (
            _(
                "It is published, so its facts and findings are read-only. A"
                " correction gives a reason and supersedes the findings it touches."
            ),
            ("evidence-correct", _("Correct this entry")),
        ),
        State.WITHDRAWN: (_("It was withdrawn; its page stays."), None),
        State.DECLINED: (_("It was declined and is kept as it is."), None),
    }
    text, step = texts[State(entry.state)]
    return {"text": text, "links": _links(entry, step)}


def _links(entry, step):
    try:
        return [(reverse(step[0], args=[entry.pk]), step[1])] if step else []
    except NoReverseMatch:
        return []


class RecommendationFilter(admin.SimpleListFilter):
    """Entries by the recommendation that their findings are about.

    It finds nothing that the curator could still code blind.
    """

    title = gettext_lazy("recommendation (without what is being coded a second time)")
    parameter_name = "recommendation"

    def lookups(self, request, model_admin):
        return [(rec.key, str(rec)) for rec in Recommendation.objects.all()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        within, _colon, code = self.value().rpartition(":")
        findings = Finding.objects.current().filter(
            criterion__recommendation__code=code,
            criterion__recommendation__within=within,
        )
        told = queryset.codes_open_to(request.user)
        return told.filter(pk__in=findings.values("evidence"))


class PartOfEntry:
    """Part of an entry: edited with it, before review, and afterwards only read."""

    extra = 0
    max_num = MOST_ROWS

    def get_formset(self, request, obj=None, **kwargs):
        """Django would build and show again a thousand rows more than it takes."""
        return super().get_formset(request, obj, absolute_max=MOST_ROWS, **kwargs)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("icctracker.view_evidence")

    def has_add_permission(self, request, obj=None):
        return may_edit(request.user, obj)

    has_change_permission = has_delete_permission = has_add_permission


class SourceInline(PartOfEntry, admin.StackedInline):
    model = Source
    form = SourceForm
    formset = SourceFormSet
    fields = [("position", "official", "publisher"), "url", "label", "archived_url"]
    readonly_fields = ["publisher"]


class FindingInline(ChosenByName, PartOfEntry, admin.StackedInline):
    model = Finding
    form = FindingForm
    formset = FindingFormSet
    fields = [
        "criterion",
        ("effect", "form", "occasion"),
        "form_reason",
        "searched_words",
        "pinpoint",
        "rationale",
        ("accepted_at", "retired_at"),
    ]
    readonly_fields = ["accepted_at", "retired_at"]
    autocomplete_fields = ["criterion"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("criterion", "evidence")


# Where the facts stand on the page; one that is not placed stands with what shows it.
_HAPPENED = "occurred_on kind title summary".split()
_ELSEWHERE = {*_HAPPENED, *VOTES, *REMARKS, "roll_call"}
_SHOWS = [name for name in FACTS if name not in _ELSEWHERE]


@admin.register(Evidence)
class EvidenceAdmin(ExchangeMixin, CurationAdmin):
    form = EntryForm
    list_display = [
        "__str__",
        "occurred_on",
        "kind",
        "symbol",
        "shows",
        "state",
        "submitted_by",
    ]
    list_select_related = ["submitted_by"]
    list_filter = [
        *("state", "verification", RecommendationFilter, "kind", "tier"),
        by_year("occurred_on"),
    ]
    search_fields = [
        "folded",
        "slug",
        "submitted_by__folded",
    ]
    search_related = ["situations__folded", "actors__folded"]
    autocomplete_fields = ["situations", "actors"]
    links_to_many = ["situations", "actors"]
    inlines = [SourceInline, FindingInline]
    readonly_fields = [
        "slug",
        "state",
        "verification",
        "submitted_by",
        "submitted_at",
        "published_at",
        "withdrawn_at",
    ]
    fieldsets = [
        (None, {"fields": [("state", "verification")]}),
        (
            gettext_lazy("What happened"),
            {"fields": [*_HAPPENED, *SUBJECTS]},
        ),
        (
            gettext_lazy("What shows it"),
            {"fields": [*_SHOWS, VOTES]},
        ),
        (
            gettext_lazy("For the reviewer"),
            {"fields": REMARKS},
        ),
        (
            gettext_lazy("On record"),
            {
                "fields": [
                    "slug",
                    "submitted_by",
                    "submitted_at",
                    "published_at",
                    "withdrawn_at",
                ]
            },
        ),
    ]
    actions = ["delete_selected", publish, send_back, decline, withdraw_entries]
    never_deleted = True
    keep_reason = gettext_lazy(
        "An entry is not deleted here: what was published is withdrawn, with a reason,"
        " and a draft is discarded by its author at the desk."
    )
    resource_classes = [EvidenceResource]

    def get_queryset(self, request):
        return super().get_queryset(request) & Evidence.objects.visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """The entry; held until it is saved, so that no decision falls between."""
        entry = super().get_object(request, object_id, from_field)
        saving = request.method == "POST"
        if entry and saving and transaction.get_connection().in_atomic_block:
            return lock(entry)
        return entry

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Tells a blind coder why the entry is not there."""
        key = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        coding = Coding.objects.blinding(request.user).filter(evidence=key).first()
        if coding is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        return turn_away(request, coding)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        past = getattr(request, "shows_past_version", False)
        if obj is None or past or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["seen"]})]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit(request.user, obj))

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        findings = Finding.objects.current().select_related("criterion")
        changelist.result_list = changelist.result_list.prefetch_related(
            Prefetch("findings", queryset=findings, to_attr="current_findings"),
            Prefetch("codings", queryset=Coding.objects.live(), to_attr="under_way"),
        )
        return changelist

    @admin.display(description=gettext_lazy("criteria"))
    def shows(self, entry):
        """What it is about, save where somebody is still to code the entry blind.

        How it was coded is told by its page, which notes who has read it.
        """
        if entry.under_way:
            return CODED_ELSEWHERE
        found = [finding.criterion.code for finding in entry.current_findings]
        return ", ".join(found) or "–"

    def get_export_queryset(self, request):
        """What the list shows, each marked if its codes are not for the curator."""
        told = Evidence.objects.codes_open_to(request.user).filter(pk=OuterRef("pk"))
        return super().get_export_queryset(request).annotate(codes_hidden=~Exists(told))

    def get_export_data(self, file_format, request, queryset, **kwargs):
        """The file; whoever takes codes away with it has read them."""
        Reading.objects.note(queryset.filter(codes_hidden=False), request.user)
        return super().get_export_data(file_format, request, queryset, **kwargs)

    def get_view_on_site_url(self, obj=None):
        """Only what is public has a page for readers."""
        public = obj is not None and obj.published_at is not None
        return super().get_view_on_site_url(obj) if public else None

    def has_review_permission(self, request):
        return request.user.has_perm("icctracker.review_evidence")

    def has_curate_permission(self, request):
        return request.user.has_perm("icctracker.curate_evidence")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        if entry and request.method == "POST" and not may_edit(request.user, entry):
            return self._too_late(request, entry)
        self._note(request, entry)
        context = {"next_steps": next_steps(entry, request.user) if entry else {}}
        context |= extra_context or {}
        return super().change_view(request, object_id, form_url, context)

    def history_view(self, request, object_id, extra_context=None):
        self._note(request, self.get_object(request, unquote(object_id)))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._note(request, self.get_object(request, unquote(object_id)))
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _note(self, request, entry):
        """Whoever is shown an entry, or what it was, has read its codes."""
        if entry is not None:
            Reading.objects.note(Evidence.objects.filter(pk=entry.pk), request.user)

    def _too_late(self, request, entry):
        """The entry is no longer edited here: what was typed anew is given back."""
        text = _("Nothing was changed: this entry is now “%(state)s”.")
        text %= {"state": entry.get_state_display()}
        if typed := newly_typed(request, entry):
            onward = (change_url(entry), _("See the entry"))
            return kept.page(request, text, onward=onward, typed=typed)
        messages.error(request, text)
        return redirect(change_url(entry))

    def save_model(self, request, obj, form, change):
        if change:
            obj.version += 1
        else:
            obj.submitted_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.state != State.DRAFT:
            Actor.objects.put_on_record(form.instance)

    def save_formset(self, request, form, formset, change):
        """Sources and findings are written by the same actions as at the desk."""
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        if not formset.has_changed():
            return
        if formset.model is Source:
            write_sources(form.instance, formset.rows())
        else:
            self._write_findings(form.instance, formset, request.user)
            self._advise(request, form.instance, formset)

    def _write_findings(self, entry, formset, user):
        rewritten = [form for form in formset.kept_forms() if form.has_changed()]
        gone = [form.instance.pk for form in formset.deleted_forms + rewritten]
        entry.findings.filter(pk__in=gone, accepted_at__isnull=True).delete()
        for form in rewritten:
            add_finding(entry, form.cleaned_data, by=user)

    def _advise(self, request, entry, formset):
        """Say where a finding names a paragraph that its document is not known for."""
        rows = [form.cleaned_data for form in formset.kept_forms()]
        judged = rules.Entry({"symbol": entry.symbol}, findings=rows)
        for fault in rules.pinpoint_advice(judged):
            messages.warning(request, fault.what)
