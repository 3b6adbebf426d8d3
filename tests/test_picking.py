"""Paragraphs offered beside a finding: the likely first, by published words."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from icctracker.actions.passages import keep_typed
from icctracker.models import Codebook, Document, Passage
from icctracker.readings.passages import BEARS_ON
from icctracker.readings.picking import offered, recall
from icctracker.readings.words import WORDS, found_in
from icctracker.texts.cutting import cut
from icctracker.texts.folding import fold
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db
DARFUR = "S/RES/1593(2005)"
TODAY = date(2026, 11, 28)
ENGLISH = """The Security Council,

Noting the tides,

1. Decides to light the lamps;

2. Refers the harbour to the Prosecutor of the International Criminal Court;

3. Decides that none of the expenses shall be borne by the harbour;

4. Remains seized of the matter."""


def darfur():
    return Document.objects.get(symbol=DARFUR)


def type_text(words=ENGLISH, language="en", document=None):
    passages = cut(words, statement=False).passages
    by = make_user("researcher")
    document = document or darfur()
    return keep_typed(document, passages, by=by, language=language, variant="pasted")


def log(code, pinpoint, symbol=DARFUR):
    findings = [finding_row(make_criterion(code), pinpoint=pinpoint)]
    return make_evidence(
        symbol=symbol, findings=findings, kind="resolution", occurred_on="2005-03-31"
    )


@pytest.mark.usefixtures("read_council")
class TestWhatIsOffered:
    def test_without_a_text_the_terms_of_the_index_decide(self):
        found = offered(darfur())

        assert [each.pinpoint for each in found.likely("4c")] == ["OP 7"]
        assert found.likely("4c")[0].by == ("Who bears the costs of a referral",)
        assert len(found.offers) == darfur().passages.count()

    def test_with_an_english_text_its_words_decide(self):
        type_text()

        found = offered(darfur())

        assert [each.pinpoint for each in found.likely("4c")] == ["OP 3"]
        assert found.likely("4c")[0].by == ("expenses", "borne")
        assert found.likely("2b")[0].pinpoint == "OP 2"
        assert [each.pinpoint for each in found.offers] == [
            *("PP 1", "OP 1", "OP 2", "OP 3", "OP 4"),
        ]

    def test_the_english_text_is_offered_of_two(self):
        type_text("Le Conseil,\n\n1. Décide de veiller.\n\n2. Reste saisi.", "fr")
        type_text()

        assert offered(darfur()).text.language == "en"

    def test_a_text_in_another_language_is_ordered_by_the_index(self):
        rows = "\n\n".join(f"{n}. Décide de veiller au port ;" for n in range(1, 9))
        type_text(f"Le Conseil,\n\n{rows}", "fr")

        found = offered(darfur())

        assert [each.pinpoint for each in found.likely("4c")] == ["OP 7"]
        assert "veiller" in found.likely("4c")[0].words

    def test_nothing_is_left_out_behind_the_likely_ones(self):
        found = offered(darfur())

        everything = found.in_order("4c")

        assert everything[0].pinpoint == "OP 7"
        assert {each.anchor for each in everything} == {
            each.anchor for each in found.offers
        }

    def test_a_criterion_without_words_has_no_likely_ones(self):
        found = offered(darfur())

        assert found.likely("a-book:1a") == []
        assert found.in_order("a-book:1a") == found.offers

    def test_a_document_without_paragraphs_offers_none(self):
        other = Document.objects.exclude(pk__in=Passage.objects.values("document"))

        assert offered(other.first()).offers == []

    def test_three_queries_however_long_the_text(self, django_assert_num_queries):
        type_text("\n\n".join(f"{n}. Decides this;" for n in range(1, 500)))
        document = darfur()

        with django_assert_num_queries(2):
            found = offered(document)

        assert len(found.offers) == 499


class TestTheWords:
    def test_each_criterion_that_ships_has_words(self, first_data):
        books = Codebook.objects.filter(publication__recommendations__within="")
        codes = set(books.values_list("criteria__code", flat=True))

        assert codes <= WORDS.keys()

    def test_the_terms_bear_on_criteria_that_have_words(self):
        assert {code for codes in BEARS_ON.values() for code in codes} <= WORDS.keys()

    @pytest.mark.parametrize(
        ("words", "criterion", "found"),
        [
            ("No amnesties for war crimes", "5a", ("amnesties", "war crimes")),
            (
                "Non‑compliance with obligations",
                "2a",
                ("non compliance", "obligations"),
            ),
            ("The CONTEST of listless men", "7b", ()),
            ("the prosecutorial office", "9a", ()),
        ],
    )
    def test_are_found_as_whole_words_unless_they_may_go_on(
        self, words, criterion, found
    ):
        assert found_in(fold(words), criterion)[1] == found


@pytest.mark.usefixtures("read_council")
class TestRecall:
    def test_counts_whose_paragraph_stands_among_the_first(self):
        log("4c", "OP 7; PP 1")
        log("5a", _fourth("5a"))

        rows, everything = recall(TODAY)

        assert [(row.code, row.pinned, row.counts) for row in rows] == [
            ("4c", 1, [1, 1, 1]),
            ("5a", 1, [0, 1, 1]),
        ]
        assert (everything.pinned, everything.counts) == (2, [1, 2, 2])

    def test_what_names_no_single_paragraph_is_not_counted(self):
        log("4c", "whole text")
        log("4b", "preamble")
        log("4a", "OP 6", symbol="S/RES/9999(2099)")

        assert recall(TODAY)[0] == []

    def test_a_paragraph_that_is_not_offered_counts_as_not_found(self):
        log("4c", "OP 99")

        [row] = recall(TODAY)[0]

        assert (row.pinned, row.counts) == (1, [0, 0, 0])

    def test_as_it_was_known(self):
        entry = log("4c", "OP 7")
        before = entry.findings.get().accepted_at.replace(year=2020)

        assert recall(TODAY, before)[0] == []
        assert recall(date(2004, 1, 1))[0] == []

    def test_words_are_measured_where_a_text_was_imported(self):
        type_text()
        log("4c", "OP 3")

        [row] = recall(TODAY)[0]

        assert row.counts == [1, 1, 1]

    def test_takes_as_many_queries_for_many_as_for_one(self, django_assert_num_queries):
        type_text()
        for number in range(1, 6):
            log(f"{number}a", f"OP {number}")

        with django_assert_num_queries(4):
            recall(TODAY)

    def test_is_printed_with_the_words_on_the_methodology_page(self, client):
        log("4c", "OP 7")

        page = " ".join(client.get("/methodology/").content.decode().split())

        row = '<tr><th scope="row">4c</th><td class="number">1</td>'
        assert row + '<td class="number">1</td>' * 3 in page
        assert "expenses, costs, borne" in page
        assert "codes nothing" in page

    def test_is_printed_by_a_command(self):
        log("4c", "OP 7")
        told = StringIO()

        call_command("picker_recall", stdout=told)

        assert "4c         1         1         1         1" in told.getvalue()


def _fourth(criterion):
    """The pinpoint of the paragraph that is offered fourth."""
    return offered(darfur()).in_order(criterion)[3].pinpoint
