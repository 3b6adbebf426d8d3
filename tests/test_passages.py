"""Labels of paragraphs, rebuilt from their numbers in reading order."""

import pytest

from icctracker.imports.akoma_head import LANGUAGES
from icctracker.models import DocumentText
from icctracker.models.paragraphs import OWN_NAMES
from icctracker.readings.terms import searched_words
from icctracker.texts import pinpoints
from icctracker.texts.cutting import as_typed, cut, names_in
from icctracker.texts.languages import GUESSED, language_guessed
from icctracker.texts.passages import (
    HEADING,
    OPENING,
    OPERATIVE,
    PREAMBLE,
    SECTION,
    STATEMENT,
    Piece,
    anchor_of,
    label,
)


def numbered(numbers, place=OPERATIVE):
    """The labels of paragraphs with these numbers; a space has none."""
    pieces = [Piece(place, "Words;", number) for number in numbers.split()]
    return [each.label for each in label(pieces).passages]


class TestNumbers:
    @pytest.mark.parametrize(
        ("numbers", "labels"),
        [
            ("1. 2.", ["OP 1", "OP 2"]),
            ("1. (a) (b) 2.", ["OP 1", "OP 1 (a)", "OP 1 (b)", "OP 2"]),
            (
                "1. (a) (i) (ii) (b)",
                ["OP 1", "OP 1 (a)", "OP 1 (a) (i)", "OP 1 (a) (ii)", "OP 1 (b)"],
            ),
            ("1. (i) (ii)", ["OP 1", "OP 1 (i)", "OP 1 (ii)"]),
            ("4. • •", ["OP 4", "OP 4 [1]", "OP 4 [2]"]),
            (
                "4. (a) • • (b) •",
                [
                    *("OP 4", "OP 4 (a)", "OP 4 (a) [1]", "OP 4 (a) [2]"),
                    *("OP 4 (b)", "OP 4 (b) [1]"),
                ],
            ),
            (
                "1. • – – •",
                ["OP 1", "OP 1 [1]", *(f"OP 1 [1] [{n}]" for n in (1, 2)), "OP 1 [2]"],
            ),
            (
                "3- (أ) ’1‘ ’2‘ (ب)",
                ["OP 3", "OP 3 (a)", "OP 3 (a) (i)", "OP 3 (a) (ii)", "OP 3 (b)"],
            ),
        ],
    )
    def test_each_point_stands_below_what_it_belongs_to(self, numbers, labels):
        assert numbered(numbers) == labels

    def test_i_after_h_is_the_ninth_letter(self):
        letters = "(a) (b) (c) (d) (e) (f) (g) (h) (i) (j)"

        assert numbered(f"1. {letters}")[-2:] == ["OP 1 (i)", "OP 1 (j)"]

    def test_i_after_h_is_a_roman_one_where_ii_follows(self):
        letters = "(a) (b) (c) (d) (e) (f) (g) (h) (i) (ii)"

        assert numbered(f"1. {letters}")[-2:] == ["OP 1 (h) (i)", "OP 1 (h) (ii)"]

    def test_v_after_iv_and_v_after_u(self):
        assert numbered("1. (i) (ii) (iii) (iv) (v)")[-1] == "OP 1 (v)"
        letters = " ".join(f"({each})" for each in "abcdefghijklmnopqrstuv")
        assert numbered(f"1. {letters}")[-1] == "OP 1 (v)"

    def test_the_only_operative_paragraph_bears_no_number(self):
        found = label([Piece(PREAMBLE, "Noting,"), Piece(OPERATIVE, "Decides.")])

        assert [each.label for each in found.passages] == ["PP 1", "OP [1]"]

    def test_a_late_preambular_paragraph_goes_on_counting(self):
        found = label(
            [
                Piece(PREAMBLE, "Noting,"),
                Piece(OPERATIVE, "Acting under Chapter VII of the Charter,"),
                Piece(OPERATIVE, "Decides.", "1."),
            ]
        )

        assert [each.label for each in found.passages] == ["PP 1", "PP 2", "OP 1"]

    def test_operative_paragraphs_filed_in_the_preamble_are_operative(self):
        found = label(
            [
                Piece(PREAMBLE, "Acting:"),
                Piece(PREAMBLE, "Decides;", "1."),
                Piece(OPERATIVE, "to look;", "(a)"),
                Piece(OPERATIVE, "Decides.", "2."),
            ]
        )

        labels = ["PP 1", "OP 1", "OP 1 (a)", "OP 2"]
        assert [each.label for each in found.passages] == labels
        assert {each.place for each in found.passages[1:]} == {OPERATIVE}

    def test_a_number_left_in_the_words_is_found(self):
        found = label(
            [Piece(OPERATIVE, "Decides;", "10."), Piece(OPERATIVE, "11 Condemns it.")]
        )

        assert (found.passages[1].label, found.passages[1].words) == (
            "OP 11",
            "Condemns it.",
        )

    def test_what_bears_no_number_belongs_to_the_paragraph_before(self):
        found = label(
            [Piece(OPERATIVE, "Decides", "1."), Piece(OPERATIVE, "and that is all;")]
        )

        assert [each.words for each in found.passages] == ["Decides\nand that is all;"]

    def test_before_the_first_number_it_is_a_heading(self):
        found = label([Piece(OPERATIVE, "Mandate"), Piece(OPERATIVE, "Decides.", "1.")])

        assert [each.is_heading for each in found.passages] == [True, False]

    def test_sections_number_through(self):
        found = label(
            [
                Piece(OPERATIVE, "The first", "A", SECTION),
                Piece(OPERATIVE, "Decides;", "1."),
                Piece(OPERATIVE, "The second", "B", SECTION),
                Piece(OPERATIVE, "Decides.", "2."),
            ]
        )

        labels = [each.label for each in found.passages if each.label]
        assert labels == ["section A, OP 1", "section B, OP 2"]

    @pytest.mark.parametrize(
        ("numbers", "remarks"),
        [
            ("1. 3.", [("gap", "3")]),
            ("2.", [("gap", "2")]),
            ("1. 2. 2.", [("out of order", "2"), ("twice", "OP 2")]),
            ("2. 1.", [("gap", "2"), ("out of order", "1")]),
        ],
    )
    def test_odd_numbers_are_told_and_kept(self, numbers, remarks):
        pieces = [Piece(OPERATIVE, "Words;", number) for number in numbers.split()]

        assert label(pieces).remarks == remarks

    def test_addresses_are_each_their_own(self):
        pieces = [Piece(OPERATIVE, "Words;", "1.")] * 3

        anchors = [each.anchor for each in label(pieces).passages]
        assert anchors == ["op-1", "op-1-again", "op-1-again-3"]

    @pytest.mark.parametrize(
        ("named", "anchor"),
        [
            ("OP 6", "op-6"),
            ("OP 30 (f) (i)", "op-30-f-i"),
            ("OP 4 [2]", "op-4-no-2"),
            ("section B, OP 19", "section-b-op-19"),
        ],
    )
    def test_an_address_says_the_label(self, named, anchor):
        assert anchor_of(named) == anchor


class TestStatements:
    def test_paragraphs_are_counted_after_the_opening(self):
        found = label(
            [
                Piece(OPENING, "At the 1st meeting …"),
                Piece(STATEMENT, "“The Council notes."),
                Piece(STATEMENT, "a point", "–"),
                Piece(STATEMENT, "“The Council decides:"),
                Piece(STATEMENT, "a point", "(a)"),
            ]
        )

        labels = ["", "PARA 1", "PARA 2", "PARA 2 (a)"]
        assert [each.label for each in found.passages] == labels
        assert found.passages[1].words == "“The Council notes.\na point"


class TestAnnexes:
    def test_numbers_begin_anew_after_the_heading_of_an_annex(self):
        found = label(
            [
                Piece(OPERATIVE, "Decides.", "1."),
                Piece(OPERATIVE, "Annex I", mark=HEADING),
                Piece(OPERATIVE, "A list of lamps;", "1."),
                Piece(OPERATIVE, "of brass;", "(a)"),
            ]
        )

        rows = [(each.label, each.annex, each.anchor) for each in found.passages]
        assert rows[2:] == [
            ("1", "Annex I", "annex-1-1"),
            ("1 (a)", "Annex I", "annex-1-1-a"),
        ]
        assert not found.passages[2].is_quotation

    def test_an_annex_without_numbers_is_counted(self):
        found = label(
            [
                Piece(OPERATIVE, "Decides.", "1."),
                Piece("annex", "Annex", mark=SECTION),
                Piece("annex", "The lamps."),
                Piece("annex", "The oil."),
            ]
        )

        assert [each.label for each in found.passages[1:]] == ["para 1", "para 2"]

    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("Letter dated 1 May from the harbour master", "Sir, the lamps are lit."),
            ("Annex: Agreement on lamps", "The parties agree."),
            ("Annex", "“The parties agree."),
        ],
    )
    def test_one_that_gives_the_words_of_others_is_a_quotation(self, title, words):
        found = label(
            [
                Piece(OPERATIVE, "Decides to annex what follows, lamps and all.", "1."),
                Piece("annex", title, mark=SECTION),
                Piece("annex", words),
            ]
        )

        assert [each.is_quotation for each in found.passages] == [False, True]

    def test_one_that_is_longer_than_the_text_is_told(self):
        found = label(
            [
                Piece(OPERATIVE, "Decides.", "1."),
                Piece("annex", "Annex", mark=SECTION),
                Piece("annex", "A long list of lamps and of oil."),
            ]
        )

        assert found.remarks == [("long annex", "Annex")]


PASTED = """
S/RES/1593 (2005)
Resolution 1593 (2005)

The Security Council,

Taking note of the report of the
harbour master,
Acting under Chapter VII of the Charter,

1. Decides to refer the non-
lit lamps to the Prosecutor;
2/3
2. Asks the harbour master:
(a) to light them;
(b) to keep them lit;

3. Remains seized.
"""


class TestPasting:
    def test_lines_that_a_page_broke_are_joined(self):
        found = cut(PASTED).passages

        labels = [*("", "PP 1", "PP 2", "OP 1", "OP 2"), "OP 2 (a)", "OP 2 (b)", "OP 3"]
        assert [each.label for each in found] == labels
        assert found[1].words == "Taking note of the report of the harbour master,"
        assert found[3].words == "Decides to refer the non-lit lamps to the Prosecutor;"

    def test_a_quotation_mark_begins_a_paragraph_of_a_statement(self):
        text = "The President made the following statement:\n“One\nof them.\n“Two."

        found = cut(text, statement=True).passages

        words = [each.words for each in found if each.label]
        assert words == ["“One of them.", "“Two."]

    def test_what_stands_above_the_opening_is_left_out(self):
        assert cut(PASTED).above == ["Resolution 1593 (2005)"]

    def test_a_text_names_its_document_above_its_opening_alone(self):
        assert names_in(PASTED) == ["S/RES/1593(2005)"]
        assert names_in("The Security Council,\nRecalling S/RES/1 (1946),") == []
        other = names_in("United Nations A/RES/71/248\n\nThe General Assembly,")
        assert other == ["A/RES/71/248"]
        assert names_in("ICC-ASP/18/Res.6\n\nCooperation") == ["ICC-ASP/18/Res.6"]

    @pytest.mark.parametrize("statement", [False, True])
    def test_what_is_cut_is_typed_as_a_text_that_is_cut_alike(self, statement):
        text = (
            PASTED
            if not statement
            else (
                "The President made the following statement on behalf of all:\n\n"
                "“The Council notes.\n\n“The Council decides:\n\n(a) one;\n\n(b) two."
            )
        )
        once = cut(text, statement=statement).passages

        twice = cut(as_typed(once), statement=statement).passages
        assert twice == once

    def test_a_label_may_be_typed_in_the_place_of_a_number(self):
        found = cut("PP 1 Noting the tides,\n\nOP 1 Decides;\n\nOP 2 Ends.").passages

        assert [each.label for each in found] == ["PP 1", "OP 1", "OP 2"]


@pytest.mark.parametrize("line", ["1. x\n", "• x\n", "a\n", "(a) x\n"])
def test_a_very_long_text_is_cut_as_it_comes(line):
    """Each line once: what looked back over all of them would never end."""
    assert cut(line * 60_000).passages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "The Council decides that the lamps of the harbour and the oil in it are to"
            " be for the use of the town",
            "en",
        ),
        (
            "Le Conseil décide que les lampes du port et la mer dans le golfe pour une"
            " nuit que les vents et les eaux",
            "fr",
        ),
        (
            "El Consejo decide que las lámparas del puerto y el mar en la costa para"
            " una noche con los vientos del sur por el mar",
            "es",
        ),
        ("Совет постановляет", "ru"),
        ("يقرر المجلس", "ar"),
        ("安理会决定", "zh"),
        ("המועצה מחליטה", "?"),
        (" ".join(["Il consiglio decide che gli fanali siano accesi"] * 6), "?"),
        ("Lamps.", ""),
    ],
)
def test_a_language_is_told_by_its_script_and_its_small_words(text, language):
    assert language_guessed(text) == language


LABELS = ["PP 4", "OP 1", "OP 2", "OP 3", "OP 30", "OP 30 (f)", "OP 30 (f) (i)"]


@pytest.mark.parametrize(
    ("pinpoint", "labels", "meant"),
    [
        ("OP 1", LABELS, ["OP 1"]),
        ("OP 1; OP 2", LABELS, ["OP 1", "OP 2"]),
        ("OPs 1-3", LABELS, ["OP 1", "OP 2", "OP 3"]),
        ("OP 30 (f) (i)", LABELS, ["OP 30 (f) (i)"]),
        ("OP 30 (f) (ii)", LABELS, ["OP 30 (f)"]),
        ("PP 4 (welcomes the lamps); OP 30 (g)", LABELS, ["PP 4", "OP 30"]),
        ("paragraph 2", LABELS, ["OP 2"]),
        ("para. 9", ["PARA 9"], ["PARA 9"]),
        ("whole text", LABELS, []),
        ("preamble; OP 1", LABELS, ["PP 4", "OP 1"]),
        ("OP 99", LABELS, []),
    ],
)
def test_a_pinpoint_means_paragraphs(pinpoint, labels, meant):
    assert pinpoints.meant(pinpoint, labels) == meant


def test_every_language_of_texts_is_known_wherever_it_has_to_be():
    languages = set(DocumentText.Language.values)
    places = {
        "akoma_head": set(LANGUAGES.values()),
        "own names": set(OWN_NAMES),
        "terms": set(searched_words()),
        "languages": set(GUESSED),
    }

    assert {name for name, known in places.items() if known != languages} == set()
