"""Fixtures shared by all tests."""

import gc
import os

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from icctracker.imports.first_data import load_first_data
from icctracker.imports.first_record import load_council_record
from tests.council import write_part
from tests.kept_rows import KeptRows
from tests.migrated import drop_database, set_up_database

# The same examples on every run of CI; new ones on a developer's machine.
hypothesis.settings.register_profile(
    "tracker", max_examples=100, deadline=None, derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("tracker")


def pytest_collection_finish():
    """What is imported by now stays: looking through it for garbage costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings, django_db_blocker
):
    """Replaces pytest-django's own, which migrates anew for each worker and run."""
    with django_db_blocker.unblock():
        own_name = set_up_database()
    yield
    with django_db_blocker.unblock():
        drop_database(own_name)


@pytest.fixture(autouse=True)
def no_limit_reached_yet():
    """Attempts to sign in are counted across tests, unless they are forgotten."""
    cache.clear()


@pytest.fixture(scope="session")
def kept_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return KeptRows()


@pytest.fixture
def kept(kept_rows, db):
    """Makes something dear, or puts its rows back; see tests/kept_rows.py."""
    return kept_rows


@pytest.fixture
def first_data(kept):
    """The real data the site ships with."""
    return kept(load_first_data, settings.BASE_DIR / "fixtures" / "tracker")


@pytest.fixture(scope="session")
def council_folder(tmp_path_factory):
    """Files with a small part of the Council's record."""
    return write_part(tmp_path_factory.mktemp("council"))


@pytest.fixture
def council(kept, council_folder):
    """A small part of the Council's record."""
    return kept(load_council_record, council_folder)
