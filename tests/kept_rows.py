"""What is dear to make is made once by each worker; then its rows are put back.

    @pytest.fixture
    def council(db, kept, council_folder):
        return kept(load_council_record, council_folder)

The first call makes it and keeps every row that is new, as the database holds it.
Later calls insert those rows, with their keys, and return a copy of what was returned.
Whoever asks where something else stands already (a table is not as migrations left
it, so that keys could meet or what is made could differ) has it made anew.
"""

import copy

from django.db import connection, transaction


class KeptRows:
    """What has been made so far in this worker's database, by what made it."""

    def __init__(self):
        self._tables = connection.introspection.table_names()
        self._pristine = self._counts()
        self._made = {}

    def __call__(self, make, *args):
        key = (make, args)
        if self._counts() != self._pristine:
            return make(*args)
        if key in self._made:
            rows, returned = self._made[key]
            self._put_back(rows)
        else:
            rows, returned = self._made[key] = self._make(make, args)
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
        return {table: rows for table, rows in new.items() if rows}, returned

    def _put_back(self, kept):
        with connection.cursor() as cursor:
            for table, rows in kept.items():
                places = ", ".join(["%s"] * len(rows[0]))
                into = f"INSERT INTO {_quoted(table)} VALUES ({places})"  # noqa: S608
                cursor.executemany(into, rows)

    def _counts(self):
        counts = (
            f"SELECT count(*) FROM {_quoted(table)}"  # noqa: S608
            for table in self._tables
        )
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(counts))
            return cursor.fetchall()


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        return cursor.fetchall()


def _quoted(table):
    return connection.ops.quote_name(table)
