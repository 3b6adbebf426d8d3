"""One list of facts: what is added to it goes everywhere, or it says here where not."""

import csv
import io
import json
from datetime import date

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Value
from django.urls import reverse
from django.utils.text import capfirst

from icctracker.actions.review import correct, restore
from icctracker.admin.evidence import FindingInline, SourceInline
from icctracker.admin.exchange import FINDING_LINE
from icctracker.admin.registry import site
from icctracker.admin.rows import EvidenceResource, EvidenceRow
from icctracker.models import (
    FACTS,
    FACTS_SHOWN,
    FINDING_FIELDS,
    SOURCE_FIELDS,
    CodingLine,
    Edition,
    EditionSource,
    Evidence,
    Finding,
    Proposal,
    Source,
)
from icctracker.models.evidence import CITED, SUBJECTS, Facts
from icctracker.readings.exports import COLUMNS, LEFT_OUT, RENAMED
from icctracker.readings.history import everything_said, facts_said
from icctracker.web.desk import forms as desk
from tests.factories import (
    finding_row,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

# What an entry keeps of itself; everything else in its table is a fact.
OF_THE_ENTRY = (
    "id slug verification state version creation_key folded unfinished submitted_by"
    " submitted_at published_at withdrawn_at created_at updated_at"
).split()
OF_THE_EDITION = "id evidence number at until decision codebook restores folded".split()
# The grid of votes stands beside the form; what remains to be checked is for curators.
NOT_TYPED_AT_THE_DESK = {"roll_call", "verification_note"}
# The grid is not in the admin.
NOT_TYPED_IN_THE_ADMIN = {"roll_call"}

KNOWN = {
    "occurred_on": (date(2014, 5, 22), date(2014, 5, 23)),
    "kind": ("veto", "draft-resolution"),
    "tier": ("A", "B"),
    "symbol": ("S/2014/348", "S/2014/349"),
    "meeting": ("S/PV.7180", "S/PV.7181"),
    "votes_yes": (13, 6),
    "votes_no": (2, 3),
    "votes_abstain": (0, 6),
    "roll_call": ({}, {}),
}
WORDED = [name for name in FACTS if name not in KNOWN]
PLAIN = [*WORDED, "symbol", "meeting"]


def facts(number):
    """A value for every fact there is, as an entry first had it or has it later."""
    worded = {name: f"The {name}, as of {number}" for name in WORDED}
    return worded | {name: values[number] for name, values in KNOWN.items()}


def columns(model):
    return {field.name for field in model._meta.concrete_fields}


class TestTheList:
    def test_whatever_an_entry_holds_is_a_fact_or_is_about_the_entry_itself(self):
        assert columns(Evidence) == {*FACTS, *OF_THE_ENTRY}

    def test_an_edition_holds_all_that_readers_are_told_and_no_more(self):
        assert columns(Edition) == {*FACTS_SHOWN, *OF_THE_EDITION}

    def test_both_are_about_the_same(self):
        for model in (Evidence, Edition):
            lists = [field.name for field in model._meta.local_many_to_many]
            assert lists == list(SUBJECTS), model

    def test_both_cite_the_same(self):
        assert columns(Source) == {"id", "evidence", *CITED}
        assert columns(EditionSource) == {"id", "edition", *CITED}

    @pytest.mark.parametrize("model", [Finding, CodingLine, Proposal])
    def test_whatever_is_decided_of_a_criterion_is_decided_everywhere(self, model):
        assert set(FINDING_FIELDS) < columns(model)


class TestForms:
    def test_every_fact_is_typed_at_the_desk_or_named_here(self):
        typed = set(desk.FactsForm.base_fields)

        assert typed & {*FACTS} == {*FACTS} - NOT_TYPED_AT_THE_DESK
        assert typed - {*FACTS} == {"situations", "actor_names", "reason"}

    def test_every_fact_is_placed_once_in_the_admin(self):
        entries = site.get_model_admin(Evidence)

        placed = flatten_fieldsets(entries.fieldsets)

        facts = [name for name in placed if name in {*FACTS, *SUBJECTS}]
        assert sorted(facts) == sorted({*FACTS, *SUBJECTS} - NOT_TYPED_IN_THE_ADMIN)
        assert {*facts} == {*entries.form.base_fields} - {"seen"}

    def test_sources_and_findings_are_typed_whole(self):
        for form, inline, names in (
            (desk.SourceForm, SourceInline, SOURCE_FIELDS),
            (desk.FindingForm, FindingInline, FINDING_FIELDS),
        ):
            assert {*names} <= {*form.base_fields}
            assert {*names} <= {*flatten_fieldsets([("", {"fields": inline.fields})])}


class TestFiles:
    def test_a_file_of_evidence_has_a_column_for_every_fact(self):
        assert {*FACTS, *SUBJECTS} <= {*EvidenceResource._meta.export_order}

    def test_a_row_of_it_is_read_with_every_fact(self):
        assert {*FACTS, *SUBJECTS} <= {*EvidenceRow.base_fields}

    def test_a_line_has_all_of_a_finding(self):
        assert sorted(FINDING_LINE) == sorted(["criterion", *FINDING_FIELDS])

    def test_the_order_that_is_published_holds(self):
        """Whoever reads the files counts on it; what is new comes before the rows."""
        assert (
            COLUMNS[:12]
            == (
                "date kind tier symbol meeting title summary situations actors"
                " votes_yes votes_no votes_abstain"
            ).split()
        )
        assert COLUMNS[-3:] == ["sources", "findings", "address"]

    def test_a_download_has_all_that_readers_are_told_but_what_is_named(self):
        given = {RENAMED.get(name, name) for name in {*FACTS_SHOWN} - {*LEFT_OUT}}

        assert given == {*COLUMNS} - {*SUBJECTS, "sources", "findings", "address"}


@pytest.mark.django_db
class TestWhatIsSaid:
    @pytest.fixture
    def curator(self):
        return make_user("curator")

    @pytest.fixture
    def entry(self):
        return make_evidence(**facts(0), situations=[make_situation()])

    def saying(self, model, number):
        """The facts that a record has otherwise than they were written."""
        names = FACTS_SHOWN if isinstance(model, Edition) else FACTS
        written = facts(number)
        return {name for name in names if getattr(model, name) != written[name]}

    def test_each_fact_is_kept_in_the_edition(self, entry):
        assert self.saying(entry.editions.get(), 0) == set()

    def test_each_fact_is_corrected_and_restored(self, entry, curator):
        correct(
            entry,
            by=curator,
            reason="It was another day.",
            facts=facts(1),
            sources=[source_row()],
            findings=[finding_row()],
        )
        entry.refresh_from_db()
        assert self.saying(entry, 1) == set()
        assert self.saying(entry.editions.get(number=2), 1) == set()

        restore(entry, number=1, by=curator, reason="It was that day after all.")

        entry.refresh_from_db()
        assert self.saying(entry, 0) == {"counter_evidence"}
        assert self.saying(entry.editions.get(number=3), 0) == set()

    def test_each_fact_has_its_label_in_the_history(self, entry):
        said = facts_said(entry.editions.get())

        for name in FACTS_SHOWN:
            if name in PLAIN:
                label = capfirst(Edition._meta.get_field(name).verbose_name)
                assert said[label].text == facts(0)[name]

    def test_each_fact_is_on_the_page(self, entry, client):
        page = client.get(entry.get_absolute_url()).content.decode()

        told = facts(0)
        assert [n for n in PLAIN if n in FACTS_SHOWN and told[n] not in page] == []
        assert told["counter_evidence"] not in page

    def test_each_fact_is_in_the_downloads(self, entry, client):
        rows = json.loads(client.get("/evidence.json").getvalue())["evidence"]
        file = client.get("/evidence.csv").getvalue().decode("utf-8-sig")
        cells = list(csv.DictReader(io.StringIO(file)))

        told = {name: facts(0)[name] for name in FACTS_SHOWN if name not in LEFT_OUT}
        told["date"] = told.pop("occurred_on").isoformat()
        assert {name: rows[0][name] for name in told} == told
        assert {name: cells[0][name] for name in told} == {
            name: str(value) for name, value in told.items()
        }

    def test_each_fact_is_in_the_exported_file(self, entry):
        file = EvidenceResource().export(
            Evidence.objects.annotate(codes_hidden=Value(False))
        )

        told = {name: value for name, value in facts(0).items() if value != {}}
        assert {name: file.dict[0][name] for name in told} == {
            name: str(value) for name, value in told.items()
        }

    @pytest.mark.parametrize("name", ["evidence-correct", "admin"])
    def test_each_fact_stands_in_the_form(self, entry, client, curator, name):
        client.force_login(curator)
        if name == "admin":
            entry = make_evidence("submitted", **facts(0))
            address = reverse("admin:icctracker_evidence_change", args=[entry.pk])
            left_out = NOT_TYPED_IN_THE_ADMIN
        else:
            address = reverse(name, args=[entry.pk])
            left_out = NOT_TYPED_AT_THE_DESK

        page = client.get(address).content.decode()

        typed = {*FACTS} - left_out
        assert {each for each in typed if f'name="{each}"' not in page} == set()
        told = facts(0)
        assert {n for n in PLAIN if n in typed and told[n] not in page} == set()

    def test_each_code_and_each_citation_is_in_the_history(self):
        entry = make_evidence(
            sources=[source_row(publisher="A publisher", archived_url="https://a.org")],
            findings=[
                finding_row(
                    form="signal",
                    form_reason="Only said.",
                    searched_words="the Court",
                    pinpoint="3",
                )
            ],
        )
        source, finding = entry.sources.get(), entry.findings.get()

        said = everything_said(entry.editions.get(), [finding])

        texts = " ".join(each.text for each in said.values())
        labels = " ".join(said)
        for name in ("url", "label", "publisher", "archived_url"):
            assert getattr(source, name) in texts
        assert "official" in texts
        for name in ("form_reason", "searched_words", "pinpoint", "rationale"):
            assert getattr(finding, name) in texts
        for field in ("effect", "form", "why this form", "occasion", "read at"):
            assert f"7a, {field}" in labels

    def test_a_fact_left_empty_is_not_told(self, entry):
        Edition.objects.update(verification_note="", meeting="")

        said = facts_said(entry.editions.get())

        assert not {"Meeting record", "On what was read"} & set(said)


def test_the_facts_of_an_edition_fit_as_they_fitted_the_entry():
    for field in Facts._meta.local_fields:
        kept = Edition._meta.get_field(field.name)
        assert (kept.max_length or 9999) >= (field.max_length or 0), field.name
