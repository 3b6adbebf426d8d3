"""What is dear to make is made once by each worker; then its rows are put back.

    @pytest.fixture
    def council(kept, council_folder):
        return kept(load_council_record, council_folder)

    @pytest.fixture
    def site(kept, council):
        return kept(make_site)

The first test that asks has it made, and every row that is new is kept as the database
holds it. For later tests those rows are inserted, with their keys, and a copy of what
was returned is given out. Where a test has made anything else before (a table does not
hold as many rows as it should), it is made anew, as if nothing were kept.
"""

import copy
from collections.abc import Hashable
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection, transaction

from icctracker.models.listings import rebuild_listings

# How often the data moved, and what is worked out from the rest.
NOT_KEPT = (
    *("icctracker_dataversion", "icctracker_presentstanding"),
    *("icctracker_listing", "icctracker_listingcount"),
)


class KeptRows:
    """All that was kept of a worker's database, by what was made, on top of what."""

    def __init__(self):
        names = connection.introspection.table_names()
        self._written = [name for name in names if name != "django_migrations"]
        self._tables = [name for name in self._written if name not in NOT_KEPT]
        self._from_migrations = {table: _rows(table) for table in self._tables}
        self._made = {}
        self._counts = {(): self._count()}

    def start_again(self):
        """Everything that was committed goes; what migrations made stands again."""
        flush = connection.ops.sql_flush(no_style(), self._written)
        with transaction.atomic():
            connection.ops.execute_sql_flush(flush)
            _put_back(self._from_migrations)

    def for_test(self):
        """Makes things for one test, each on top of those before it."""
        standing = ()

        def kept(make, *args):
            nonlocal standing
            if self._count() != self._counts[standing]:
                return make(*args)
            # What cannot be hashed was given out by an earlier call, so it is the same.
            told = tuple(each for each in args if isinstance(each, Hashable))
            standing = (*standing, (make, told))
            return self._stand(standing, make, args)

        return kept

    def _stand(self, standing, make, args):
        if standing in self._made:
            rows, returned = self._made[standing]
            _put_back(rows)
        else:
            rows, returned = self._made[standing] = self._make(make, args)
            self._counts[standing] = self._count()
        return copy.deepcopy(returned)

    def _make(self, make, args):
        before = {table: set(_rows(table)) for table in self._tables}
        with transaction.atomic():
            returned = make(*args)
        after = {table: _rows(table) for table in self._tables}
        for table, rows in before.items():
            assert rows <= set(after[table]), f"{table}: rows that stood were changed"
        new = {
            table: [row for row in rows if row not in before[table]]
            for table, rows in after.items()
        }
        # The test may change what it is given, not what is kept.
        return new, copy.deepcopy(returned)

    def _count(self):
        counts = (
            f"SELECT count(*) FROM {_quoted(table)}"  # noqa: S608
            for table in self._tables
        )
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(counts))
            return cursor.fetchall()


@transaction.atomic
def _put_back(kept):
    with connection.cursor() as cursor, _as_they_were(cursor):
        for table, rows in kept.items():
            if rows:
                _insert(cursor, table, rows)
    # Triggers were silent, or saw a row before those that it belongs to.
    rebuild_listings()


@contextmanager
def _as_they_were(cursor):
    """Rows that stood once need no second check; PostgreSQL would check each."""
    if connection.vendor == "sqlite":
        yield
        return
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _insert(cursor, table, rows):
    if connection.vendor == "sqlite":
        places = ", ".join(["%s"] * len(rows[0]))
        into = f"INSERT INTO {_quoted(table)} VALUES ({places})"  # noqa: S608
        cursor.executemany(into, rows)
        return
    with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        return cursor.fetchall()


def _quoted(table):
    return connection.ops.quote_name(table)
