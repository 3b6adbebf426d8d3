"""Who codes a silence names the words that were looked for, wherever it is coded."""

import json
from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions import ActionRefused
from icctracker.actions.entries import submit
from icctracker.actions.review import correct
from icctracker.admin.exchange import finding_line, read_finding
from icctracker.models import Finding, Proposal, rules
from icctracker.models.rules import Entry, Stops
from icctracker.readings.consistency import disagreements
from icctracker.readings.silence import SEARCHED_FOR
from tests.desk.posted import finding_post, problems, rows, signed_in, source_post
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)
SILENT = {"form": "omission", "form_reason": "What is coded is what is left out."}
NAMED = SILENT | {"searched_words": "“the Court”, “ICC”"}
ASKED = "Name the words that were looked for and not found."


@pytest.fixture
def criterion():
    return make_criterion("2b", kind="sustain")


def faults(row, step=Stops.SUBMITTING):
    entry = Entry({"kind": "resolution"}, findings=[row])
    return [fault.field for fault in rules.finding_faults(entry) if fault.stops & step]


class TestTheRule:
    def test_an_omission_is_not_submitted_without_them(self, criterion):
        assert faults(finding_row(criterion, **SILENT)) == ["searched_words"]
        assert faults(finding_row(criterion, **NAMED)) == []

    def test_what_shows_nothing_names_nothing(self, criterion):
        blank = SILENT | {"searched_words": " \u200b"}

        assert faults(finding_row(criterion, **blank)) == ["searched_words"]

    @pytest.mark.parametrize("form", ["decision", "formal", "process", "signal", ""])
    def test_no_other_form_needs_them(self, criterion, form):
        row = finding_row(criterion, form=form, form_reason="A reason.")

        assert faults(row) == []

    @pytest.mark.parametrize("step", [Stops.SAVING, Stops.PUBLISHING])
    def test_it_stops_no_other_step(self, criterion, step):
        assert faults(finding_row(criterion, **SILENT), step) == []

    def test_a_draft_without_them_stays_a_draft(self, criterion):
        author = make_user("researcher")
        rows = [finding_row(criterion, **SILENT)]
        entry = make_evidence("draft", by=author, findings=rows)

        with pytest.raises(ActionRefused, match="looked for and not found"):
            submit(entry, by=author)


class TestWhatWasPublishedBefore:
    @pytest.fixture
    def older(self, criterion):
        return make_evidence(findings=[finding_row(criterion, **SILENT)])

    def test_stays_as_it_is_and_is_no_fault(self, older):
        assert not [each for each in disagreements(TODAY) if "looked for" in each]

    def test_can_be_corrected_without_them(self, older):
        correct(
            older,
            by=make_user("curator"),
            reason="The title was wrong.",
            facts={"title": "Another title"},
            sources=[source_row()],
            findings=[finding_row(older.findings.get().criterion, **SILENT)],
        )

        older.refresh_from_db()
        assert older.title == "Another title"

    def test_is_listed_for_curators(self, older, criterion, client):
        named = make_criterion("2a", kind="sustain")
        make_evidence(findings=[finding_row(named, **NAMED)])
        client.force_login(make_user("curator"))

        page = client.get(
            reverse("admin:icctracker_finding_changelist"), {"searched": "missing"}
        )

        listed = page.context["cl"].result_list
        assert [each.evidence for each in listed] == [older]
        assert list(Finding.objects.without_words_searched()) == list(listed)


class TestTheDesk:
    @pytest.fixture
    def desk(self, client):
        return signed_in(client, make_user("researcher"))

    def post(self, desk, criterion, said, **more):
        findings = [finding_post(criterion.code, **said)]
        return desk.post(
            reverse("evidence-create"),
            {
                "occurred_on": "2014-05-22",
                "kind": "press-statement",
                "tier": "A",
                "title": "A silent text",
                "summary": "It renews a mandate.",
                "submit": "1",
            }
            | rows("sources", [source_post()])
            | rows("findings", findings)
            | more,
        )

    def test_asks_for_them_at_their_field(self, desk, criterion):
        answer = self.post(desk, criterion, SILENT)

        assert problems(answer)["id_findings-0-searched_words"] == ASKED

    def test_offers_the_published_list_and_fills_in_nothing(self, desk, criterion):
        page = desk.get(reverse("evidence-create"))

        text = page.content.decode()
        assert "For 2b, texts of the first data were searched for" in text
        assert SEARCHED_FOR["2b"] in text
        field = page.context["entry"].findings[0]["searched_words"]
        assert not field.value()

    def test_a_proposal_names_them_too(self, desk, criterion):
        entry = make_evidence(findings=[finding_row(make_criterion("7a"))])
        path = reverse("finding-propose", args=[entry.pk])

        refused = desk.post(path, rows("findings", [finding_post("2b", **SILENT)]))
        desk.post(path, rows("findings", [finding_post("2b", **NAMED)]))

        assert ASKED in refused.content.decode()
        assert Proposal.objects.get().searched_words == NAMED["searched_words"]

    def test_and_so_does_a_second_coding(self, client, criterion):
        coder = make_user("researcher")
        entry = make_evidence("submitted", by=make_user("researcher"))
        coding = make_coding(entry, coder=coder)
        desk = signed_in(client, coder)
        path = reverse("coding-detail", args=[coding.pk])
        sent = {"note": "", "seen": coding.version, "hand_in": "1"}

        refused = desk.post(
            path, sent | rows("findings", [finding_post("2b", **SILENT)])
        )
        desk.post(path, sent | rows("findings", [finding_post("2b", **NAMED)]))

        assert ASKED in refused.content.decode()
        assert coding.lines.get().searched_words == NAMED["searched_words"]


def test_a_coding_keeps_them_on_both_sides(criterion):
    entry = make_evidence(
        "submitted",
        findings=[finding_row(criterion, **NAMED)],
        by=make_user("researcher"),
    )
    coding = make_coding(entry, rows=[finding_row(criterion, **NAMED)])

    for each in (coding, coding.against):
        assert each.lines.get().searched_words == NAMED["searched_words"]


class TestWhereReadersFindThem:
    @pytest.fixture
    def entry(self, criterion):
        return make_evidence(
            kind="resolution",
            votes_yes=15,
            votes_no=0,
            votes_abstain=0,
            findings=[finding_row(criterion, effect=-1, **NAMED)],
        )

    @pytest.mark.parametrize(
        "address", ["/evidence/{}/", "/evidence/{}/history/", "/recommendations/r2/"]
    )
    def test_on_pages(self, entry, client, address):
        page = client.get(address.format(entry.slug)).content.decode()

        assert NAMED["searched_words"] in page

    def test_in_the_file_of_entries(self, entry, client):
        file = json.loads(client.get("/evidence.json").getvalue())

        (finding,) = file["evidence"][0]["findings"]
        assert finding["searched_words"] == NAMED["searched_words"]


class TestALineOfAFile:
    def test_goes_out_and_comes_in(self, criterion):
        rationale = "It is silent | in all."
        row = finding_row(criterion, rationale=rationale, **NAMED)
        finding = make_evidence(findings=[row]).findings.get()

        line = finding_line(finding)

        assert "| searched: “the Court”, “ICC” |" in line
        read = read_finding(line)
        assert read["searched_words"] == NAMED["searched_words"]
        assert read["rationale"] == rationale

    def test_one_of_an_older_release_is_read_as_it_was(self):
        line = "2b | -1 | omission | occasion | OP 1 | Silence. | It says | nothing."

        read = read_finding(line)

        assert (read["searched_words"], read["rationale"]) == ("", "It says | nothing.")
