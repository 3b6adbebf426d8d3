"""Percentage agreement and Krippendorff's alpha."""

import subprocess
import sys

import pytest

from icctracker.ruleset.agreement import ENOUGH, NOMINAL, ORDINAL, agreement, alpha

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C:
# four observers, twelve units, missing data. A row for each observer, as printed.
PUBLISHED = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""


def units(table):
    """The columns of a table as printed, one for each unit."""
    rows = [line.split() for line in table.strip().splitlines()]
    codes = [[None if code == "." else int(code) for code in row] for row in rows]
    return list(zip(*codes, strict=True))


def pairs(same, different, *, first=1, second=2):
    """Units of two coders: some on which they agree, by turns, and some not."""
    agreed = [(first, first) if n % 2 else (second, second) for n in range(same)]
    return agreed + [(first, second)] * different


class TestAlpha:
    @pytest.mark.parametrize(
        ("level", "published"), [(NOMINAL, 0.743), (ORDINAL, 0.815)]
    )
    def test_it_is_that_of_the_published_worked_example(self, level, published):
        assert round(alpha(units(PUBLISHED), level), 3) == published

    def test_two_coders_and_two_codes_as_worked_out_by_hand(self):
        # Of 10 units 6 agree: Do = 8/20. Codes: 14 noughts, 6 ones of 20, so
        # De = 2 · 14 · 6 ⁄ (20 · 19), and alpha = 1 - .4 ⁄ .442 (example A, 2011).
        first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

        found = alpha(list(zip(first, second, strict=True)), NOMINAL)

        assert round(found, 3) == 0.095

    def test_a_near_miss_weighs_less_than_a_far_one_where_codes_have_an_order(self):
        near = pairs(20, 0, first=-2, second=2) + [(1, 2)] * 5 + [(1, 1)] * 5
        far = pairs(20, 0, first=-2, second=2) + [(-2, 2)] * 5 + [(1, 1)] * 5

        assert alpha(near, ORDINAL) > alpha(far, ORDINAL)

    def test_full_agreement_is_one(self):
        assert alpha(pairs(10, 0), NOMINAL) == 1

    @pytest.mark.parametrize("level", [NOMINAL, ORDINAL])
    @pytest.mark.parametrize(
        "found",
        [[], [(1, 1)] * 60, [(1, None), (None, 2)], [(1, 1), (1, None), (2, None)]],
        ids=["nothing", "one code", "no pair", "one code in pairs"],
    )
    def test_without_variation_it_is_not_defined(self, level, found):
        assert alpha(found, level) is None


class TestAgreement:
    def test_below_the_threshold_there_are_only_counts(self):
        found = agreement(pairs(ENOUGH - 2, 1), NOMINAL)

        assert (found.units, found.same) == (49, 48)
        assert not found.enough
        assert found.percent is None and found.alpha is None

    def test_from_the_threshold_on_there_is_all(self):
        found = agreement(pairs(ENOUGH - 5, 5), NOMINAL)

        assert (found.units, found.same, found.percent) == (50, 45, 90)
        assert found.alpha == alpha(pairs(45, 5), NOMINAL)

    def test_the_same_code_throughout_is_full_agreement_without_alpha(self):
        found = agreement([(2, 2)] * ENOUGH, ORDINAL)

        assert found.percent == 100
        assert found.alpha is None

    def test_nothing_at_all_is_counted_as_nothing(self):
        found = agreement([], ORDINAL)

        assert (found.units, found.same, found.percent) == (0, 0, None)


def test_the_site_starts_without_the_library():
    script = "import icctracker.ruleset.agreement, sys; print('numpy' in sys.modules)"

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
