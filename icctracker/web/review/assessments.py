"""Assessing: the list of all recommendations, and the status of one."""

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from icctracker.actions.status import assess
from icctracker.models import Finding
from icctracker.readings import saying
from icctracker.readings.standing import reasons, standing_of
from icctracker.web.kit.acting import ActingForm, seen
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


class AssessmentCreate(ReviewAccess, OfRecommendation, ActingForm):
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

    @property
    def stands(self):
        """The key of the newest assessment, 0 for none."""
        return max((past.pk for past in self.past), default=0)

    @cached_property
    def past(self):
        return list(self.recommendation.assessments.select_related("assessed_by"))

    def act(self, form):
        data = form.cleaned_data | {"after": seen(self.request.POST)}
        data.pop("suggested_reason")
        return assess(self.recommendation, by=self.request.user, **data)

    def said(self, made):
        code = self.recommendation.code
        return _("The status of %(code)s is recorded.") % {"code": code}

    def get_context_data(self, form=None, **kwargs):
        form = form or self.get_form()
        as_of = timezone.localdate()
        if form.is_bound:
            as_of = getattr(form, "cleaned_data", {}).get("as_of") or as_of
        standing = standing_of(self.recommendation, as_of)
        because = self._reasons(standing)
        form.shown_with(standing.suggested)
        return super().get_context_data(
            form=form,
            recommendation=self.recommendation,
            standing=standing,
            as_of=as_of,
            reasons=because,
            said=saying.told(standing, standing.parameters),
            doubts=saying.doubts(standing, standing.parameters),
            rule=saying.THE_RULE,
            fragile=[row for reason in because for row in reason.rows if row.without],
            past=self.past,
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
