"""Drafting the next ruleset, seeing what it changes, publishing it."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.codebook import next_version
from icctracker.actions.rules import discard, draft_next, publish, revise
from icctracker.models import Ruleset
from icctracker.readings import rules
from icctracker.web.kit.publications import OfPublication, others

from .access import ReviewTabs
from .forms import DraftForm, PublishForm, ValuesForm


class RulesetAccess(PermissionRequiredMixin, OfPublication, ReviewTabs):
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


class RulesetDraft(RulesetAccess, FormView):
    """The values of the draft; where there is none, the page that begins it."""

    template_name = "review/ruleset_draft.html"

    def get_form_class(self):
        return ValuesForm if self.draft else DraftForm

    def get_initial(self):
        if self.draft:
            return self.draft.values | {"revision": self.draft.revision}
        return {"version": next_version(self.current) if self.current else "1.0"}

    def form_valid(self, form):
        data, who = dict(form.cleaned_data), self.request.user
        try:
            if self.draft:
                revise(self.draft, by=who, revision=data.pop("revision"), values=data)
                messages.success(self.request, _("The values are saved in the draft."))
            else:
                draft_next(self.publication, by=who, version=data["version"])
        except EditConflict as conflict:
            return self.conflict(form, conflict)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return super().form_valid(form)

    def conflict(self, form, conflict):
        """Show what the draft holds now beside what was typed about an older one."""
        form.add_error(None, str(conflict))
        form.ask_again(self.draft)
        context = self.get_context_data(form=form, conflict=True)
        return self.render_to_response(context, status=409)

    def get_context_data(self, **kwargs):
        values = rules.values_of(self.draft, self.current) if self.draft else []
        return super().get_context_data(values=values, **kwargs)


class RulesetPreview(NeedsRuleDraft, FormView):
    """What the draft would change, and publishing it with a reason."""

    form_class = PublishForm
    template_name = "review/ruleset_preview.html"

    @cached_property
    def preview(self):
        return rules.preview(self.draft, timezone.localdate())

    def get_initial(self):
        return {"reason": self.draft.reason}

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            published = publish(self.draft, by=self.request.user, **data)
        except EditConflict as conflict:
            form.add_error(None, str(conflict))
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=409)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        text = _("Version %(version)s is in force.") % {"version": published.version}
        messages.success(self.request, text)
        return redirect(published)

    def get_context_data(self, form=None, **kwargs):
        form = form or self.get_form()
        form.shown_with(self.preview.token)
        return super().get_context_data(
            form=form,
            preview=self.preview,
            faults=rules.problems(self.draft, self.preview),
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
