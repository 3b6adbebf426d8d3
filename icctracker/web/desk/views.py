"""The desk: what is in hand, one entry as its author sees it."""

from datetime import date

from django.db.models import Max, OuterRef, Prefetch, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from icctracker.actions import ActionRefused
from icctracker.actions.review import comment
from icctracker.actions.status import log_search
from icctracker.models import (
    Criterion,
    Evidence,
    Finding,
    Recommendation,
    ReviewDecision,
    Search,
    comments_for,
    may_comment,
)
from icctracker.readings.standing import add_months, criteria_unsearched
from icctracker.web.kit.acting import ActingForm
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.forms import whole_number
from icctracker.web.kit.kept import DeskAccess, NothingLost

from .beside import look_up
from .fields import Options, criteria, criterion_groups
from .forms import FindingForm, SearchForm
from .tabs import DeskTabs

# Comments between the author of an entry and its reviewers.

# Where a comment may have been written, and where its writer then goes on.
PAGES = {"desk": "desk-evidence", "review": "review-evidence"}


class EvidenceComment(NotWhileCoding, NothingLost, TemplateView):
    """The comments on one entry, and one more; what cannot be added is kept."""

    permission_required = "icctracker.add_evidence"
    template_name = "desk/evidence_comment.html"

    @cached_property
    def evidence(self):
        entries = Evidence.objects.visible_to(self.request.user)
        entry = get_object_or_404(entries, pk=self.kwargs["pk"])
        if not may_comment(self.request.user, entry):
            raise Http404
        return entry

    @property
    def back(self):
        """The page to go back to, as far as its reader may open it."""
        reviews = self.request.user.has_perm("icctracker.review_evidence")
        wanted = self.request.POST.get("back") or self.request.GET.get("back")
        return "review" if wanted == "review" and reviews else "desk"

    def post(self, request, **kwargs):
        text = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
        try:
            made = comment(self.evidence, by=request.user, text=text)
        except ActionRefused as refusal:
            context = self.get_context_data(typed=text, fault=str(refusal))
            return self.render_to_response(context)
        page = reverse(PAGES[self.back], args=[self.evidence.pk])
        return redirect(f"{page}#comment-{made.pk}")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            evidence=self.evidence,
            comments=comments_for(self.request.user, self.evidence),
            back=self.back,
            page=reverse(PAGES[self.back], args=[self.evidence.pk]),
            **kwargs,
        )


# Logging a search that found nothing.


class SearchCreate(DeskAccess, ActingForm):
    """Logs a search that found nothing."""

    permission_required = "icctracker.add_search"
    template_name = "desk/search_form.html"
    form_class = SearchForm
    success_url = reverse_lazy("desk")
    success_message = gettext_lazy("The search is on the log.")

    @cached_property
    def criteria(self):
        return criteria()

    def get_initial(self):
        code = self.request.GET.get("criterion", "").strip().casefold()
        found = [
            key for key, row in self.criteria.items() if row.key.casefold() == code
        ]
        return {
            "criterion": found[0] if found else "",
            "searched_on": timezone.localdate(),
        }

    def get_form_kwargs(self):
        groups = criterion_groups(self.criteria.values())
        return super().get_form_kwargs() | {"criteria": self.criteria, "groups": groups}

    def act(self, form):
        return log_search(by=self.request.user, **form.cleaned_data)

    def refused(self, form, why):
        mine = Search.objects.known().filter(searched_by=self.request.user)
        # Sent twice, it is on the log once, and nothing is wrong.
        if mine.filter(**form.cleaned_data).exists():
            return self.done(form, None)
        return super().refused(form, why)


# The pages of the desk, on each of those that list something.


State = Evidence.State
QUIET_MONTHS = 12
RECENT = 10
# So many of one's entries in one state are listed; who has more sees the newest.
MOST_OWN = 25


class Desk(DeskAccess, DeskTabs, TemplateView):
    """What the researcher has in hand, and where evidence is wanting."""

    template_name = "desk/desk.html"

    def get_context_data(self, **kwargs):
        lists = {
            "in_hand": self.codings["in_hand"],
            "to_settle": self.codings["to_settle"],
            "drafts": self._own(State.DRAFT),
            "returned": self._own(State.RETURNED),
            "waiting": self._own(State.SUBMITTED),
        }
        lists = {name: list(rows[:MOST_OWN]) for name, rows in lists.items()}
        return super().get_context_data(
            **lists,
            # The most that is listed of each, where something may be left out.
            most=MOST_OWN if MOST_OWN in map(len, lists.values()) else None,
            decided=self._decided(),
            searches=self.request.user.searches.select_related(
                "criterion__recommendation"
            ).order_by("-recorded_at", "-pk")[:5],
            dissents=self.request.user.dissents.select_related(
                "finding__criterion", "assessment__recommendation"
            )[:RECENT],
            unsearched=criteria_unsearched(timezone.localdate()),
            proposals=self.request.user.proposals.select_related(
                "evidence", "criterion"
            )[:RECENT],
            quiet=quiet_recommendations(timezone.localdate()),
            **kwargs,
        )

    def _own(self, state):
        """The newest in one state: those decided on last, then those written last."""
        latest = Max("decisions__decided_at")
        own = _with_decisions(self.request.user).filter(state=state)
        own = own.annotate(decided_at=latest)
        return own.order_by("-decided_at", "-updated_at", "-pk")

    def _decided(self):
        """The last that were decided on: every decision writes the entry, too."""
        decided = [State.PUBLISHED, State.DECLINED, State.WITHDRAWN]
        own = _with_decisions(self.request.user).filter(state__in=decided)
        return own.order_by("-updated_at", "-pk")[:RECENT]


def _with_decisions(user):
    decisions = ReviewDecision.objects.order_by("-decided_at", "-pk")
    return user.evidence.prefetch_related(
        Prefetch("decisions", queryset=decisions, to_attr="past_decisions")
    )


def quiet_recommendations(today):
    """Those with no accepted finding on an event of the last twelve months.

    Each carries ``latest``, the day of its last event or None.
    """
    accepted = Finding.objects.accepted().filter(criterion=OuterRef("pk"))
    latest = accepted.order_by("-event_date").values("event_date")[:1]
    days = {}
    for owner, day in Criterion.objects.order_by().values_list(
        "recommendation", Subquery(latest)
    ):
        days[owner] = max(days.get(owner) or date.min, day or date.min)
    found, limit = [], add_months(today, -QUIET_MONTHS)
    for each in Recommendation.objects.order_by("publication", "number"):
        latest = days.get(each.pk, date.min)
        if latest <= limit:
            each.latest = None if latest == date.min else latest
            found.append(each)
    return found


class FindingGuidance(DeskAccess, View):
    """For one finding: what counts for the criterion that is chosen."""

    def get(self, request):
        name, chosen = next(iter(request.GET.items()), ("", ""))
        prefix, _dash, field = name.rpartition("-")
        number = whole_number(prefix.removeprefix("findings-"))
        if field != "criterion" or number is None:
            raise Http404
        form = FindingForm(
            prefix=f"findings-{number}",
            initial={"criterion": chosen},
            options=Options(criteria(), {}, []),
        )
        return render(request, "desk/finding_guidance.html", {"form": form})


class Lookup(DeskAccess, View):
    """What the Council's record has for what is being typed."""

    def get(self, request):
        found = look_up(request.GET.get("lookup", ""))
        return render(request, "desk/lookup_results.html", {"found": found})
