"""How the download of all entries tells each published one, kept as it was written.

A line follows from much: the entry, its parts, its findings, and what these are called.
Whoever writes, triggers of the database take the lines away that it may make wrong; who
decides about entries writes them anew, and so does the daily command. One that is
missing is made for whoever asks: a line that is there is right.
"""

from django.db import models

from .evidence import FACTS_SHOWN, Actor, Evidence, Situation, Source
from .findings import Finding
from .recommendations import Criterion, Recommendation
from .triggers import EVENTS, FAMILIES, Family, named

PREFIX = "line_"


class ExportLine(models.Model):
    """A published entry as a line of CSV, up to its address and without it."""

    # Its triggers take the row away with the entry, in whatever way that goes.
    evidence = models.OneToOneField(
        Evidence,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        related_name="export_line",
    )
    text = models.TextField()

    def __str__(self):
        return self.text


# What lines follow from: a table, and the entries that a row of it concerns, in SQL.
_SITUATIONS = Evidence.situations.through._meta.db_table
_ACTORS = Evidence.actors.through._meta.db_table
_FINDING = Finding._meta.db_table
_CRITERION = Criterion._meta.db_table
_PARTS = dict.fromkeys(
    (_SITUATIONS, _ACTORS, Source._meta.db_table, _FINDING), "{row}.evidence_id"
)
_SHARED = {
    Evidence._meta.db_table: "{row}.id",
    Situation._meta.db_table: f"""SELECT evidence_id FROM "{_SITUATIONS}"
        WHERE situation_id = {{row}}.id""",  # noqa: S608
    Actor._meta.db_table: f"""SELECT evidence_id FROM "{_ACTORS}"
        WHERE actor_id = {{row}}.id""",  # noqa: S608
    _CRITERION: f"""SELECT evidence_id FROM "{_FINDING}"
        WHERE criterion_id = {{row}}.id""",  # noqa: S608
    Recommendation._meta.db_table: f"""SELECT f.evidence_id FROM "{_FINDING}" f
        JOIN "{_CRITERION}" c ON c.id = f.criterion_id
        WHERE c.recommendation_id = {{row}}.id""",  # noqa: S608
}
# What of a row is told, where not all of it is.
_TOLD = {
    Evidence._meta.db_table: ("state", *FACTS_SHOWN),
    _FINDING: "evidence_id criterion_id effect accepted_at retired_at".split(),
    Situation._meta.db_table: ("slug", "name"),
    Actor._meta.db_table: ("name",),
    _CRITERION: ("code", "recommendation_id"),
    Recommendation._meta.db_table: ("within", "number"),
}


def _meant(connection):
    for table, entries in _PARTS.items():
        for event, rows in zip(EVENTS, (["NEW"], ["OLD", "NEW"], ["OLD"]), strict=True):
            yield _trigger(connection, table, event, entries, rows)
    for table, entries in _SHARED.items():
        yield _trigger(connection, table, "UPDATE", entries, ["OLD"])
        if table == Evidence._meta.db_table:
            yield _trigger(connection, table, "DELETE", entries, ["OLD"])


def _trigger(connection, table, event, entries, rows):
    line, columns = ExportLine._meta.db_table, _TOLD.get(table)
    of = f" OF {', '.join(columns)}" if columns and event == "UPDATE" else ""
    body = " ".join(
        f'DELETE FROM "{line}" WHERE evidence_id IN ({entries.format(row=row)});'  # noqa: S608
        for row in rows
    )
    after = f'AFTER {event}{of} ON "{table}"'
    name = named(PREFIX, table, event, f"{after} {body}")
    if connection.vendor == "sqlite":
        return name, f'CREATE TRIGGER "{name}" {after} BEGIN {body} END'
    return (
        name,
        f"""CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger AS $$
        BEGIN {body} RETURN NULL; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER "{name}" {after} FOR EACH ROW EXECUTE FUNCTION "{name}"()""",
    )


def _forget(connection):
    """Where a trigger was missing, no line is known to be right."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{ExportLine._meta.db_table}"')  # noqa: S608


FAMILIES[PREFIX] = Family(_meant, anew=_forget)
