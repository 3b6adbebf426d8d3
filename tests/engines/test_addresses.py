"""Each engine is told what it needs from its address alone."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from icctracker.settings.addresses import caches, database, replica

TRACKER = "postgres://me:secret@db.example.org:5432/tracker"
REDIS = "redis://cache.example.org:6379/1"
SHARED = "default", "answers", "fragments", "sessions"


class TestADatabase:
    def test_behind_pgbouncer_nothing_outlasts_a_transaction(self):
        found = database(f"{TRACKER}?pgbouncer=1")

        assert found["DISABLE_SERVER_SIDE_CURSORS"]
        assert found["OPTIONS"]["prepare_threshold"] is None
        # It is the pool, and does not know the option by which we are told of it.
        assert not {"pool", "pgbouncer"} & found["OPTIONS"].keys()

    def test_without_pgbouncer_has_a_pool_in_each_process(self):
        assert database(TRACKER)["OPTIONS"]["pool"]
        assert "pool" not in database(TRACKER, pool=False)["OPTIONS"]

    def test_what_the_address_says_is_passed_on(self):
        assert database(f"{TRACKER}?sslmode=require")["OPTIONS"]["sslmode"] == "require"

    def test_may_have_several_hosts_which_are_tried_in_turn(self):
        found = database("postgres://me@one:6432,two:5432/tracker?pgbouncer=1")

        assert (found["HOST"], found["PORT"]) == ("one,two", "6432,5432")

    def test_a_dead_connection_is_noticed_before_it_is_used(self):
        assert database(TRACKER)["CONN_HEALTH_CHECKS"]
        assert replica(TRACKER)["CONN_HEALTH_CHECKS"]

    @pytest.mark.filterwarnings("ignore:Engine not recognized")
    @pytest.mark.parametrize("address", ["nonsense", "mysql://me@db/tracker", ""])
    def test_of_another_kind_stops_the_start(self, address):
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
            database(address)

    def test_a_replica_of_sqlite_stops_the_start(self):
        with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL"):
            replica("sqlite:////tmp/copy.sqlite3")


class TestCaches:
    def test_in_redis_all_machines_share_limits_answers_and_sessions(self):
        found = caches(REDIS)

        in_redis = [found[name] for name in SHARED]
        assert {each["LOCATION"] for each in in_redis} == {REDIS}
        # Nobody finds what another part has kept by the same name.
        assert len({each["KEY_PREFIX"] for each in in_redis}) == len(SHARED)

    def test_limits_are_counted_in_the_database_while_redis_is_gone(self):
        found = caches(REDIS)

        assert found["default"]["OPTIONS"]["instead"] == "table"
        assert found["table"]["BACKEND"].endswith("CountingTable")

    def test_without_redis_answers_are_kept_by_each_process(self):
        found = caches("dbcache://cache")

        assert found["answers"]["BACKEND"].endswith("LocMemCache")
        assert found["default"]["OPTIONS"]["MAX_ENTRIES"] == 100_000
        assert "sessions" not in found
