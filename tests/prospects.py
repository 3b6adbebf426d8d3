"""What entries would change: as pages read it, and the long way, by the whole case."""

from django.db.models import Prefetch

from icctracker.models import Evidence, Finding
from icctracker.readings.present import changes_by, prospect_of
from icctracker.readings.standing import standings, suggested_with
from icctracker.readings.versions import mark_outdated


def in_hand():
    """Entries as the queue of review reads them."""
    findings = Finding.objects.current().select_related("criterion__recommendation")
    return Evidence.objects.prefetch_related(
        "sources", Prefetch("findings", queryset=findings, to_attr="current_findings")
    )


def changes(entry, day):
    """Where each stands that an entry bears on, and the status once it is published."""
    entry = in_hand().get(pk=entry.pk)
    return changes_by(entry, prospect_of([entry], day))


def by_the_whole_case(entry, day):
    """The same, worked out from all that the recommendations rest on."""
    drafts = [row for row in entry.current_findings if not row.accepted_at]
    counting = [row for row in mark_outdated(drafts) if not row.outdated]
    concerned = {row.criterion.recommendation: None for row in entry.current_findings}
    return [
        (now, suggested_with(now, entry, counting))
        for now in standings(day, recommendations=concerned)
    ]
