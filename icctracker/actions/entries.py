"""Writing an entry: save a draft, submit it, discard it."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Max, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import (
    bulk_create_with_history,
    get_m2m_field_name,
    get_m2m_reverse_field_name,
)

from icctracker.models import (
    FACTS,
    FACTS_SHOWN,
    FINDING_FIELDS,
    SOURCE_FIELDS,
    Actor,
    Edition,
    EditionSource,
    Evidence,
    Finding,
    ReviewDecision,
    Source,
    TitleWord,
    rules,
)
from icctracker.models.evidence import CITED, SUBJECTS
from icctracker.models.rules import Stops
from icctracker.texts.folding import fold

from . import ActionRefused, EditConflict, require
from .mail import tell_reviewers

# The least that tells one instant from the next, in either database.
INSTANT = timedelta(microseconds=1)

# Keeping what readers are shown of an entry: an edition for each time it changes.


def write_edition(evidence, *, at, decision=None, restores=None):
    """Keep an entry as readers see it from an instant on; the one before ends there."""
    close_edition(evidence, at=at)
    number = evidence.editions.count() + 1
    edition = Edition(
        evidence=evidence,
        number=number,
        at=at,
        decision=decision,
        restores=restores,
        **_shown(evidence),
    )
    _keep([edition])
    return edition


def write_first_editions(decisions):
    """Keep entries as readers see them from the decisions on that publish them."""
    _keep(
        Edition(
            evidence=decision.evidence,
            number=1,
            at=decision.decided_at,
            decision=decision,
            **_shown(decision.evidence),
        )
        for decision in decisions
    )


def write_editions_of(entries, codebook, *, at):
    """Keep entries as readers see them once a version coded their findings again.

    Entries have their situations, actors and sources prefetched; as many queries for
    hundreds as for one.
    """
    keys = [entry.pk for entry in entries]
    standing = Edition.objects.filter(evidence__in=keys)
    numbers = dict(standing.order_by().values_list("evidence").annotate(Max("number")))
    standing.current().update(until=at)
    _keep(
        Edition(
            evidence=entry,
            number=numbers.get(entry.pk, 0) + 1,
            at=at,
            codebook=codebook,
            **_shown(entry),
        )
        for entry in entries
    )
    # A coding is on record by itself: the history of the entry keeps no row.
    Evidence.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _shown(evidence):
    return {name: getattr(evidence, name) for name in FACTS_SHOWN}


def _keep(editions):
    """Save editions with what their entries are about and the sources they cite."""
    editions = Edition.objects.bulk_create(editions)
    for name in SUBJECTS:
        _relate(
            Edition,
            name,
            ((each, getattr(each.evidence, name).all()) for each in editions),
        )
    EditionSource.objects.bulk_create(
        EditionSource(
            edition=edition,
            **{name: getattr(source, name) for name in CITED},
        )
        for edition in editions
        for source in edition.evidence.sources.all()
    )


def _relate(model, name, pairs):
    """Relate new rows to others, by a relation to many; returns what it is kept in."""
    field = model._meta.get_field(name)
    own, other = get_m2m_field_name(field), get_m2m_reverse_field_name(field)
    through = field.remote_field.through
    return through.objects.bulk_create(
        through(**{own: row, other: each})
        for row, others in pairs
        for each in dict.fromkeys(others)
    )


def instant_of(evidence):
    """When what is done to an entry now is done: never before what was done to it.

    A clock that was ahead may be set back, and the record keeps its order.
    """
    findings = evidence.findings.aggregate(last=Max("accepted_at"))["last"]
    editions = evidence.editions.aggregate(last=Max("at"))["last"]
    found = [each + INSTANT for each in (findings, editions) if each]
    return max(timezone.now(), *found) if found else timezone.now()


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


@transaction.atomic
def save_entry(evidence, *, by, facts, sources=(), findings=(), version=None):
    """Save an entry that its author may still edit, with its sources and findings.

    ``evidence`` may be new. ``facts`` holds fields of the entry, ``situations`` and
    ``actors`` (or ``actor_names``) among them; ``sources`` and ``findings`` are
    dictionaries in order, and replace what was there. Raises EditConflict if the entry
    is no longer at ``version``, ActionRefused if it may not be edited.
    """
    require(by, "icctracker.add_evidence")
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
    check(
        rules.entry_of(evidence),
        Stops.SAVING | Stops.SUBMITTING,
        _("Before it can be submitted the entry needs: %(parts)s."),
    )
    evidence.state = TRANSITIONS[SUBMIT].leads_to
    evidence.submitted_at = timezone.now()
    evidence.version += 1
    evidence.save()
    Actor.objects.put_on_record(evidence)
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
    Actor.objects.forget_unnamed()


def check(entry, step, sentence):
    """Refuse a step that the rules stop.

    ``sentence`` tells which ``parts`` are missing; whatever else is wrong speaks for
    itself.
    """
    found = rules.stopping(entry, step)
    if not found:
        return
    if parts := rules.missing(found):
        raise ActionRefused(sentence % {"parts": ", ".join(parts)})
    raise ActionRefused(" ".join(dict.fromkeys(fault.what for fault in found)))


def write_facts(evidence, facts):
    """Set the fields of an entry and save it, with its situations and actors.

    Raises ActionRefused if the entry has been submitted once and now has gaps.
    """
    _set_facts(evidence, facts)
    evidence.save()
    for name in SUBJECTS:
        if name in facts:
            getattr(evidence, name).set(facts[name])
    if "actor_names" in facts:
        evidence.actors.set(actors_named(facts["actor_names"], by=evidence))
    if evidence.state == Evidence.State.DRAFT:
        Actor.objects.forget_unnamed()
    else:
        Actor.objects.put_on_record(evidence)


def _set_facts(evidence, facts):
    for name in FACTS:
        if name in facts:
            setattr(evidence, name, facts[name])
    if evidence.state != Evidence.State.DRAFT:
        given = {name: getattr(evidence, name) for name in FACTS}
        if lacks := [each.lacks for each in rules.missing_facts(rules.Entry(given))]:
            raise ActionRefused(
                _("Only a draft may be saved without: %(parts)s.")
                % {"parts": ", ".join(lacks)}
            )


def actors_named(names, *, by):
    """The actors whom an entry names; those not yet on record are added.

    What stands in the drafts of others is not looked at, save for the very name.
    """
    own = Evidence.objects.filter(pk=by.pk)
    known = Actor.objects.on_record() | Actor.objects.named_in(own)
    alike = Actor.objects.filter(folded__in=map(fold, names), pk__in=known.values("pk"))
    known = {fold(actor.name): actor for actor in alike}
    # Two of one spelling may be on record; then each is who bears the very name.
    known |= {actor.name: actor for actor in alike}
    return [
        known.get(name)
        or known.get(fold(name))
        or Actor.objects.get_or_create(name=name, defaults={"drafted": True})[0]
        for name in names
    ]


def write_sources(evidence, rows):
    """Make the sources of an entry these, in this order; unchanged ones stay."""
    kept = {source.url: source for source in evidence.sources.all()}
    for position, row in enumerate(rows):
        source = kept.pop(row["url"], None) or Source(evidence=evidence, url=row["url"])
        values = _cited(row, position)
        if source.pk and all(getattr(source, k) == v for k, v in values.items()):
            continue
        for name, value in values.items():
            setattr(source, name, value)
        source.save()
    for source in kept.values():
        source.delete()


def _cited(row, position):
    given = {name: row[name] for name in SOURCE_FIELDS if name in row}
    return given | {"position": position}


def add_finding(evidence, row, *, by, **extra):
    """Add one finding; where no form is given, the kind of the entry proposes it."""
    finding = new_finding(evidence, row, by=by, **extra)
    finding.save(force_insert=True)
    return finding


def new_finding(evidence, row, *, by, **extra):
    """A finding that is not saved yet."""
    values = {name: row[name] for name in FINDING_FIELDS if row.get(name) is not None}
    values["form"] = values.get("form") or evidence.default_form or "signal"
    return Finding(
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


# Many new entries at once: as many queries for hundreds of them as for one.


class NewEntry(NamedTuple):
    """An entry that is not saved yet, with its facts and sources as for one."""

    evidence: Evidence
    facts: dict
    sources: list


def write_entries(entries):
    """Save new entries with their situations, actors and sources.

    All three can then be read without a query. The history holds one row for each
    entry, with its situations and actors. Raises ActionRefused where one has gaps.
    """
    for entry in entries:
        _set_facts(entry.evidence, entry.facts)
    saved = Evidence.objects.bulk_create(entry.evidence for entry in entries)
    links = {
        name: _relate(
            Evidence, name, ((entry.evidence, entry.facts[name]) for entry in entries)
        )
        for name in SUBJECTS
    }
    named = {actor.pk for entry in entries for actor in entry.facts["actors"]}
    Actor.objects.filter(pk__in=named, drafted=True).update(drafted=False)
    TitleWord.objects.keep({each.pk: each.title for each in saved})
    _write_history(saved, links)
    sources = [
        Source(evidence=entry.evidence, **_cited(row, position))
        for entry in entries
        for position, row in enumerate(entry.sources)
    ]
    for source in sources:
        source.name_publisher()
    bulk_create_with_history(sources, Source)
    prefetch_related_objects(saved, "sources", *SUBJECTS)
    return saved


def write_title_words():
    """Find all entries by the words of their titles; how many were not."""
    written, last = 0, 0
    entries = Evidence.objects.order_by("pk").values_list("pk", "title")
    while titles := dict(entries.filter(pk__gt=last)[:TITLES_AT_ONCE]):
        with transaction.atomic():
            written += TitleWord.objects.keep(titles)
        last = max(titles)
    return written


TITLES_AT_ONCE = 500


def _write_history(entries, links):
    """Keep new entries in the history; it keeps what relates them to others, too."""
    rows = Evidence.history.bulk_history_create(entries, default_change_reason=None)
    of_entry = {row.id: row for row in rows}
    for name, related in links.items():
        model = getattr(Evidence.history.model, name).model
        model.objects.bulk_create(
            model(history=of_entry[link.evidence_id], **_columns(link))
            for link in related
        )


def _columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}
