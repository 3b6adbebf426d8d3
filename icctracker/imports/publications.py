"""Loads a publication by data alone: its recommendations, codebooks and rulesets.

A folder holds ``publication.json``, ``codebook.json`` and, where its rule is another
than ruleset 1.0, ``ruleset.json``; later versions are in ``codebook-1.1.json``,
``ruleset-1.1.json`` and so on, each with its day and its reason. All of it is checked
before anything is written; what exists already is left as it is, and where people work
with a version already, a later one is for them to bring in.
"""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, time
from itertools import pairwise
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
FIRST_CODEBOOK = (
    "The first codebook. What counts for each recommendation is judgement, published as"
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
        _write_codebooks(publication, given.codebooks, added)
        _write_rulesets(publication, given, added)
    return added


def is_loaded(folder):
    """Whether all that ``load_publication`` would add is there already."""
    given = _Given(Path(folder))
    slug = given.about.get("slug")
    asked = Recommendation.objects.filter(publication__slug=slug)
    codes = {row["code"] for row in given.recommendations}
    return (
        codes <= set(asked.values_list("code", flat=True))
        and set(given.addressees)
        <= set(Addressee.objects.values_list("slug", flat=True))
        and all(
            model.objects.filter(publication__slug=slug).exists()
            for model in (Codebook, Ruleset)
        )
    )


def codebooks_of(folder):
    """The versions of the codebook that a folder holds, in order, as they are told."""
    return _Given(Path(folder)).codebooks


def rulesets_of(folder):
    """The same of its rulesets: those that are in files."""
    return _Given(Path(folder)).rulesets


def version_of(codebook):
    """The number of a version of the codebook, whichever name it is told by."""
    return codebook.get("version", codebook.get("codebook_version"))


def meanings_of(codebooks):
    """What each version asks, as a number that rises with the test, by its code.

    A list of dictionaries, in the order of the versions.
    """
    found = []
    for codebook in codebooks:
        before = found[-1] if found else {}
        found.append(
            {
                row["code"]: before.get(row["code"], 0) + _is_raised(row, before)
                for row in codebook["criteria"]
            }
        )
    return found


def _is_raised(row, before):
    return row["code"] not in before or row.get("meaning") == "changed"


class _Given:
    """What the files of a folder say, whichever of the two layouts they have."""

    def __init__(self, folder):
        self.folder, self.faults = folder, []
        self.codebook = self._read("codebook.json")
        later = self._later("codebook")
        self.codebooks = [self.codebook, *(data for _file, data in later)]
        self.files = ["codebook.json", *(file for file, _data in later)]
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
        self.criteria = [
            self._rows(file, data, "criteria")
            for file, data in zip(self.files, self.codebooks, strict=True)
        ]
        named = (folder / "ruleset.json").exists()
        self.ruleset = self._read("ruleset.json") if named else None
        self.later_rulesets = self._later("ruleset")

    @property
    def rulesets(self):
        """What the files say of rulesets, in order."""
        first = [] if self.ruleset is None else [self.ruleset]
        return [*first, *(data for _file, data in self.later_rulesets)]

    def _later(self, name):
        """File and content of each later version, in the order of their numbers."""
        found = {
            tuple(map(int, number.groups())): file.name
            for file in self.folder.glob(f"{name}-*.json")
            if (number := _NUMBER.fullmatch(file.stem.removeprefix(f"{name}-")))
        }
        return [(found[key], self._read(found[key])) for key in sorted(found)]

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


_NUMBER = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")


def _faults(given):
    yield from _faults_of_publication(given)
    yield from _faults_of_recommendations(given)
    versions = list(zip(given.files, given.codebooks, given.criteria, strict=True))
    for file, codebook, criteria in versions:
        yield from _faults_of_codebook(given, file, codebook, criteria)
    for (_file, _codebook, sooner), (file, _later, criteria) in pairwise(versions):
        yield from _faults_of_following(file, sooner, criteria)
    if given.ruleset is not None:
        yield from _faults_of_ruleset("ruleset.json", given.ruleset)
    for file, ruleset in given.later_rulesets:
        yield from _faults_of_ruleset(file, ruleset)
    for files in (
        zip(given.files[1:], given.codebooks[1:], strict=True),
        given.later_rulesets,
    ):
        yield from _faults_of_later(given.codebook, files)


def _faults_of_later(first, files):
    """A later version says its own number, its day, after the one before, and why."""
    before = str(first.get("published_on"))
    for file, data in files:
        number = file.partition("-")[2].removesuffix(".json")
        if version_of(data) != number:
            yield f"{file}: version: must be {number}, as the name of the file says"
        if not str(data.get("reason") or "").strip():
            yield f"{file}: reason: say why: readers see it"
        day = data.get("published_on")
        if not isinstance(day, str) or not _is_day(day):
            yield f"{file}: published_on: must be a day, as in 2026-11-26"
        elif day < before:
            yield f"{file}: published_on: is before the version that it follows"
        else:
            before = day


def _is_day(text):
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _faults_of_following(file, sooner, criteria):
    """A criterion says if its test is another, and stays with its recommendation."""
    owners = {row.get("code"): row.get("recommendation") for row in sooner}
    for index, row in enumerate(criteria):
        place = f"{file}: criteria[{index}]."
        if row.get("meaning", "unchanged") not in ("unchanged", "changed"):
            yield f"{place}meaning: must be “unchanged” or “changed”"
        elif row.get("code") in owners and "meaning" not in row:
            yield f"{place}meaning: is missing: do its findings carry over?"
        owner = owners.get(row.get("code"), row.get("recommendation"))
        if row.get("recommendation") != owner:
            yield f"{place}recommendation: was {owner!r} in the version before"


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


def _faults_of_codebook(given, file, codebook, criteria):
    version = version_of(codebook)
    facts = {"version": version, "published_on": codebook.get("published_on")}
    yield from _clean(Codebook, facts, f"{file}: ", without=["publication"])
    if facts["published_on"] is None:
        yield f"{file}: published_on: is missing"
    owners = {row.get("code") for row in given.recommendations if _plain(row, "code")}
    judged = set()
    for index, row in enumerate(criteria):
        place = f"{file}: criteria[{index}]."
        facts = {name: row[name] for name in _OF_CRITERION if name in row}
        without = ["codebook", "recommendation"]
        yield from _clean(Criterion, facts, place, without=without)
        owner = row.get("recommendation")
        if not _plain(row, "recommendation") or owner not in owners:
            yield f"{place}recommendation: {owner!r} is not a code of a recommendation"
        elif row.get("essential", True) is True:
            judged.add(owner)
    yield from _repeated(criteria, "code", f"{file}: criteria")
    for code in sorted(owners - judged):
        yield f"{file}: criteria: {code} has no essential criterion"


def _plain(row, name):
    return isinstance(row.get(name), str)


def _faults_of_ruleset(file, ruleset):
    facts = {name: ruleset.get(name) for name in ("version", "reason")}
    without = ["publication", "values"]
    yield from _clean(Ruleset, facts, f"{file}: ", without=without)
    if file == "ruleset.json" and not str(ruleset.get("reason") or "").strip():
        yield f"{file}: reason: say why: readers see it"
    values = ruleset.get("values")
    if not isinstance(values, dict):
        yield f"{file}: values: must be an object"
        return
    for name, sentence in faults_in_words(as_values(PUBLISHED) | values):
        yield f"{file}: values.{name}: {sentence}"


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


def _write_codebooks(publication, codebooks, added):
    """The versions of the codebook, where the publication has none yet."""
    if Codebook.objects.of(publication).exists():
        return
    for data, meanings in zip(codebooks, meanings_of(codebooks), strict=True):
        codebook = Codebook.objects.create(
            publication=publication,
            version=version_of(data),
            published_on=date.fromisoformat(data["published_on"]),
            note=data.get("reason") or FIRST_CODEBOOK,
        )
        added["codebooks"] += 1
        added["criteria"] += len(write_criteria(codebook, data, meanings))


def write_criteria(codebook, data, meanings):
    """The criteria of a version, as they are told; ``meanings`` by their codes."""
    owners = {rec.code: rec for rec in codebook.publication.recommendations.all()}
    return [
        Criterion.objects.create(
            codebook=codebook,
            recommendation=owners[row["recommendation"]],
            meaning=meanings[row["code"]],
            **{name: row[name] for name in _OF_CRITERION if name in row},
        )
        for row in data["criteria"]
    ]


def _write_rulesets(publication, given, added):
    """Each ruleset from its day on; first of all 1.0, where none is given."""
    if Ruleset.objects.of(publication).exists():
        return
    first = given.ruleset or {"version": VERSION, "values": {}, "reason": FIRST_RULE}
    values = as_values(PUBLISHED)
    for data in (first, *(data for _file, data in given.later_rulesets)):
        day = data.get("published_on", given.codebook["published_on"])
        values |= data["values"]
        Ruleset.objects.create(
            publication=publication,
            version=data["version"],
            values=dict(values),
            reason=data["reason"],
            published_at=datetime.combine(date.fromisoformat(day), time.min, UTC),
        )
        added["rulesets"] += 1
