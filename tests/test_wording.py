import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.wording import word_diff

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
