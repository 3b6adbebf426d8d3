"""Fixtures shared by all tests."""

import pytest
from django.conf import settings

from icctracker.imports.first_data import load_first_data


@pytest.fixture
def first_data(db):
    """The real data the site ships with."""
    return load_first_data(settings.BASE_DIR / "fixtures" / "tracker")
