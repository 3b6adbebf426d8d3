"""Assessing: the list of all recommendations, and the status of one."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from icctracker.actions import ActionRefused
from icctracker.actions.status import assess
from icctracker.models import Finding
from icctracker.readings.standing import reasons, standing_of
from icctracker.web.kit.publications import OfRecommendation

from .access import ReviewAccess
from .forms import AssessmentForm


class AssessmentList(ReviewAccess, TemplateView):
    """All recommendations: suggested, decided, and when an assessment is due."""

    permission_required = "icctracker.add_assessment"
    tab = "assessment-list"
    template_name = "review/assessment_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(standings=self.standings, **kwargs)


class AssessmentCreate(ReviewAccess, OfRecommendation, FormView):
    """Confirm or override what the rule suggests for one recommendation."""

    permission_required = "icctracker.add_assessment"
    form_class = AssessmentForm
    tab = "assessment-list"
    template_name = "review/assessment_form.html"
    success_url = reverse_lazy("assessment-list")

    def get_initial(self):
        return {"as_of": timezone.localdate()}

    def get_form_kwargs(self):
        extra = {"publication": self.recommendation.publication}
        return super().get_form_kwargs() | extra

    def post(self, request, *args, **kwargs):
        if "show" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.keep_only_errors_of("as_of")
        return self.form_invalid(form)

    def form_valid(self, form):
        data = dict(form.cleaned_data)
        data.pop("suggested_reason")
        try:
            assess(self.recommendation, by=self.request.user, **data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("The status of %(code)s is recorded.")
            % {"code": self.recommendation.code},
        )
        return redirect(self.success_url)

    def get_context_data(self, form=None, **kwargs):
        form = form or self.get_form()
        as_of = timezone.localdate()
        if form.is_bound:
            as_of = getattr(form, "cleaned_data", {}).get("as_of") or as_of
        standing = standing_of(self.recommendation, as_of)
        because = self._reasons(standing)
        past = list(self.recommendation.assessments.select_related("assessed_by"))
        form.shown_with(standing.suggested, max((a.pk for a in past), default=0))
        return super().get_context_data(
            form=form,
            recommendation=self.recommendation,
            standing=standing,
            as_of=as_of,
            reasons=because,
            doubts=standing.doubts,
            fragile=[row for reason in because for row in reason.rows if row.without],
            past=past,
            **kwargs,
        )

    def _reasons(self, standing):
        """Each criterion with its level and the findings behind it."""
        findings = (
            Finding.objects.accepted()
            .filter(
                criterion__recommendation=self.recommendation,
                event_date__lte=standing.case.as_of,
            )
            .select_related("evidence", "criterion")
        )
        return reasons(standing, standing.criteria, findings, [])
