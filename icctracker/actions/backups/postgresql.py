"""Copying a database of PostgreSQL as of one instant, and putting one in its place.

By pg_dump, but for the tables of which something is left out: those are read as of the
same instant, as they are to be. Putting back is one transaction of psql.
"""

import os
import shutil
import subprocess
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction

from icctracker.actions import ActionRefused
from icctracker.models.triggers import FAMILIES

from . import fleeting

NAME, TABLES = "database.dump", "tables"
# Of the table that an invented cache uses, and of Django's list of migrations.
OTHERS = ("cache", "django_migrations")
SECONDS_FOR_A_LOCK = 20


def copy(folder):
    """A dump as of one instant, without what is fleeting; rows of each table."""
    connection.close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        tables = sorted(connection.introspection.table_names(cursor))
        touched = [each for each in tables if each in fleeting.TOUCHED]
        (folder / TABLES).mkdir()
        for table in touched:
            if table not in fleeting.EMPTIED:
                _copy_as_it_is_to_be(cursor, table, folder / TABLES / table)
        _run(
            *("pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
            *(f"--exclude-table-data=public.{table}" for table in touched),
            *(f"--snapshot={snapshot}", f"--file={folder / NAME}"),
        )
        return {table: _count(cursor, table) for table in tables}


def _count(cursor, table):
    kept = fleeting.rows_kept(table)
    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {kept}')  # noqa: S608
    return cursor.fetchone()[0]


def _copy_as_it_is_to_be(cursor, table, target):
    described = connection.introspection.get_table_description(cursor, table)
    columns = [each.name for each in described]
    names = ", ".join(f'"{each}"' for each in columns)
    read = ", ".join(fleeting.columns_kept(table, columns))
    kept = fleeting.rows_kept(table)
    query = f'SELECT {read} FROM "{table}" WHERE {kept}'  # noqa: S608
    with target.open("xb") as out:
        # As psql reads it, with what it is.
        out.write(f'COPY public."{table}" ({names}) FROM stdin;\n'.encode())
        with cursor.copy(f"COPY ({query}) TO STDOUT") as rows:
            for piece in rows:
                out.write(piece)
        out.write(b"\\.\n")


def verify(folder, counts):
    """Refuse a dump that cannot be read to its end."""
    listed = _run("pg_restore", "--list", str(folder / NAME))
    if "TABLE DATA" not in listed or not counts:
        raise ActionRefused("The backup is damaged: its database is not whole.")
    _run("pg_restore", "--file=/dev/null", str(folder / NAME))


def replace(folder, moves, at, counts):
    """Put the dump in the place of what stands; all of it, or nothing is changed."""
    connection.close()
    with _psql() as script:
        _say(script, f"SET lock_timeout = '{SECONDS_FOR_A_LOCK}s';")
        _say(script, _drop(counts))
        for section in ("pre-data", "data"):
            _restore(script, folder, section)
        for file in sorted((folder / TABLES).iterdir()):
            with file.open("rb") as rows:
                shutil.copyfileobj(rows, script)
        script.flush()
        _restore(script, folder, "post-data")
        _say(script, _settle(moves, at) + _compare(counts))


def _say(script, sql):
    script.write(f"{sql}\n".encode())
    script.flush()


def _restore(script, folder, section):
    _run(
        *("pg_restore", "--no-owner", "--no-privileges", "--file=-"),
        *(f"--section={section}", str(folder / NAME)),
        stdout=script,
    )


def _drop(counts):
    """Whatever is ours; what else stands in the database is left alone."""
    ours = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True)
    }
    tables = sorted({*ours, *counts, *OTHERS})
    prefixes = ("icctracker_", *FAMILIES)
    named = " OR ".join(f"starts_with(proname, '{each}')" for each in prefixes)
    drops = "\n".join(
        f'DROP TABLE IF EXISTS public."{each}" CASCADE;' for each in tables
    )
    return f"""
        SET client_min_messages = warning;
        {drops}
        DO $do$ DECLARE found regprocedure; BEGIN
            FOR found IN SELECT oid FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND ({named})
            LOOP EXECUTE format('DROP FUNCTION %s CASCADE', found); END LOOP;
        END $do$;"""  # noqa: S608


def _settle(moves, at):
    """End what began before, and have every page that readers hold asked for anew."""
    return f"""
        UPDATE public.icctracker_user SET last_login = '{at}';
        INSERT INTO public.icctracker_dataversion (part, "transaction", moves, at)
            VALUES ('', 0, {moves:d}, '{at}'), ('record', 0, {moves:d}, '{at}');
    """  # noqa: S608


def _compare(counts):
    """Undo all of it where a table does not hold what the manifest tells."""
    checks = "\n".join(
        f"""IF (SELECT count(*) FROM public."{table}") <> {number:d} THEN
            RAISE EXCEPTION 'the table {table} is not whole'; END IF;"""  # noqa: S608
        for table, number in counts.items()
        # What moved while it was put back.
        if table != "icctracker_dataversion"
    )
    return f"DO $do$ BEGIN {checks} END $do$;"


@contextmanager
def _psql():
    """What is written to it is done as one transaction, or not at all."""
    command = _command("psql", "--no-psqlrc", "--quiet", "--single-transaction")
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [*command, "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        env=_environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process.stdin
        # Only now is it whole: psql undoes what it was told by half.
        process.stdin.close()
    except BrokenPipeError:
        pass
    except BaseException:
        process.kill()
        process.wait()
        raise
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait():
        raise ActionRefused(f"Nothing was changed: {said or 'psql has stopped'}")


def _run(*command, stdout=subprocess.PIPE):
    """What a program of PostgreSQL says; refuses where it does."""
    done = subprocess.run(  # noqa: S603 (our own command)
        _command(*command),
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise ActionRefused(f"{command[0]} cannot do it: {said}")
    return (done.stdout or b"").decode(errors="replace")


def _command(program, *arguments):
    found = shutil.which(program)
    if found is None:
        raise ActionRefused(f"{program} is missing: apt-get install postgresql-client")
    return [found, *arguments]


def _environment():
    """How the programs reach the database: nothing of it in what others may list."""
    told = connection.settings_dict
    # PgBouncer stands before the last one, which keeps what belongs to a session.
    given = {
        "PGDATABASE": told["NAME"],
        "PGUSER": told["USER"],
        "PGPASSWORD": told["PASSWORD"],
        "PGHOST": ",".join(reversed(told["HOST"].split(","))),
        "PGPORT": ",".join(reversed(str(told["PORT"]).split(","))),
        "PGSSLMODE": told["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": told["OPTIONS"].get("sslrootcert", ""),
        "PGCONNECT_TIMEOUT": str(told["OPTIONS"].get("connect_timeout", "")),
        "PGCLIENTENCODING": "UTF8",
    }
    return os.environ | {name: value for name, value in given.items() if value}
