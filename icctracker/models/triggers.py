"""Triggers of the database: what it writes by itself, whoever wrote before.

Each family has a home beside the rows that it keeps, and says here what it means. They
are made after each migrate, since SQLite loses those of a table that it rebuilds.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import connections, transaction

EVENTS = ("INSERT", "UPDATE", "DELETE")


class Family(NamedTuple):
    """Triggers whose names begin alike.

    ``meant`` yields each name with the SQL that makes it; ``anew`` puts in line what
    they keep, where one of them was missing or meant something else.
    """

    meant: Callable[..., Iterable[tuple[str, str]]]
    anew: Callable | None = None


FAMILIES: dict[str, Family] = {}


def install_triggers(using="default", **kwargs):
    """Make the triggers that are missing, and drop what is no longer meant."""
    connection = connections[using]
    for prefix, family in FAMILIES.items():
        found, meant = _found(connection, prefix), dict(family.meant(connection))
        if found.keys() == meant.keys():
            continue
        with transaction.atomic(using), connection.cursor() as cursor:
            for name in found.keys() - meant.keys():
                _drop(connection, cursor, name, found[name])
            for name in sorted(meant.keys() - found.keys()):
                cursor.execute(meant[name])
            if family.anew:
                family.anew(connection)


def drop_triggers(prefix, using="default"):
    """Without those of a family, until they are installed again."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _found(connection, prefix).items():
            _drop(connection, cursor, name, table)


def triggers_are_in_line(using="default"):
    """Whether exactly the triggers stand that are meant, and each as it is meant."""
    connection = connections[using]
    return all(
        _found(connection, prefix).keys() == dict(family.meant(connection)).keys()
        for prefix, family in FAMILIES.items()
    )


def named(prefix, table, event, sql):
    """A name that holds a hash of what the trigger does."""
    # PostgreSQL cuts names at 63 characters.
    noun = table.removeprefix("icctracker_")[:32]
    said = hashlib.sha256(sql.encode()).hexdigest()[:8]
    return f"{prefix}{noun}_{event.lower()}_{said}"


def _found(connection, prefix):
    """The triggers that stand, by name, with their tables."""
    sql = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name: on for name, on in cursor if name.startswith(prefix)}


def _drop(connection, cursor, name, table):
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    cursor.execute(f'DROP TRIGGER "{name}"{on}')
    if connection.vendor == "postgresql":
        cursor.execute(f'DROP FUNCTION IF EXISTS "{name}"')
