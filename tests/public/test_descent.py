"""How paragraphs went from text to text, as readers see it and reviewers correct it."""

import csv
import io

import pytest
from django.urls import reverse

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.descent import correct_descent, take_back_correction
from icctracker.imports.council_tables import LINEAGE, load_council_tables
from icctracker.imports.first_record import load_council_record
from icctracker.models import Descent, DescentCorrection, Document
from icctracker.readings.descent import Lines
from tests.contracts.browser import text_of
from tests.council import RECORD
from tests.factories import make_descents, make_user

pytestmark = pytest.mark.django_db


def chain_at(symbol, anchor):
    return reverse("descent-detail", args=[symbol, anchor])


def document(symbol):
    return Document.objects.get(symbol=symbol)


def load():
    load_council_record(RECORD)
    load_council_tables(RECORD)


@pytest.fixture
def record(kept):
    kept(load)


def shipped():
    with (RECORD / LINEAGE).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_told(row):
    """A step as the shipped table has it."""
    names = "series kind change terms terms_added terms_removed".split()
    numbers = "words words_added words_removed".split()
    told = {name: getattr(row, name) for name in names}
    told |= {name: _text(getattr(row, name)) for name in numbers}
    previous = row.previous.symbol if row.previous else ""
    return told | {
        "symbol": row.document.symbol,
        "paragraph": row.label,
        "previous": previous,
        "previous_paragraph": row.previous_label,
        "similarity": "" if row.similarity is None else f"{row.similarity:.2f}",
    }


def _text(number):
    return "" if number is None else str(number)


class TestTheTableThatShips:
    def test_every_row_is_loaded_as_it_is(self, record):
        rows = Descent.objects.select_related("document", "previous").order_by("pk")

        assert [as_told(row) for row in rows] == [
            {name: row[name] for name in as_told(rows[0])}
            | {"paragraph": row["paragraph"]}
            for row in shipped()
        ]

    def test_texts_of_one_agenda_item_are_of_one_series(self, record):
        rows = Descent.objects.order_by().values_list("document__text_item", "series")
        items = [item for item, _series in rows.distinct()]

        assert len(items) == len(set(items)) and "" not in items

    def test_its_days_are_those_of_the_record(self, record):
        lines = Lines()
        days = {each.document.symbol: each.held_on for each in lines.steps.values()}
        for row in shipped():
            if row["paragraph"]:
                assert days[row["symbol"]].isoformat() == row["date"]

    def test_every_paragraph_of_it_is_in_one_chain(self, record):
        lines = Lines()
        found = [each.key for chain in lines.chains() for each in chain.steps]

        assert len(found) == len(set(found)) == len(lines.steps)
        assert sum(len(chain.ends) for chain in lines.chains()) == 14

    def test_every_chain_has_an_address_of_its_own(self, record):
        found = [(s.document.symbol, s.anchor) for s in Lines().steps.values()]

        assert len(found) == len(set(found))


class TestAChain:
    def test_it_tells_each_step_and_what_came_in(self, record, client):
        page = text_of(client.get(chain_at("S/RES/2149(2014)", "op-12")))

        assert "Taken from S/RES/2134(2014), OP 21" in page
        assert "speaks of more than its forerunner: Cooperation with the Court" in page
        assert "From S/RES/2134(2014), OP 21 the words went on in 3 paragraphs" in page

    def test_what_was_dropped_is_said_and_not_why(self, record, client):
        page = text_of(client.get(chain_at("S/RES/2238(2015)", "op-10")))

        assert "The text of 2015 (S/RES/2238(2015), OP 10) had this" in page
        assert "S/RES/2291(2016), of 13 June 2016, has nothing like it" in page
        assert "Since 2016 there is nothing in this chain." in page
        assert "the data do not say why" in page

    def test_every_paragraph_leads_to_the_same_chain(self, record, client):
        lines = Lines()
        first, _step = lines.chain_of("S/RES/2095(2013)", "op-4")
        again, step = lines.chain_of("S/RES/2259(2015)", "op-14")

        assert [each.key for each in first.steps] == [each.key for each in again.steps]
        assert step.cited == "S/RES/2259(2015), OP 14"

    def test_another_address_has_none(self, record, client):
        assert client.get(chain_at("S/RES/1(1946)", "op-1")).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/passages/descent/", chain_at("S/RES/2149(2014)", "op-12")]
    )
    def test_whoever_reads_it_first_costs_five_queries(
        self, record, client, path, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(5):
            assert client.get(path).status_code == 200


class TestTheList:
    def test_it_is_filtered_by_series_and_by_what_happened(self, record, client):
        asked = {"series": "Libya", "shows": "dropped"}
        page = text_of(client.get("/passages/descent/", asked))

        assert "2 chains of two or more steps." in page
        assert "S/RES/1970(2011), OP 4" in page

    def test_its_file_has_what_is_asked_for(self, record, client):
        asked = {"series": "Libya", "kind": "mandate"}
        answer = client.get("/passages/descent.csv", asked)
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

        assert {row["series"] for row in rows} == {"Libya"}
        dropped = [row for row in rows if row["change"] == "dropped"]
        assert {row["symbol"] for row in dropped} == {"S/RES/2291(2016)"}

    def test_a_file_of_what_is_no_kind_is_refused(self, client):
        assert client.get("/passages/descent.csv?kind=song").status_code == 400

    @pytest.mark.parametrize(
        "number", [".55", ".15", "0.8", "0.985", "14 texts", "3 years", "two fifths"]
    )
    def test_the_thresholds_are_published(self, client, number):
        assert number in text_of(client.get("/passages/descent/"))


class TestBesideAParagraph:
    def test_the_page_of_a_document_names_its_forerunner(self, record, client):
        page = text_of(client.get("/documents/S/RES/2149(2014)/"))

        assert "Taken from S/RES/2134(2014), OP 21" in page
        assert "words added: 43, dropped: 2" in page

    def test_so_does_the_list_of_passages(self, record, client):
        page = text_of(client.get("/passages/?year=2014"))

        assert "taken from S/RES/2134(2014), OP 21 (72 %)" in page


class TestACorrection:
    @pytest.fixture
    def step(self, council, kept):
        return kept(make_descents)

    @pytest.fixture
    def reviewer(self):
        return make_user("reviewer")

    def correct(self, step, by, **values):
        said = {"by": by, "reason": "It repeats another text."} | values
        return correct_descent(step.document, step.label, **said)

    def test_it_stands_beside_what_the_table_says(self, step, reviewer, client):
        self.correct(step, reviewer)

        page = text_of(client.get(chain_at("S/RES/2720(2023)", "op-2")))

        assert "Taken from no earlier paragraph." in page
        assert "It repeats another text." in page
        assert "taken from S/RES/1593(2005), OP 6 (adapted)" in page
        assert Descent.objects.get(pk=step.pk).previous == step.previous

    def test_it_parts_the_chain(self, step, reviewer):
        assert len(Lines().chains()) == 1

        self.correct(step, reviewer)

        assert len(Lines().chains()) == 2

    def test_another_paragraph_can_be_named(self, step, reviewer):
        self.correct(step, reviewer, forerunner=(step.previous, "OP 7"))

        chain, _step = Lines().chain_of("S/RES/2720(2023)", "op-2")

        assert chain.root.cited == "S/RES/1593(2005), OP 7"

    def test_taken_back_it_stays_on_record(self, step, reviewer, client):
        made = self.correct(step, reviewer)
        of = step.document, step.label

        take_back_correction(*of, by=reviewer, reason="I was wrong.", seen=made.pk)

        page = text_of(client.get(chain_at("S/RES/2720(2023)", "op-2")))
        assert "Taken from S/RES/1593(2005), OP 6" in page
        assert "It repeats another text." in page and "I was wrong." in page

    def test_no_chain_goes_in_a_circle(self, step, reviewer):
        with pytest.raises(ActionRefused, match="not of an earlier day"):
            self.correct(step, reviewer, forerunner=(step.document, "OP 3"))

    def test_without_a_reason_nothing_is_recorded(self, step, reviewer):
        with pytest.raises(ActionRefused, match="Say why"):
            self.correct(step, reviewer, reason=" ")

    def test_the_same_again_is_refused(self, step, reviewer):
        made = self.correct(step, reviewer)

        with pytest.raises(ActionRefused, match="what stands already"):
            self.correct(step, reviewer, seen=made.pk)

    def test_nothing_is_taken_back_where_none_stands(self, step, reviewer):
        of = step.document, step.label

        with pytest.raises(ActionRefused, match="no correction stands"):
            take_back_correction(*of, by=reviewer, reason="So.")

    def test_whoever_was_slower_is_told(self, step, reviewer):
        self.correct(step, reviewer)

        with pytest.raises(EditConflict):
            self.correct(step, make_user("reviewer"))

    @pytest.mark.parametrize("verb", [correct_descent, take_back_correction])
    def test_a_researcher_may_not(self, step, verb):
        of = step.document, step.label

        with pytest.raises(ActionRefused, match="role"):
            verb(*of, by=make_user("researcher"), reason="So.")

    @pytest.mark.parametrize(
        ("symbol", "paragraph", "said"),
        [
            ("S/RES/1(1900)", "OP 1", "has-error"),
            ("S/RES/2099/1", "OP 1", "has-error"),
            ("S/RES/1593(2005)", "somewhere", "Name one paragraph"),
            ("S/RES/1593(2005)", "OP 1 and 2", "Name one paragraph"),
        ],
    )
    def test_a_paragraph_that_is_none_is_explained(
        self, step, reviewer, client, symbol, paragraph, said
    ):
        client.force_login(reviewer)
        path = reverse("descent-correct", args=["S/RES/2720(2023)", "op-2"])
        given = {"outcome": "another", "symbol": symbol, "paragraph": paragraph}

        page = client.post(path, given | {"reason": "So.", "seen": "0"})

        assert said in page.content.decode()
        assert not DescentCorrection.objects.exists()

    def test_a_reviewer_sends_the_form(self, step, reviewer, client):
        client.force_login(reviewer)
        path = reverse("descent-correct", args=["S/RES/2720(2023)", "op-2"])
        given = {"outcome": "another", "symbol": "S/RES/1593", "paragraph": "para 7"}
        given |= {"paragraph": "OP 7", "reason": "It is nearer.", "seen": "0"}

        client.post(path, given)

        made = DescentCorrection.objects.get()
        assert (made.previous.symbol, made.previous_label) == (
            "S/RES/1593(2005)",
            "OP 7",
        )
