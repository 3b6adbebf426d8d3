"""What the site ships with, value by value, beside what a site holds.

A value is told by its record's noun and key and by its field. ``earlier.json`` holds a
digest of each value that was shipped before and is shipped otherwise now, so that a
site that still has it is told from one where people have changed it.
"""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from icctracker.models import (
    FACTS,
    SOURCE_FIELDS,
    VOTES,
    Addressee,
    Ballot,
    Criterion,
    Document,
    Evidence,
    Gap,
    Publication,
    Recommendation,
    Search,
    Situation,
    ValueOrigin,
    Vote,
)
from icctracker.models.evidence import SUBJECTS

from .cells import alike
from .coded_for import CodedFor
from .council_tables import CREDITS as TABLES
from .first_data import SITUATION_WORDS
from .first_record import MEMBERS, READERS, RESOLUTIONS, VETOES, Names, rows_of

FINDING = (
    *("effect", "occasion", "pinpoint", "rationale", "form", "form_reason"),
    "searched_words",
)
FACTS_TOLD = [name for name in FACTS if name not in (*SUBJECTS, *VOTES, "occurred_on")]
# Fields that records were given later, and what stood there until then.
EMPTY_BEFORE = {("ballot", "agenda_item"): ""}
COUNCIL = ("document", "ballot")


class Fate(StrEnum):
    """What is to be done with a value that is not the one that is shipped."""

    MEND = "mend"
    # People have changed it, or put back what was shipped before.
    LEAVE = "leave"
    # A file that was imported since has it otherwise.
    IMPORTED = "imported"


class Difference(NamedTuple):
    """A value that a site has otherwise than it is shipped."""

    noun: str
    key: str
    field: str
    stored: object
    shipped: object
    fate: Fate
    pk: int

    def __str__(self):
        return f"{self.noun} {self.key}: {self.field.replace('_', ' ')}"


def digest(value):
    """A short name of a value, the same on every machine."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def earlier(file):
    """The digests of what was shipped before, by noun, key and field."""
    return json.loads(Path(file).read_text(encoding="utf-8"))


# What is shipped: by noun, key and field, in the form in which it is compared.


def shipped(tracker, council):
    """All values of the files of two folders; what a folder lacks is left out."""
    values, asked = {}, {}
    if (codebook := _json(tracker, "codebook")) is not None:
        values |= _of_publication(codebook)
        coded = CodedFor(tracker)
        for later in coded.codebooks[1:]:
            values["criterion"] |= _of_publication(later)["criterion"]
        asked = coded.newest
    for noun, (file, tell) in _FILES.items():
        rows = _json(tracker, file)
        values[noun] = dict(map(tell, rows or ()))
    values["evidence"] = {
        key: _as_asked(fields, asked) for key, fields in values["evidence"].items()
    }
    if (Path(council) / MEMBERS).exists():
        values |= _of_council(council)
    return values


def _json(folder, name):
    path = Path(folder) / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _as_asked(fields, asked):
    """An entry with each finding under what its criterion asks by now."""
    return {
        asked_name(code, asked.get(code, 1)) if (code := code_of(name)) else name: value
        for name, value in fields.items()
    }


def asked_name(code, meaning):
    """The name under which a finding is compared: of its criterion, as that asks."""
    return f"finding {code}" if meaning == 1 else f"finding {code} ({meaning})"


def code_of(name):
    """The code of the criterion that a finding is on; nothing of another field."""
    return name.split()[1] if name.startswith("finding ") else ""


def meaning_of(name):
    """What the criterion asked that a finding answers, as a number."""
    return int(name.partition("(")[2].rstrip(")") or 1)


def _of_publication(data):
    about, slug = data["publication"], data["publication"]["slug"]
    version = data.get("version") or data["codebook_version"]
    return {
        "publication": {slug: {k: v for k, v in about.items() if k in _ABOUT}},
        "addressee": {
            slug: {k: v for k, v in row.items() if k in ("label", "heading")}
            for slug, row in data["addressees"].items()
        },
        "recommendation": {
            f"{slug} {row['code']}": {
                **{name: row[name] for name in _OF_RECOMMENDATION},
                "addressees": sorted(row["addressees"]),
            }
            for row in data["recommendations"]
        },
        "criterion": {
            f"{slug} {version} {row['code']}": {
                name: row[name] for name in _OF_CRITERION if name in row
            }
            for row in data["criteria"]
        },
    }


_ABOUT = "title author publisher published_on form url about".split()
_OF_RECOMMENDATION = "number short_title text".split()
_OF_CRITERION = "kind essential statement counts does_not_count delivered_by".split()


def _situation(row):
    words = {name: "\n".join(row.get(name, ())) for name in SITUATION_WORDS}
    since = {"since": row.get("since")}
    return row["slug"], {"name": row["name"], "note": row["note"]} | since | words


def _entry(row):
    votes, default = row["votes"] or {}, Evidence(kind=row["kind"]).default_form
    # As they are kept: without blanks at either end.
    told = {name: row[name] for name in FACTS_TOLD if name in row}
    values = {k: v.strip() if isinstance(v, str) else v for k, v in told.items()}
    values |= {f"votes_{each}": votes.get(each) for each in ("yes", "no", "abstain")}
    values |= {name: sorted(row[name]) for name in SUBJECTS}
    values["occurred_on"] = row["date"]
    values["verification"] = row["verification"]
    values["sources"] = [_source(each) for each in row["sources"]]
    for each in row["findings"]:
        said = {name: each.get(name) for name in FINDING}
        said["form"] = said["form"] or default or "signal"
        values[f"finding {each['criterion']}"] = _finding(said)
    return row["slug"], values


def _source(row):
    given = {name: row.get(name) for name in SOURCE_FIELDS}
    return {name: value for name, value in given.items() if value}


def _finding(said):
    return {name: value for name, value in said.items() if value not in ("", None)}


def as_said(finding):
    """What a finding on record says, as it is compared."""
    return _finding({name: getattr(finding, name) for name in FINDING})


def _search(row):
    key = (row["criterion"], row["date"], row["where"], row["query"])
    return " · ".join(key), {"outcome": row["outcome"]}


def _gap(row):
    return row["slug"], {"text": row["text"], "noted_on": row["noted_on"]}


_FILES = {
    "situation": ("situations", _situation),
    "evidence": ("evidence", _entry),
    "search": ("searches", _search),
    "gap": ("gaps", _gap),
}


def _of_council(folder):
    """Documents and ballots as loading them writes them."""
    names = Names(sorted(rows_of(folder, MEMBERS), key=lambda row: row["year"]))
    documents, ballots, items = {}, {}, Counter()
    for file in (RESOLUTIONS, VETOES):
        key_of, read = READERS[file]
        for line in rows_of(folder, file):
            key, row = key_of(line), read(line, names)
            first = documents.setdefault(key, _plain(row.document))
            day = str(row.ballot["held_on"])
            items[key, day] += 1
            own = row.document["agenda_item"]
            told = "" if alike(own, first["agenda_item"]) else own
            ballots[f"{key} {day} {items[key, day]}"] = _plain(row.ballot) | {
                "agenda_item": told,
                "votes": row.votes,
            }
    for values in documents.values():
        del values["symbol"]
    for values in ballots.values():
        del values["held_on"]
    return {"document": documents, "ballot": ballots}


# What a site holds of it.


def stored(values):
    """The records there are of those shipped: noun and key to (pk, values)."""
    return {noun: _STORED[noun](values[noun]) for noun in values}


def _plain(values):
    """Values as JSON holds them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _rows(queryset, key_of, fields):
    names = ("pk", *fields)
    rows = (dict(zip(names, row, strict=True)) for row in queryset.values_list(*names))
    return {key_of(row): (row.pop("pk"), _plain(row)) for row in rows}


def _by_slug(model, *fields):
    def read(wanted):
        found = model.objects.filter(slug__in=wanted)
        return _rows(found, lambda row: row.pop("slug"), ("slug", *fields))

    return read


def _recommendations(wanted):
    found = Recommendation.objects.select_related("publication")
    return {
        f"{each.publication.slug} {each.code}": (
            each.pk,
            {name: getattr(each, name) for name in _OF_RECOMMENDATION}
            | {"addressees": sorted(a.slug for a in each.addressees.all())},
        )
        for each in found.prefetch_related("addressees")
    }


def _criteria(wanted):
    # A version that people made is theirs, whatever its number.
    found = Criterion.objects.filter(
        codebook__published_by=None, codebook__published_on__isnull=False
    ).select_related("codebook__publication")
    return {
        " ".join((each.codebook.publication.slug, each.codebook.version, each.code)): (
            each.pk,
            {name: getattr(each, name) for name in _OF_CRITERION},
        )
        for each in found
    }


def _entries(wanted):
    related = (*SUBJECTS, "sources", "findings__criterion")
    found = Evidence.objects.filter(slug__in=wanted).prefetch_related(*related)
    return {each.slug: (each.pk, told(each)) for each in found}


def told(entry):
    """An entry as it is compared."""
    facts = (*FACTS_TOLD, *VOTES, "occurred_on", "verification")
    values = _plain({name: getattr(entry, name) for name in facts})
    values["situations"] = sorted(each.slug for each in entry.situations.all())
    values["actors"] = sorted(each.name for each in entry.actors.all())
    values["sources"] = [_source(vars(each)) for each in entry.sources.all()]
    for finding in sorted(entry.findings.all(), key=lambda f: f.criterion.meaning):
        if finding.retired_at is None:
            criterion = finding.criterion
            values[asked_name(criterion.code, criterion.meaning)] = as_said(finding)
    return values


def _searches(wanted):
    found = Search.objects.select_related("criterion").order_by("pk")
    return {
        " · ".join(
            (each.criterion.code, str(each.searched_on), each.where, each.query)
        ): (each.pk, {"outcome": each.outcome})
        for each in found
    }


_DOCUMENT = (
    "series number title title_is_cut agenda_item drafts court_mentions library_record"
    " unconfirmed note sources"
).split()
_BALLOT = (
    "yes no abstain non_voting meeting outcome seats sources note library_record"
    " library_list agenda_item"
).split()


def _documents(wanted):
    keys = _keys_of_documents()
    return _rows(Document.objects.all(), lambda row: keys[row["pk"]], _DOCUMENT)


def _keys_of_documents():
    days = dict(
        Ballot.objects.filter(document__symbol="").values_list("document", "held_on")
    )
    symbols = Document.objects.values_list("pk", "symbol")
    return {pk: symbol or str(days.get(pk)) for pk, symbol in symbols}


def _ballots(wanted):
    keys, votes = _keys_of_documents(), defaultdict(dict)
    cast = Vote.objects.values_list("ballot", "member__code", "cast")
    for ballot, code, vote in cast.iterator(chunk_size=5000):
        votes[ballot][code] = vote
    found = {}
    for row in Ballot.objects.values("pk", "document", "held_on", "item", *_BALLOT):
        pk = row.pop("pk")
        key = f"{keys[row.pop('document')]} {row.pop('held_on')} {row.pop('item')}"
        found[key] = pk, row | {"votes": votes[pk]}
    return found


_STORED = {
    "publication": _by_slug(Publication, *_ABOUT),
    "addressee": _by_slug(Addressee, "label", "heading"),
    "recommendation": _recommendations,
    "criterion": _criteria,
    "situation": _by_slug(Situation, "name", "note", "since", *SITUATION_WORDS),
    "evidence": _entries,
    "search": _searches,
    "gap": _by_slug(Gap, "text", "noted_on"),
    "document": _documents,
    "ballot": _ballots,
}
MODELS = {
    "publication": Publication,
    "addressee": Addressee,
    "recommendation": Recommendation,
    "criterion": Criterion,
    "situation": Situation,
    "evidence": Evidence,
    "search": Search,
    "gap": Gap,
    "document": Document,
    "ballot": Ballot,
}


# Comparing the two.


def differences(values, before):
    """A Difference for each value that a site has otherwise than it is shipped."""
    origins, asked = _changed_since(), _Asked(values)
    for noun, records in stored(values).items():
        for key, fields in values[noun].items():
            if key not in records:
                continue
            pk, held = records[key]
            gone = _gone(fields, before.get(noun, {}).get(key, {}))
            for field, value in (fields | gone).items():
                if held.get(field) != value and asked.now(field):
                    if origins.get((noun, pk, field)) in TABLES:
                        # A table that ships, too, says what stands there.
                        continue
                    was = _was_shipped(before, noun, key, field, held.get(field))
                    was = was or asked.was_not_asked(held, field)
                    was = was and asked.answered(held, field, before, key)
                    fate = _fate(noun, pk, field, value, was, origins)
                    told_of = (noun, key, field, held.get(field), value)
                    yield Difference(*told_of, fate, pk)


class _Asked:
    """Which findings can be compared: those on what the site's criteria ask now."""

    def __init__(self, values):
        names = chain.from_iterable(values.get("evidence", {}).values())
        self._raised = {code_of(each) for each in names if meaning_of(each) > 1}
        shipped_criteria = Criterion.objects.filter(
            codebook__published_by=None, codebook__published_on__isnull=False
        )
        self._on_site = set(shipped_criteria.values_list("code", "meaning"))

    def now(self, field):
        """Whether a field is another than a finding, or on what is asked by now."""
        if not (code := code_of(field)):
            return True
        if code in self._raised and meaning_of(field) == 1:
            # What was coded for the earlier test stays as it was.
            return False
        return meaning_of(field) == 1 or (code, meaning_of(field)) in self._on_site

    def was_not_asked(self, held, field):
        """Whether a finding may lack because the site had no criterion to put it to."""
        return field not in held and meaning_of(field) > 1

    def answered(self, held, field, before, key):
        """Whether what stands on a test that has changed since is as it was shipped."""
        code = code_of(field)
        if code not in self._raised or field in held:
            return True
        earlier = asked_name(code, meaning_of(field) - 1)
        if earlier not in held:
            # Nothing to be coded again: unless people took away what was shipped.
            return earlier not in before.get("evidence", {}).get(key, {})
        return _was_shipped(before, "evidence", key, earlier, held.get(earlier))


def _gone(fields, before):
    """Findings that were shipped once and are no longer."""
    return {
        name: None
        for name in before
        if name.startswith("finding ") and name not in fields
    }


def _was_shipped(before, noun, key, field, value):
    if EMPTY_BEFORE.get((noun, field), ...) == value:
        return True
    return digest(value) in before.get(noun, {}).get(key, {}).get(field, ())


def _fate(noun, pk, field, value, was_shipped, origins):
    if noun in COUNCIL and (noun, pk, field) in origins:
        return Fate.IMPORTED
    # A criterion changes with its codebook, and by no other way.
    if not was_shipped or noun == "criterion" or _stood_once(noun, pk, field, value):
        return Fate.LEAVE
    return Fate.MEND


def _changed_since():
    """From which file each value of the Council's record came, if not from the first.

    That is a table that ships as well, or a file that people brought in.
    """
    since = ValueOrigin.objects.exclude(imported__source__in=[RESOLUTIONS, VETOES])
    found = {}
    for document, ballot, field, source in since.order_by("pk").values_list(
        "document", "ballot", "field", "imported__source"
    ):
        noun, pk = ("ballot", ballot) if ballot else ("document", document)
        for name in _TOLD_BY.get(field, (field,)):
            found[noun, pk, name] = source
    return found


# What an origin tells of besides the field that it names.
_TOLD_BY = {
    "tally": ("yes", "no", "abstain", "non_voting", "seats"),
    "title": ("title", "title_is_cut"),
}


def _stood_once(noun, pk, field, value):
    """Whether the record had it already: then people have put the older one back."""
    if noun in COUNCIL:
        # Only files change it, and what they changed is told by its origin.
        return False
    if noun == "evidence" and code_of(field):
        return any(
            as_said(each) == (value or {})
            for each in Evidence(pk=pk).findings.filter(
                criterion__code=code_of(field),
                criterion__meaning=meaning_of(field),
                retired_at__isnull=False,
            )
        )
    past = MODELS[noun].history.filter(id=pk)
    if field in ("sources", "addressees", *SUBJECTS):
        return _sets_of(noun, pk, field, value, past)
    return past.filter(
        **({f"{field}__isnull": True} if value is None else {field: value})
    ).exists()


def _sets_of(noun, pk, field, value, past):
    """The same of what a record is related to, as far as versions tell it."""
    if field == "addressees":
        name, attribute = "addressee", "slug"
    elif field == "sources":
        editions = Evidence(pk=pk).editions.prefetch_related("sources")
        return any(
            [_source(vars(s)) for s in e.sources.all()] == value for e in editions
        )
    else:
        name, attribute = field[:-1], "slug" if field == "situations" else "name"
    return any(
        sorted(getattr(getattr(link, name), attribute) for link in related.all())
        == value
        for related in (getattr(version, field) for version in past)
    )
