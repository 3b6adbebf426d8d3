"""docs/inputs.md names homes and tests that are there."""

import re

import pytest
from django.conf import settings

TEXT = (settings.BASE_DIR / "docs" / "inputs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| [^|]+ \| [^|]* \| ([^|]+) \| ([^|]+) \|$", TEXT, re.M)
PLACE = re.compile(r"`((?:icctracker|tests|docs|deploy)/[^`]+)`")


def named():
    return sorted(
        {each for row in ROWS for cell in row for each in PLACE.findall(cell)}
    )


@pytest.mark.parametrize("name", named())
def test_what_it_names_is_there(name):
    path, _colons, inner = name.partition("::")
    text = (settings.BASE_DIR / path).read_text(encoding="utf-8")

    assert not inner or re.search(rf"^ *(?:def|class) {inner}\b", text, re.M)


def test_every_kind_has_a_test():
    kinds = [row for row in ROWS if row[0] != "Its home now" and "---" not in row[0]]

    assert len(kinds) > 25
    assert all("`tests/" in shown for _home, shown in kinds)
