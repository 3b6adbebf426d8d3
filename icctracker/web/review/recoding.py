"""Coding findings again under a draft of the codebook, by a list or one by one."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import ListView

from icctracker.actions import ActionRefused
from icctracker.actions.recoding import confirm_many, recode, take_back
from icctracker.models import FINDING_FIELDS, Finding
from icctracker.readings import recoding, versions
from icctracker.web.kit.acting import ActingForm
from icctracker.web.kit.forms import whole_number

from .codebook import NeedsDraft
from .forms import RecodingForm

AT_ONCE = 25


class OfCriterion(NeedsDraft):
    """A page about the findings on one criterion whose test the draft changes."""

    @cached_property
    def asked(self):
        return recoding.asked_anew(self.draft)

    @cached_property
    def criterion(self):
        """The criterion as the draft asks it."""
        for (_owner, code), criterion in self.asked.items():
            if code == self.kwargs["code"].lower():
                return criterion
        raise Http404

    @cached_property
    def change(self):
        found = versions.changes(self.draft, self.current)
        code = self.criterion.code
        return next(each for each in found if each.criterion.code == code)

    @cached_property
    def of_criterion(self):
        return {self.criterion.identity: self.criterion}

    @property
    def here(self):
        return self.address("recoding-list", self.criterion.code)

    def get_context_data(self, **kwargs):
        [progress] = recoding.progress(self.draft, self.of_criterion)
        due = recoding.to_code(self.draft, self.of_criterion)
        hidden = due.count() - recoding.open_to(due, self.request.user).count()
        return super().get_context_data(
            criterion=self.criterion,
            change=self.change,
            progress=progress,
            hidden=hidden,
            here=self.here,
            **kwargs,
        )

    def rows(self, findings):
        """Each finding with what the draft has it say, and the stamp of the two."""
        return [
            (finding, made, recoding.stamp(finding, made, self.criterion))
            for finding in findings
            for made in [recoding.recoding_of(finding)]
        ]


class RecodingList(OfCriterion, ListView):
    """The findings on one criterion; those that are ticked stand as they are coded."""

    template_name = "review/recoding_list.html"
    paginate_by = AT_ONCE

    @property
    def shows_done(self):
        return self.request.GET.get("show") == "done"

    def get_queryset(self):
        due = recoding.to_code(self.draft, self.of_criterion)
        done = recoding.ready(self.draft, self.of_criterion).values("finding")
        some = due.filter(pk__in=done) if self.shows_done else due.exclude(pk__in=done)
        some = recoding.open_to(some, self.request.user)
        return recoding.listed(some, self.draft)

    def post(self, request, *args, **kwargs):
        seen = dict(map(_ticked, request.POST.getlist("finding")[: AT_ONCE * 2]))
        if not seen:
            messages.error(request, _("Tick at least one finding."))
            return redirect(self.here)
        findings = Finding.objects.filter(pk__in=seen).order_by("pk")
        try:
            made = confirm_many(self.draft, findings, by=request.user, seen=seen)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            text = ngettext(
                "One finding stands as it was coded.",
                "%(count)d findings stand as they were coded.",
                len(made),
            )
            messages.success(request, text % {"count": len(made)})
        return redirect(self.here)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(shows_done=self.shows_done, **kwargs)
        return context | {"rows": self.rows(context["object_list"])}


def _ticked(text):
    """The key of a finding and the stamp of what was read of it."""
    key, _colon, stamp = text.partition(":")
    key = whole_number(key)
    if key is None:
        raise BadRequest
    return key, stamp


class RecodingUpdate(OfCriterion, ActingForm):
    """One finding under the new test, beside how it was coded."""

    form_class = RecodingForm
    template_name = "review/recoding_form.html"
    way_on = gettext_lazy("What you typed is still here: compare it, then save again.")

    @cached_property
    def finding(self):
        owner, code = self.criterion.identity
        found = Finding.objects.filter(
            accepted_at__isnull=False,
            criterion__code=code,
            criterion__recommendation=owner,
            pk=self.kwargs["pk"],
        )
        found = recoding.open_to(found, self.request.user)
        finding = recoding.listed(found, self.draft).first()
        if finding is None:
            raise Http404
        return finding

    @property
    def made(self):
        return recoding.recoding_of(self.finding)

    @property
    def stands(self):
        return recoding.stamp(self.finding, self.made, self.criterion)

    def read_again(self):
        for name in (
            "finding",
            "criterion",
            "asked",
            "draft",
            "of_criterion",
            "change",
        ):
            self.__dict__.pop(name, None)

    def get_initial(self):
        """What was coded under the draft before; of a finding not coded, nothing."""
        if not (made := self.made):
            return {}
        if made.outcome != made.Outcome.CHANGED:
            given = {"outcome": made.outcome}
            return given | ({"rationale": made.rationale} if made.is_silent else {})
        names = ["outcome", *FINDING_FIELDS]
        values = {name: getattr(made, name) for name in names}
        return values | {"occasion": "yes" if made.occasion else "no"}

    def post(self, request, *args, **kwargs):
        if "take_back" in request.POST:
            return self.back()
        return super().post(request, *args, **kwargs)

    def back(self):
        seen = self.request.POST.get("seen", "")
        try:
            take_back(self.draft, self.finding, by=self.request.user, seen=seen)
        except ActionRefused as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, _("It is to be coded again."))
        return redirect(self.here)

    def act(self, form):
        seen = self.request.POST.get("seen", "")
        return recode(
            self.draft, self.finding, by=self.request.user, seen=seen, **form.codes
        )

    def said(self, made):
        return (
            _("It is coded again. Here is the next one.")
            if self.following
            else _("It is coded again, the last one on this criterion.")
        )

    @cached_property
    def following(self):
        """The next finding on the criterion that is left, if any."""
        rows = recoding.left(self.draft, self.of_criterion)
        rows = recoding.open_to(rows, self.request.user)
        return rows.exclude(pk=self.finding.pk).order_by("event_date", "pk").first()

    def onward(self, made):
        if self.following is None:
            return self.here
        return self.address("recoding-update", self.criterion.code, self.following.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            finding=self.finding, made=self.made, following=self.following, **kwargs
        )
