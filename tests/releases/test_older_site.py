"""A site of the first release becomes one of the second, and people keep their own.

It is made from the files of the first release by the site's own loader.
"""

import json
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone

from icctracker.actions import codebook, rulesets
from icctracker.actions.review import correct
from icctracker.actions.status import record_changes
from icctracker.imports.first_data import load_first_data
from icctracker.imports.releases import left_to_people
from icctracker.imports.shipped import differences, shipped
from icctracker.management.commands import setup_site
from icctracker.models import (
    FINDING_FIELDS,
    SOURCE_FIELDS,
    Codebook,
    Evidence,
    Finding,
    Gap,
    Publication,
    Ruleset,
    StatusChange,
)
from icctracker.readings.versions import preview
from tests.factories import make_evidence, make_user
from tests.releases import TRACKER, expected, read, write_first

pytestmark = pytest.mark.django_db

# As the first release had it.
FILLED = "The first data were coded once, by one coder; there is no second coding yet."
RECODED = {"2b", "5a", "8b"}
SLUG = "resolution-1315-2000-lome-amnesty"


def load(folder):
    load_first_data(folder)
    record_changes()


def upgrade(council):
    """What setting up does with the data; on a small part of the Council's record."""
    with patch.object(setup_site, "COUNCIL_RECORD", council):
        return setup_site.load_all()


def load_and_upgrade(folder, council):
    # Made as one thing: rows of the first release change.
    load(folder)
    before = timezone.now()
    return before, upgrade(council)


@pytest.fixture(scope="session")
def first_folder(tmp_path_factory):
    return write_first(tmp_path_factory.mktemp("first"))


@pytest.fixture
def first_site(kept, first_folder):
    return kept(load, first_folder)


@pytest.fixture
def upgraded(kept, first_folder, council_folder):
    """The instant before the upgrade, and what it did."""
    return kept(load_and_upgrade, first_folder, council_folder)


def statuses(day, known_at=None):
    said = StringIO()
    known = {"known_at": known_at.isoformat()} if known_at else {}
    call_command("status", as_of=day, json=True, stdout=said, **known)
    rows = json.loads(said.getvalue())["recommendations"]
    return {row["code"]: (row["status"], row["result"]["level"]) for row in rows}


def worked_out(release, day):
    return {
        code: (said["dates"][day]["status"], said["dates"][day]["level"])
        for code, said in expected()[release].items()
    }


def left(done):
    return sorted(map(str, done.left))


class TestTheStatuses:
    def test_of_the_first_release_are_those_worked_out(self, first_site):
        for day in expected()["dates"]:
            assert statuses(day) == worked_out("codebook_1_0_first_data", day)

    def test_of_the_second_are_those_worked_out(self, upgraded):
        for day in expected()["dates"]:
            assert statuses(day) == worked_out("codebook_1_1_second_data", day)

    def test_as_known_before_the_upgrade_stay_as_they_were(self, upgraded):
        before, _done = upgraded
        for day in expected()["dates"]:
            known = statuses(day, before)
            assert known == worked_out("codebook_1_0_first_data", day)

    def test_that_moved_are_on_record_with_what_moved_them(self, upgraded):
        moved = StatusChange.objects.exclude(cause="first")

        assert {(each.recommendation.code, each.cause) for each in moved} == {
            ("R8", "codebook"),
            ("R10", "codebook"),
        }


class TestTheUpgrade:
    def test_leaves_a_site_as_a_new_one_has_it(self, upgraded, council_folder):
        _before, (added, done) = upgraded

        assert list(differences(shipped(TRACKER, council_folder), {})) == []
        assert done.left == []
        assert added["published entries"] == len(read("changes-1.1")["entries_added"])
        assert list(left_to_people(TRACKER)) == []

    def test_brings_versions_in_from_its_own_instant_on(self, upgraded):
        before, _done = upgraded

        for versions in (Codebook.objects, Ruleset.objects):
            assert versions.in_force().version == "1.1"
            assert versions.in_force(before).version == "1.0"
        assert Codebook.objects.in_force().note == read("codebook-1.1")["reason"]
        assert Ruleset.objects.in_force().parameters.held_days == 180

    def test_supersedes_findings_on_a_changed_test_at_that_instant(self, upgraded):
        at = Codebook.objects.in_force().published_at
        coded = Finding.objects.accepted().filter(
            criterion__code__in=RECODED, supersedes__criterion__meaning=1
        )

        assert {each.criterion.meaning for each in coded} == {2}
        assert at in {each.accepted_at for each in coded}
        assert not Finding.objects.accepted().filter(
            criterion__code__in=RECODED, criterion__meaning=1
        )

    def test_leaves_what_is_not_verified_waiting(self, upgraded):
        rows = [r["slug"] for r in read("evidence") if r["verification"] != "verified"]

        waiting = Evidence.objects.submitted().values_list("slug", flat=True)

        assert sorted(waiting) == sorted(rows)

    def test_twice_changes_nothing(self, upgraded, council_folder):
        changes = StatusChange.objects.count()

        added, done = upgrade(council_folder)

        assert (done.mended, done.left, done.closed) == ([], [], 0)
        assert not added["findings"] + added["codebooks"] + added["rulesets"]
        assert StatusChange.objects.count() == changes


def correct_finding(slug, code, **values):
    """What a curator says otherwise of one finding of an entry."""
    entry = Evidence.objects.get(slug=slug)
    rows = [
        {name: getattr(each, name) for name in FINDING_FIELDS}
        | {"criterion": each.criterion}
        | (values if each.criterion.code == code else {})
        for each in entry.findings.accepted().select_related("criterion")
    ]
    sources = [
        {name: getattr(each, name) for name in SOURCE_FIELDS}
        for each in entry.sources.all()
    ]
    told = {"facts": {}, "sources": sources, "findings": rows}
    correct(entry, by=make_user("curator"), reason="Read again.", **told)


# What is asked for them is asked for the upgrade, too.
@pytest.mark.one_database
class TestPeople:
    def test_keep_what_they_coded_otherwise_and_are_told(
        self, first_site, council_folder
    ):
        correct_finding(SLUG, "5a", rationale="As we read it.")

        _added, done = upgrade(council_folder)

        kept = Evidence.objects.get(slug=SLUG).findings.accepted().get()
        assert (kept.rationale, kept.criterion.meaning) == ("As we read it.", 1)
        assert left(done) == [f"evidence {SLUG}: finding 5a (2)"]

    def test_who_have_drafted_a_version_keep_it_and_are_told_what_to_do(
        self, first_site, council_folder
    ):
        curator = make_user("curator")
        draft = codebook.draft_next(by=curator, version="1.1")
        before = statuses("2026-11-26")["R2"]

        added, _done = upgrade(council_folder)

        assert Codebook.objects.in_force().version == "1.0"
        (sentence,) = left_to_people(TRACKER)
        assert "Codebook 1.1" in sentence and "discards the draft" in sentence
        assert statuses("2026-11-26")["R2"] == before
        assert added["findings coded again"] == 0

        codebook.discard(draft, by=curator)
        upgrade(council_folder)

        assert Codebook.objects.in_force().version == "1.1"
        day = "2026-11-26"
        assert statuses(day) == worked_out("codebook_1_1_second_data", day)
        values = shipped(TRACKER, council_folder)
        assert list(differences(values, {})) == []

    def test_who_have_published_a_version_are_not_overruled(
        self, first_site, council_folder
    ):
        curator = make_user("curator")
        draft = codebook.draft_next(by=curator, version="1.1")
        criterion = draft.criteria.get(code="2b")
        codebook.revise_criterion(criterion, by=curator, recode=True, counts="Ours.")
        left = preview(draft, timezone.localdate()).left
        because = {"leave": left, "leave_reason": "We code them later."}
        codebook.publish(draft, by=curator, reason="Ours.", **because)

        upgrade(council_folder)

        in_force = Codebook.objects.in_force()
        assert (in_force.published_by, in_force.version) == (curator, "1.1")
        assert len(list(left_to_people(TRACKER))) == 1
        # Nothing that was coded for another test is put to theirs.
        assert not Finding.objects.filter(criterion__codebook=in_force).exists()

    def test_who_have_drafted_a_ruleset_keep_it(self, first_site, council_folder):
        publication = Publication.objects.principal()
        rulesets.draft_next(publication, by=make_user("curator"), version="1.1")

        upgrade(council_folder)

        assert Ruleset.objects.in_force().version == "1.0"
        (sentence,) = left_to_people(TRACKER)
        assert "Ruleset 1.1" in sentence

    def test_who_logged_a_document_themselves_decide_about_ours(
        self, first_site, council_folder
    ):
        slugs = set(read("changes-1.1")["entries_added"])
        (row,) = [
            each
            for each in read("evidence")
            if each["slug"] in slugs and each["symbol"]
        ][:1]
        make_evidence(symbol=row["symbol"], by=make_user())

        upgrade(council_folder)

        ours = Evidence.objects.get(slug=row["slug"])
        assert ours.state == Evidence.State.SUBMITTED
        assert "entry of its own" in ours.verification_note

    def test_read_of_gaps_that_were_filled_no_longer(self, first_site, council_folder):
        filled = Gap.objects.create(
            slug="coded-once", text=FILLED, noted_on=timezone.localdate()
        )
        kept = Gap.objects.create(
            slug="2b-mandates-2016-2020", text="Ours.", noted_on="2026-11-23"
        )

        _added, done = upgrade(council_folder)

        filled.refresh_from_db()
        kept.refresh_from_db()
        assert done.closed == 1
        assert filled.closed_on <= timezone.localdate() + timedelta(days=1)
        assert kept.closed_on is None
