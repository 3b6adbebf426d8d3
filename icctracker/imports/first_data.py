"""Loads the data the tracker ships with; adds what is missing and changes nothing.

Every row has a natural key (slug, code, version). A row that exists already is left
as it is, so that what people have edited since is never overwritten.
"""

import json
from collections import Counter
from datetime import date
from operator import attrgetter
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from icctracker.actions.entries import (
    NewEntry,
    frozen,
    new_finding,
    write_entries,
    write_first_editions,
)
from icctracker.models import (
    FACTS,
    Actor,
    Evidence,
    Finding,
    Gap,
    ReviewDecision,
    Search,
    Situation,
)

from .coded_for import CodedFor
from .publications import is_loaded, load_publication

SITUATION_WORDS = ("title_words", "agenda_words", "ignored_words")
_NOTE = "Part of the first data, verified by its compilers."


def load_first_data(folder, *, draft=None, at=None):
    """Load codebook, situations, evidence and searches from a folder of JSON files.

    Returns a Counter of what was added, by noun. All rows or none: any error undoes
    the whole. Findings that were coded for ``draft`` are put to its criteria; without
    a criterion that asks what they answer they are left out, and entries and searches
    of which nothing else is there. ``at`` is when entries are published: now.
    """
    added = Counter()
    with transaction.atomic():
        if not is_loaded(folder):
            added += load_publication(folder)
        criteria = CodedFor(folder, draft).criteria()
        situations = _load_situations(_read(folder, "situations"), added)
        rows = _read(folder, "evidence")
        _load_evidence(rows, criteria, situations, added, at or timezone.now())
        _load_searches(_read(folder, "searches"), criteria, added)
        _load_gaps(_read(folder, "gaps"), added)
    return added


def _read(folder, name):
    return json.loads((Path(folder) / f"{name}.json").read_text(encoding="utf-8"))


def _load_situations(rows, added):
    """All situations by their slug; those that are missing are added."""
    present = {situation.slug: situation for situation in Situation.objects.all()}
    new = [
        Situation(slug=row["slug"], name=row["name"], note=row["note"], **_words(row))
        for row in rows
        if row["slug"] not in present
    ]
    bulk_create_with_history(new, Situation)
    added["situations"] += len(new)
    return present | {situation.slug: situation for situation in new}


def _words(row):
    """When a situation's votes begin to count, and the words that find them."""
    lines = {name: "\n".join(row.get(name, ())) for name in SITUATION_WORDS}
    return lines | {"since": row.get("since")}


def _load_evidence(rows, criteria, situations, added, now):
    slugs = [row["slug"] for row in rows]
    known = Evidence.objects.filter(slug__in=slugs)
    present = set(known.values_list("slug", flat=True))
    rows = [
        row | {"findings": findings}
        for row in rows
        if row["slug"] not in present and (findings := _asked(row, criteria))
    ]
    if not rows:
        return
    actors = _load_actors({name for row in rows for name in row["actors"]}, added)
    _hold_back(rows)
    entries = write_entries([_entry(row, actors, situations, now) for row in rows])
    findings = [
        finding
        for entry, row in zip(entries, rows, strict=True)
        for finding in _findings(entry, row["findings"], now)
    ]
    Finding.objects.bulk_create(findings)
    _publish(entries, now)
    for entry in entries:
        added[f"{entry.state} entries"] += 1
    added["findings"] += len(findings)


def _hold_back(rows):
    """Leave to a reviewer what people may have logged themselves: one may be enough."""
    symbols = {row["symbol"] for row in rows} - {""}
    own = Evidence.objects.filter(symbol__in=symbols, submitted_by__isnull=False)
    own = own.filter(state__in=[Evidence.State.SUBMITTED, Evidence.State.PUBLISHED])
    logged = set(own.values_list("symbol", flat=True))
    for row in rows:
        if row["symbol"] in logged:
            row["verification"] = Evidence.Verification.UNVERIFIED
            row["verification_note"] = " ".join(
                filter(None, [row["verification_note"], _LOGGED_HERE])
            )


_LOGGED_HERE = (
    "Verified by its compilers. It waits because this site has an entry of its own on"
    " the same document: publish it if it says more, or decline it."
)


def _asked(row, criteria):
    """The findings of an entry, each with its criterion where the site has that."""
    found = [
        each | {"criterion": criteria.of(row["slug"], each["criterion"])}
        for each in row["findings"]
    ]
    return [each for each in found if each["criterion"]]


def _findings(entry, rows, now):
    published = entry.state == Evidence.State.PUBLISHED
    extra = frozen(entry, now) if published else {}
    for row in rows:
        yield new_finding(entry, row, by=None, **extra)


def _publish(entries, now):
    """The decisions that publish what is published, and what readers see of it."""
    decisions = ReviewDecision.objects.bulk_create(
        ReviewDecision(evidence=entry, outcome="publish", note=_NOTE, decided_at=now)
        for entry in entries
        if entry.state == Evidence.State.PUBLISHED
    )
    write_first_editions(decisions)


def _load_actors(names, added):
    """All actors by their name; those that are missing are added."""
    present = {actor.name: actor for actor in Actor.objects.all()}
    new = [Actor(name=name) for name in sorted(names - set(present))]
    bulk_create_with_history(new, Actor)
    added["actors"] += len(new)
    return present | {actor.name: actor for actor in new}


def _entry(row, actors, situations, now):
    """Verified entries are published; the others wait in the review queue."""
    verified = row["verification"] == "verified"
    state = Evidence.State.PUBLISHED if verified else Evidence.State.SUBMITTED
    evidence = Evidence(
        slug=row["slug"],
        state=state,
        verification=row["verification"],
        submitted_at=now,
        published_at=now if verified else None,
    )
    votes = row["votes"] or {}
    told = {name: row[name] for name in FACTS if name in row}
    plain = {k: v.strip() if isinstance(v, str) else v for k, v in told.items()}
    facts = plain | {
        "occurred_on": date.fromisoformat(row["date"]),
        "situations": [situations[slug] for slug in row["situations"]],
        "actors": [actors[name] for name in row["actors"]],
        **{f"votes_{name}": votes.get(name) for name in ("yes", "no", "abstain")},
    }
    return NewEntry(evidence, facts, row["sources"])


def _load_searches(rows, criteria, added):
    """Those that are missing; a search is the same whatever version it was made for."""
    key = "searched_on", "where", "query"
    present = set(Search.objects.values_list("criterion__code", *key))
    searches = [
        Search(
            criterion=criterion,
            searched_on=date.fromisoformat(row["date"]),
            where=row["where"],
            query=row["query"],
            outcome=row["outcome"],
        )
        for row in rows
        if (criterion := criteria.asking(row["criterion"]))
    ]
    new = [
        each
        for each in searches
        if (each.criterion.code, *attrgetter(*key)(each)) not in present
    ]
    bulk_create_with_history(new, Search)
    added["searches"] += len(new)


def _load_gaps(rows, added):
    present = set(Gap.objects.values_list("slug", flat=True))
    new = [
        Gap(
            slug=row["slug"],
            text=row["text"],
            noted_on=date.fromisoformat(row["noted_on"]),
        )
        for row in rows
        if row["slug"] not in present
    ]
    bulk_create_with_history(new, Gap)
    added["known gaps"] += len(new)
