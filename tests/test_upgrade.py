"""What the drill of an upgrade (``.ci/upgrade``) calls lost or moved."""

import runpy
from copy import deepcopy

import pytest
from django.conf import settings

DRILL = runpy.run_path(str(settings.BASE_DIR / ".ci" / "upgrade" / "__main__.py"))
BEFORE = {
    "tables": {
        "entry": {"key": "id", "columns": ["id", "title"], "rows": [[1, "A"], [2, "B"]]}
    },
    "statuses": [["2020-12-31", None, {"rule": "1", "all": [{"status": "limited"}]}]],
    "complaints": ["An old one."],
    "answers": {"": {"/": 200}},
}


def found(change):
    after = deepcopy(BEFORE)
    change(after)
    return list(DRILL["faults"](BEFORE, after))


def set_status(after, status):
    after["statuses"][0][2]["all"][0]["status"] = status


def rename(after, before, now):
    columns = after["tables"]["entry"]["columns"]
    columns[columns.index(before)] = now


def test_an_upgrade_may_change_nothing():
    assert found(lambda after: None) == []


def test_it_may_add_tables_columns_rows_and_facts_of_a_status():
    def add(after):
        table = after["tables"]["entry"]
        table["columns"].insert(0, "new")
        table["rows"] = [[None, *row] for row in [[3, "C"], [2, "B"], [1, "A"]]]
        after["tables"]["other"] = {"key": None, "columns": ["x"], "rows": [["y"]]}
        after["statuses"][0][2]["publication"] = "a-note"
        after["complaints"].clear()

    assert found(add) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda after: after["tables"].clear(), "table entry is gone"),
        (lambda after: after["tables"]["entry"]["rows"].pop(), "entry 2 is gone"),
        (
            lambda after: after["tables"]["entry"]["rows"][1].__setitem__(1, "b"),
            "entry.title of 2 was 'B' and is 'b'",
        ),
        (
            lambda after: set_status(after, "followed"),
            "status on 2020-12-31, known at present: /all/0/status was 'limited' and is"
            " 'followed'",
        ),
        (
            lambda after: after["statuses"][0][2].pop("rule"),
            "status on 2020-12-31, known at present: /rule was '1' and is 'nothing'",
        ),
        (
            lambda after: after["complaints"].append("A new one."),
            "check_consistency says now: A new one.",
        ),
        (
            lambda after: after["answers"][""].update({"/": 500}),
            "/ answers readers with 500",
        ),
    ],
)
def test_what_is_lost_or_moved_is_told(change, fault):
    assert found(change) == [fault]


def test_a_renamed_column_is_lost_unless_it_is_listed(monkeypatch):
    def change(after):
        rename(after, "title", "heading")

    assert len(found(change)) == 2

    monkeypatch.setitem(DRILL["MOVED"], "entry.title", "heading")
    assert found(change) == []


def test_what_is_changed_on_purpose_is_no_fault(monkeypatch):
    def change(after):
        after["tables"]["entry"]["rows"][0][1] = "Otherwise"

    assert len(found(change)) == 1

    monkeypatch.setitem(DRILL["INTENDED"], "entry.title", "Read again.")
    assert found(change) == []
