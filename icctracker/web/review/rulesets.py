"""Drafting the next ruleset, seeing what it changes, publishing it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from icctracker.actions import ActionRefused
from icctracker.actions.codebook import next_version
from icctracker.actions.rulesets import discard, draft_next, publish, revise
from icctracker.models import Ruleset
from icctracker.readings import rulesets
from icctracker.web.kit.acting import ActingForm, seen
from icctracker.web.kit.publications import OfPublication, others

from .access import ReviewAccess
from .forms import DraftForm, PublishForm, ValuesForm


class RulesetAccess(OfPublication, ReviewAccess):
    """The pages of the draft: for those who keep the rule."""

    permission_required = "icctracker.change_ruleset"
    tab = "ruleset-draft"

    @cached_property
    def success_url(self):
        return self.address("ruleset-draft")

    @cached_property
    def rulesets(self):
        return Ruleset.objects.of(self.publication)

    @cached_property
    def draft(self):
        return self.rulesets.draft()

    @cached_property
    def current(self):
        return self.rulesets.in_force()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            draft=self.draft,
            current=self.current,
            others=others(self.publication),
            **kwargs,
        )


class NeedsRuleDraft(RulesetAccess):
    """A page about the draft; without one there is a page to begin it."""

    def dispatch(self, request, *args, **kwargs):
        if self.has_permission() and self.draft is None:
            messages.info(request, _("No version is being drafted."))
            return redirect(self.success_url)
        return super().dispatch(request, *args, **kwargs)


class RulesetDraft(RulesetAccess, ActingForm):
    """The values of the draft; where there is none, the page that begins it."""

    template_name = "review/ruleset_draft.html"

    def post(self, request, *args, **kwargs):
        if self.draft and "version" in request.POST:
            return self.begun_already()
        return super().post(request, *args, **kwargs)

    def begun_already(self):
        """Somebody was quicker to begin it: the action says so."""
        try:
            draft_next(self.publication, by=self.request.user, version="")
        except ActionRefused as refusal:
            messages.error(self.request, str(refusal))
        return redirect(self.success_url)

    def get_form_class(self):
        return ValuesForm if self.draft else DraftForm

    def get_initial(self):
        if self.draft:
            return self.draft.values
        return {"version": next_version(self.current) if self.current else "1.0"}

    @property
    def stands(self):
        return self.draft.revision if self.draft else ""

    def act(self, form):
        given, who = form.cleaned_data, self.request.user
        if not self.draft:
            return draft_next(self.publication, by=who, **given)
        revision = seen(self.request.POST)
        return revise(self.draft, by=who, revision=revision, values=given)

    def said(self, made):
        return _("The values are saved in the draft.") if self.draft else ""

    def read_again(self):
        self.draft.refresh_from_db()

    def get_context_data(self, **kwargs):
        values = rulesets.values_of(self.draft, self.current) if self.draft else []
        return super().get_context_data(values=values, **kwargs)


class RulesetPreview(NeedsRuleDraft, ActingForm):
    """What the draft would change, and publishing it with a reason."""

    form_class = PublishForm
    template_name = "review/ruleset_preview.html"

    @cached_property
    def preview(self):
        return rulesets.preview(self.draft, timezone.localdate())

    def get_initial(self):
        return {"reason": self.draft.reason}

    @property
    def stands(self):
        return self.preview.token

    def act(self, form):
        given, token = form.cleaned_data, self.request.POST.get("seen", "")
        return publish(self.draft, by=self.request.user, token=token, **given)

    def said(self, published):
        return _("Version %(version)s is in force.") % {"version": published.version}

    def onward(self, published):
        return published.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            preview=self.preview,
            faults=rulesets.problems(self.draft, self.preview),
            today=timezone.localdate(),
            **kwargs,
        )


class RulesetDiscard(NeedsRuleDraft, TemplateView):
    """Asks before the draft is deleted."""

    template_name = "review/ruleset_discard.html"

    def post(self, request):
        try:
            discard(self.draft, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The draft is deleted. Nothing else changed."))
        return redirect(self.success_url)
