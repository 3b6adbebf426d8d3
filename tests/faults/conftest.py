"""One site for all faults; it is taken apart and mended, never begun anew."""

import json
import signal
from urllib.request import urlopen

import pytest

from tests.faults import services
from tests.faults.earlier import code_of_before

pytest.register_assert_rewrite("tests.faults.load")


def pytest_sessionstart():
    """Whoever is told to end ends, by its fixtures, whatever it has started."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("told to end", 143))


def pytest_collection_modifyitems(items):
    """The upgrade comes first: it begins with the code of before."""
    items.sort(key=lambda item: "faults/test_upgrade" not in item.nodeid)


@pytest.fixture(scope="session")
def site():
    """A site of the code of before, on two instances, behind nginx."""
    if missing := services.missing():
        pytest.skip(f"not installed: apt-get install {' '.join(missing)}")
    with services.folder() as folder, code_of_before() as before:
        made = services.Site(folder)
        try:
            made.start_databases()
            made.start_pgbouncer()
            made.start_redis()
            made.manage("manage.py", "setup_site", code=before, pooled=False)
            made.start_replica()
            for name in ("one", "two"):
                made.start_instance(name, before, pooled=False)
            made.start_nginx()
            made.before = before
            yield made
        finally:
            made.end()


@pytest.fixture(scope="session")
def cookies(site):
    """What the browser of a curator holds."""
    # By the code that the tables are of: the upgrade begins with that of before.
    told = site.manage(
        "-m", "tests.faults.curator", code=site.codes["one"], pooled=False
    )
    return json.loads(told)


@pytest.fixture(scope="session")
def todays_code(site):
    """The site with the code of today, also where the upgrade was not tested."""
    if site.codes["one"] == site.before:
        site.manage("manage.py", "setup_site")
        for name in ("one", "two"):
            site.stop(name)
            site.start_instance(name)
    services.until(lambda: _is_ready(site), "an answer of the site")


def _is_ready(site):
    with urlopen(f"http://127.0.0.1:{site.ports['nginx']}/readyz") as answer:  # noqa: S310
        return answer.status == 200
