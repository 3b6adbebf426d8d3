"""Texts from before a rule for what of them is kept: cleaned, on record if published.

What is typed, filed or imported is made legible as it comes in (``texts/legible.py``).
What an older release stored is made so when a site is set up.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker.models import (
    Actor,
    Ballot,
    Document,
    Evidence,
    ReviewDecision,
    Situation,
    StatusChange,
)
from icctracker.models.folded import folded_of, refold
from icctracker.texts.legible import legible

from .entries import instant_of, lock, write_edition
from .review import record_decision
from .status import record_changes_of

FACTS = ("title", "summary", "meeting", "verification_note")
NAMED = {Actor: ("name",), Situation: ("name",)}
CATALOGUED = {
    Document: ("title", "agenda_item", "drafts"),
    Ballot: ("agenda_item", "meeting"),
}
PART = 1_000
State = Evidence.State


def make_texts_legible():
    """Clean what an older release stored; how many records were."""
    done = sum(_clean_entry(pk) for pk, _texts in _illegible(Evidence, FACTS))
    for model, names in NAMED.items():
        done += sum(
            _clean_named(model, names, pk) for pk, _t in _illegible(model, names)
        )
    for model, names in CATALOGUED.items():
        done += _clean_catalogued(model, names)
    return done


def _illegible(model, names):
    """Pairs of a key and the texts, by name, that its record should hold instead."""
    rows = model.objects.order_by("pk").values_list("pk", *names)
    last = 0
    while some := list(rows.filter(pk__gt=last)[:PART]):
        last = some[-1][0]
        for pk, *texts in some:
            if texts_instead := _instead(names, texts):
                yield pk, texts_instead


def _instead(names, texts):
    meant = {n: _cleaned(text) for n, text in zip(names, texts, strict=True) if text}
    kept = dict(zip(names, texts, strict=True))
    return {name: text for name, text in meant.items() if text and text != kept[name]}


def _cleaned(text):
    """A text as a form would keep it, but for a NUL, which no database has."""
    return legible(text).strip()


@transaction.atomic
def _clean_entry(pk):
    """Clean an entry; of one that readers have, as a correction that says why."""
    entry = lock(Evidence(pk=pk))
    if entry.state == State.WITHDRAWN:
        return 0
    for name, text in _instead(FACTS, [getattr(entry, n) for n in FACTS]).items():
        setattr(entry, name, text)
    reason = _("Characters that nobody sees were taken out of its texts.")
    entry._change_reason = reason[:100]
    if entry.state != State.PUBLISHED:
        entry.version += 1
        entry.save()
        return 1
    now = instant_of(entry)
    outcome = ReviewDecision.Outcome.CORRECT
    decision = record_decision(entry, None, outcome, reason, at=now)
    write_edition(entry, at=now, decision=decision)
    record_changes_of(decision, StatusChange.Cause.CORRECTION)
    return 1


def _clean_named(model, names, pk):
    """Clean a name; two that would then be one are left to a curator."""
    record = model.objects.get(pk=pk)
    instead = _instead(names, [getattr(record, name) for name in names])
    if model.objects.filter(**instead).exclude(pk=pk).exists():
        return 0
    for name, text in instead.items():
        setattr(record, name, text)
    record.save()
    return 1


@transaction.atomic
def _clean_catalogued(model, names):
    found = dict(_illegible(model, names))
    for pk, texts in found.items():
        model.objects.filter(pk=pk).update(**texts)
    if folded_of(model):
        refold(model, list(found))
    return len(found)
