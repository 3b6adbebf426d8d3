"""Move the rule's window, weights and thresholds, and see what changes."""

from django import forms
from django.views.generic import TemplateView

from icctracker.readings.rulesets import LABELS
from icctracker.ruleset import PUBLISHED, status_on
from icctracker.ruleset.parameters import LIMITS, NAMES, as_values, from_values
from icctracker.web.kit.publications import OfPublication

from .moments import MomentMixin
from .pages import worked_out


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


class TryTheRule(OfPublication, MomentMixin, TemplateView):
    """The ten statuses under the published rule and under the reader's own."""

    template_name = "public/try_the_rule.html"
    worked_out = True

    def get_context_data(self, **kwargs):
        rows = worked_out(self.publication, self.moment)
        published = rows[0].parameters if rows else PUBLISHED
        given = as_values(published) | self.request.GET.dict()
        form = ParametersForm(given, published=published)
        parameters = form.parameters() if form.is_valid() else published
        rows = [
            (row, status_on(row.case, self.moment.as_of, parameters)) for row in rows
        ]
        return super().get_context_data(
            form=form,
            rows=rows,
            moved=parameters != published,
            changed=sum(row.suggested.code != other.code for row, other in rows),
            **kwargs,
        )
