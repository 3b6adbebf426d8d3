"""Move the rule's window, weights and thresholds, and see what changes."""

from django import forms
from django.views.generic import TemplateView

from icctracker.readings.rulesets import LABELS
from icctracker.readings.standing import parameters_of, rule_of
from icctracker.ruleset import PUBLISHED, status_on
from icctracker.ruleset.parameters import LIMITS, NAMES, as_values, from_values
from icctracker.web.kit.publications import OfPublication

from .moments import InParts
from .pages import standings_of, worked_out


class ParametersForm(forms.Form):
    """The judgement in the rule; whatever is left out stays as published."""

    def __init__(self, *args, published=PUBLISHED, **kwargs):
        super().__init__(*args, **kwargs)
        self.values = as_values(published)
        for name in NAMES:
            smallest, largest = LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=smallest,
                max_value=largest,
                required=False,
                initial=self.values[name],
            )

    def parameters(self):
        """The published parameters with what the reader moved."""
        moved = {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not None
        }
        return from_values(self.values | moved)


class TryTheRule(OfPublication, InParts, TemplateView):
    """The ten statuses under the published rule and under the reader's own."""

    template_name = "public/try_the_rule.html"
    worked_out = True

    def get_context_data(self, **kwargs):
        published = parameters_of(rule_of(self.publication, self.moment.known_at))
        given = as_values(published) | self.request.GET.dict()
        form = ParametersForm(given, published=published)
        parameters = form.parameters() if form.is_valid() else published
        statuses = (
            self._worked_out(parameters) if parameters != published else self._as_is()
        )
        return super().get_context_data(form=form, statuses=statuses, **kwargs)

    def _as_is(self):
        """The statuses by the published rule, which are on record."""
        key = self.publication.pk if self.publication else 0

        def make():
            rows = standings_of(self.publication, self.moment)
            return self._made([(row, row.suggested) for row in rows], moved=False)

        return self.part(f"statuses-of-{key}", make)

    def _worked_out(self, parameters):
        """Each status as published and as the reader would have it."""
        rows = worked_out(self.publication, self.moment)
        day = self.moment.as_of
        tried = [(row, status_on(row.case, day, parameters)) for row in rows]
        return self._made(tried, moved=True)

    def _made(self, rows, *, moved):
        changed = sum(row.suggested.code != other.code for row, other in rows)
        return self.made("tried_statuses", rows=rows, moved=moved, changed=changed)
