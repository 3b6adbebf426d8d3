"""Of the texts that could have spoken of the Court, which do; and which are silent."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import Document, Finding, Recommendation
from icctracker.readings import silence
from icctracker.readings.inbox import ledger, of_criteria
from icctracker.readings.passages import BEARS_ON
from tests.factories import finding_row, make_criterion, make_evidence, make_user
from tests.inbox import track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_council")]

TODAY = date(2026, 11, 23)
DARFUR, STATEMENT, SILENT = "S/RES/1593(2005)", "S/PRST/2014/5", "S/RES/2825(2026)"
UNREAD = "S/RES/2720(2023)"
# In these the Council does not speak: they were not adopted.
DRAFTS = "S/2014/348\nS/2020/654"
WORDS = f"{DARFUR}\n{SILENT}\n{UNREAD}\n{DRAFTS}"


@pytest.fixture
def situation():
    """Two texts that were read, of which one speaks; one that was not; two drafts."""
    Document.objects.filter(symbol=UNREAD).update(languages="")
    return track("darfur", "Darfur", since=2005, title_words=WORDS)


def symbols(documents):
    found = Document.objects.filter(pk__in=documents)
    return set(found.values_list("symbol", flat=True))


def spoken(situation, code=silence.COURT, as_of=TODAY, known_at=None):
    found = silence.spoken_in(as_of, known_at, (code,), [situation])
    return found.get(code, {}).get(situation.pk)


def words(response):
    return " ".join(response.content.decode().split())


def listed(client, **asked):
    page = client.get("/situations/darfur/texts/", asked)
    return {each.symbol for each in page.context["page_obj"]}


class TestWhatCounts:
    def test_texts_that_were_read_speak_or_are_silent(self, situation):
        row = spoken(situation)

        assert symbols(row.texts) == {DARFUR, SILENT}
        assert symbols(row.speaking) == {DARFUR}
        assert symbols(row.silent) == {SILENT}

    def test_what_was_not_read_is_never_silent(self, situation):
        row = spoken(situation)

        assert symbols(row.unread) == {UNREAD}
        assert not row.unread & (row.texts | row.silent)

    def test_in_a_draft_that_was_not_adopted_the_council_did_not_speak(self, situation):
        row = spoken(situation)

        assert not symbols(row.texts | row.unread) & set(DRAFTS.split())

    def test_what_is_older_than_the_tracking_does_not_count(self, situation):
        situation.since = 2006

        assert symbols(spoken(situation).texts) == {SILENT}

    def test_after_a_referral_of_the_council_only_what_is_later_counts(self, situation):
        make_evidence(
            symbol=DARFUR,
            kind="referral",
            occurred_on=date(2005, 3, 31),
            situations=[situation],
        )

        assert spoken(situation).start.referral == DARFUR
        assert symbols(spoken(situation).texts) == {SILENT}

    @pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
    def test_a_referral_that_is_not_published_decides_nothing(self, situation, state):
        make_evidence(
            state,
            symbol=DARFUR,
            kind="referral",
            occurred_on=date(2005, 3, 31),
            situations=[situation],
            by=make_user("researcher"),
        )

        assert symbols(spoken(situation).texts) == {DARFUR, SILENT}

    def test_what_is_logged_does_not_decide_what_is_counted(self, situation, client):
        make_evidence(
            symbol=STATEMENT,
            kind="presidential-statement",
            occurred_on=date(2014, 2, 21),
            situations=[situation],
        )

        assert symbols(spoken(situation).texts) == {DARFUR, SILENT}
        page = words(client.get("/situations/darfur/texts/"))
        assert "One more document is tied to this situation by a published" in page
        assert f">{STATEMENT}</a> (speaks)" in page

    def test_a_situation_without_a_beginning_has_no_number(self, situation, client):
        situation.since = None
        situation.save()

        assert spoken(situation) is None
        assert "No number is given" in words(client.get("/situations/darfur/texts/"))

    def test_of_a_past_day_only_what_there_was_counts(self, situation):
        assert symbols(spoken(situation, as_of=date(2010, 1, 1)).texts) == {DARFUR}

    def test_each_criterion_asks_for_its_own_terms(self, situation):
        assert symbols(spoken(situation, "4c").speaking) == {DARFUR}
        assert symbols(spoken(situation, "5a").speaking) == set()

    def test_every_criterion_on_which_terms_bear_is_offered(self):
        offered = [code for code, _words in silence.choices()]

        assert set(offered) == {c for criteria in BEARS_ON.values() for c in criteria}
        assert all(silence.terms_of(code) for code in offered)


class TestTheList:
    def test_has_every_text_read_or_not(self, situation, client):
        assert listed(client) == {DARFUR, SILENT, UNREAD}

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"speaks": "yes"}, {DARFUR}),
            ({"speaks": "no"}, {SILENT}),
            ({"speaks": "unread"}, {UNREAD}),
            ({"speaks": ["yes", "no"]}, {DARFUR, SILENT}),
            ({"logged": "yes"}, {DARFUR}),
            ({"logged": "no"}, {SILENT, UNREAD}),
            ({"year": 2005}, {DARFUR}),
            ({"series": "statement"}, set()),
            ({"criterion": "5a", "speaks": "no"}, {DARFUR, SILENT}),
            ({"criterion": ["5a", "4c"], "speaks": "yes"}, {DARFUR}),
        ],
    )
    def test_is_filtered_and_so_is_its_download(self, situation, client, asked, found):
        make_evidence(symbol=DARFUR, kind="resolution", occurred_on="2005-03-31")

        answer = client.get("/situations/darfur/texts.csv", asked)

        assert listed(client, **asked) == found
        file = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert {row["symbol"] for row in csv.DictReader(io.StringIO(file))} == found

    def test_a_filter_that_is_not_understood_gives_no_empty_file(
        self, situation, client
    ):
        asked = {"speaks": "perhaps"}

        page = client.get("/situations/darfur/texts/", asked)
        file = client.get("/situations/darfur/texts.csv", asked)

        assert page.context["filter"].form.errors["speaks"]
        assert file.status_code == 400

    def test_a_row_names_paragraphs_and_what_is_logged(self, situation, client):
        findings = [finding_row(make_criterion("2b"), pinpoint="OP 6")]
        entry = make_evidence(
            symbol=DARFUR,
            kind="resolution",
            occurred_on="2005-03-31",
            findings=findings,
        )

        page = words(client.get("/situations/darfur/texts/"))
        file = client.get("/situations/darfur/texts.csv", {"speaks": "yes"})

        assert f'/documents/{DARFUR}/#op-6">OP 6</a> (logged)' in page
        assert reverse("evidence-detail", args=[entry.slug]) in page
        text = b"".join(file.streaming_content).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["speaks"], row["paragraphs_logged"]) == ("true", "OP 6")
        assert row["entries_on_the_document"] == entry.slug

    def test_a_text_that_was_not_read_is_given_no_word(self, situation, client):
        file = client.get("/situations/darfur/texts.csv", {"speaks": "unread"})

        text = b"".join(file.streaming_content).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["text_read"], row["speaks"]) == ("false", "")
        assert "not known: the text was not read" in words(
            client.get("/situations/darfur/texts/")
        )

    def test_a_draft_is_nowhere_to_be_seen(self, situation, client):
        before = client.get("/situations/darfur/texts/").content

        make_evidence(
            "draft", symbol=DARFUR, by=make_user("researcher"), situations=[situation]
        )

        assert client.get("/situations/darfur/texts/").content == before

    def test_an_unknown_situation_is_not_there(self, client):
        assert client.get("/situations/nowhere/texts/").status_code == 404
        assert client.get("/situations/nowhere/texts.csv").status_code == 404


class TestTheSameNumbersEverywhere:
    @pytest.fixture
    def coded(self, situation):
        """An occasion in the situation, under 2b."""
        criterion = make_criterion("2b", kind="sustain")
        return make_evidence(
            symbol=DARFUR,
            kind="resolution",
            occurred_on=date(2005, 3, 31),
            situations=[situation],
            findings=[finding_row(criterion, pinpoint="OP 6")],
        )

    def test_on_the_page_of_the_situation(self, situation, client):
        page = words(client.get("/situations/darfur/"))

        assert "Of 2 documents of the Council on this situation" in page
        assert "that could have spoken of the Court, 1 do." in page
        assert "One more is not counted: its text was not read." in page
        assert 'href="/situations/darfur/texts/"' in page
        assert "Which documents could have spoken:" in page

    def test_on_the_page_of_the_recommendation(self, coded, client):
        page = words(client.get("/recommendations/r2/"))

        assert "2b: of 2 documents on one situation that could have spoken" in page
        assert "/situations/darfur/texts/?criterion=2b&amp;speaks=no" in page
        assert "Which documents could have spoken:" in page

    def test_in_the_public_ledger(self, coded, client):
        page = words(client.get("/recommendations/r2/record/votes/"))

        assert "Of 2 documents on these situations that could have spoken" in page
        assert "/situations/darfur/texts/?criterion=2b" in page

    def test_in_the_ledger_of_the_desk(self, coded, client):
        lines, total = ledger(make_user("researcher"))

        assert symbols(total.spoken.texts) == {DARFUR, SILENT}
        assert [len(line.spoken.speaking) for line in lines] == [1]

    def test_a_text_of_two_situations_counts_once_in_the_sum(self, coded):
        track("sudan", "Sudan", since=2005, title_words=DARFUR)

        lines, total = ledger(make_user("researcher"))

        assert len(lines) == 2
        assert symbols(total.spoken.texts) == {DARFUR, SILENT}

    def test_a_criterion_without_terms_says_nothing_of_silence(self, coded):
        (row,) = of_criteria(Finding.objects.all(), TODAY)

        assert row.terms == ()
        assert {line.spoken for line in row.lines} == {None}

    def test_a_criterion_of_another_publication_has_no_terms(self, coded):
        recommendation = Recommendation.objects.get(code="R2")
        assert silence.codes_of(recommendation) == ["2a", "2b"]

        recommendation.within = "another-note"

        assert silence.codes_of(recommendation) == []
        assert silence.of_recommendation(recommendation, TODAY) == []


def test_the_table_of_years_is_downloaded_as_it_is_shown(client):
    make_evidence(symbol=DARFUR, kind="resolution", occurred_on=date(2005, 3, 31))

    page = words(client.get("/passages/"))
    file = client.get("/passages-by-year.csv").content.decode("utf-8-sig")

    rows = {row["year"]: row for row in csv.DictReader(io.StringIO(file))}
    assert (rows["2005"]["speak_of_the_court"], rows["2005"]["logged"]) == ("1", "1")
    assert (rows["2014"]["speak_of_the_court"], rows["2014"]["not_logged"]) == (
        "1",
        "1",
    )
    total = sum(int(row["speak_of_the_court"]) for row in rows.values())
    assert f"In all, {total} documents speak of the Court" in page
    assert 'class="layer logged"' in page and 'href="/passages-by-year.csv"' in page
