"""Pinpoints, however people write them, are the paragraphs that the index names."""

import pytest

from icctracker.texts import pinpoints


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("OP 6", ["OP 6"]),
        ("op6", ["OP 6"]),
        ("OP 30(f)(i)", ["OP 30 (f) (i)"]),
        ("OP 16 (g); OP 27", ["OP 16 (g)", "OP 27"]),
        ("OP 27 and 28", ["OP 27", "OP 28"]),
        ("OP 27, 28", ["OP 27", "OP 28"]),
        ("OPs 4-6", ["OP 4", "OP 5", "OP 6"]),
        ("operative paragraph 6", ["OP 6"]),
        ("Preambular paragraph 4", ["PP 4"]),
        ("preamble; OP 7", ["PP", "OP 7"]),
        ("para. 2", ["PARA 2"]),
        ("OP 4 [2]", ["OP 4 [2]"]),
        ("OP 1; annex 1, point 6", ["OP 1", "ANNEX 1, 6"]),
        ("annex II, 3; 4", ["ANNEX II, 3", "ANNEX II, 4"]),
        ("OP 9-3", ["OP 9-3"]),
        ("throughout", []),
        ("", []),
    ],
)
def test_a_pinpoint_names_paragraphs(typed, meant):
    assert list(pinpoints.read(typed)) == meant


@pytest.mark.parametrize(
    ("pinpoint", "paragraph", "touched"),
    [
        ("OP 9", "OP 9", True),
        ("OP 9", "OP 9 (b)", True),
        ("OP 9 (b)", "OP 9", True),
        ("OP 9 (b)", "OP 9 (c)", False),
        ("OP 9", "OP 91", False),
        ("PP", "PP 4", True),
        ("PP 4", "PP 5", False),
        ("ANNEX 1", "ANNEX 1, 6", True),
        ("ANNEX 1, 6", "OP 6", False),
    ],
)
def test_a_paragraph_is_touched_by_its_parts_and_its_whole(
    pinpoint, paragraph, touched
):
    assert pinpoints.touches(pinpoint, paragraph) is touched


@pytest.mark.parametrize(
    ("label", "annex", "pinpoint", "anchor"),
    [
        ("OP 30 (f) (i)", "", "OP 30 (f) (i)", "op-30-f-i"),
        ("OP [1]", "", "OP 1", "op-1"),
        ("section B, OP 19", "", "OP 19", "section-b-op-19"),
        ("6", "Annex 1", "ANNEX 1, 6", "annex-1-6"),
        ("para 7", "Annex II", "ANNEX II, 7", "annex-ii-para-7"),
        ("6", "ANNEX 1 - A Plan", "ANNEX 1, 6", "annex-1-6"),
    ],
)
def test_a_paragraph_of_the_index_has_a_pinpoint_and_an_address(
    label, annex, pinpoint, anchor
):
    assert pinpoints.label(label, annex) == pinpoint
    assert pinpoints.anchor(label, annex) == anchor
    assert pinpoints.read(pinpoint) == (pinpoint,)
