"""How alike two paragraphs are."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from icctracker.texts.kinship import Measured, kept, words_of

WORDS = st.lists(st.sampled_from("the harbour lamps at dusk".split()), max_size=14)


def longest_common(before, after):
    """The textbook table, one number after the other."""
    row = [0] * (len(after) + 1)
    for word in before:
        last = 0
        for place, other in enumerate(after, start=1):
            kept_so_far = row[place]
            row[place] = last + 1 if word == other else max(row[place], row[place - 1])
            last = kept_so_far
    return row[-1]


@given(WORDS, WORDS)
def test_as_many_words_are_kept_as_stand_in_both_in_order(before, after):
    assert kept(before, after).kept == longest_common(before, after)


@given(WORDS, WORDS)
def test_nothing_that_is_alike_is_passed_over(before, after):
    if not before and not after:
        return
    found, measured = kept(before, after), Measured(after)

    assert measured.may_reach(Counter(before), len(before), found.similarity - 1e-9)


def test_the_share_is_that_of_both_lengths():
    found = kept(words_of("Lights the lamps at dusk"), words_of("lights all the lamps"))

    assert (found.kept, found.added, found.removed) == (3, 1, 2)
    assert found.similarity == 6 / 9


def test_signs_and_capitals_make_no_other_word():
    assert words_of("The Court’s “Lamps”,") == words_of("the court's lamps")
