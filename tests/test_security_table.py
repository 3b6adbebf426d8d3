"""docs/security.md has every requirement, and no test that is not there."""

import re

import pytest
from django.conf import settings

DOCUMENT = settings.BASE_DIR / "docs" / "security.md"
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.M
)
# ASVS 5.0.0, levels 1 and 2: of each section the last number, and those of level 3.
SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5"
    " 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4"
    " 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1"
    " 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3"
    " 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5"
    " 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3"
    " 17.1:1 17.2:4 17.3:2"
)
STATES = {"met", "in part", "not met", "n/a"}


def rows():
    return ROW.findall(DOCUMENT.read_text(encoding="utf-8"))


def shown_by():
    named = (re.findall(r"`([^`]+)`", row[4]) for row in rows())
    return sorted({each for some in named for each in some})


def test_each_requirement_stands_there_once():
    asked = [
        f"{section}.{number}"
        for section, last in (each.split(":") for each in SECTIONS.split())
        for number in range(1, int(last) + 1)
    ]

    assert [row[0] for row in rows()] == asked
    assert len(asked) == 253


def test_each_says_how_it_stands_and_why():
    assert {row[2] for row in rows()} == STATES
    assert all(row[1].strip() and row[3].strip() for row in rows())


def test_the_sums_are_those_of_the_rows():
    states = [row[2] for row in rows()]
    met, part, missed, others = (
        states.count(each) for each in ("met", "in part", "not met", "n/a")
    )
    said = (
        f"{met} are met, {part} in part, {missed} are not met, {others} do not apply."
    )

    assert said in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", shown_by())
def test_what_shows_it_is_there(name):
    path, _colons, inner = name.partition("::")
    text = (settings.BASE_DIR / path).read_text(encoding="utf-8")

    assert not inner or re.search(rf"^ *(?:def|class) {inner}\b", text, re.M)


def test_what_is_met_is_mostly_shown():
    met = [row for row in rows() if row[2] == "met"]

    assert sum(bool(row[4].strip()) for row in met) >= 0.8 * len(met)
