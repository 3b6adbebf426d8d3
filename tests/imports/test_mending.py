"""A site that was set up earlier is mended: what we corrected reaches it, on record.

Older sites are made from the files as they were shipped then, by the site's own loader.
"""

import json
import shutil
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from icctracker.actions.codebook import draft_next, drop_criterion, publish
from icctracker.actions.review import correct, withdraw
from icctracker.imports.coded_for import CodedFor
from icctracker.imports.first_data import load_first_data
from icctracker.imports.first_record import VETOES, load_council_record, rows_of
from icctracker.imports.mending import mend
from icctracker.imports.shipped import differences, digest, earlier, shipped
from icctracker.management.commands import note_shipped, setup_site
from icctracker.models import (
    FINDING_FIELDS,
    SOURCE_FIELDS,
    Ballot,
    Document,
    Evidence,
    Gap,
    Import,
    Search,
    Situation,
    ValueOrigin,
)
from tests.council import write_part, write_rows
from tests.factories import make_user

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
SLUG = "resolution-1820-2008-amnesty-exclusion"
# As the files of 23 November had it; what each of them says now.
MEETINGS_OF_1947 = {
    ("S/PV.186", "1"): "Portugal",
    ("S/PV.186", "2"): "Ireland",
    ("S/PV.186", "3"): "Transjordan",
    ("S/PV.190", "1"): "Austria",
    ("S/PV.190", "2"): "Italy",
}


def change(path, alter):
    rows = json.loads(path.read_text(encoding="utf-8"))
    alter(rows)
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def only_some(rows):
    wanted = {SLUG, "veto-syria-referral-2014-05-22", "resolution-1593-2005-referral"}
    rows[:] = [row for row in rows if row["slug"] in wanted][:3] or rows[:3]


class Files:
    """Two folders of files, as they are shipped now or as they were once."""

    def __init__(self, folder):
        self.tracker = shutil.copytree(FIXTURES / "tracker", folder / "tracker")
        self.council = folder / "council"
        self.council.mkdir()
        write_part(self.council)
        rows = rows_of(FIXTURES / "council", VETOES)
        of_1947 = [r for r in rows if (r["draft"], r["item_no"]) in MEETINGS_OF_1947]
        write_rows(self.council / VETOES, of_1947)
        change(self.tracker / "evidence.json", only_some)

    def as_of_23_november(self):
        def evidence(rows):
            (row,) = (row for row in rows if row["slug"] == SLUG)
            row["meeting"] = "S/PV.5916"

        def situations(rows):
            later = {"cote-divoire", "burundi"}
            rows[:] = [row for row in rows if row["slug"] not in later]
            for row in rows:
                for name in "since title_words agenda_words ignored_words".split():
                    row.pop(name)

        change(self.tracker / "evidence.json", evidence)
        change(self.tracker / "situations.json", situations)
        rows = list(rows_of(self.council, VETOES))
        for row in rows:
            about = MEETINGS_OF_1947[row["draft"], row["item_no"]]
            row["agenda_item"] = f"Application for Membership {about}"
        write_rows(self.council / VETOES, rows)
        return self

    def load(self):
        load_first_data(self.tracker)
        load_council_record(self.council)

    def values(self):
        return shipped(self.tracker, self.council)


def upgrade(now, before=None):
    before = earlier(FIXTURES / "earlier.json") if before is None else before
    criteria = CodedFor(now.tracker).criteria()
    return mend(now.values(), before, criteria=criteria)


@pytest.fixture
def now(tmp_path):
    (tmp_path / "now").mkdir()
    return Files(tmp_path / "now")


@pytest.fixture
def old_site(tmp_path):
    """A site of 23 November, before ballots had an agenda item of their own."""
    (tmp_path / "then").mkdir()
    Files(tmp_path / "then").as_of_23_november().load()
    Ballot.objects.update(agenda_item="")


def entry():
    return Evidence.objects.get(slug=SLUG)


class TestAnOlderSite:
    def test_what_was_corrected_since_is_right(self, old_site, now):
        done = upgrade(now)

        assert list(differences(now.values(), {})) == []
        assert entry().meeting == "S/PV.5916 (Resumption 1)"
        assert Document.objects.get(symbol="S/PV.190").agenda_item.endswith("Italy")
        ballots = Document.objects.get(symbol="S/PV.186").ballots.order_by("item")
        own = [each.agenda_item.rpartition(" ")[2] for each in ballots]
        assert own == ["", "Ireland", "Portugal"]
        assert "Darfur" in Situation.objects.get(slug="darfur-sudan").title_words
        assert len(done.mended) > 50 and done.left == []

    def test_an_entry_is_corrected_on_the_record_and_readers_see_why(
        self, old_site, now
    ):
        upgrade(now)

        decision = entry().decisions.get(outcome="correct")
        assert (decision.reviewer, decision.note) == (None, REASON)
        first, second = entry().editions.order_by("number")
        assert (first.meeting, second.meeting) == (
            "S/PV.5916",
            "S/PV.5916 (Resumption 1)",
        )
        page = Client().get(reverse("evidence-history", args=[SLUG])).content.decode()
        assert REASON in page and "by the data that the site ships with" in page
        changes = Client().get(reverse("change-list")).content.decode()
        assert REASON in changes

    def test_the_council_s_record_says_what_stood_there(self, old_site, now):
        upgrade(now)

        origins = ValueOrigin.objects.filter(document__symbol="S/PV.190", ballot=None)
        assert origins.get().before == "Application for Membership Austria"
        assert Import.objects.filter(source=VETOES).count() == 2

    def test_records_of_curators_have_it_in_their_history(self, old_site, now):
        upgrade(now)

        latest = Situation.objects.get(slug="syria").history.first()
        assert latest.history_change_reason == REASON

    def test_a_second_run_changes_nothing(self, old_site, now):
        upgrade(now)
        decisions = entry().decisions.count()

        done = upgrade(now)

        assert (done.mended, done.left) == ([], [])
        assert entry().decisions.count() == decisions


class TestWhatPeopleChanged:
    def test_stays_and_is_told(self, old_site, now):
        syria = Situation.objects.get(slug="syria")
        syria.note = "A curator's own words."
        syria.save()

        done = upgrade(now)

        syria.refresh_from_db()
        assert syria.note == "A curator's own words."
        assert list(map(str, done.left)) == ["situation syria: note"]
        assert "Syria" in syria.title_words

    def test_a_corrected_fact_of_an_entry_stays(self, old_site, now):
        curator = make_user("curator")
        by_hand(entry(), curator, meeting="S/PV.5917")

        done = upgrade(now)

        assert entry().meeting == "S/PV.5917"
        assert f"evidence {SLUG}: meeting" in map(str, done.left)

    def test_what_they_put_back_after_it_was_mended_stays(self, old_site, now):
        upgrade(now)
        by_hand(entry(), make_user("curator"), meeting="S/PV.5916")

        done = upgrade(now)

        assert entry().meeting == "S/PV.5916"
        assert done.mended == [] and len(done.left) == 1

    def test_words_that_a_curator_emptied_stay_empty(self, now):
        now.load()
        syria = Situation.objects.get(slug="syria")
        syria.title_words = ""
        syria.save()

        upgrade(now)

        syria.refresh_from_db()
        assert syria.title_words == ""

    def test_the_next_version_of_the_codebook_stops_no_upgrade(self, old_site, now):
        curator = make_user("curator")
        draft = draft_next(by=curator, version="1.2")
        drop_criterion(draft.criteria.get(code="2b"), by=curator)
        publish(draft, by=curator, reason="It is not asked any more.")

        done = upgrade(now)

        assert f"evidence {SLUG}: meeting" in map(str, done.mended)
        assert entry().findings.accepted().count() == 1

    def test_a_withdrawn_entry_is_left_alone(self, old_site, now):
        withdraw(entry(), by=make_user("curator"), reason="It is another's.")

        done = upgrade(now)

        assert entry().meeting == "S/PV.5916"
        assert f"evidence {SLUG}: meeting" in map(str, done.left)

    def test_what_a_file_brought_in_stays(self, old_site, now):
        document = Document.objects.get(symbol="S/PV.190")
        document.agenda_item = "Admission of new members"
        document.save()
        ValueOrigin.objects.create(
            document=document,
            field="agenda_item",
            imported=Import.objects.create(source="votes.csv"),
        )

        done = upgrade(now)

        document.refresh_from_db()
        assert document.agenda_item == "Admission of new members"
        assert "document S/PV.190: agenda item" in map(str, done.imported)


def by_hand(evidence, curator, **facts):
    """Correct an entry as at the desk: the rest stays as it is."""
    return correct(
        evidence,
        by=curator,
        reason="Read again.",
        facts=facts,
        sources=[
            {name: getattr(source, name) for name in SOURCE_FIELDS}
            for source in evidence.sources.all()
        ],
        findings=[
            {name: getattr(finding, name) for name in FINDING_FIELDS}
            | {"criterion": finding.criterion}
            for finding in evidence.findings.accepted()
        ],
    )


# How the next release may differ from this one, and what a mended site then says.


def of_entry(**values):
    def alter(rows):
        (row,) = (row for row in rows if row["slug"] == SLUG)
        row |= values

    return "evidence", alter


def of_finding(**values):
    def alter(rows):
        (row,) = (row for row in rows if row["slug"] == SLUG)
        row["findings"][0] |= values

    return "evidence", alter


def no_finding(rows):
    (row,) = (row for row in rows if row["slug"] == SLUG)
    first = row["findings"][0] | {"criterion": "1b", "rationale": "It says so."}
    row["findings"] = [first]


def first_row(**values):
    return lambda rows: rows[0].update(values)


RELEASES = {
    "title": of_entry(title="Put better"),
    "day": of_entry(date="2008-06-18"),
    "votes": of_entry(votes={"yes": 14, "no": 0, "abstain": 1}),
    "no votes": of_entry(votes=None),
    "situations": of_entry(situations=["syria", "libya"]),
    "actors": of_entry(actors=["Security Council", "Nobody yet"]),
    "sources": of_entry(
        sources=[{"url": "https://undocs.org/x", "label": "X", "official": True}]
    ),
    "a code": of_finding(effect=1, pinpoint="OP 4"),
    "a form": of_finding(form="process", form_reason="It repeats a principle."),
    "another finding": ("evidence", no_finding),
    "outcome of a search": ("searches", first_row(outcome="Something was found.")),
    "a gap": ("gaps", first_row(text="Less is missing.")),
    "a situation": ("situations", first_row(name="Sudan, Darfur", since=2004)),
}


class TestTheNextRelease:
    @pytest.mark.parametrize("release", RELEASES)
    def test_reaches_a_site_of_this_one_whatever_it_corrects(self, now, release):
        now.load()
        this = now.values()
        change(now.tracker / f"{RELEASES[release][0]}.json", RELEASES[release][1])

        done = upgrade(now, before=noted_between(now.values(), this))

        assert done.mended and done.left == []
        assert list(differences(now.values(), {})) == []

    def test_publishes_what_it_has_verified(self, now):
        change(now.tracker / "evidence.json", of_entry(verification="unverified")[1])
        now.load()
        this = now.values()
        assert entry().state == Evidence.State.SUBMITTED
        change(now.tracker / "evidence.json", of_entry(verification="verified")[1])

        upgrade(now, before=noted_between(now.values(), this))

        assert entry().state == Evidence.State.PUBLISHED
        assert entry().editions.count() == 1
        assert not entry().findings.filter(accepted_at=None).exists()

    def test_of_the_record_replaces_votes_and_tallies(self, now):
        now.load()
        this = now.values()
        rows = list(rows_of(now.council, VETOES))
        rows[0] |= {"yes": "8", "abstain": "2", "abstained": "Poland; Australia"}
        write_rows(now.council / VETOES, rows)

        upgrade(now, before=noted_between(now.values(), this))

        ballot = Ballot.objects.get(document__symbol="S/PV.186", item=1)
        assert (ballot.yes, ballot.abstain) == (8, 2)
        assert ballot.votes.filter(cast="A").count() == 2
        assert list(differences(now.values(), {})) == []

    def test_leaves_a_criterion_to_the_next_version_of_the_codebook(self, now):
        now.load()
        this = now.values()
        change(
            now.tracker / "codebook.json",
            lambda data: data["criteria"][0].update(counts="Otherwise."),
        )

        done = upgrade(now, before=noted_between(now.values(), this))

        assert done.mended == [] and len(done.left) == 1


def noted_between(later, sooner):
    found = {}
    note_shipped._compare(later, sooner, found)
    return json.loads(note_shipped.as_text(found))


REASON = "Mended in the data that the site ships with."


class TestTheFileOfEarlierValues:
    def test_has_all_that_was_ever_shipped_otherwise(self):
        try:
            found = note_shipped.noted()
        except CommandError as no_history:
            pytest.skip(str(no_history))

        kept = (FIXTURES / "earlier.json").read_text(encoding="utf-8")
        assert json.loads(note_shipped.as_text(found)) == json.loads(kept)

    def test_names_a_value_alike_on_every_machine(self):
        assert digest({"b": [1, None], "a": "é"}) == "67fefb53f186c5e1"


class TestTheCommands:
    def test_setting_up_says_what_is_mended_and_what_is_left(
        self, old_site, now, monkeypatch
    ):
        monkeypatch.setattr(setup_site, "FIRST_DATA", now.tracker)
        monkeypatch.setattr(setup_site, "COUNCIL_RECORD", now.council)
        Situation.objects.filter(slug="syria").update(note="A curator's own words.")
        said = StringIO()

        call_command("setup_site", "--dry-run", stdout=said)

        said = said.getvalue()
        assert "values would be mended, which were as shipped before:" in said
        assert "1 values left, which people have otherwise than shipped:" in said
        assert "  situation syria: note" in said
        assert entry().meeting == "S/PV.5916"

    def test_consistency_tells_what_differs_and_does_not_call_it_a_fault(self, kept):
        load_first_data(FIXTURES / "tracker")
        Gap.objects.update(text="Otherwise.")
        Search.objects.update(outcome="Otherwise.")
        said = StringIO()

        call_command("check_consistency", stdout=said)

        said = said.getvalue()
        assert "Note: gap 7a-before-2011: text is otherwise than shipped" in said
        count = Gap.objects.count() + Search.objects.count()
        assert f"No disagreements. {count} values differ" in said
