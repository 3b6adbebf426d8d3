"""The words of a document on its page: by paragraph, and beside another language."""

import pytest
from django.urls import reverse

from icctracker.imports import text_runs
from icctracker.models import Document, Evidence, ImportRun
from icctracker.readings.paragraphs import text_of
from icctracker.readings.terms import terms_of
from tests.contracts.test_queries import PARTS_ARE_KEPT
from tests.council_texts import akn, annex, paragraph
from tests.factories import finding_row, make_criterion, make_evidence

SYMBOL = "S/RES/1593(2005)"
ENGLISH = [
    ("1.", "Refers the lamps to the Prosecutor of the International Criminal Court;"),
    ("2.", "Asks the harbour master:"),
    ("(a)", "to light them;"),
    ("3.", "Invites the Court to report;"),
]
ARABIC = [("1-", "يحيل المصابيح"), ("2-", "يطلب"), ("(أ)", "أن يضيئها"), ("4-", "آخر")]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]


@pytest.fixture
def bring(tmp_path):
    def run(**files):
        for name, data in files.items():
            (tmp_path / f"{name}.xml").write_bytes(data)
        run = ImportRun(file="texts", subject="texts")
        text_runs.carry_out(run, tmp_path, tmp_path / "report.jsonl")

    return run


@pytest.fixture
def both(bring):
    bring(
        S_RES_1593_E=akn(operative=ENGLISH),
        S_RES_1593_A=akn(language="ara", operative=ARABIC, preamble=("وإذ",)),
    )


def get(client, **query):
    return client.get(reverse("document-detail", args=[SYMBOL]), query)


def page(response):
    return " ".join(response.content.decode().split())


class TestOnThePage:
    def test_without_any_text_the_page_is_complete(self, client):
        answer = get(client)

        assert answer.status_code == 200
        assert 'id="text"' not in page(answer)

    def test_each_paragraph_has_its_number_and_an_address(self, client, both):
        text = page(get(client))

        for anchor, label in [
            *(("pp-1", "PP 1"), ("op-1", "OP 1"), ("op-2-a", "OP 2 (a)"))
        ]:
            assert text.count(f'id="{anchor}"') == 1
            assert f'<a href="#{anchor}">{label}</a>' in text

    def test_those_on_the_court_are_gathered_on_top_and_marked(self, client, both):
        text = page(get(client))

        assert "2 paragraphs speak of the Court" in text
        top = text[text.index('id="on-the-court"') : text.index('id="paragraphs"')]
        assert 'href="#op-1"' in top
        assert 'href="#op-3"' in top
        assert 'href="#op-2"' not in top
        assert text.count("passage level-0 on-the-court") == 2

    def test_another_language_stands_beside_it_in_its_own_direction(self, client, both):
        text = page(get(client, beside="ar"))

        assert '<div lang="ar" dir="rtl"><p>يحيل المصابيح</p></div>' in text
        first = text.index('id="op-1"')
        assert first < text.index("Refers the lamps", first) < text.index("يحيل")
        # OP 3 in English alone, OP 4 in Arabic alone, PP 2 in English alone.
        assert "3 paragraphs have no counterpart" in text
        assert text.count("No paragraph of this number.") == 3

    @pytest.mark.parametrize("asked", ["ru", "tlh", "", "<script>"])
    def test_a_language_that_is_not_there_is_left_out(self, client, both, asked):
        answer = get(client, beside=asked)

        assert answer.status_code == 200
        assert "passages two" not in page(answer)

    def test_what_rests_on_a_paragraph_stands_at_it(self, client, both):
        row = finding_row(make_criterion(), pinpoint="OP 2 (a); OP 3")
        make_evidence(title="Lamps were lit", symbol=SYMBOL, findings=[row])

        text = page(get(client))

        for anchor in ("op-2-a", "op-3"):
            begins = text.index(f'id="{anchor}"')
            assert "Lamps were lit" in text[begins : begins + 1500]

    def test_a_draft_of_an_entry_rests_on_nothing(self, client, both):
        row = finding_row(make_criterion(), pinpoint="OP 3")
        make_evidence("submitted", title="Unread", symbol=SYMBOL, findings=[row])

        assert "Unread" not in page(get(client))

    def test_markup_in_a_text_is_shown_as_text(self, client, bring):
        main = paragraph("1.", "&lt;script&gt;alert(1)&lt;/script&gt;")
        bring(S_RES_1593_E=akn(main=main))

        text = page(get(client))

        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text

    def test_an_annex_that_quotes_another_text_says_so(self, client, bring):
        letter = annex(paragraph("1.", "Sir,"), "Letter from the harbour master")
        bring(S_RES_1593_E=akn(attachments=letter))

        assert "quotes another text" in page(get(client))

    def test_an_arabic_text_alone_is_shown_and_its_court_found(self, client, bring):
        words = [("1-", "يحيل إلى المحكمة الجنائية الدولية")]
        bring(S_RES_1593_A=akn(language="ara", operative=words))

        assert "One paragraph speaks of the Court" in page(get(client))

    def test_a_text_that_does_not_name_the_court_says_so(self, client, bring):
        bring(S_RES_1593_E=akn())

        assert "No paragraph names the Court or its Statute." in page(get(client))

    def test_it_is_read_in_three_queries_however_long(
        self, bring, django_assert_num_queries
    ):
        many = [(f"{n}.", "Refers it to the Court;") for n in range(1, 300)]
        bring(
            S_RES_1593_E=akn(operative=many),
            S_RES_1593_A=akn(language="ara", operative=many),
        )
        document = Document.objects.get(symbol=SYMBOL)

        with django_assert_num_queries(3):
            shown = text_of(document, "ar", Evidence.objects.values("pk"))

        assert len([row for row in shown.rows if row.beside]) > 299


class TestQueries:
    @pytest.mark.parametrize("beside", ["", "ar"])
    def test_the_page_takes_no_more_than_five(
        self, client, both, beside, settings, django_assert_max_num_queries
    ):
        settings.CACHES = settings.CACHES | PARTS_ARE_KEPT
        get(client, beside=beside)

        with django_assert_max_num_queries(5):
            text = page(get(client, beside=beside))

        assert 'id="op-2-a"' in text


class TestTerms:
    @pytest.mark.parametrize(
        ("words", "terms"),
        [
            ("the International Criminal Court", ["court"]),
            ("the Rome Statute", ["rome-statute"]),
            ("the Court shall report", ["court"]),
            ("the Court of Appeal", []),
            ("a court of law", []),
            ("Invites the Prosecutor to report", ["prosecutor"]),
            ("the Prosecutor of the Tribunal", []),
        ],
    )
    def test_in_a_text_that_names_the_court(self, words, terms):
        named = "the International Criminal Court"

        assert terms_of([named, words])[1] == terms

    @pytest.mark.parametrize("words", ["the Court shall", "the Prosecutor shall"])
    def test_in_a_text_that_does_not_name_it_these_mean_another(self, words):
        assert terms_of([words]) == [[]]
