"""Writing an entry: save a draft, submit it, discard it."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import (
    Actor,
    Codebook,
    Edition,
    EditionSource,
    Evidence,
    Finding,
    ReviewDecision,
    Source,
)
from icctracker.models.evidence import EDITION_SOURCE_FIELDS, FACTS_SHOWN

from . import ActionRefused, EditConflict
from .mail import tell_reviewers

# Keeping what readers are shown of an entry: an edition for each time it changes.


def write_edition(evidence, *, at, decision=None, restores=None):
    """Keep an entry as readers see it from an instant on; the one before ends there."""
    close_edition(evidence, at=at)
    edition = Edition.objects.create(
        evidence=evidence,
        number=evidence.editions.count() + 1,
        at=at,
        decision=decision,
        restores=restores,
        **{name: getattr(evidence, name) for name in FACTS_SHOWN},
    )
    edition.situations.set(evidence.situations.all())
    edition.actors.set(evidence.actors.all())
    EditionSource.objects.bulk_create(
        EditionSource(
            edition=edition,
            **{name: getattr(source, name) for name in EDITION_SOURCE_FIELDS},
        )
        for source in evidence.sources.all()
    )
    return edition


def close_edition(evidence, *, at):
    """Let the edition that stands cease to stand."""
    evidence.editions.current().update(until=at)


# The one table of what may become of an entry.

State, Outcome = Evidence.State, ReviewDecision.Outcome


class Transition(NamedTuple):
    """From which states a step may be taken, and the state it leads to."""

    allowed_from: frozenset
    leads_to: str


def _step(*allowed_from, to):
    return Transition(frozenset(allowed_from), to)


SUBMIT = "submit"
# One step each; every step but the first, which is its author's, is a ReviewDecision.
# Whoever closes the account submits what was sent back to them by leaving.
TRANSITIONS = {
    SUBMIT: _step(*Evidence.EDITABLE, to=State.SUBMITTED),
    Outcome.PUBLISH: _step(State.SUBMITTED, to=State.PUBLISHED),
    Outcome.RETURN: _step(State.SUBMITTED, to=State.RETURNED),
    Outcome.DECLINE: _step(State.SUBMITTED, to=State.DECLINED),
    Outcome.CORRECT: _step(State.PUBLISHED, to=State.PUBLISHED),
    Outcome.WITHDRAW: _step(State.PUBLISHED, to=State.WITHDRAWN),
}


FACTS = (
    "occurred_on kind tier symbol meeting title summary votes_yes votes_no"
    " votes_abstain roll_call counter_evidence verification_note"
).split()
SOURCE_FIELDS = "url label official archived_url".split()
FINDING_FIELDS = "effect form form_reason occasion pinpoint rationale".split()


@transaction.atomic
def save_entry(evidence, *, by, facts, sources=(), findings=(), version=None):
    """Save an entry that its author may still edit, with its sources and findings.

    ``evidence`` may be new. ``facts`` holds fields of the entry, ``situations`` and
    ``actors`` (or ``actor_names``) among them; ``sources`` and ``findings`` are
    dictionaries in order, and replace what was there. Raises EditConflict if the entry
    is no longer at ``version``, ActionRefused if it may not be edited.
    """
    if not by.has_perm("icctracker.add_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    if evidence.pk:
        evidence = _editable(evidence, by, version)
        evidence.version += 1
    else:
        evidence.submitted_by = by
    evidence.unfinished = ""
    write_facts(evidence, facts)
    write_sources(evidence, sources)
    evidence.findings.filter(accepted_at__isnull=True).delete()
    for row in findings:
        add_finding(evidence, row, by=by)
    return evidence


def keep_unfinished(evidence, text, *, by):
    """Keep with a draft what its author typed and could not be saved; "" drops it.

    The next save replaces it.
    """
    Evidence.objects.filter(
        pk=evidence.pk, submitted_by=by, state__in=Evidence.EDITABLE
    ).update(unfinished=text)


@transaction.atomic
def submit(evidence, *, by, version=None):
    """Hand an entry to the reviewers; it must say what, when, shown by what."""
    evidence = _editable(evidence, by, version)
    if evidence.unfinished:
        raise ActionRefused(
            _("Part of the draft could not be saved yet. Edit it, then submit.")
        )
    if outdated := outdated_criteria(evidence):
        raise ActionRefused(
            _(
                "The codebook has changed: in the version in force %(codes)s asks"
                " something else, or nothing. Choose the criterion of that finding"
                " again."
            )
            % {"codes": ", ".join(outdated)}
        )
    missing = missing_parts(evidence)
    if missing:
        raise ActionRefused(
            _("Before it can be submitted the entry needs: %(parts)s.")
            % {"parts": ", ".join(missing)}
        )
    evidence.state = TRANSITIONS[SUBMIT].leads_to
    evidence.submitted_at = timezone.now()
    evidence.version += 1
    evidence.save()
    tell_reviewers(evidence)
    return evidence


@transaction.atomic
def release(evidence):
    """Put an entry that was sent back before the reviewers, since its author leaves.

    What could not be saved goes. Nobody else could edit it, submit it or drop it.
    """
    evidence = lock(evidence)
    if evidence.state != Evidence.State.RETURNED:
        return
    evidence.unfinished = ""
    evidence.state = TRANSITIONS[SUBMIT].leads_to
    evidence.submitted_at = timezone.now()
    evidence.version += 1
    # The step is the author's: a curator who closes the account changes no entry.
    evidence._history_user = evidence.submitted_by
    evidence.save()
    tell_reviewers(evidence)


@transaction.atomic
def discard(evidence, *, by):
    """Delete a draft that was never submitted."""
    evidence = _editable(evidence, by)
    if evidence.state != Evidence.State.DRAFT:
        raise ActionRefused(
            _("An entry that has been reviewed is kept; only a draft can be deleted.")
        )
    evidence.findings.all().delete()
    evidence.delete()


def outdated_criteria(evidence):
    """Codes of criteria with findings that the codebook in force would not count."""
    findings = evidence.findings.current()
    counted = findings.under(Codebook.objects.each_in_force())
    outdated = findings.exclude(pk__in=counted.values("pk"))
    return list(outdated.values_list("criterion__code", flat=True))


def missing_parts(evidence):
    """What an entry lacks before it can be reviewed, in words."""
    rows = missing_rows(evidence.sources.exists(), evidence.findings.current().exists())
    return missing_facts(evidence) + rows


def missing_rows(sources, findings):
    """Which rows an entry lacks, in words, told whether it has any."""
    rows = {
        _("at least one source"): sources,
        _("at least one finding"): findings,
    }
    return [name for name, there in rows.items() if not there]


def missing_facts(evidence):
    """Which of the facts that only a draft may lack are missing, in words."""
    facts = {
        _("the date"): evidence.occurred_on,
        _("the kind"): evidence.kind,
        _("a title"): evidence.title,
        _("a summary"): evidence.summary,
    }
    return [name for name, value in facts.items() if not value]


def write_facts(evidence, facts):
    """Set the fields of an entry and save it, with its situations and actors.

    Raises ActionRefused if the entry has been submitted once and now has gaps.
    """
    for name in FACTS:
        if name in facts:
            setattr(evidence, name, facts[name])
    missing = missing_facts(evidence)
    if missing and evidence.state != Evidence.State.DRAFT:
        raise ActionRefused(
            _("Only a draft may be saved without: %(parts)s.")
            % {"parts": ", ".join(missing)}
        )
    evidence.save()
    for name in ("situations", "actors"):
        if name in facts:
            getattr(evidence, name).set(facts[name])
    if "actor_names" in facts:
        evidence.actors.set(actors_named(facts["actor_names"]))


def actors_named(names):
    """The actors of these names; those not yet on record are added."""
    known = {actor.name: actor for actor in Actor.objects.filter(name__in=names)}
    return [
        known.get(name) or Actor.objects.get_or_create(name=name)[0] for name in names
    ]


def write_sources(evidence, rows):
    """Make the sources of an entry these, in this order; unchanged ones stay."""
    kept = {source.url: source for source in evidence.sources.all()}
    for position, row in enumerate(rows):
        source = kept.pop(row["url"], None) or Source(evidence=evidence, url=row["url"])
        values = {"position": position} | {
            name: row[name] for name in SOURCE_FIELDS if name in row
        }
        if source.pk and all(getattr(source, k) == v for k, v in values.items()):
            continue
        for name, value in values.items():
            setattr(source, name, value)
        source.save()
    for source in kept.values():
        source.delete()


def add_finding(evidence, row, *, by, **extra):
    """Add one finding; where no form is given, the kind of the entry proposes it."""
    values = {name: row[name] for name in FINDING_FIELDS if row.get(name) is not None}
    values["form"] = values.get("form") or evidence.default_form or "signal"
    return Finding.objects.create(
        evidence=evidence,
        criterion=row["criterion"],
        coded_by=by,
        **values,
        **extra,
    )


def frozen(evidence, now):
    """What a finding copies of its entry when it is accepted."""
    source = evidence.principal_source
    return {
        "accepted_at": now,
        "event_date": evidence.occurred_on,
        "tier": evidence.tier,
        "publisher": source.publisher if source else "",
    }


def lock(evidence):
    """The entry as it is now, held until the transaction ends."""
    return Evidence.objects.select_for_update().get(pk=evidence.pk)


def _editable(evidence, by, version=None):
    evidence = lock(evidence)
    if evidence.submitted_by_id != by.pk:
        raise ActionRefused(_("Only its author may edit an entry before review."))
    if evidence.state not in TRANSITIONS[SUBMIT].allowed_from:
        raise ActionRefused(
            _("This entry is %(state)s and can no longer be edited here.")
            % {"state": evidence.get_state_display().lower()}
        )
    if version is not None and evidence.version != version:
        raise EditConflict(
            _("This entry was saved elsewhere while you were editing it.")
        )
    return evidence
