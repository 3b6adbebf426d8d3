"""Records to read: findings, decisions, assessments; and the log of searches."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.descent import trace_descents
from icctracker.models import (
    Answer,
    Assessment,
    Ballot,
    Coding,
    CodingLine,
    Dismissal,
    Dissent,
    Document,
    DocumentText,
    Evidence,
    Finding,
    Import,
    Member,
    Membership,
    OtherValue,
    Paragraph,
    Passage,
    Reading,
    ReconciledLine,
    Reconciliation,
    Response,
    ReviewDecision,
    Sample,
    Search,
    Sponsor,
    ValueOrigin,
    Verdict,
    Vote,
)
from icctracker.texts import symbols

from .base import (
    CurationAdmin,
    ReadInline,
    RecordAdmin,
    list_url,
    withdraw_searches,
    withdraw_verdicts,
)
from .exchange import ExchangeMixin
from .forms import SearchForm
from .lists import by_year
from .rows import SearchResource

# The key follows the order in which records are made, and is an index in itself.
NEWEST_RECORD = ["-pk"]


class OfEntryAdmin(RecordAdmin):
    """A record that speaks of how an entry was coded.

    Of a draft only its author sees it; and nobody learns here of codes that are still
    to be found without them. Whoever is shown one has read the codes.
    """

    # Where the entry stands, as seen from the record.
    entry = "evidence"
    # Whether the list alone tells codes.
    codes_in_list = False

    def get_queryset(self, request):
        return self._of(request, self._visible(request).codes_open_to(request.user))

    def _visible(self, request):
        return Evidence.objects.visible_to(request.user)

    def _of(self, request, entries):
        """The records of these entries, and those of none."""
        return super().get_queryset(request).filter(self._among(entries))

    def _among(self, entries):
        """The condition on a record that it is of one of these entries, or of none."""
        key = f"{self.entry}_id"
        return Q(Exists(entries.filter(pk=OuterRef(key)))) | Q(**{key: None})

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if self.codes_in_list:
            self._note(request, [row.pk for row in changelist.result_list])
        return changelist

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._note_one(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        self._note_one(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._note_one(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _note_one(self, request, object_id):
        if record := self.get_object(request, unquote(object_id)):
            self._note(request, [record.pk])

    def _note(self, request, keys):
        records = self.model._default_manager.filter(pk__in=keys)
        entries = Evidence.objects.filter(pk__in=records.order_by().values(self.entry))
        Reading.objects.note(entries, request.user)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Says why a record is not shown that is there."""
        there = self._of(request, self._visible(request))
        key = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        if not there.filter(pk=key).exists():
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        messages.info(
            request,
            _(
                "The entry is being coded a second time, and you could still be the one"
                " to do it. So what was found in it is not told here."
            ),
        )
        return redirect(list_url(self.model))


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


class WordsSearchedFilter(admin.SimpleListFilter):
    """Omissions that do not name the words searched for, as older ones need not."""

    title = gettext_lazy("words searched for")
    parameter_name = "searched"

    def lookups(self, request, model_admin):
        return [("missing", _("An omission that names none"))]

    def queryset(self, request, queryset):
        missing = self.value() == "missing"
        return queryset.without_words_searched() if missing else queryset


@admin.register(Finding)
class FindingAdmin(OfEntryAdmin):
    codes_in_list = True
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
        WordsSearchedFilter,
        "occasion",
        "coded_twice",
        "disputed",
        "criterion__recommendation",
        by_year("event_date"),
    ]
    search_fields = ["=criterion__code", "evidence__folded", "rationale", "pinpoint"]
    ordering = NEWEST_RECORD

    @admin.display(description=gettext_lazy("criterion"), ordering="criterion__code")
    def criterion_code(self, finding):
        return finding.criterion.code


@admin.register(ReviewDecision)
class ReviewDecisionAdmin(OfEntryAdmin):
    list_display = ["decided_at", "outcome", "evidence", "reviewer", "alone"]
    list_select_related = ["evidence", "reviewer"]
    list_filter = ["outcome", "alone", by_year("decided_at")]
    search_fields = ["evidence__folded", "evidence__slug", "note", "reviewer__folded"]
    ordering = NEWEST_RECORD


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
    search_fields = ["document__folded", "reason"]
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


# The Council's record, to be searched and read; imports write it.


class BallotInline(ReadInline):
    model = Ballot
    fields = ["item", "held_on", "outcome", "votes", "non_voting"]
    readonly_fields = ["votes"]

    @admin.display(description=gettext_lazy("in favour, against, abstaining"))
    def votes(self, ballot):
        return ballot.tally


class OtherValueInline(ReadInline):
    model = OtherValue
    fields = ["field", "says", "standing"]
    show_change_link = False


class OriginInline(ReadInline):
    model = ValueOrigin
    fields = ["field", "ballot", "before", "imported"]
    show_change_link = False


class SponsorInline(ReadInline):
    model = Sponsor
    fields = ["name", "code"]
    show_change_link = False


class PassageInline(ReadInline):
    model = Passage
    fields = ["label", "annex", "heading", "terms"]
    show_change_link = False


class VoteInline(ReadInline):
    model = Vote
    fields = ["member", "cast"]
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("member")


class MembershipInline(ReadInline):
    model = Membership
    fields = ["year", "code", "name", "regional_group"]
    show_change_link = False


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["__str__", "series", "subject_in_short", "court_mentions"]
    list_filter = ["series", "unconfirmed", "title_is_cut", "other_values__standing"]
    list_select_related = ["imported"]
    search_fields = ["folded"]
    inlines = [
        *(BallotInline, OtherValueInline, OriginInline),
        *(SponsorInline, PassageInline),
    ]

    def get_search_results(self, request, queryset, search_term):
        """A symbol is found however it is written."""
        return super().get_search_results(
            request, queryset, _symbol_or_words(search_term)
        )

    @admin.display(description=gettext_lazy("subject"))
    def subject_in_short(self, document):
        return document.subject[:100]


@admin.register(Ballot)
class BallotAdmin(RecordAdmin):
    list_display = ["document", "item", "held_on", "outcome", "tally", "meeting"]
    list_filter = ["outcome", "library_list", by_year("held_on")]
    list_select_related = ["document"]
    search_fields = ["document__folded", "folded"]
    inlines = [VoteInline]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(
            request, queryset, _symbol_or_words(search_term)
        )


@admin.register(Member)
class MemberAdmin(RecordAdmin):
    list_display = ["name", "code", "permanent"]
    list_filter = ["permanent"]
    search_fields = ["folded"]
    inlines = [MembershipInline]


@admin.register(OtherValue)
class OtherValueAdmin(RecordAdmin):
    list_display = ["document", "field", "says", "standing"]
    list_filter = ["standing", "field"]
    list_select_related = ["document"]
    search_fields = ["document__folded", "says"]


class ParagraphInline(ReadInline):
    model = Paragraph
    fields = ["label", "words"]
    show_change_link = False


@admin.register(DocumentText)
class DocumentTextAdmin(RecordAdmin):
    list_display = ["document", "language", "variant", "typed_by", "kept_at"]
    list_filter = ["language", "variant"]
    list_select_related = ["document", "typed_by"]
    search_fields = ["document__folded", "source"]
    inlines = [ParagraphInline]

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        trace_descents({obj.document_id})

    def delete_queryset(self, request, queryset):
        documents = set(queryset.order_by().values_list("document", flat=True))
        super().delete_queryset(request, queryset)
        trace_descents(documents)

    def has_delete_permission(self, request, obj=None):
        """A text that should not be there may go; it can be imported again."""
        return request.user.has_perm("icctracker.delete_documenttext")


@admin.register(Import)
class ImportAdmin(RecordAdmin):
    list_display = ["source", "imported_at", "credit"]
    search_fields = ["source", "credit"]


def _symbol_or_words(typed):
    """The official symbol if the text can be read as one, else the text."""
    return symbols.normalise(typed) if typed else typed


# Codings and their reconciliation: records to be read, but never by a blind coder.


class CodingLineInline(ReadInline):
    model = CodingLine
    fields = [
        *("criterion", "effect", "form", "searched_words", "occasion", "pinpoint"),
        "rationale",
    ]
    readonly_fields = fields
    show_change_link = False


@admin.register(Coding)
class CodingAdmin(OfEntryAdmin):
    """What was handed in; a coding in hand is its coder's alone."""

    list_display = ["evidence", "purpose", "state", "coder", "done_at", "differs"]
    list_select_related = ["evidence", "coder"]
    list_filter = ["purpose", "state", "differs", "sample", by_year("done_at")]
    search_fields = ["evidence__folded", "evidence__slug", "coder__folded"]
    ordering = NEWEST_RECORD
    inlines = [CodingLineInline]

    def get_queryset(self, request):
        """That an entry is being coded is no secret; what was handed in may be one."""
        visible = self._visible(request)
        open_to = self._among(visible.codes_open_to(request.user))
        handed_in = Q(state=Coding.State.DONE)
        return self._of(request, visible).filter(~handed_in | open_to)

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
class ReconciliationAdmin(OfEntryAdmin):
    entry = "coding__evidence"
    list_display = ["coding", "together", "proposed_at", "decided_at"]
    list_select_related = ["coding__evidence"]
    list_filter = ["together"]
    search_fields = ["coding__evidence__folded", "lines__reason"]
    date_hierarchy = "decided_at"
    inlines = [ReconciledLineInline]


@admin.register(Sample)
class SampleAdmin(RecordAdmin):
    list_display = ["year", "size", "population", "seed", "drawn_at"]


# Curation of what others say: verdicts are kept here, the rest is only read.


class VerdictForm(forms.ModelForm):
    """A verdict to record."""

    class Meta:
        model = Verdict
        fields = ["recommendation", "tracker", "verdict", "url", "said_on", "note"]

    def clean(self):
        data = super().clean()
        same = {n: data.get(n) for n in ("recommendation", "tracker", "said_on")}
        if all(same.values()) and Verdict.objects.current().filter(**same).exists():
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
class ResponseAdmin(OfEntryAdmin):
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
class DissentAdmin(OfEntryAdmin):
    entry = "finding__evidence"
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
    search_fields = ["reason", "author__folded"]
    date_hierarchy = "written_at"

    @admin.display(description=gettext_lazy("about"))
    def about(self, dissent):
        return str(dissent.subject)
