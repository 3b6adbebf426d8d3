"""The files of a site: a database is opened where it is, and read by nobody else."""

import os
import sqlite3
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from icctracker.settings import files
from icctracker.settings.addresses import database

COMMANDS = ["status", "migrate", "work --batch", "setup_site --dry-run"]


def site(path):
    return database(f"sqlite:///{path}")


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def run(*words, folder, **given):
    environment = {
        "SECRET_KEY": "x",
        "VAR_DIR": str(folder),
        "PATH": os.environ["PATH"],
    }
    environment |= {"DATABASE_URL": "", "STATIC_ROOT": str(folder / "static")} | given
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestADatabase:
    def test_that_is_not_there_is_not_made(self, tmp_path):
        path = tmp_path / "typo.sqlite3"

        with pytest.raises(files.NoDatabase, match="Check DATABASE_URL and VAR_DIR"):
            sqlite3.connect(str(path), factory=files.Existing)

        assert not path.exists()

    def test_that_is_there_is_opened_to_be_written(self, tmp_path):
        path = tmp_path / "odd name? #1 %41.sqlite3"
        files.make(site(tmp_path / "x") | {"NAME": str(path)})

        found = sqlite3.connect(str(path), factory=files.Existing, uri=True)
        found.execute("CREATE TABLE something (id)")
        found.close()

        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("command", COMMANDS)
    def test_that_is_mistyped_is_said_by_every_command(self, tmp_path, command):
        done = run("manage.py", *command.split(), folder=tmp_path)

        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert f"There is no database at {tmp_path}/db.sqlite3." in done.stderr
        assert not list(tmp_path.iterdir())

    def test_that_is_mistyped_stops_the_server(self, tmp_path):
        done = run("-c", "import icctracker.wsgi", folder=tmp_path)

        assert "There is no database at" in done.stderr.splitlines()[-1]
        assert not list(tmp_path.iterdir())

    def test_in_a_folder_that_is_not_there_is_said_by_setting_up(self, tmp_path):
        address = f"sqlite:///{tmp_path}/typo/db.sqlite3"

        done = run("manage.py", "setup_site", folder=tmp_path, DATABASE_URL=address)

        assert done.returncode == 1
        said = f"No database can be made at {tmp_path}/typo/db.sqlite3"
        assert said in done.stderr and "Traceback" not in done.stderr

    def test_on_a_server_or_in_memory_is_none_of_our_files(self):
        files.require(database("postgres://me@db.example.org/tracker"))
        files.require(database("sqlite://:memory:"))

        with pytest.raises(ImproperlyConfigured):
            files.require(site("/nonexistent/db.sqlite3"))


@pytest.fixture
def loose(tmp_path):
    """The folder of a site as older code made it, with a link that leads out of it."""
    folder, outside = tmp_path / "var", tmp_path / "outside"
    (folder / "imports" / "1").mkdir(parents=True)
    for path in (folder / "db.sqlite3", folder / "imports" / "1" / "file", outside):
        path.touch()
    for path in (folder, *folder.rglob("*"), outside):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "link").symlink_to(outside)
    return folder


class TestOtherAccounts:
    def test_read_no_database_that_the_site_makes(self, tmp_path):
        files.make(site(tmp_path / "db.sqlite3"))

        assert mode_of(tmp_path / "db.sqlite3") == 0o600

    def test_are_shut_out_of_an_older_site(self, loose):
        closed, others = files.close_to_others(loose, site(loose / "db.sqlite3"))

        inside = [loose, *(each for each in loose.rglob("*") if not each.is_symlink())]
        assert (closed, others) == (len(inside), [])
        assert {mode_of(each) for each in inside if each.is_dir()} == {0o700}
        assert {mode_of(each) for each in inside if each.is_file()} == {0o600}
        assert mode_of(loose.parent / "outside") == 0o644

    def test_are_told_of_by_the_check_of_a_deployment(self, loose, settings):
        settings.VAR_DIR = loose

        def found():
            told = checks.run_checks(include_deployment_checks=True)
            return [each for each in told if each.id == "icctracker.W004"]

        assert len(found()) == 5
        files.close_to_others(loose, site(loose / "db.sqlite3"))
        assert not found()

    def test_keep_a_folder_that_everybody_writes_to(self, tmp_path):
        shared = tmp_path / "tmp"
        shared.mkdir()
        shared.chmod(0o1777)

        files.close_to_others(shared, site(shared / "db.sqlite3"))

        assert mode_of(shared) == 0o777 | stat.S_ISVTX

    def test_read_nothing_that_sqlite_puts_beside_a_database(self, tmp_path):
        path = tmp_path / "db.sqlite3"
        files.make(site(path))

        found = sqlite3.connect(str(path), factory=files.Existing, uri=True)
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("CREATE TABLE something (id)")

        assert len(list(tmp_path.iterdir())) == 3
        assert {mode_of(each) for each in tmp_path.iterdir()} == {0o600}
        found.close()
