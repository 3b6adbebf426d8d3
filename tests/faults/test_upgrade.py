"""An upgrade that no reader and no writer notices: expand, then contract."""

import time

import pytest

from tests.faults.load import Load, nobody_noticed

pytestmark = pytest.mark.faults


def test_nobody_notices_an_upgrade(site, cookies):
    """Tables first, while the old code runs; then one instance after the other."""
    load = Load(site.address, cookies)
    with load.running():
        time.sleep(3)
        site.manage("manage.py", "setup_site")
        # Old code on new tables.
        time.sleep(3)
        for name in ("one", "two"):
            with site.set_aside(name):
                site.stop(name)
                site.start_instance(name)
            # Old and new code on the same tables, before the same reader.
            time.sleep(4)

    nobody_noticed(site, load)
