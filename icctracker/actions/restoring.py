"""Restoring an earlier version of an entry: a correction that says what it brings back.

The past is not rewritten: what stood in between stays on the record.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.actions.evidence import FINDING_FIELDS, SOURCE_FIELDS, lock
from icctracker.actions.review import check_correction, correct
from icctracker.history import (
    accepted_ever,
    differences,
    editions_of,
    everything_said,
    standing_at,
)
from icctracker.models import Criterion
from icctracker.models.editions import FACTS_SHOWN


@transaction.atomic
def restore(evidence, *, number, by, reason, version=None):
    """Bring back an earlier version of a published entry; returns the decision.

    Raises EditConflict if the entry is no longer at ``version``, ActionRefused if it is
    withdrawn, if nothing would change, or if the version cites a source that has been
    removed since or a criterion that is no longer in force.
    """
    evidence = lock(evidence)
    check_correction(evidence, by=by, reason=reason, version=version)
    edition = evidence.editions.filter(number=number).first()
    if edition is None:
        raise ActionRefused(_("There is no such version of this entry."))
    if not what_would_change(evidence, edition):
        raise ActionRefused(_("Nothing to restore: the entry says the same today."))
    _check_sources(evidence, edition)
    return correct(
        evidence,
        by=by,
        reason=reason,
        facts=_facts(edition),
        sources=[
            {name: getattr(source, name) for name in SOURCE_FIELDS}
            for source in edition.sources.all()
        ],
        findings=_findings(evidence, edition),
        restores=edition,
    )


def what_would_change(evidence, edition):
    """A Change for each thing that the restored version would say otherwise."""
    findings = list(accepted_ever(evidence))
    current = editions_of(evidence).filter(until__isnull=True).first()
    if current is None:
        return []
    return differences(
        everything_said(current, findings), everything_said(edition, findings)
    )


def _check_sources(evidence, edition):
    cited = {source.url: source for source in edition.sources.all()}
    gone = cited.keys() - set(evidence.sources.values_list("url", flat=True))
    if gone:
        raise ActionRefused(
            _(
                "That version cites a source that has been removed since: %(sources)s."
                " Read it again; if it holds, add it back by a correction and restore"
                " then."
            )
            % {"sources": "; ".join(sorted(gone))}
        )


def _facts(edition):
    facts = {name: getattr(edition, name) for name in FACTS_SHOWN}
    for name in ("situations", "actors"):
        facts[name] = list(getattr(edition, name).all())
    return facts


def _findings(evidence, edition):
    """The findings of that version, each on a criterion that can be cited today:

    the one that the entry cites already, else the one in force of the same code.
    """
    cited = evidence.findings.accepted().select_related("criterion")
    today = {finding.criterion.code: finding.criterion for finding in cited}
    in_force = {criterion.code: criterion for criterion in Criterion.objects.in_force()}
    rows = []
    for finding in standing_at(accepted_ever(evidence), edition.at):
        code = finding.criterion.code
        criterion = today.get(code) or in_force.get(code)
        if criterion is None:
            raise ActionRefused(
                _("That version cites criterion %(code)s, which is no longer in force.")
                % {"code": code}
            )
        row = {name: getattr(finding, name) for name in FINDING_FIELDS}
        rows.append(row | {"criterion": criterion})
    return rows
