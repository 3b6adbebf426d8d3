"""Fixtures shared by all tests."""

import os

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from icctracker.imports.first_data import load_first_data
from icctracker.imports.first_record import load_council_record
from tests.council import write_part

# The same examples on every run of CI; new ones on a developer's machine.
hypothesis.settings.register_profile(
    "tracker", max_examples=100, deadline=None, derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("tracker")


@pytest.fixture(autouse=True)
def no_limit_reached_yet():
    """Attempts to sign in are counted across tests, unless they are forgotten."""
    cache.clear()


@pytest.fixture
def first_data(db):
    """The real data the site ships with."""
    return load_first_data(settings.BASE_DIR / "fixtures" / "tracker")


@pytest.fixture(scope="session")
def council_folder(tmp_path_factory):
    """Files with a small part of the Council's record."""
    return write_part(tmp_path_factory.mktemp("council"))


@pytest.fixture
def council(db, council_folder):
    """A small part of the Council's record."""
    return load_council_record(council_folder)
