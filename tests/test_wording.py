"""Two texts, compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from icctracker.wording import ADDED, REMOVED, SAME, compare

LONG = "China and the Russian Federation voted against the draft on Syria"
TEXTS = st.lists(st.sampled_from("a veto was cast on the draft, twice".split())).map(
    " ".join
)


def joined(pieces, *kinds):
    """The pieces of some kinds in one, without regard to space."""
    return "".join(text for kind, text in pieces if kind in kinds).split()


class TestCompare:
    def test_one_word_in_a_sentence_is_marked_alone(self):
        pieces = compare(LONG, LONG.replace("draft", "resolution"))

        assert [piece for piece in pieces if piece[0] != SAME] == [
            (REMOVED, "draft "),
            (ADDED, "resolution "),
        ]

    def test_short_texts_are_replaced_whole(self):
        assert compare("22 May 2014", "23 May 2014") == [
            (REMOVED, "22 May 2014"),
            (ADDED, "23 May 2014"),
        ]

    def test_texts_that_share_little_are_replaced_whole(self):
        other = "Nothing of what was written before holds any longer at all here"

        assert compare(LONG, other) == [(REMOVED, LONG), (ADDED, other)]

    def test_what_is_the_same_is_said_once(self):
        assert compare(LONG, LONG) == [(SAME, LONG)]
        assert compare("", "") == []

    def test_what_was_not_there_is_only_added(self):
        assert compare("", "New") == [(ADDED, "New")]
        assert compare("Old", "") == [(REMOVED, "Old")]

    @given(TEXTS, TEXTS)
    def test_both_texts_can_be_read_out_of_it(self, before, after):
        pieces = compare(before, after)

        assert joined(pieces, SAME, REMOVED) == before.split()
        assert joined(pieces, SAME, ADDED) == after.split()
