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

Fixtures that keep are therefore set up before the others of a test.

Tests that ask for the same often follow one another. What the fixtures of one have
asked for is put back before the transaction of the next test of that class or module
with the same fixtures begins, and stands until a test wants something else: on SQLite,
that is; on PostgreSQL each test has it put back by itself.
"""

import copy
from collections.abc import Hashable
from contextlib import contextmanager

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from icctracker.models.listings import rebuild_listings

# How often the data moved, and what is worked out from the rest.
NOT_KEPT = (
    *("icctracker_dataversion", "icctracker_presentstanding"),
    *("icctracker_listing", "icctracker_listingcount", "icctracker_exportline"),
)


class AskedOtherwise(Exception):
    """Fixtures of a test made or asked for other things than those of one like it."""


class KeptRows:
    """All that was kept of a worker's database, by what was made, on top of what."""

    def __init__(self, unblocked):
        self._unblocked = unblocked
        # On PostgreSQL a connection that a test closes takes with it what stands below;
        # in memory, SQLite closes none.
        self._stands_at_all = connection.vendor == "sqlite"
        names = connection.introspection.table_names()
        self._written = [name for name in names if name != "django_migrations"]
        self._tables = [name for name in self._written if name not in NOT_KEPT]
        self._from_migrations = {table: _rows(table) for table in self._tables}
        self._made = {}
        self._counts = {(): self._count()}
        # What fixtures ask for, by the kind of test.
        self._asked_by = {}
        # What stands below the transaction of a test, each in one of its own; and what
        # the test has asked for by now.
        self._below = []
        self._standing = ()
        self._may_stand = self._stands_at_all

    def start_again(self):
        """Everything that was committed goes; what migrations made stands again."""
        flush = connection.ops.sql_flush(no_style(), self._written)
        with transaction.atomic():
            connection.ops.execute_sql_flush(flush)
            _put_back(self._from_migrations)

    def before(self, item):
        """Have stand below a test what its fixtures will ask for, and nothing else."""
        self._standing = ()
        wanted = self._asked_by.get(_kind(item), ()) if self._may_stand else ()
        with self._unblocked():
            self._stand_on(wanted)

    def after_fixtures(self, item):
        """Learn what the fixtures of a test have asked for."""
        if len(self._standing) < len(self._below):
            raise AskedOtherwise(item.nodeid)
        if self._may_stand and not _commits(item):
            self._asked_by.setdefault(_kind(item), self._standing)

    def end(self):
        """Nothing stands below a test any more."""
        with self._unblocked():
            self._stand_on(())

    @contextmanager
    def aside(self):
        """Within it something else stands below tests, and what is kept on top."""
        self.end()
        self._may_stand = False
        yield
        self._may_stand = self._stands_at_all

    def _stand_on(self, wanted):
        while self._below and self._below[-1][0] != wanted[: len(self._below)]:
            _standing, block = self._below.pop()
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
        for number in range(len(self._below), len(wanted)):
            standing = wanted[: number + 1]
            self._below.append((standing, _begun()))
            rows, _returned = self._made[standing]
            _put_back(rows)

    def make(self, make, *args):
        """Make something for a test, on top of what it has asked for before."""
        # What cannot be hashed was given out by an earlier call, so it is the same.
        told = tuple(each for each in args if isinstance(each, Hashable))
        asked, before = (*self._standing, (make, told)), self._standing
        is_below = len(asked) <= len(self._below)
        if is_below:
            before = self._below[-1][0]
            if asked != before[: len(asked)]:
                raise AskedOtherwise(make)
        if self._count() != self._counts[before]:
            if is_below:
                raise AskedOtherwise(make)
            return make(*args)
        self._standing = asked
        if asked not in self._made:
            self._made[asked] = self._make(make, args)
            self._counts[asked] = self._count()
        elif not is_below:
            _put_back(self._made[asked][0])
        return copy.deepcopy(self._made[asked][1])

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


def set_up_first(item):
    """Set up what is kept before all else that a test asks for, but what is autouse."""
    found = item._fixtureinfo.name2fixturedefs

    def keeps(name):
        asked = found[name][-1].argnames if name in found else ()
        return name == "kept" or any(keeps(each) for each in asked if each != name)

    marks = [name for mark in item.iter_markers("usefixtures") for name in mark.args]
    own = {*marks, *item._fixtureinfo.argnames}
    names = item.fixturenames
    start = next((at for at, name in enumerate(names) if name in own), len(names))
    names[start:] = sorted(names[start:], key=lambda name: not keeps(name))


def _kind(item):
    """Tests whose fixtures make the same."""
    return item.parent.nodeid, tuple(item.fixturenames)


def _commits(item):
    """Whether a test has no transaction that is rolled back at its end."""
    marker = item.get_closest_marker("django_db")
    asks = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(asks or (marker and marker.kwargs.get("transaction")))


def _begun():
    """A transaction that the caller ends."""
    block = transaction.atomic()
    # As those of Django's own tests, below what the code holds to be outermost.
    block._from_testcase = True
    block.__enter__()
    return block


@transaction.atomic
def _put_back(kept):
    put_back = [table for table, rows in kept.items() if rows]
    with connection.cursor() as cursor, _as_they_were(cursor):
        for table in put_back:
            _insert(cursor, table, kept[table])
        _count_on(cursor, put_back)
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


def _count_on(cursor, tables):
    """Give no key a second time, whoever has set the counts of keys back meanwhile."""
    models = apps.get_models(include_auto_created=True)
    filled = [model for model in models if model._meta.db_table in tables]
    # None on SQLite, which counts from the largest key by itself.
    for sql in connection.ops.sequence_reset_sql(no_style(), filled):
        cursor.execute(sql)


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        return cursor.fetchall()


def _quoted(table):
    return connection.ops.quote_name(table)
