"""The Council's record, to be searched and read; imports write it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from icctracker import symbols
from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    ValueOrigin,
    Vote,
)

from .base import ReadInline, RecordAdmin


class BallotInline(ReadInline):
    model = Ballot
    fields = ["item", "held_on", "outcome", "votes", "non_voting"]
    readonly_fields = ["votes"]

    @admin.display(description=_("in favour, against, abstaining"))
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
    search_fields = ["symbol", "title", "agenda_item", "drafts"]
    inlines = [BallotInline, OtherValueInline, OriginInline]

    def get_search_results(self, request, queryset, search_term):
        """A symbol is found however it is written."""
        return super().get_search_results(
            request, queryset, _symbol_or_words(search_term)
        )

    @admin.display(description=_("subject"))
    def subject_in_short(self, document):
        return document.subject[:100]


@admin.register(Ballot)
class BallotAdmin(RecordAdmin):
    list_display = ["document", "item", "held_on", "outcome", "tally", "meeting"]
    list_filter = ["outcome", "library_list"]
    list_select_related = ["document"]
    search_fields = ["document__symbol", "document__title", "meeting"]
    date_hierarchy = "held_on"
    inlines = [VoteInline]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(
            request, queryset, _symbol_or_words(search_term)
        )


@admin.register(Member)
class MemberAdmin(RecordAdmin):
    list_display = ["name", "code", "permanent"]
    list_filter = ["permanent"]
    search_fields = ["name", "=code", "memberships__name"]
    inlines = [MembershipInline]


@admin.register(OtherValue)
class OtherValueAdmin(RecordAdmin):
    list_display = ["document", "field", "says", "standing"]
    list_filter = ["standing", "field"]
    list_select_related = ["document"]
    search_fields = ["document__symbol", "says"]


@admin.register(Import)
class ImportAdmin(RecordAdmin):
    list_display = ["source", "imported_at", "credit"]
    search_fields = ["source", "credit"]


def _symbol_or_words(typed):
    """The official symbol if the text can be read as one, else the text."""
    return symbols.normalise(typed) if typed else typed
