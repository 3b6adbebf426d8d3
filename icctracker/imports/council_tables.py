"""Loads what was compiled from the Council's own documents; twice changes nothing.

Facts that the record lacks are filled in, a title that was cut or had slips gives way
to the Library's, and each change is on record with what stood before. What the record
has otherwise is kept beside its own value. A file that was loaded as it is now is not
read again.
"""

import csv
import hashlib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from django.db import connection, transaction

from icctracker.models import (
    Ballot,
    Descent,
    Document,
    Import,
    Member,
    OtherValue,
    Passage,
    Sponsor,
    ValueOrigin,
)
from icctracker.models.folded import refold
from icctracker.texts import pinpoints, states

from .council_documents import add_failed_drafts, add_statements
from .first_record import BATCH, MEMBERS, RESOLUTIONS
from .seats import Names

DOCUMENTS, STATEMENTS = "council_documents.csv", "council_statements.csv"
FAILED, TITLES, CHECKS = (
    *("council_failed_drafts.csv", "council_titles.csv", "council_checks.csv"),
)
SPONSORS, SUBJECTS, MENTIONS = (
    *("council_sponsors.csv", "council_subjects.csv", "council_mentions.csv"),
)
LINEAGE = "council_lineage.csv"
TEXTS = "United Nations (DGACM, machine-readable Security Council documents)"
LIBRARY = "United Nations (Dag Hammarskjöld Library, titles and index terms)"
CREDITS = {
    STATEMENTS: TEXTS,
    FAILED: "Sciences Po, UNSC votes since 1946 (CC BY 4.0); United Nations (DGACM)",
    DOCUMENTS: TEXTS,
    TITLES: LIBRARY,
    SUBJECTS: LIBRARY,
    SPONSORS: TEXTS,
    CHECKS: TEXTS,
    MENTIONS: TEXTS,
    LINEAGE: TEXTS,
}
Field, Standing = OtherValue.Field, OtherValue.Standing


@transaction.atomic
def load_council_tables(folder):
    """Load the tables that are new or other than when they were loaded last.

    Returns a Counter of what was added or changed, by noun. All or nothing.
    """
    tables = Tables(Path(folder))
    # In this order: what comes later speaks of what came before.
    for file, load in (
        (STATEMENTS, tables.statements),
        (FAILED, tables.failed_drafts),
        (DOCUMENTS, tables.documents),
        (TITLES, tables.titles),
        (SUBJECTS, tables.subjects),
        (SPONSORS, tables.sponsors),
        (CHECKS, tables.checks),
        (MENTIONS, tables.mentions),
        (LINEAGE, tables.lineage),
    ):
        if tables.is_new(file):
            load(file)
    return +tables.added


class Tables:
    """The tables of a folder, and the documents on record that they speak of."""

    def __init__(self, folder):
        self.folder, self.added = folder, Counter()
        self.read = set(Import.objects.exclude(digest="").values_list("digest"))
        self.digests = {}

    def is_new(self, file):
        """Whether a table is there, and was not loaded as it is now."""
        path = self.folder / file
        if not path.exists():
            return False
        self.digests[file] = hashlib.sha256(path.read_bytes()).hexdigest()
        return (self.digests[file],) not in self.read

    def rows(self, file):
        path = self.folder / file
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))

    def imported(self, file):
        """A row that says that the table was loaded, and as what."""
        said = {"credit": CREDITS[file], "digest": self.digests[file]}
        return Import.objects.create(source=file, **said)

    def known(self, *fields):
        """The documents that have a symbol, by it: their keys, or keys and fields."""
        rows = Document.objects.exclude(symbol="").order_by()
        if not fields:
            return dict(rows.values_list("symbol", "pk"))
        return {row["symbol"]: row for row in rows.values("symbol", "pk", *fields)}

    def statements(self, file):
        """Statements by the President, as documents."""
        texts = {row["symbol"]: row for row in self.rows(DOCUMENTS)}
        given = self.rows(file), texts, self.known(), self.imported(file)
        self.added["statements by the President"] += add_statements(*given)

    def failed_drafts(self, file):
        """Drafts that failed for want of votes, with their votes."""
        names = Names(self.rows(MEMBERS))
        members = dict(Member.objects.values_list("code", "pk"))
        given = self.rows(file), self.known(), names, members, self.imported(file)
        documents, ballots = add_failed_drafts(*given)
        self.added["drafts that failed for want of votes"] += documents
        self.added["votes on them"] += ballots

    def documents(self, file):
        """What a text contains: mentions of the Court, Chapter VII, its languages."""
        known = self.known("court_mentions", "languages", "chapter_vii", "series")
        filled = Filled(self.imported(file))
        for row in self.rows(file):
            document = known.get(row["symbol"])
            if document is None:
                continue
            if document["court_mentions"] is None:
                filled.put(document, "court_mentions", int(row["court_names"]))
            if not document["languages"]:
                filled.put(document, "languages", row["languages"])
            if document["chapter_vii"] is None and row["kind"] != "statement":
                filled.put(document, "chapter_vii", row["chapter_vii"] == "1")
        self.added["facts on texts"] += filled.write()

    def titles(self, file):
        """Titles that were cut or had slips give way to those of the Library."""
        shipped = {row["symbol"]: row["title"] for row in self.rows(RESOLUTIONS)}
        known = self.known("title", "title_is_cut")
        filled = Filled(self.imported(file))
        for row in self.rows(file):
            document = known.get(row["symbol"])
            if document is None or document["title"] == row["title"]:
                continue
            before = document["title"]
            # What an import or a person has put since is nobody's to replace.
            if not document["title_is_cut"] and before != shipped.get(row["symbol"]):
                filled.beside(document, Field.TITLE, f"The Library: {row['title']}")
                continue
            filled.put(document, "title", row["title"])
            if document["title_is_cut"]:
                filled.put(document, "title_is_cut", False, told=False)
            if row["same_start"] != "1" and before:
                said = f"Worded before: {before}"
                filled.beside(document, Field.TITLE, said, Standing.SETTLED)
        self.added["facts on texts"] += filled.write()

    def subjects(self, file):
        """The Library's index terms, where a document has none."""
        known = self.known("subjects", "bodies")
        filled = Filled(self.imported(file))
        terms = defaultdict(list)
        for row in self.rows(file):
            name = "subjects" if row["kind"] == "subject" else "bodies"
            terms[row["symbol"], name].append(row["term"])
        for (symbol, name), found in terms.items():
            if symbol in known and not known[symbol][name]:
                filled.put(known[symbol], name, "\n".join(found))
        self.added["facts on texts"] += filled.write()

    def sponsors(self, file):
        """Who sponsored what; an earlier list from this file gives way."""
        Sponsor.objects.filter(imported__source=file).delete()
        known, imported = self.known(), self.imported(file)
        places, found = Counter(), []
        for row in self.rows(file):
            if key := known.get(row["symbol"]):
                places[key] += 1
                code = _code(row["iso3"], row["sponsor"])
                found.append((key, places[key], row["sponsor"], code, imported.pk))
        insert(Sponsor, "document_id place name code imported_id", found)
        self.added["sponsors"] += len(found)

    def mentions(self, file):
        """Which paragraph speaks of what; an earlier index from this file gives way."""
        Passage.objects.filter(imported__source=file).delete()
        known, imported = self.known(), self.imported(file)
        places, anchors, found = Counter(), set(), []
        for row in self.rows(file):
            if key := known.get(row["symbol"]):
                places[key] += 1
                terms, words = f" {row['terms']} ", int(row["words"])
                stands = row["paragraph"], row["annex"], row["heading"]
                stands = (*stands, _anchor(key, *stands, anchors))
                found.append((key, places[key], *stands, terms, words, imported.pk))
        columns = "document_id place label annex heading anchor terms words imported_id"
        insert(Passage, columns, found)
        self.added["passages"] += len(found)

    def lineage(self, file):
        """From which paragraph each was taken; an earlier table gives way."""
        Descent.objects.filter(imported__source=file).delete()
        known, imported = self.known(), self.imported(file)
        found = []
        for row in self.rows(file):
            key, before = known.get(row["symbol"]), known.get(row["previous"])
            if key and (before or not row["previous"]):
                numbers = [_number(row[name]) for name in _COUNTED]
                likeness = float(row["similarity"]) if row["similarity"] else None
                named = [row[name] for name in _TAKEN_OVER]
                values = (*named, *numbers, likeness, key, before, row["paragraph"])
                found.append((*values, row["previous_paragraph"], imported.pk))
        self._items(known)
        columns = f"{' '.join(_TAKEN_OVER)} {' '.join(_COUNTED)} similarity"
        columns += " document_id previous_id label previous_label imported_id"
        insert(Descent, columns, found)
        self.added["descents of paragraphs"] += len(found)

    def _items(self, known):
        """The agenda item of each document as its text has it."""
        rows = [
            (row["agenda_item"], known[row["symbol"]])
            for row in self.rows(DOCUMENTS)
            if row["symbol"] in known
        ]
        sql = "UPDATE icctracker_document SET text_item = %s WHERE id = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def checks(self, file):
        """Where the texts say otherwise: followed for a reason, or kept beside."""
        known = self.known("drafts")
        filled = Filled(self.imported(file))
        ballots = _ballots([row["symbol"] for row in self.rows(file)])
        for row in self.rows(file):
            document, ballot = known.get(row["symbol"]), ballots.get(row["symbol"])
            if document is None or ballot is None:
                continue
            if row["followed"] == "1" and self._follow(row, document, ballot, filled):
                continue
            name, says = _said_otherwise(row)
            if says and row["theirs"] != ballot["meeting"]:
                filled.beside(document, name, says, row["standing"])
        self.added["facts on texts"] += filled.write()

    @staticmethod
    def _follow(row, document, ballot, filled):
        """Put what the text says, if the record still has what it had."""
        ours = document["drafts"] if row["field"] == "draft" else ballot["meeting"]
        if ours != row["ours"]:
            return False
        if row["field"] == "draft":
            filled.put(document, "drafts", row["theirs"])
        else:
            filled.put(document | ballot, "meeting", row["theirs"])
            said = f"The record had {ours} before"
            filled.beside(document, Field.MEETING, said, Standing.SETTLED)
        return True


# What the table of descents has under the names that we have.
_TAKEN_OVER = ("series", "kind", "change", "terms", "terms_added", "terms_removed")
_COUNTED = ("words", "words_added", "words_removed")


def _number(text):
    return int(text) if text else None


_ISO = {"date": "United Nations, text of the document, dates it {}"}
_SAID = _ISO | {
    "vote": "United Nations, data of the text: {}",
    "meeting": "United Nations, data of the text, meeting record: {}",
    "draft": "United Nations, data of the text, draft: {}",
}
_FIELDS = {"date": Field.DATE, "vote": Field.VOTE, "meeting": Field.MEETING}


def _said_otherwise(row):
    """In which field the text says otherwise, and what."""
    return _FIELDS.get(row["field"], Field.OTHER), _SAID[row["field"]].format(
        row["theirs"]
    )


def _ballots(symbols):
    """The one vote on each of these documents."""
    rows = Ballot.objects.filter(document__symbol__in=symbols, item=1).order_by()
    found = rows.values_list("document__symbol", "pk", "meeting")
    return {symbol: {"ballot": key, "meeting": said} for symbol, key, said in found}


def insert(model, columns, rows):
    """Rows of a model as they are, of which there are thousands."""
    table, names = model._meta.db_table, columns.split()
    places = ", ".join(["%s"] * len(names))
    sql = f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({places})'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


@cache
def _code(code, name):
    state = states.of_code(code) if code else states.find(name)
    return state.code if state else code


def _anchor(key, label, annex, heading, taken):
    """Where the passage stands on its page; headings part those of one number."""
    anchor = pinpoints.anchor(label, annex)
    if (key, anchor) in taken:
        anchor = f"{anchor}-{pinpoints.anchor(heading)}"[:110].rstrip("-")
    number, first = 1, anchor
    while (key, anchor) in taken:
        number += 1
        anchor = f"{first}-{number}"
    taken.add((key, anchor))
    return anchor


class Filled:
    """Values to be put in documents, each with where it comes from."""

    def __init__(self, imported):
        self.imported = imported
        self.values, self.origins, self.others = defaultdict(list), [], []

    def put(self, document, name, value, *, told=True):
        """A value in place of what stands there."""
        ballot = document.get("ballot")
        table = Ballot if ballot else Document
        self.values[table, name].append((value, ballot or document["pk"]))
        if told:
            before = "" if document[name] is None else str(document[name])
            origin = document["pk"], ballot, name, before, self.imported.pk
            self.origins.append(origin)

    def beside(self, document, name, says, standing=Standing.OPEN):
        """What is kept beside a value of the record."""
        self.others.append(
            OtherValue(
                document_id=document["pk"],
                field=name,
                says=says[:500],
                standing=standing,
                imported=self.imported,
            )
        )

    def write(self):
        """Write all of it, one statement for each kind of value; how many values."""
        for (model, name), rows in self.values.items():
            table = model._meta.db_table
            sql = f'UPDATE "{table}" SET {name} = %s WHERE id = %s'  # noqa: S608
            with connection.cursor() as cursor:
                cursor.executemany(sql, rows)
        for model in (Document, Ballot):
            self._fold(model)
        columns = "document_id ballot_id field before imported_id"
        insert(ValueOrigin, columns, self.origins)
        others = OtherValue.objects
        others.bulk_create(self.others, batch_size=BATCH, ignore_conflicts=True)
        return sum(map(len, self.values.values())) + len(self.others)

    def _fold(self, model):
        """What is searched by a value that was put is made anew."""
        searched = model._meta.get_field("folded").of
        keys = {
            key
            for (of, name), rows in self.values.items()
            for _value, key in rows
            if of is model and name in searched
        }
        if keys:
            refold(model, sorted(keys))
