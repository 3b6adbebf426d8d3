"""Numbers of paragraphs in seven languages, as those of the English text."""

import pytest

from icctracker.texts.numbering import BULLET, LETTER, ROMAN, read, roman


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("3.", "3"),
        ("3 -", "3"),
        ("٣ -", "3"),
        ("12", "12"),
        ("1 bis.", "1 bis"),
        ("(a)", "(a)"),
        ("a)", "(a)"),
        ("b.", "(b)"),
        ("(aa)", "(aa)"),
        ("(iv)", "(iv)"),
        ("(III)", "(III)"),
        ("(2)", "(2)"),
        ("’2‘", "(ii)"),
        ("㈠", "(i)"),
        ("(十二)", "(xii)"),
        ("(أ)", "(a)"),
        ("(ب)", "(b)"),
        ("(هـ)", "(e)"),
        ("б)", "(b)"),
        ("а)", "(a)"),
    ],
)
def test_a_number_is_read_in_whatever_script(written, shown):
    assert read(written)[0].shown == shown


@pytest.mark.parametrize("written", ["", "hello", "Annex", "2005 (2011)", "…", "(a-b)"])
def test_what_is_no_number_is_none(written):
    assert read(written) == []


@pytest.mark.parametrize("written", "• – — - *".split())
def test_bullets_have_no_number(written):
    assert read(written)[0].style == BULLET


def test_one_letter_may_be_a_roman_number_too():
    assert [each.style for each in read("(i)")] == [LETTER, ROMAN]
    assert [each.style for each in read("(b)")] == [LETTER]


@pytest.mark.parametrize("value", range(1, 90))
def test_roman_numbers_are_read_as_they_are_written(value):
    assert (ROMAN, value) in [each[:2] for each in read(f"({roman(value)})")]
