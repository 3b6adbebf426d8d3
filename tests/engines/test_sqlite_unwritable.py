"""A file of SQLite that others hold, that cannot grow, or beside which nothing can."""

import os
import sqlite3

import pytest
from django.core.management import call_command
from django.db import connection, connections

from icctracker.models import Actor
from icctracker.settings.sqlite import base
from icctracker.settings.table import CountingTable
from icctracker.web.kit import unwritable
from tests.own_site import own_site
from tests.unwritable import no_file_larger_than


@pytest.fixture
def site(django_db_setup, django_db_blocker, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("a database of SQLite is a file")
    with django_db_blocker.unblock(), own_site(tmp_path) as name:
        with connection.cursor() as cursor:
            # Whoever is held up says so at once, not after twenty seconds.
            cursor.execute("PRAGMA busy_timeout = 10")
        yield name


def locked(name):
    """Somebody else who writes, and goes on writing."""
    other = sqlite3.connect(name, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


class TestTheCause:
    def cause_of(self, write):
        with pytest.raises(Exception) as told:  # noqa: B017, PT011
            write()
        return unwritable.cause(told.value)

    def test_is_told_of_each_kind(self, site):
        other = locked(site)
        assert self.cause_of(make_actor) == unwritable.LOCKED
        assert unwritable.hindered() == unwritable.LOCKED
        other.close()
        with no_file_larger_than(1):
            assert self.cause_of(make_actor) == unwritable.FULL
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = 1")
        assert self.cause_of(make_actor) == unwritable.READ_ONLY
        assert unwritable.hindered() == unwritable.READ_ONLY

    def test_another_fault_is_none(self, site):
        assert unwritable.cause(ValueError("no number")) is None
        assert unwritable.hindered() is None


def make_actor():
    return Actor.objects.create(name="Somebody")


class TestCounting:
    @pytest.fixture
    def table(self, site):
        call_command("createcachetable", "counted", verbosity=0)
        return CountingTable("counted", {})

    def test_is_done_once_for_each_key(self, table):
        assert table.add("a", 1) and not table.add("a", 2)
        table.set("a", 3)
        assert table.get("a") == 3

    def test_says_so_where_it_cannot_be_done(self, site, table):
        """It was taken for a refusal: people were told that they tried too often."""
        other = locked(site)
        with pytest.raises(Exception, match="locked"):  # noqa: B017
            table.add("b", 1)
        other.close()
        with no_file_larger_than(1):
            with pytest.raises(Exception, match="I/O|full"):  # noqa: B017
                table.add("b", 1)
        assert table.add("b", 1)


class TestOpening:
    """Root may write where others may not, so it is SQLite that refuses here."""

    def test_a_file_that_nothing_can_lie_beside_is_read_as_it_is(
        self, site, monkeypatch
    ):
        make_actor()
        connection.close()
        assert not os.path.exists(f"{site}-wal")
        # What SQLite would make there, on a disk that is full: it cannot grow.
        with no_file_larger_than(1):
            assert Actor.objects.count() == 1
            with pytest.raises(Exception) as told:  # noqa: B017, PT011
                make_actor()
            assert unwritable.cause(told.value) == unwritable.READ_ONLY
            # For one request: the next one tries anew.
            assert connection.close_at is not None

        connection.close_if_unusable_or_obsolete()

        assert Actor.objects.create(name="Somebody else").pk
        assert connection.close_at is None

    def test_one_that_is_not_there_is_not_made_up(self, site, tmp_path):
        told = dict(connections.settings["default"], NAME=str(tmp_path / "no" / "db"))
        with pytest.raises(Exception, match="There is no database"):  # noqa: B017
            base.DatabaseWrapper(told, "default").ensure_connection()
