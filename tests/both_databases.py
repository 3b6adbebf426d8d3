"""Which tests run on PostgreSQL too, and the check that none of the others has to.

On PostgreSQL every test runs that has access to the database, but journeys, since a
browser cannot tell the databases apart; the folders of one audience each, since every
page is read and every form is sent there by the sweeps in ``contracts/``; and what is
marked ``one_database``: who may read what is asked of every page by queries that other
tests make there. What is marked ``both_databases`` runs there as well.

What can differ is how a database compares, sorts, searches, computes and refuses. A
whole run on SQLite notes for each test what its queries ask of that kind; it fails
when a test that PostgreSQL does not see asks what no test that it sees asks.
"""

import re
from functools import lru_cache

from django.db import DatabaseError, connection

MARK = "both_databases"
ONE = "one_database"
AUDIENCES = ("accounts", "admin", "desk", "public", "respond", "review")
_COLUMN = r'"(\w+)"'
_CAN_DIFFER = [
    re.compile(pattern)
    for pattern in (
        # A function of the database, and a cast; a bare word before a bracket is none.
        r"\b(?!IN\b|AND\b|OR\b|NOT\b|EXISTS\b|VALUES\b|ON\b|AS\b|WHEN\b|THEN\b|BY\b)"
        r"(?!FROM\b|JOIN\b|WHERE\b|SELECT\b|EXCEPT\b|UNION\b|LIKE\b|ELSE\b)[A-Z_]{2,}\(",
        r"\bdjango_\w+(?=\()",
        # Comparing and sorting texts, and what of them is looked for.
        rf"{_COLUMN} (?:LIKE|REGEXP|GLOB)",
        rf"{_COLUMN} COLLATE \w+",
        rf"{_COLUMN} (?:ASC|DESC)(?: NULLS \w+)?",
        r"SELECT DISTINCT|ON CONFLICT|UNION ALL|UNION|EXCEPT|INTERSECT|OVER \(",
        r"\|\||->>?",
    )
]


def runs_on_both(item):
    """Whether a test has to run on PostgreSQL as on SQLite."""
    if item.get_closest_marker(MARK):
        return True
    left_out = item.get_closest_marker("browser") or item.get_closest_marker(ONE)
    of_pages = item.path.parent.name in AUDIENCES
    return may_query(item) and not left_out and not of_pages


def may_query(item):
    """Whether a test has the database; pytest-django fails any other that asks it."""
    wanted = {"db", "transactional_db", "live_server"}
    return bool(item.get_closest_marker("django_db") or wanted & set(item.fixturenames))


class Asked:
    """Notes what can differ in the queries of one test."""

    def __init__(self):
        self.kinds = set()
        self._known = set()

    def __call__(self, execute, sql, params, many, context):
        if sql not in self._known:
            self._known.add(sql)
            self.kinds.update(can_differ(sql))
        try:
            return execute(sql, params, many, context)
        except DatabaseError as refusal:
            self.kinds.add(f"{type(refusal).__name__}: {refusal}")
            raise

    def noting(self):
        return connection.execute_wrapper(self)


@lru_cache(10_000)
def can_differ(sql):
    """The parts of a query that one database may understand otherwise than another."""
    found = (match.group() for each in _CAN_DIFFER for match in each.finditer(sql))
    return frozenset(found)


def only_on_sqlite(asked):
    """Of (name, whether on both, kinds): what is asked where PostgreSQL never is."""
    seen = set().union(*(kinds for _name, both, kinds in asked if both))
    return {
        name: sorted(set(kinds) - seen)
        for name, both, kinds in asked
        if not both and not set(kinds) <= seen
    }
