"""What the sweeps share: a database that stands for all tests of one module."""

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def standing_database(kept_rows, django_db_blocker):
    """What a module writes here stands for all its tests; each of them is undone."""
    with kept_rows.aside(), django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
