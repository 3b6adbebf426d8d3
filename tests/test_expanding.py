"""Migrations that old code does not notice, so that a site is upgraded while it runs.

While an upgrade is under way the old code still reads and writes. So a migration may
add what may be left out; what is taken away goes a release later, and is named here.
"""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import migrations, models
from django.db.models import NOT_PROVIDED

FOLDER = Path(__file__).resolve().parent.parent / "icctracker" / "migrations"
# Those up to here ran before two versions of the code were ever at work at once.
BEFORE = "0023_lists_by_index"
# By its name: why it may take something away that no running code uses any more.
CONTRACTING = {
    "0030_sums_of_what_is_counted": "what old triggers write, its constraints take",
    "0041_statements_and_failed_drafts": "its constraints take all that those before"
    " took, and more",
}

TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def narrows(operation):
    """What old code would notice of an operation, in words; empty if nothing."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        inner = map(narrows, operation.database_operations)
        return "; ".join(filter(None, inner))
    if isinstance(operation, TAKES_AWAY):
        return f"{type(operation).__name__} takes away what old code asks for"
    if isinstance(operation, migrations.AddField) and must_be_written(operation.field):
        return f"{operation.name}: old code, which does not know it, writes no row"
    if isinstance(operation, migrations.AddConstraint):
        return f"{operation.constraint.name}: old code may write what it refuses"
    return ""


def must_be_written(field):
    """Whether a row cannot be written without naming a field."""
    return not (
        field.null or field.many_to_many or field.db_default is not NOT_PROVIDED
    )


def added():
    names = sorted(path.stem for path in FOLDER.glob("0*.py"))
    return [name for name in names if name > BEFORE and name not in CONTRACTING]


def test_what_is_added_from_now_on_only_expands():
    found = {
        name: notes
        for name in added()
        if (notes := list(filter(None, map(narrows, on_what_there_was(name)))))
    }

    assert found == {}


def on_what_there_was(name):
    """What a migration does to tables that it has not made itself."""
    operations = import_module(f"icctracker.migrations.{name}").Migration.operations
    made = {
        each.name.lower()
        for each in operations
        if isinstance(each, migrations.CreateModel)
    }
    return [each for each in operations if getattr(each, "model_name", "") not in made]


def test_what_is_listed_as_contracting_is_there():
    assert all((FOLDER / f"{name}.py").exists() for name in CONTRACTING)


TEXT = models.TextField()


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("gap", "text"),
        migrations.RenameField("gap", "text", "words"),
        migrations.DeleteModel("Gap"),
        migrations.AddField("gap", "words", TEXT),
        migrations.AddField("gap", "words", models.TextField(default="")),
        migrations.SeparateDatabaseAndState([migrations.DeleteModel("Gap")], []),
    ],
    ids=str,
)
def test_what_old_code_would_notice_is_found(operation):
    assert narrows(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Gap", [("text", TEXT)]),
        migrations.AddField("gap", "words", models.TextField(null=True)),  # noqa: DJ001
        migrations.AddField("gap", "words", models.TextField(db_default="")),
        migrations.AlterField("gap", "text", models.TextField(blank=True)),
        migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("Gap")]),
    ],
    ids=str,
)
def test_what_only_expands_is_not(operation):
    assert not narrows(operation)
