"""SQLite that can still be read where nothing can be written beside its file.

To read a database in WAL mode SQLite first makes two files beside it. Where the last
process left none behind and the disk is full or read-only, it would refuse to open it.
"""

import os
import sqlite3
import time
from urllib.parse import quote

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens the file as it is, for one request, where that is the only way to read."""

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as fault:
            path = conn_params["database"]
            if not _can_be_read_as_it_is(fault, path):
                raise
            self._opened_as_it_is = True
            address = f"file:{quote(str(path))}?mode=ro&immutable=1"
            return super().get_new_connection(
                conn_params | {"database": address, "uri": True}
            )

    def connect(self):
        self._opened_as_it_is = False
        super().connect()
        if self._opened_as_it_is:
            # SQLite trusts that the file does not change: so for no longer than it has
            # to, since the next request may be able to write again.
            self.close_at = time.monotonic()


def _can_be_read_as_it_is(fault, path):
    """Whether all that was ever saved stands in the file itself."""
    name = getattr(fault, "sqlite_errorname", "")
    if not name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR_SHM", "SQLITE_READONLY")):
        return False
    log = f"{path}-wal"
    return os.path.isfile(path) and not (
        os.path.exists(log) and os.path.getsize(log) > 0
    )
