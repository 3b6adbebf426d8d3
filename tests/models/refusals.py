"""What the database itself refuses, whoever writes to it."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction


@contextmanager
def refused_by(name):
    """The database refuses what happens inside because of this constraint."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        yield
    message = str(fault.value)
    assert name in message or message.endswith(_columns(name)), message


def _columns(name):
    """How SQLite names a constraint of uniqueness without condition: its columns."""
    model, constraint = next(
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name == name
    )
    fields = map(model._meta.get_field, getattr(constraint, "fields", ()))
    return "failed: " + ", ".join(
        f"{model._meta.db_table}.{field.column}" for field in fields
    )
