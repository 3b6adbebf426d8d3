"""A database that can be read and, for a while, not written."""

import resource
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_only_database():
    """As on a disk that has become read-only; for tests that are one transaction."""
    sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.execute_wrapper(_as_by_itself):
        _tell("PRAGMA query_only = 1" if sqlite else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            connection.needs_rollback = False
            if sqlite:
                _tell("PRAGMA query_only = 0")
            else:
                # Back to where it could be written.
                transaction.set_rollback(True)


def _tell(sql):
    connection.connection.cursor().execute(sql)


def _as_by_itself(execute, sql, params, many, context):
    """A statement that is refused undoes nothing else, as without a transaction."""
    connection.needs_rollback = False
    if connection.vendor == "sqlite":
        return execute(sql, params, many, context)
    _tell("SAVEPOINT by_itself")
    try:
        return execute(sql, params, many, context)
    except Exception:
        _tell("ROLLBACK TO SAVEPOINT by_itself")
        raise


@contextmanager
def no_file_larger_than(number):
    """What the system answers to who writes is much what a full disk answers."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
