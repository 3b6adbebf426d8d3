import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.ruleset.wording import ADDED, REMOVED, SAME, compare, word_diff

LONG = "China and the Russian Federation voted against the draft on Syria"
TEXTS = st.text("ab. ’\n", max_size=20)


class TestWordDiff:
    @pytest.mark.parametrize(
        ("before", "after", "pieces"),
        [
            ("The same.", "The same.", [("same", "The same.")]),
            ("", "", []),
            ("", "New words.", [("added", "New words.")]),
            ("Old words.", "", [("removed", "Old words.")]),
            (
                "Each veto counts.",
                "Each negative vote counts.",
                [
                    ("same", "Each "),
                    ("removed", "veto"),
                    ("added", "negative vote"),
                    ("same", " counts."),
                ],
            ),
            ("It counts.", "It counts", [("same", "It counts"), ("removed", ".")]),
            (
                "A b c d",
                "A x y d",
                [("same", "A "), ("removed", "b c"), ("added", "x y"), ("same", " d")],
            ),
        ],
    )
    def test_whole_words_and_phrases_differ(self, before, after, pieces):
        assert word_diff(before, after) == pieces

    @given(TEXTS, TEXTS)
    def test_both_texts_can_be_read_from_it_to_the_letter(self, before, after):
        pieces = word_diff(before, after)

        assert "".join(text for kind, text in pieces if kind != "added") == before
        assert "".join(text for kind, text in pieces if kind != "removed") == after


class TestCompare:
    def test_one_word_in_a_sentence_is_marked_alone(self):
        pieces = compare(LONG, LONG.replace("draft", "resolution"))

        assert [piece for piece in pieces if piece[0] != SAME] == [
            (REMOVED, "draft"),
            (ADDED, "resolution"),
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
