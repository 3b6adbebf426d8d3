"""The paragraphs of a document beside the finding that is being coded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.models import Document, DocumentText, Evidence, Paragraph, Passage
from icctracker.web.kit import kept
from tests.desk.posted import entry_post, finding_post, signed_in
from tests.factories import make_coding, make_criterion, make_evidence, make_user
from tests.test_picking import DARFUR, ENGLISH, type_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_council")]
NEW = reverse("evidence-create")


@pytest.fixture
def author():
    return make_user("researcher")


@pytest.fixture
def press(client, author):
    """Presses a button of a new entry on the referral of Darfur."""
    signed_in(client, author)

    def send(button, value, findings=None, **values):
        values = {"symbol": DARFUR, "kind": "resolution"} | values
        findings = findings or [finding_post("4c")]
        data = entry_post(author, findings=findings, button=button, **values)
        return client.post(NEW, data | {button: value})

    return send


def words(response):
    return " ".join(response.content.decode().split())


def pinpoints(response):
    return [row["pinpoint"].value() for row in response.context["entry"].findings]


class TestBesideTheFinding:
    def test_a_symbol_brings_the_likely_paragraphs_first(self, client, author):
        signed_in(client, author)
        criterion = make_criterion("4c")

        page = words(client.get(NEW, {"symbol": DARFUR}))

        assert f"Paragraphs of {DARFUR}" in page
        assert "Choose a criterion: the likely paragraphs" in page
        data = entry_post(author, findings=[finding_post("4c")], symbol=DARFUR)
        page = words(client.post(NEW, data | {"pick": "0", "save": ""}))
        assert f"Likely for {criterion.code}" in page
        assert "Who bears the costs of a referral" in page
        assert 'value="0.op-7"' in page
        assert 'value="0.op-6"' not in page

    def test_says_that_it_codes_nothing(self, press):
        page = words(press("pick", "0"))

        assert "it codes nothing and proposes no effect" in page
        assert "these are the paragraphs of the index" in page
        assert 'rel="external">the official document' in page

    def test_a_text_is_shown_by_its_words(self, press):
        type_text(ENGLISH.replace("expenses", "expenses <b>& costs</b>"))

        page = words(press("pick", "0"))

        assert 'lang="en" dir="ltr"><p>Decides that none of the expenses' in page
        assert "&lt;b&gt;&amp; costs" in page
        assert "typed by a person" in page

    def test_a_text_in_arabic_runs_from_right_to_left(self, press):
        type_text("مجلس الأمن،\n\n1- يقرر أن يحيل المسألة؛\n\n2- يطلب", "ar")

        assert 'lang="ar" dir="rtl"' in words(press("pick", "0.1"))

    def test_all_of_a_long_text_can_be_reached_in_parts(self, press):
        type_text("\n\n".join(f"{n}. Decides this;" for n in range(1, 501)))

        first, last = press("pick", "0"), press("pick", "0.10")

        assert "All 500 paragraphs" in words(first)
        assert words(first).count('name="pin"') == 50
        assert 'value="0.op-1"' in words(first)
        assert 'value="0.op-451"' in words(last)
        assert 'value="0.op-1"' not in words(last)

    @pytest.mark.parametrize("asked", ["7", "x", "0.999", "0.x", "-1", "", "9" * 20])
    def test_what_no_button_sends_breaks_nothing(self, press, asked):
        assert press("pick", asked).status_code == 200

    def test_of_a_symbol_without_a_document_nothing_is_offered(self, press):
        page = words(press("pick", "0", symbol="ICC-02/05-01/09-302"))

        assert 'class="picker"' not in page
        assert "Where it can be read" in page

    def test_a_document_without_paragraphs_says_so(self, press):
        bare = Document.objects.exclude(symbol="").exclude(symbol=DARFUR)
        bare = bare.filter(passages=None).first()

        assert f"No paragraph of {bare} is known here" in words(
            press("pick", "0", symbol=bare.symbol)
        )

    @pytest.mark.parametrize("pressed", [("pick", "0"), ("pin", "0.op-7")])
    def test_at_most_five_queries_more(self, press, pressed):
        type_text("\n\n".join(f"{n}. Decides this;" for n in range(1, 200)))
        tables = [each._meta.db_table for each in (DocumentText, Paragraph, Passage)]

        with CaptureQueriesContext(connection) as made:
            press(*pressed)

        asked = [q for q in made if any(f'"{each}"' in q["sql"] for each in tables)]
        assert 0 < len(asked) <= 5


class TestOneClick:
    def test_fills_the_pinpoint_and_keeps_all_else(self, press):
        answer = press("pin", "0.op-7", title="Half typed", summary="")

        entry = answer.context["entry"]
        assert pinpoints(answer) == ["OP 7"]
        assert entry.facts["title"].value() == "Half typed"
        assert entry.findings[0]["rationale"].value() == finding_post("4c")["rationale"]
        assert not Evidence.objects.exists()
        assert "Take OP 7 out" in words(answer)

    def test_fills_that_of_its_own_finding(self, press):
        make_criterion("2b")
        findings = [finding_post("4c", pinpoint="OP 7"), finding_post("2b")]

        assert pinpoints(press("pin", "1.op-1", findings)) == ["OP 7", "OP 1"]

    def test_adds_to_what_is_there_and_takes_it_out_again(self, press):
        there = [finding_post("4c", pinpoint="OP 7")]
        both = [finding_post("4c", pinpoint="OP 7; OP 1")]

        assert pinpoints(press("pin", "0.op-1", there)) == ["OP 7; OP 1"]
        assert pinpoints(press("pin", "0.op-7", both)) == ["OP 1"]

    def test_loses_nothing_where_there_is_no_room(self, press):
        typed = "OP 1; the words on page four of the printed document, below".ljust(
            118, "!"
        )

        answer = press("pin", "0.op-7", [finding_post("4c", pinpoint=typed)])

        assert pinpoints(answer) == [typed]
        assert "There is no room for OP 7" in words(answer)

    @pytest.mark.parametrize("asked", ["0.op-99", "7.op-1", "x", "", "0"])
    def test_what_no_button_sends_changes_nothing(self, press, asked):
        there = [finding_post("4c", pinpoint="OP 7")]

        assert pinpoints(press("pin", asked, there)) == ["OP 7"]

    def test_a_paragraph_of_a_statement_is_cited_as_one(self, press):
        answer = press("pin", "0.para-13", symbol="S/PRST/2014/5")

        assert pinpoints(answer) == ["paragraph 13"]

    def test_proposes_no_effect(self, press):
        bare = [{"criterion": finding_post("4c")["criterion"]}]

        [row] = press("pin", "0.op-7", bare).context["entry"].findings

        assert row["effect"].value() in (None, "")
        assert not row["occasion"].value()


class TestElsewhere:
    def test_whoever_codes_blind_picks_too(self, client):
        coder = make_user("researcher")
        entry = make_evidence(symbol=DARFUR, kind="resolution")
        coding = make_coding(entry, coder=coder)
        signed_in(client, coder)
        page = reverse("coding-detail", args=[coding.pk])
        row = {f"findings-0-{k}": v for k, v in finding_post("4c").items()}
        row |= {"findings-TOTAL_FORMS": "1", "findings-INITIAL_FORMS": "0"}

        answer = client.post(page, row | {"note": "Half", "seen": 1, "pin": "0.op-7"})

        assert 'value="OP 7"' in words(answer)
        assert "Half" in words(answer)
        assert f"Paragraphs of {DARFUR}" in words(client.get(page))

    def test_whoever_proposes_a_finding_picks_too(self, client, author):
        entry = make_evidence(symbol=DARFUR, kind="resolution")
        signed_in(client, author)
        page = reverse("finding-propose", args=[entry.pk])
        row = {f"findings-0-{k}": v for k, v in finding_post("4c").items()}
        row |= {"opened_by": kept.sign(author)}

        answer = client.post(page, row | {"pin": "0.op-7"})

        assert 'value="OP 7"' in words(answer)
        assert row["findings-0-rationale"] in words(answer)
        assert f"Paragraphs of {DARFUR}" in words(client.post(page, {"pick": "0"}))
