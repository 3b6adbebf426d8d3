"""Whatever a site loses but its primary, readers get their pages, and current ones."""

import os
import random
import signal
import time
from urllib.request import urlopen

import pytest

from tests.faults.load import Load, nobody_noticed
from tests.faults.services import until

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("todays_code")]

BEFORE, WITHOUT, AFTER = 2, 4, 3


def a_worker(site):
    """One of gunicorn's, which gunicorn replaces."""
    os.kill(random.choice(site.workers_of("one")), signal.SIGKILL)  # noqa: S311


def an_instance(site):
    site.kill("one")
    yield
    site.start_instance("one")


def redis(site):
    site.kill("redis")
    yield
    site.start_redis()


def the_replica(site):
    site.kill("replica")
    yield
    site.start_database("replica")


def pgbouncer(site):
    site.kill("pgbouncer")
    yield
    site.start_pgbouncer()


def room_in_redis(site):
    """It is full, and may throw nothing away."""
    tell_redis(site, "CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 1")
    yield
    tell_redis(site, "CONFIG SET maxmemory 100000000")


def what_the_primary_sends_to_the_replica(site):
    """The replica is there, and further behind with each second."""
    site.ask("SELECT pg_wal_replay_pause()", "replica")
    yield
    site.ask("SELECT pg_wal_replay_resume()", "replica")


def tell_redis(site, *commands):
    import socket

    with socket.create_connection(("127.0.0.1", site.ports["redis"])) as line:
        for command in commands:
            line.sendall(f"{command}\r\n".encode())
            assert line.recv(100).startswith(b"+OK"), command


LOST = [
    a_worker,
    an_instance,
    redis,
    room_in_redis,
    the_replica,
    what_the_primary_sends_to_the_replica,
    pgbouncer,
]


@pytest.mark.parametrize("part", LOST, ids=lambda part: part.__name__)
def test_nobody_misses(part, site, cookies):
    load = Load(site.address, cookies)
    with load.running():
        time.sleep(BEFORE)
        load.note_kill()
        mending = part(site)
        if mending:
            next(mending)
        load.note_kill()
        time.sleep(WITHOUT)
        if mending:
            next(mending, None)
        time.sleep(AFTER)

    nobody_noticed(site, load)


def test_readers_are_served_by_the_replica(site, cookies):
    def looks():
        """How often the replica has looked into the table of entries."""
        return int(
            site.ask(
                "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables"
                " WHERE relname = 'icctracker_evidence'",
                "replica",
            )
        )

    before = looks()

    for number in range(10):
        page = f"http://127.0.0.1:{site.ports['nginx']}/evidence/?q=word{number}"
        with urlopen(page) as answer:  # noqa: S310
            answer.read()

    until(lambda: looks() > before, "reading from it")
