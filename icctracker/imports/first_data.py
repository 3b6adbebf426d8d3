"""Loads the data the tracker ships with; adds what is missing and changes nothing.

Every row has a natural key (slug, code, version). A row that exists already is left
as it is, so that what people have edited since is never overwritten.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from icctracker.actions.entries import (
    add_finding,
    write_edition,
    write_facts,
    write_sources,
)
from icctracker.actions.review import frozen
from icctracker.models import (
    FACTS,
    Actor,
    Codebook,
    Evidence,
    Gap,
    ReviewDecision,
    Search,
    Situation,
)

from .publications import load_publication

SITUATION_WORDS = ("title_words", "agenda_words", "ignored_words")
_NOTE = "Part of the first data, verified by its compilers."


def load_first_data(folder):
    """Load codebook, situations, evidence and searches from a folder of JSON files.

    Returns a Counter of what was added, by noun. All rows or none: any error undoes
    the whole.
    """
    added = Counter()
    with transaction.atomic():
        added += load_publication(folder)
        criteria = _criteria(_read(folder, "codebook"))
        situations = _load_situations(_read(folder, "situations"), added)
        _load_evidence(_read(folder, "evidence"), criteria, situations, added)
        _load_searches(_read(folder, "searches"), criteria, added)
        _load_gaps(_read(folder, "gaps"), added)
    return added


def _read(folder, name):
    return json.loads((Path(folder) / f"{name}.json").read_text(encoding="utf-8"))


def _criteria(data):
    """The criteria of the codebook's version by their code."""
    codebook = Codebook.objects.get(
        publication__slug=data["publication"]["slug"], version=data["codebook_version"]
    )
    return {criterion.code: criterion for criterion in codebook.criteria.all()}


def _load_situations(rows, added):
    for row in rows:
        words = _words(row)
        situation, created = Situation.objects.get_or_create(
            slug=row["slug"],
            defaults={"name": row["name"], "note": row["note"]} | words,
        )
        added["situations"] += created
        if not created and any(words.values()) and _never_had_words(situation):
            for name, value in words.items():
                setattr(situation, name, value)
            situation.save()
            added["situations given their words"] += 1
    return {situation.slug: situation for situation in Situation.objects.all()}


def _words(row):
    """When a situation's votes begin to count, and the words that find them."""
    lines = {name: "\n".join(row.get(name, ())) for name in SITUATION_WORDS}
    return lines | {"since": row.get("since")}


def _never_had_words(situation):
    """Whether a situation is from before there were words; emptied ones stay empty."""
    nothing = {name: "" for name in SITUATION_WORDS} | {"since__isnull": True}
    return not situation.history.exclude(**nothing).exists()


def _load_evidence(rows, criteria, situations, added):
    present = set(Evidence.objects.values_list("slug", flat=True))
    rows = [row for row in rows if row["slug"] not in present]
    actors = _load_actors({name for row in rows for name in row["actors"]}, added)
    now = timezone.now()
    for row in rows:
        evidence = _load_entry(row, actors, situations, now)
        published = evidence.state == Evidence.State.PUBLISHED
        extra = frozen(evidence, now) if published else {}
        for finding in row["findings"]:
            finding = finding | {"criterion": criteria[finding["criterion"]]}
            add_finding(evidence, finding, by=None, **extra)
        if published:
            decision = ReviewDecision.objects.create(
                evidence=evidence, outcome="publish", note=_NOTE, decided_at=now
            )
            write_edition(evidence, at=now, decision=decision)
        added[f"{evidence.state} entries"] += 1
        added["findings"] += len(row["findings"])


def _load_actors(names, added):
    actors = {actor.name: actor for actor in Actor.objects.all()}
    for name in sorted(names - set(actors)):
        actors[name] = Actor.objects.create(name=name)
        added["actors"] += 1
    return actors


def _load_entry(row, actors, situations, now):
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
    facts = {name: row[name] for name in FACTS if name in row} | {
        "occurred_on": date.fromisoformat(row["date"]),
        "situations": [situations[slug] for slug in row["situations"]],
        "actors": [actors[name] for name in row["actors"]],
        **{f"votes_{name}": votes.get(name) for name in ("yes", "no", "abstain")},
    }
    write_facts(evidence, facts)
    write_sources(evidence, row["sources"])
    return evidence


def _load_searches(rows, criteria, added):
    for row in rows:
        _search, created = Search.objects.get_or_create(
            criterion=criteria[row["criterion"]],
            searched_on=date.fromisoformat(row["date"]),
            where=row["where"],
            query=row["query"],
            defaults={"outcome": row["outcome"]},
        )
        added["searches"] += created


def _load_gaps(rows, added):
    for row in rows:
        _gap, created = Gap.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "text": row["text"],
                "noted_on": date.fromisoformat(row["noted_on"]),
            },
        )
        added["known gaps"] += created
