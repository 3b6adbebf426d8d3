"""Loads a publication by data alone: its recommendations, codebook and ruleset.

A folder holds ``publication.json``, ``codebook.json`` and, where its rule is another
than ruleset 1.0, ``ruleset.json``. All of it is checked before anything is written;
what exists already is left as it is.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from icctracker.models import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
    Ruleset,
)
from icctracker.readings.rulesets import faults_in_words
from icctracker.ruleset import PUBLISHED, VERSION
from icctracker.ruleset.parameters import as_values

FIRST_RULE = (
    "The first ruleset. Its window, weights and thresholds are judgement, published as"
    " such."
)
_ABOUT = "slug title author publisher published_on form url about".split()
_OF_RECOMMENDATION = "number code short_title text".split()
_OF_CRITERION = (
    "code kind essential statement counts does_not_count delivered_by"
).split()


class PublicationRefused(Exception):
    """The files have faults; each names the file, the field and what is wrong."""

    def __init__(self, faults):
        super().__init__("\n".join(faults))
        self.faults = faults


def load_publication(folder):
    """Load one publication; returns a Counter of what was added, by noun.

    Raises PublicationRefused with every fault, and then writes nothing.
    """
    given = _Given(Path(folder))
    if faults := given.faults or list(_faults(given)):
        raise PublicationRefused(faults)
    added = Counter()
    with transaction.atomic():
        publication = write_publication(given, added)
        write_codebook(publication, given.codebook, added)
        write_ruleset(publication, given.codebook, given.ruleset, added)
    return added


def is_loaded(folder):
    """Whether all that ``load_publication`` would add is there already."""
    given = _Given(Path(folder))
    slug = given.about.get("slug")
    asked = Recommendation.objects.filter(publication__slug=slug)
    of_publication = {
        Codebook: given.codebook.get("version", given.codebook.get("codebook_version")),
        Ruleset: given.ruleset["version"] if given.ruleset else VERSION,
    }
    codes = {row["code"] for row in given.recommendations}
    return (
        codes <= set(asked.values_list("code", flat=True))
        and set(given.addressees)
        <= set(Addressee.objects.values_list("slug", flat=True))
        and all(
            model.objects.filter(publication__slug=slug, version=version).exists()
            for model, version in of_publication.items()
        )
    )


class _Given:
    """What the files of a folder say, whichever of the two layouts they have."""

    def __init__(self, folder):
        self.folder, self.faults = folder, []
        self.codebook = self._read("codebook.json")
        self.file = "publication.json"
        if (folder / self.file).exists() or not self.codebook.get("publication"):
            self.about = self._read(self.file)
            parts = self.about
        else:
            # The first data has it all in one file.
            self.file, parts = "codebook.json", self.codebook
            self.about = self._object(parts, "publication")
        self.addressees = self._object(parts, "addressees")
        self.recommendations = self._rows(self.file, parts, "recommendations")
        self.criteria = self._rows("codebook.json", self.codebook, "criteria")
        named = (folder / "ruleset.json").exists()
        self.ruleset = self._read("ruleset.json") if named else None

    def _read(self, name):
        try:
            data = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return self._fault(name, "the file is missing")
        except (OSError, ValueError, RecursionError) as fault:
            return self._fault(name, f"cannot be read: {fault}")
        if not isinstance(data, dict):
            return self._fault(name, "must be an object")
        return data

    def _fault(self, place, text):
        self.faults.append(f"{place}: {text}")
        return {}

    def _object(self, data, name):
        value = data.get(name, {})
        if not isinstance(value, dict):
            return self._fault(f"{self.file}: {name}", "must be an object")
        wrong = [
            key
            for key, row in value.items()
            if name == "addressees" and not isinstance(row, dict)
        ]
        for key in wrong:
            self._fault(f"{self.file}: {name}.{key}", "must be an object")
        return value

    def _rows(self, file, data, name):
        value = data.get(name)
        if self.faults and value is None:
            return []
        if not isinstance(value, list) or not value:
            self._fault(f"{file}: {name}", "must be a list with at least one row")
            return []
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                self._fault(f"{file}: {name}[{index}]", "must be an object")
        return value


def _faults(given):
    yield from _faults_of_publication(given)
    yield from _faults_of_recommendations(given)
    yield from _faults_of_codebook(given)
    if given.ruleset is not None:
        yield from _faults_of_ruleset(given.ruleset)


def _faults_of_publication(given):
    facts = {name: given.about[name] for name in _ABOUT if name in given.about}
    yield from _clean(Publication, facts, f"{given.file}: ")
    for slug, row in given.addressees.items():
        facts = {"slug": slug, "label": row.get("label"), **_text(row, "heading")}
        yield from _clean(Addressee, facts, f"{given.file}: addressees.{slug}.")


def _text(row, name):
    return {name: row[name]} if name in row else {}


def _faults_of_recommendations(given):
    known = {*given.addressees, *Addressee.objects.values_list("slug", flat=True)}
    for index, row in enumerate(given.recommendations):
        place = f"{given.file}: recommendations[{index}]."
        facts = {name: row[name] for name in _OF_RECOMMENDATION if name in row}
        yield from _clean(Recommendation, facts, place, without=["publication"])
        named = row.get("addressees")
        if not isinstance(named, list) or not named:
            yield f"{place}addressees: must be a list with at least one slug"
            continue
        for slug in named:
            if slug not in known:
                yield f"{place}addressees: {slug!r} is not described"
    for name in ("number", "code"):
        yield from _repeated(
            given.recommendations, name, f"{given.file}: recommendations"
        )


def _faults_of_codebook(given):
    version = given.codebook.get("version", given.codebook.get("codebook_version"))
    facts = {"version": version, "published_on": given.codebook.get("published_on")}
    yield from _clean(Codebook, facts, "codebook.json: ", without=["publication"])
    if facts["published_on"] is None:
        yield "codebook.json: published_on: is missing"
    owners = {row.get("code") for row in given.recommendations if _plain(row, "code")}
    judged = set()
    for index, row in enumerate(given.criteria):
        place = f"codebook.json: criteria[{index}]."
        facts = {name: row[name] for name in _OF_CRITERION if name in row}
        without = ["codebook", "recommendation"]
        yield from _clean(Criterion, facts, place, without=without)
        owner = row.get("recommendation")
        if not _plain(row, "recommendation") or owner not in owners:
            yield f"{place}recommendation: {owner!r} is not a code of a recommendation"
        elif row.get("essential", True) is True:
            judged.add(owner)
    yield from _repeated(given.criteria, "code", "codebook.json: criteria")
    for code in sorted(owners - judged):
        yield f"codebook.json: criteria: {code} has no essential criterion"


def _plain(row, name):
    return isinstance(row.get(name), str)


def _faults_of_ruleset(ruleset):
    facts = {name: ruleset.get(name) for name in ("version", "reason")}
    without = ["publication", "values"]
    yield from _clean(Ruleset, facts, "ruleset.json: ", without=without)
    if not str(ruleset.get("reason") or "").strip():
        yield "ruleset.json: reason: say why: readers see it"
    values = ruleset.get("values")
    if not isinstance(values, dict):
        yield "ruleset.json: values: must be an object"
        return
    for name, sentence in faults_in_words(as_values(PUBLISHED) | values):
        yield f"ruleset.json: values.{name}: {sentence}"


def _clean(model, facts, place, without=()):
    """What the model itself refuses; a missing field counts as an empty one."""
    for name, value in facts.items():
        field = model._meta.get_field(name)
        if field.get_internal_type() in _TEXTS and not isinstance(value, str):
            yield f"{place}{name}: " + (
                "is missing" if value is None else "must be a text"
            )
            return
    try:
        model(**facts).full_clean(
            exclude=without, validate_unique=False, validate_constraints=False
        )
    except ValidationError as refused:
        for name, messages in refused.message_dict.items():
            yield f"{place}{name}: {' '.join(messages)}"


_TEXTS = {"CharField", "TextField", "SlugField", "DateField"}


def _repeated(rows, name, place):
    counts = Counter(str(row.get(name)).casefold() for row in rows if name in row)
    for value, count in counts.items():
        if count > 1:
            yield f"{place}: the {name} {value!r} is there {count} times"


def write_publication(given, added):
    """The publication with its recommendations, made where they are missing."""
    facts = {name: given.about[name] for name in _ABOUT if name in given.about}
    publication, created = Publication.objects.get_or_create(
        slug=facts.pop("slug"),
        defaults=facts | {"published_on": date.fromisoformat(facts["published_on"])},
    )
    added["publications"] += created
    for slug, facts in given.addressees.items():
        _addressee, created = Addressee.objects.get_or_create(slug=slug, defaults=facts)
        added["addressees"] += created
    for row in given.recommendations:
        facts = {name: row[name] for name in _OF_RECOMMENDATION}
        recommendation, created = Recommendation.objects.get_or_create(
            publication=publication, code=facts.pop("code"), defaults=facts
        )
        added["recommendations"] += created
        if created:
            recommendation.addressees.set(
                Addressee.objects.filter(slug__in=row["addressees"])
            )
    return publication


def write_codebook(publication, data, added):
    """The codebook's version, made where it is missing."""
    codebook, created = Codebook.objects.get_or_create(
        publication=publication,
        version=data.get("version") or data["codebook_version"],
        defaults={"published_on": date.fromisoformat(data["published_on"])},
    )
    added["codebooks"] += created
    recommendations = {rec.code: rec for rec in publication.recommendations.all()}
    for row in data["criteria"] if created else ():
        facts = {name: row[name] for name in _OF_CRITERION if name in row}
        owner = recommendations[row["recommendation"]]
        Criterion.objects.create(codebook=codebook, recommendation=owner, **facts)
        added["criteria"] += 1
    return codebook


def write_ruleset(publication, codebook, given, added):
    """The ruleset from the codebook's day on; ruleset 1.0 where none is given."""
    given = given or {"version": VERSION, "values": {}, "reason": FIRST_RULE}
    day = date.fromisoformat(codebook["published_on"])
    _rule, created = Ruleset.objects.get_or_create(
        publication=publication,
        version=given["version"],
        defaults={
            "values": as_values(PUBLISHED) | given["values"],
            "reason": given["reason"],
            "published_at": datetime.combine(day, time.min, UTC),
        },
    )
    added["rulesets"] += created
