"""Fill an empty database of the site with synthetic entries, and say what is in it."""

from contextlib import contextmanager, suppress

from django.db import ProgrammingError, connection, transaction

from icctracker.actions.entries import write_title_words
from icctracker.imports.first_record import load_council_record
from icctracker.management.commands.setup_site import COUNCIL_RECORD
from icctracker.models import (
    Actor,
    Evidence,
    Import,
    Member,
    Publication,
    Recommendation,
    Situation,
    User,
)
from icctracker.models.lines import PREFIX as LINES
from icctracker.models.listings import PREFIX as LISTED
from icctracker.models.triggers import drop_triggers, install_triggers

from .rows import Rows
from .synthetic import entries
from .world import make_world

# Nothing but the Council's own record may be there before.
OTHERS = (Publication, Recommendation, Evidence, Situation, Actor, User)
AT_ONCE = 10_000
MARK = "synthetic load: "


class OtherData(Exception):
    """The database holds something that is no synthetic load of this recipe."""


def fill_once(recipe):
    """Load a recipe, unless it has been loaded to its end; returns whether it was new.

    Raises OtherData, and then nothing has been changed.
    """
    loaded = Import.objects.filter(source=f"{MARK}{recipe}").exists()
    if not loaded:
        refuse_other_data()
        if not Member.objects.exists():
            load_council_record(COUNCIL_RECORD)
        fill(recipe)
    return not loaded


def refuse_other_data():
    """Raise OtherData if anything but the Council's record is in the database."""
    for model in OTHERS:
        if model.objects.exists():
            text = "There are other {} in this database; nothing was loaded."
            raise OtherData(text.format(model._meta.verbose_name_plural))


def fill(recipe):
    """Load every entry of a recipe, many at a time; its mark is written last.

    In which lists they stand, and by which words they are found, is worked out once.
    """
    drop_triggers(LISTED)
    drop_triggers(LINES)
    with transaction.atomic():
        world = make_world(recipe)
    rows, gathered = Rows(world), 0
    for entry in entries(recipe, len(world.criteria)):
        rows.add(entry)
        gathered += 1
        if gathered % AT_ONCE == 0:
            _write(rows)
    _write(rows)
    install_triggers()
    write_title_words()
    _count_on_from_here()
    Import.objects.create(source=f"{MARK}{recipe}", credit="Nobody: made up")


def _write(rows):
    with transaction.atomic():
        rows.write()


def _count_on_from_here():
    """Let the next row of each table have a key that no row has.

    On PostgreSQL a counter is no part of a transaction: it is never set back, for
    whatever a transaction that is undone has taken its keys from it.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for counter in connection.introspection.get_sequences(cursor, table):
                cursor.execute(_COUNT_ON.format(**counter))


_COUNT_ON = """SELECT setval(
        '"{name}"',
        greatest(max("{column}"), pg_sequence_last_value('"{name}"'))
    ) FROM "{table}" HAVING max("{column}") IS NOT NULL"""


@contextmanager
def in_a_hurry():
    """Without a journal and without asking keys: only for what can be lost."""
    if connection.vendor == "sqlite":
        _say("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF")
        _say("PRAGMA cache_size=-500000", "PRAGMA foreign_keys=OFF")
    else:
        # Only a superuser may; for anybody else it takes half as long again.
        with suppress(ProgrammingError):
            _say("SET session_replication_role = replica")
    yield
    if connection.vendor == "sqlite":
        _say("PRAGMA journal_mode=DELETE", "PRAGMA foreign_keys=ON")
    else:
        with suppress(ProgrammingError):
            _say("SET session_replication_role = DEFAULT")
        _say("VACUUM ANALYZE")


def _say(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
