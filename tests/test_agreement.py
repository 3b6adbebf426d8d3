"""Percentage agreement and Krippendorff's alpha."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.ruleset.agreement import ENOUGH, NOMINAL, ORDINAL, agreement, alpha

# Worked examples as printed, a row for each observer. The first three are those of
# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011).
BINARY = """
    0 1 0 0 0 0 0 0 1 0
    1 1 1 0 0 1 0 0 0 0
"""
TWO_OBSERVERS = """
    a a b b d c c c e d d a
    b a b b b c c c e d d d
"""
MISSING = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""
# Wikipedia, "Krippendorff's alpha", "A computational example".
THREE_CODERS = """
    . . . . . 3 4 1 2 1 1 3 3 . 3
    1 . 2 1 3 3 4 3 . . . . . . .
    . . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""
LEVELS = pytest.mark.parametrize("level", [NOMINAL, ORDINAL])
CODES = st.lists(
    st.tuples(*[st.none() | st.integers(-2, 2)] * 3), min_size=1, max_size=30
)


def units(table):
    """The columns of a table as printed, one for each unit."""
    rows = [line.split() for line in table.strip().splitlines()]
    codes = [[None if code == "." else code for code in row] for row in rows]
    return list(zip(*codes, strict=True))


def pairs(same, different, *, first=1, second=2):
    """Units of two coders: some on which they agree, by turns, and some not."""
    agreed = [(first, first) if n % 2 else (second, second) for n in range(same)]
    return agreed + [(first, second)] * different


class TestAlpha:
    @pytest.mark.parametrize(
        ("table", "level", "published"),
        [
            (BINARY, NOMINAL, 0.095),
            (TWO_OBSERVERS, NOMINAL, 0.692),
            (MISSING, NOMINAL, 0.743),
            (MISSING, ORDINAL, 0.815),
            (THREE_CODERS, NOMINAL, 0.691),
        ],
    )
    def test_it_is_that_of_the_published_worked_examples(self, table, level, published):
        assert round(alpha(units(table), level), 3) == published

    def test_codes_with_an_order_as_worked_out_by_hand(self):
        # Codes: two 1, three 2, one 3. Squared, 1 and 2 are (5 - 2.5)² = 6.25 apart,
        # 2 and 3 (4 - 2)² = 4, 1 and 3 (6 - 1.5)² = 20.25. Units differ by 4; chance
        # would by (6 · 6.25 + 3 · 4 + 2 · 20.25) ⁄ 5 = 18.
        found = alpha([(1, 1), (2, 2), (2, 3)], ORDINAL)

        assert found == pytest.approx(1 - 4 / 18)

    @LEVELS
    @given(st.data())
    def test_full_agreement_is_one(self, level, data):
        codes = data.draw(st.lists(st.integers(-2, 2), min_size=2, unique=True))
        coders = data.draw(st.integers(2, 4))

        assert alpha([(code,) * coders for code in codes], level) == 1

    @LEVELS
    @given(found=CODES, data=st.data())
    def test_the_order_of_units_and_coders_does_not_matter(self, level, found, data):
        other_units = data.draw(st.permutations(found))
        other_coders = data.draw(st.permutations(range(3)))
        otherwise = [tuple(unit[n] for n in other_coders) for unit in other_units]

        assert alpha(otherwise, level) == alpha(found, level)

    @LEVELS
    @given(found=CODES, code=st.integers(-2, 2))
    def test_what_only_one_coder_coded_does_not_count(self, level, found, code):
        more = [*found, (None, code, None), (None, None, None)]

        assert alpha(more, level) == alpha(found, level)

    @LEVELS
    @given(found=CODES)
    def test_it_is_never_above_one(self, level, found):
        result = alpha(found, level)

        assert result is None or result <= 1

    @given(found=CODES)
    def test_only_the_order_of_codes_matters_not_their_distance(self, found):
        stretched = [
            tuple(None if code is None else code**3 for code in unit) for unit in found
        ]

        assert alpha(stretched, ORDINAL) == alpha(found, ORDINAL)

    def test_a_near_miss_weighs_less_than_a_far_one_where_codes_have_an_order(self):
        near = pairs(20, 0, first=-2, second=2) + [(1, 2)] * 5 + [(1, 1)] * 5
        far = pairs(20, 0, first=-2, second=2) + [(-2, 2)] * 5 + [(1, 1)] * 5

        assert alpha(near, ORDINAL) > alpha(far, ORDINAL)

    @LEVELS
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
