"""The rows that make a synthetic entry: its own, and all that hangs on it.

They go in as plain rows of the product's own tables, many at a time. Wherever a column
is not named here its own default is taken.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from icctracker.models import (
    Coding,
    CodingLine,
    Edition,
    EditionSource,
    Evidence,
    Finding,
    Kind,
    ReviewDecision,
    Source,
)
from icctracker.texts.folding import fold_all

from .synthetic import PEOPLE

FORMS = {kind.value: kind.proposed_form.value for kind in Kind}
NOTE = "Synthetic: for measuring only."
LABEL = "Synthetic source"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FACTS = (
    "occurred_on kind tier symbol title summary votes_yes votes_no votes_abstain"
).split()
OF_ENTRY = (
    "id slug state verification creation_key submitted_by_id submitted_at published_at"
    " withdrawn_at created_at updated_at"
).split()
OF_SOURCE = "position url label publisher official".split()
OF_FINDING = (
    "id evidence_id criterion_id effect form occasion rationale coded_by_id coded_twice"
    " second_coding_id event_date tier publisher accepted_at retired_at supersedes_id"
).split()
OF_CODING = (
    "id evidence_id purpose state coder_id against_id offered_at taken_at done_at"
).split()


class World(NamedTuple):
    """What entries refer to: keys of rows, in the order of the places drawn."""

    criteria: list
    situations: list
    actors: list
    researchers: list
    reviewers: list


class Table:
    """Rows on their way into the table of a model."""

    def __init__(self, model, names):
        self.name, self.rows = model._meta.db_table, []
        fields = [
            field
            for field in model._meta.local_concrete_fields
            if field.column not in names and not _left_to_the_database(field)
        ]
        self.columns = [*names, *(field.column for field in fields)]
        self.rest = tuple(_default(field) for field in fields)

    def add(self, *row):
        self.rows.append(row + self.rest)

    def write(self):
        """Send the rows that have gathered, on PostgreSQL as one copy."""
        rows, self.rows = self.rows, []
        if not rows:
            return
        quoted = ", ".join(connection.ops.quote_name(name) for name in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sql = f"COPY {self.name} ({quoted}) FROM STDIN"
                with cursor.copy(sql) as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(self.columns))
            sql = f"INSERT INTO {self.name} ({quoted}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(sql, rows)


def _left_to_the_database(field):
    return field.primary_key or field.generated or field.has_db_default()


def _default(field):
    """What a column holds where nothing is said, as the database takes it."""
    value = field.get_default()
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        value = timezone.now()
    return field.get_db_prep_save(value, connection)


class Rows:
    """The tables of entries, filled one entry at a time."""

    def __init__(self, world):
        self.world = world
        self.evidence = Table(Evidence, [*OF_ENTRY, *FACTS, "folded"])
        history = ["history_type", "history_date", "history_user_id"]
        self.history = Table(Evidence.history.model, [*OF_ENTRY, *FACTS, *history])
        named = "id evidence_id number at until decision_id".split()
        self.editions = Table(Edition, [*named, *FACTS, "folded"])
        self.sources = Table(Source, ["id", "evidence_id", *OF_SOURCE])
        self.edition_sources = Table(EditionSource, ["id", "edition_id", *OF_SOURCE])
        self.codings = Table(Coding, OF_CODING)
        lines = "id coding_id criterion_id effect form occasion rationale".split()
        self.lines = Table(CodingLine, lines)
        self.findings = Table(Finding, OF_FINDING)
        decisions = "id evidence_id outcome note reviewer_id decided_at".split()
        self.decisions = Table(ReviewDecision, decisions)
        self.links = {
            (model, name): Table(
                getattr(model, name).through,
                ["id", f"{model._meta.model_name}_id", f"{name.rstrip('s')}_id"],
            )
            for model in (Evidence, Edition)
            for name in ("situations", "actors")
        }

    def write(self):
        """Send all that has gathered; what refers to others comes after them."""
        for table in (
            *(self.evidence, self.history, self.decisions, self.editions),
            *(self.sources, self.edition_sources, self.codings, self.lines),
            *(self.findings, *self.links.values()),
        ):
            table.write()

    def add(self, entry):
        spell = _Spell(entry)
        self._entry(entry, spell)
        self._subjects(Evidence, entry.number, entry)
        if spell.published_at:
            self._decisions(entry, spell)
            self._editions(entry, spell)
        if entry.coded_twice:
            self._codings(entry, spell)
        self._findings(entry, spell)

    def _entry(self, entry, spell):
        number, person = entry.number, self.world.researchers[entry.person]
        public = bool(spell.published_at)
        row = (
            number,
            f"synthetic-{number:07}" if public else None,
            entry.state,
            "verified" if public else "unverified",
            f"{number:032x}",
            person,
            *(spell.submitted_at, spell.published_at, spell.withdrawn_at),
            *(spell.created_at, spell.created_at),
            *_facts(entry),
        )
        self.evidence.add(*row, _folded(entry))
        self.history.add(*row, "+", spell.created_at, person)
        for place, source in enumerate(_sources(entry)):
            self.sources.add(number * 4 + place, number, *source)

    def _subjects(self, model, key, entry):
        for name in ("situations", "actors"):
            known, table = getattr(self.world, name), self.links[model, name]
            for place, drawn in enumerate(getattr(entry, name)):
                table.add(key * 4 + place, key, known[drawn])

    def _decisions(self, entry, spell):
        reviewer = self.world.reviewers[entry.person]
        for place, (outcome, note, at) in enumerate(
            (
                ("publish", "", spell.published_at),
                ("correct", NOTE, spell.corrected_at),
                ("withdraw", NOTE, spell.withdrawn_at),
            )
        ):
            if at:
                key = entry.number * 3 + place
                self.decisions.add(key, entry.number, outcome, note, reviewer, at)

    def _editions(self, entry, spell):
        """One from its publication on, and another from a correction on."""
        corrected, until = spell.corrected_at, spell.withdrawn_at
        spells = [(1, spell.published_at, corrected or until)]
        if corrected:
            spells.append((2, corrected, until))
        for number, at, end in spells:
            key, decision = entry.number * 2 + number - 1, entry.number * 3 + number - 1
            told = entry
            if corrected and number == 1:
                told = entry._replace(title=f"{entry.title}, as it was")
            facts = _facts(told)
            spelt = (*facts, _folded(told))
            self.editions.add(key, entry.number, number, at, end, decision, *spelt)
            self._subjects(Edition, key, entry)
            for place, source in enumerate(_sources(entry)):
                self.edition_sources.add(key * 4 + place, key, *source)

    def _codings(self, entry, spell):
        """Two that agree, both handed in before it was published."""
        first, form = entry.number * 2, FORMS[entry.kind]
        for purpose, key, against, shift in (
            ("first", first, None, 0),
            ("second", first + 1, first, 1),
        ):
            coder = self.world.researchers[(entry.person + shift) % PEOPLE]
            at = [spell.submitted_at] * 2 + [spell.coded_at]
            row = (key, entry.number, purpose, "done", coder, against, *at)
            self.codings.add(*row)
            for place, found in enumerate(entry.findings):
                self.lines.add(
                    *(key * 4 + place, key, self.world.criteria[found.criterion]),
                    *(found.effect, form, int(found.occasion), found.words),
                )

    def _findings(self, entry, spell):
        """One for each criterion; of a corrected entry the first took another's place.

        Of what was accepted it copies day, tier and publisher.
        """
        number, accepted = entry.number, spell.published_at
        copied = (None, "", "")
        if accepted:
            copied = (str(entry.day), entry.tier, _publisher(entry.publishers[0]))
        marks = [int(entry.coded_twice), number * 2 + 1 if entry.coded_twice else None]
        for place, found in enumerate(entry.findings):
            key, older, since = number * 8 + place, None, accepted
            if spell.corrected_at and not place:
                older, since = key + 4, spell.corrected_at
                was = found._replace(effect=0)
                end = (accepted, since, None)
                self.findings.add(
                    older, *self._codes(entry, was), *marks, *copied, *end
                )
            end = (since, spell.withdrawn_at, older)
            self.findings.add(key, *self._codes(entry, found), *marks, *copied, *end)

    def _codes(self, entry, found):
        return (
            entry.number,
            self.world.criteria[found.criterion],
            found.effect,
            FORMS[entry.kind],
            int(found.occasion),
            found.words,
            self.world.researchers[entry.person],
        )


class _Spell:
    """The instants of an entry, as texts that both databases take."""

    def __init__(self, entry):
        at, state = entry.published_at, entry.state
        public = state in ("published", "withdrawn")
        self.created_at = str(at - 2 * DAY)
        self.submitted_at = None if state == "draft" else str(at - DAY)
        self.coded_at = str(at - HOUR)
        self.published_at = str(at) if public else None
        self.corrected_at = str(at + DAY) if entry.corrected else None
        self.withdrawn_at = str(at + DAY) if state == "withdrawn" else None


def _facts(entry):
    # A veto with a symbol would be looked for in the Council's record.
    symbol = "" if entry.kind == "veto" else f"SYN/{entry.day.year}/{entry.number}"
    return (
        *(str(entry.day), entry.kind, entry.tier, symbol),
        *(entry.title, entry.summary, *entry.votes),
    )


def _folded(entry):
    """What it is searched by; it has no meeting."""
    symbol = _facts(entry)[3]
    return fold_all([entry.title, entry.summary, symbol])


def _publisher(place):
    return f"publisher-{place + 1:02}.invalid"


def _sources(entry):
    official = int(entry.tier != "C")
    for position, place in enumerate(entry.publishers):
        name = _publisher(place)
        url = f"https://{name}/{entry.number}/{position}"
        yield position, url, LABEL, name, official
