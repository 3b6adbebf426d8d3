"""Drafting the next version of the codebook, seeing what it changes, publishing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.codebook import (
    CRITERION_FIELDS,
    add_criterion,
    discard,
    draft_next,
    drop_criterion,
    faults,
    next_version,
    publish,
    restore_criterion,
    revise_criterion,
)
from icctracker.models import Codebook
from icctracker.readings import recoding, versions
from icctracker.web.kit.acting import ActingForm, seen
from icctracker.web.kit.forms import whole_number
from icctracker.web.kit.publications import OfPublication, others

from .access import ReviewAccess
from .forms import (
    DraftForm,
    LeavingForm,
    NewCriterionForm,
    PublishForm,
    RevisionForm,
)


class CodebookAccess(OfPublication, ReviewAccess):
    """The pages of the draft: for those who keep the codebook."""

    permission_required = "icctracker.change_codebook"
    tab = "codebook-draft"

    @cached_property
    def success_url(self):
        return self.address("codebook-draft")

    @cached_property
    def draft(self):
        return Codebook.objects.of(self.publication).draft()

    @cached_property
    def current(self):
        return Codebook.objects.of(self.publication).in_force()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            draft=self.draft, others=others(self.publication), **kwargs
        )


class NeedsDraft(CodebookAccess):
    """A page about the draft; without one there is a page to begin it."""

    def dispatch(self, request, *args, **kwargs):
        if self.has_permission() and self.draft is None:
            messages.info(request, _("No version is being drafted."))
            return redirect(self.success_url)
        return super().dispatch(request, *args, **kwargs)


class CodebookDraft(CodebookAccess, FormView):
    """The criteria of the draft; where there is none, the page that begins it."""

    form_class = DraftForm
    template_name = "review/codebook_draft.html"

    def get_initial(self):
        return {"version": next_version(self.current) if self.current else "1.0"}

    def form_valid(self, form):
        try:
            draft_next(
                self.publication,
                by=self.request.user,
                version=form.cleaned_data["version"],
            )
        except ActionRefused as refusal:
            return self.refused(form, str(refusal))
        return super().form_valid(form)

    def refused(self, form, text):
        if Codebook.objects.of(self.publication).draft():
            # Begun meanwhile: there is no form any more to say it beside.
            messages.error(self.request, text)
            return redirect(self.success_url)
        form.add_error("version", text)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        current = self.current
        context = super().get_context_data(current=current, **kwargs)
        if not self.draft:
            again = versions.to_code_again(current) if current else []
            return context | {"again": again}
        rows = versions.changes(self.draft, current)
        return context | {
            "again": recoding.progress(self.draft, recoding.asked_anew(self.draft)),
            "groups": versions.by_recommendation(rows),
            "counted": versions.counted(rows),
        }


class CriterionCreate(NeedsDraft, ActingForm):
    """A criterion that no version has had."""

    form_class = NewCriterionForm
    template_name = "review/criterion_form.html"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["recommendation"].queryset = self.publication.recommendations.all()
        return form

    def act(self, form):
        return add_criterion(self.draft, by=self.request.user, **form.cleaned_data)

    def said(self, added):
        return _("Criterion %(code)s is in the draft.") % {"code": added.code}

    def refused(self, form, why):
        form.add_error("code", why)
        return self.form_invalid(form)


class CriterionUpdate(NeedsDraft, ActingForm):
    """One criterion of the draft beside itself in the version in force."""

    form_class = RevisionForm
    template_name = "review/criterion_form.html"
    way_on = gettext_lazy(
        "Below the form you see it as it is. What you typed is still here."
    )

    @property
    def stands(self):
        return self.draft.revision

    @cached_property
    def change(self):
        """The criterion as it is and as it would be."""
        found = versions.changes(self.draft)
        for change in found:
            if change.criterion.code == self.kwargs["code"].lower():
                return change
        raise Http404

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if self.change.before is None:
            del form.fields["recode"]
        return form

    def get_initial(self):
        if self.change.after is None:
            return {}
        values = {name: getattr(self.change.after, name) for name in CRITERION_FIELDS}
        recoded = self.change.kind == versions.Change.RECODED
        return values | {"recode": "1" if recoded else ""}

    def post(self, request, *args, **kwargs):
        if "drop" in request.POST:
            return self.leave_out()
        if "restore" in request.POST:
            return self.restore()
        if self.change.after is None:
            return self.turn_back(_("It is not in the draft: take it back first."))
        return super().post(request, *args, **kwargs)

    def leave_out(self):
        if self.change.after is None:
            return self.turn_back(_("It is left out already."))
        return self.press(drop_criterion, self.change.after, said=_("left out"))

    def restore(self):
        code = self.change.criterion.code
        return self.press(restore_criterion, self.draft, code, said=_("as it was"))

    def press(self, action, *given, said):
        try:
            action(*given, by=self.request.user)
        except ActionRefused as refusal:
            return self.turn_back(str(refusal))
        text = _("Criterion %(code)s in the draft: %(what)s.")
        what = {"code": self.change.criterion.code, "what": said}
        messages.success(self.request, text % what)
        return redirect(self.success_url)

    def turn_back(self, why):
        messages.error(self.request, why)
        return redirect(self.success_url)

    def act(self, form):
        data = form.cleaned_data | {"revision": seen(self.request.POST)}
        recode = bool(data.pop("recode", ""))
        return revise_criterion(
            self.change.after, by=self.request.user, recode=recode, **data
        )

    def said(self, made):
        code = self.change.criterion.code
        return _("Criterion %(code)s is saved in the draft.") % {"code": code}

    def get_context_data(self, **kwargs):
        return super().get_context_data(change=self.change, **kwargs)


class CodebookPreview(NeedsDraft, ActingForm):
    """What the draft would change, and publishing it with a reason."""

    form_class = PublishForm
    template_name = "review/codebook_preview.html"

    @cached_property
    def preview(self):
        return versions.preview(self.draft, timezone.localdate())

    def get_initial(self):
        return {"reason": self.draft.note}

    @property
    def stands(self):
        return self.preview.token

    def get_form_class(self):
        return LeavingForm if self.preview.left else PublishForm

    def act(self, form):
        given, token = form.cleaned_data, self.request.POST.get("seen", "")
        # Ticked for the number that the token stands for.
        leave = self.preview.left if given.pop("leave", False) else None
        return publish(
            self.draft, by=self.request.user, token=token, leave=leave, **given
        )

    def said(self, published):
        return _("Version %(version)s is in force.") % {"version": published.version}

    def onward(self, published):
        return published.get_absolute_url()

    def get_context_data(self, **kwargs):
        changed = [change for change in self.preview.changes if change.is_change]
        return super().get_context_data(
            preview=self.preview,
            groups=versions.by_recommendation(changed),
            counted=versions.counted(self.preview.changes),
            faults=faults(self.draft, self.preview),
            today=timezone.localdate(),
            **kwargs,
        )


class CodebookDiscard(NeedsDraft, TemplateView):
    """Asks before the draft is deleted."""

    template_name = "review/codebook_discard.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(codings=self.draft.recodings.count(), **kwargs)

    def post(self, request):
        codings = whole_number(request.POST.get("codings"))
        try:
            discard(self.draft, by=request.user, codings=codings)
        except EditConflict as conflict:
            messages.error(request, str(conflict))
            return redirect(self.address("codebook-discard"))
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The draft is deleted. Nothing else changed."))
        return redirect(self.success_url)
