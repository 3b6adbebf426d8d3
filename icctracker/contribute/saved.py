"""An entry as it is saved, in the shape its form wants."""

from django.db.models import Prefetch

from icctracker.actions.evidence import FACTS, FINDING_FIELDS, SOURCE_FIELDS
from icctracker.models import Finding

from .forms import FactsForm


def with_parts(entries):
    """Entries with all that their form shows, in five queries."""
    findings = Finding.objects.current().select_related(
        "criterion__recommendation", "criterion__codebook"
    )
    return entries.prefetch_related(
        "situations",
        "actors",
        "sources",
        Prefetch(
            "findings",
            queryset=findings.order_by("pk"),
            to_attr="current_findings",
        ),
    )


def initial_of(evidence):
    """What the facts, the sources and the findings of a form hold at first."""
    names = [name for name in FACTS if name in FactsForm.base_fields]
    facts = {name: getattr(evidence, name) for name in names}
    facts["roll_call"] = evidence.roll_call
    if not evidence.pk:
        return facts, [{}], [{}]
    facts["situations"] = [each.slug for each in evidence.situations.all()]
    facts["actor_names"] = "\n".join(map(str, evidence.actors.all()))
    sources = [
        {name: getattr(source, name) for name in SOURCE_FIELDS}
        for source in evidence.sources.all()
    ]
    findings = [
        _finding_initial(row, evidence.kind) for row in evidence.current_findings
    ]
    return facts, sources or [{}], findings or [{}]


def _finding_initial(finding, kind):
    values = {name: getattr(finding, name) for name in FINDING_FIELDS}
    # The form that the kind proposes is left to the kind, should that change.
    proposed = finding.evidence.default_form if kind else "signal"
    if finding.form == proposed and not finding.form_reason:
        values["form"] = ""
    return values | {"criterion": str(finding.criterion_id)}
