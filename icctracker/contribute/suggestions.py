"""The inbox: what nobody has logged yet, and what was set aside."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from django_filters.views import FilterView

from icctracker.actions import ActionRefused
from icctracker.actions.suggestions import accept, dismiss, put_back
from icctracker.ledger import ledger
from icctracker.models import Dismissal, Document
from icctracker.suggestions import reasons, suggested, unread, with_reasons

from . import typed
from .access import DeskAccess
from .suggestion_forms import (
    EARLIER,
    DismissalFilter,
    SetAsideForm,
    SuggestionFilter,
    TickForm,
)
from .tabs import DeskTabs


class TickedList(DeskAccess, DeskTabs, FilterView):
    """A list whose rows are ticked, and then something is done with them."""

    paginate_by = 50
    form_class = TickForm

    @cached_property
    def form(self):
        if self.request.method == "POST":
            return self.form_class(self.request.POST)
        kept = typed.kept(self.request)
        return self.form_class(initial=_initial(kept) if kept else None)

    def post(self, request, **kwargs):
        if not self.form.is_valid():
            return self.get(request, **kwargs)
        ticked = self.form.cleaned_data["documents"]
        documents = Document.objects.filter(pk__in=ticked)
        try:
            self.carry_out(documents)
        except ActionRefused as refusal:
            self.form.add_error(None, str(refusal))
            return self.get(request, **kwargs)
        typed.forget(request)
        return redirect(self._address())

    def carry_out(self, documents):
        """Do with the documents what the page is for, and say so."""
        raise NotImplementedError

    def _address(self):
        """This page, or the last one there still is."""
        filterset = self.get_filterset(self.get_filterset_class())
        last = self.get_paginator(filterset.qs, self.paginate_by).num_pages
        query = self.request.GET.copy()
        page = query.get("page", "")
        if not page.isdecimal() or len(page) > 5 or int(page) > last:
            query.pop("page", None)
        return f"{self.request.path}?{query.urlencode()}".rstrip("?")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            form=self.form, described=self.filterset.described(), **kwargs
        )


def _initial(kept):
    """What was typed and ticked before its author was signed out."""
    return {
        "documents": kept.getlist("documents"),
        "everything": kept.get("everything", ""),
        "reason": kept.get("reason", ""),
    }


class SuggestionList(TickedList):
    """Documents that nobody has logged yet; ticked ones are set aside."""

    filterset_class = SuggestionFilter
    tab = "suggestion-list"
    template_name = "contribute/suggestion_list.html"
    form_class = SetAsideForm

    def get_queryset(self):
        earlier = self.request.GET.get("period") == EARLIER
        return suggested(self.request.user, earlier=earlier)

    def carry_out(self, documents):
        reason = self.form.cleaned_data["reason"]
        rows = dismiss(documents, reason=reason, by=self.request.user)
        text = ngettext(
            "One document is set aside.",
            "%(count)d documents are set aside.",
            len(rows),
        )
        messages.success(self.request, text % {"count": len(rows)})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        lines, total = ledger(self.request.user)
        chosen = self.filterset.chosen_situation
        documents = with_reasons(context["object_list"])
        return context | {
            "rows": [(document, reasons(document)) for document in documents],
            "lines": lines,
            "total": total,
            "line": next((row for row in lines if row.situation == chosen), None),
            "chosen": chosen,
            "unread": unread().count(),
        }


class DismissalList(TickedList):
    """Documents that were set aside, with the reason; ticked ones are put back."""

    filterset_class = DismissalFilter
    tab = "dismissal-list"
    template_name = "contribute/dismissal_list.html"

    def get_queryset(self):
        return (
            Dismissal.objects.standing()
            .select_related("document", "dismissed_by")
            .prefetch_related("document__ballots")
        )

    def carry_out(self, documents):
        count = put_back(documents, by=self.request.user)
        text = ngettext(
            "One document is back among the suggestions.",
            "%(count)d documents are back among the suggestions.",
            count,
        )
        messages.success(self.request, text % {"count": count})


class SuggestionAccept(DeskAccess, View):
    """Begins an entry about a suggested document, filled from the record."""

    def get(self, request, **kwargs):
        return redirect("suggestion-list")

    def post(self, request, pk):
        document = get_object_or_404(Document, pk=pk)
        try:
            draft, is_new = accept(document, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("suggestion-list")
        if is_new:
            text = _(
                "This draft is filled from the Council's record. Check it, say what it"
                " shows, then submit it."
            )
            messages.success(request, text)
        else:
            messages.info(request, _("You have this one in hand already."))
        return redirect("evidence-update", draft.pk)
