"""Says what a site holds and shows, as JSON: told on standard input what to look at.

Runs in the shell of any commit, of which it knows neither models nor modules: it reads
tables and columns from the database, calls commands and opens addresses.
"""

import json
import sys
from io import StringIO

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client


def tables():
    """Each table: its columns, the place of its key among them, its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows = [list(map(as_text, row)) for row in cursor.fetchall()]
            found[table] = {"key": key, "columns": columns, "rows": rows}
    return found


def as_text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if value is None or isinstance(value, str | int) else str(value)


def status(as_of, known_at):
    """What ``manage.py status --json`` prints."""
    out = StringIO()
    call_command("status", as_of=as_of, known_at=known_at, json=True, stdout=out)
    return json.loads(out.getvalue())


def complaints():
    """The lines of ``manage.py check_consistency``."""
    out = StringIO()
    try:
        call_command("check_consistency", stdout=out)
    except CommandError:
        return out.getvalue().splitlines()
    return []


def answers(person, addresses):
    """The status with which each address answers a person, or nobody."""
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if person:
        client.force_login(get_user_model().objects.get(username=person))
    return {each: client.get(each, follow=True).status_code for each in addresses}


def main():
    wanted = json.load(sys.stdin)
    seen = {
        "tables": tables(),
        "statuses": [[*at, status(*at)] for at in wanted["instants"]],
        "complaints": complaints(),
        "answers": {
            person: answers(person, addresses)
            for person, addresses in wanted["addresses"].items()
        },
    }
    json.dump(seen, sys.stdout)


main()
