"""Putting a backup back: verified first, then whole or not at all."""

import shutil
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from icctracker.actions import ActionRefused

from . import archive, fleeting, making, sqlite


def restore(path, *, identity=None, of_another_site=False, check_only=False):
    """Replace what stands by a backup, or only verify it; its manifest."""
    path = Path(path)
    home = _home()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with making.scratch(home) as folder:
            manifest = archive.unpack(path, folder, identity)
            _refuse(manifest, of_another_site)
            making.engine().verify(folder, manifest["counts"])
            if not check_only:
                _replace(folder, manifest)
    except making.FAILURES as fault:
        raise ActionRefused(f"Nothing was changed: {fault}") from fault
    return manifest


def _home():
    """Where a backup is unpacked: for SQLite, on the disk that it will stand on."""
    return (
        sqlite.path().parent if connection.vendor == "sqlite" else settings.BACKUP_DIR
    )


def _refuse(manifest, of_another_site):
    """Refuse what cannot be put back here, before anything is touched."""
    if manifest["engine"] != connection.vendor:
        raise ActionRefused(
            f"The backup is of {manifest['engine']}, and this site has"
            f" {connection.vendor}: set DATABASE_URL to such a database."
        )
    known = {".".join(each) for each in MigrationLoader(None).disk_migrations}
    if unknown := set(manifest["migrations"]) - known:
        raise ActionRefused(
            "The backup was made by a newer version of the code, which knows"
            f" {', '.join(sorted(unknown))}: put that version in place first."
        )
    if manifest["site"] != settings.SITE_URL and not of_another_site:
        raise ActionRefused(
            f"The backup is of {manifest['site']}, and this is {settings.SITE_URL}."
            " If that is meant, say --of-another-site."
        )


def _replace(folder, manifest):
    moves, sessions = _standing()
    at = timezone.now().strftime("%Y-%m-%d %H:%M:%S.%f")
    if connection.vendor == "sqlite":
        sqlite.replace(folder, moves, at)
    else:
        at = f"{at}+00"
        making.engine().replace(folder, moves, at, manifest["counts"])
    _forget(sessions)
    try:
        _put_imports(folder / making.IMPORTS)
    except OSError as fault:
        # The records are replaced, and so it must not be said that nothing was.
        manifest["left"] = str(fault)


def stands():
    """Whether there is anything that would be replaced."""
    if connection.vendor == "sqlite" and not sqlite.path().exists():
        return False
    try:
        return bool(connection.introspection.table_names())
    except DatabaseError:
        return True
    finally:
        connection.close()


def _standing():
    """How often what stands has moved, and keys of its sessions, if it is legible."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(SUM(moves), 0) FROM icctracker_dataversion")
            moves = int(cursor.fetchone()[0])
            cursor.execute("SELECT session_key FROM django_session")
            return moves + 1, [row[0] for row in cursor.fetchall()]
    except DatabaseError:
        return 1, []
    finally:
        connection.close()


def _forget(sessions):
    """Copies of sessions that a cache holds would open the site a while longer."""
    if "sessions" not in settings.CACHES:
        return
    prefix = import_module(settings.SESSION_ENGINE).KEY_PREFIX
    caches["sessions"].delete_many([prefix + each for each in sessions])


def _put_imports(found):
    """The files of imports; those that lay there belong to runs that are gone."""
    for folder in (settings.IMPORT_DIR, settings.VAR_DIR / "imports"):
        if folder.exists():
            now = timezone.now()
            folder.rename(folder.with_name(f"{folder.name}-before-{now:%Y%m%dT%H%M%S}"))
    if found.exists():
        settings.IMPORT_DIR.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(found, settings.IMPORT_DIR)


def told(manifest):
    """What has to be done now, in sentences."""
    yield "manage.py setup_site, if the code is newer than the backup."
    if manifest["key"] != making.key_sign():
        yield (
            "SECRET_KEY is not the one of the backup: put that into .env, or have"
            " everybody's second step set up anew (manage.py reset_two_factor NAME)."
        )
    if left := manifest.get("left"):
        yield f"Import files anew: they could not be put into IMPORT_DIR ({left})."
    yield from fleeting.told(manifest["again"])
