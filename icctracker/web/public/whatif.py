"""Move the rule's window, weights and thresholds, and see what changes."""

from dataclasses import fields

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from icctracker.readings.standing import standings
from icctracker.ruleset import PUBLISHED, Parameters, status_on

from .moments import MomentMixin

LABELS = {
    "window_years": _("Window, in years"),
    "decision": _("Weight of a decision"),
    "formal": _("Weight of a formal position"),
    "process": _("Weight of process"),
    "omission": _("Weight of an omission"),
    "signal": _("Weight of a signal"),
    "secondary_cap": _("Most a secondary source may weigh"),
    "full": _("Level 3 from, per cent"),
    "sustain_large": _("To sustain: level 2 from, per cent"),
    "sustain_some": _("To sustain: level 1 above, per cent"),
    "refrain_large": _("To avoid: level 2 from, per cent"),
    "refrain_some": _("To avoid: level 1 from, per cent"),
}
WEIGHTS = ("decision", "formal", "process", "omission", "signal", "secondary_cap")


class ParametersForm(forms.Form):
    """The judgement in the rule; whatever is left out stays as published."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for parameter in fields(Parameters):
            name = parameter.name
            smallest, largest = 0, 100
            if name == "window_years":
                smallest, largest = 1, 30
            elif name in WEIGHTS:
                largest = 20
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=smallest,
                max_value=largest,
                required=False,
                initial=parameter.default,
            )

    def parameters(self):
        """The published parameters with what the reader moved."""
        moved = {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not None
        }
        return Parameters(**moved)


class TryTheRule(MomentMixin, TemplateView):
    """The ten statuses under the published rule and under the reader's own."""

    template_name = "public/try_the_rule.html"

    def get_context_data(self, **kwargs):
        initial = {f.name: f.default for f in fields(Parameters)}
        form = ParametersForm({**initial, **self.request.GET.dict()})
        parameters = form.parameters() if form.is_valid() else PUBLISHED
        rows = [
            (row, status_on(row.case, self.moment.as_of, parameters))
            for row in standings(self.moment.as_of, self.moment.known_at)
        ]
        return super().get_context_data(
            form=form,
            rows=rows,
            moved=parameters != PUBLISHED,
            changed=sum(row.suggested.code != other.code for row, other in rows),
            **kwargs,
        )
