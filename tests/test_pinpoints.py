"""Pinpoints, however people write them, are the paragraphs that the index names."""

import csv

import pytest
from django.conf import settings

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
        ("annex III, paragraph 2; OP 1", ["ANNEX III, 2", "OP 1"]),
        ("annex, paragraph (a) (ii)", ["ANNEX, (a) (ii)"]),
        ("annex, accountability section", []),
        ("OP (l)", ["OP (l)"]),
        ("OP 4, (b)", ["OP 4"]),
        ("PP 21 (welcomes a surrender); OP 12 (d)", ["PP 21", "OP 12 (d)"]),
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


@pytest.mark.parametrize(
    ("label", "annex", "cited"),
    [
        ("OP 30 (f) (i)", "", "OP 30 (f) (i)"),
        ("OP 4 [2]", "", "OP 4 [2]"),
        ("OP [1]", "", "OP 1"),
        ("OP (l)", "", "OP (l)"),
        ("PP 4", "", "PP 4"),
        ("PARA 9", "", "paragraph 9"),
        ("PARA 110 (E)", "", "paragraph 110 (e)"),
        ("section B, OP 19", "", "section B, OP 19"),
        ("6", "Annex 1 - A Plan", "annex 1, paragraph 6"),
        ("para 7", "Annex", "annex, paragraph 7"),
        ("3 (a)", "Annex III", "annex III, paragraph 3 (a)"),
        ("2", "Statute of a court", "annex, paragraph 2"),
    ],
)
def test_a_paragraph_is_cited_so_that_it_is_read_again(label, annex, cited):
    assert pinpoints.cited(label, annex) == cited
    assert pinpoints.read(cited) == (pinpoints.label(label, annex),)


def test_every_paragraph_of_the_index_is_cited_so_that_it_is_read_again():
    file = settings.BASE_DIR / "fixtures" / "council" / "council_mentions.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        places = {(row["paragraph"], row["annex"]) for row in csv.DictReader(rows)}

    lost = {
        place
        for place in places
        if pinpoints.read(pinpoints.cited(*place)) != (pinpoints.label(*place),)
    }

    assert len(places) > 400
    assert not lost


TEXT = {"PP 1", "OP 1", "OP 2", "OP 2 (a)", "OP 2 (b)", "OP 3", "ANNEX 1, 6"}


@pytest.mark.parametrize(
    ("pinpoint", "of_the_text", "of_the_index"),
    [
        ("OP 2 (a); OP 3", [], []),
        ("preamble", [], []),
        ("paragraph 3", [], []),
        ("annex 1", [], []),
        ("annex 1, point 6", [], []),
        ("OP 3 (a)", [], []),
        ("OP 2 (c)", ["OP 2 (c)"], []),
        ("OP 4; OP 1", ["OP 4"], ["OP 4"]),
        ("PP 2", ["PP 2"], ["PP 2"]),
        ("annex 2, 6", ["ANNEX 2, 6"], ["ANNEX 2, 6"]),
        ("whole text", [], []),
    ],
)
def test_what_a_text_is_not_known_to_have(pinpoint, of_the_text, of_the_index):
    assert pinpoints.unknown(pinpoint, TEXT) == of_the_text
    assert pinpoints.unknown(pinpoint, TEXT, whole=False) == of_the_index
