import csv
import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from icctracker.actions import ActionRefused
from icctracker.imports.first_data import SITUATION_WORDS, load_first_data
from icctracker.imports.first_record import RESOLUTIONS, VETOES
from icctracker.models import (
    Actor,
    Codebook,
    Criterion,
    Evidence,
    Finding,
    Publication,
    Recommendation,
    ReviewDecision,
    Ruleset,
    Search,
    Situation,
    Source,
)
from icctracker.models.evidence import publisher_of
from icctracker.texts import symbols

FOLDER = settings.BASE_DIR / "fixtures" / "tracker"
COUNCIL = settings.BASE_DIR / "fixtures" / "council"

pytestmark = pytest.mark.django_db


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def counts():
    return {
        model.__name__: model.objects.count()
        for model in (
            Publication,
            Recommendation,
            Codebook,
            Criterion,
            Situation,
            Actor,
            Evidence,
            Source,
            Finding,
            Search,
            ReviewDecision,
        )
    }


class TestTheRealData:
    """All entries of the second release, as compiled."""

    def test_everything_in_the_files_is_there(self, first_data):
        rows = read("evidence")

        assert counts() == {
            "Publication": 1,
            "Recommendation": 10,
            "Codebook": 2,
            "Criterion": sum(
                len(read(name)["criteria"]) for name in ("codebook", "codebook-1.1")
            ),
            "Situation": len(read("situations")),
            "Actor": len({name for row in rows for name in row["actors"]}),
            "Evidence": len(rows),
            "Source": sum(len(row["sources"]) for row in rows),
            "Finding": sum(len(row["findings"]) for row in rows),
            "Search": len(read("searches")),
            "ReviewDecision": sum(row["verification"] == "verified" for row in rows),
        }
        assert first_data["findings"] == Finding.objects.count()
        said = Counter(row["verification"] for row in rows)
        assert Counter(Evidence.objects.values_list("verification", "state")) == {
            ("verified", "published"): said["verified"],
            ("unverified", "submitted"): said["unverified"],
        }
        assert not Evidence.objects.submitted().filter(verification_note="").exists()

    def test_each_entry_and_each_finding_is_kept_whole(self, first_data):
        entries = Evidence.objects.prefetch_related(
            "situations", "actors", "sources", "findings__criterion"
        ).in_bulk(field_name="slug")

        for row in read("evidence"):
            entry = entries[row["slug"]]
            names = "kind tier symbol meeting title summary".split()
            names += ["verification", "verification_note"]
            assert {name: getattr(entry, name) for name in names} == {
                name: row[name].strip() for name in names
            }
            assert entry.occurred_on.isoformat() == row["date"]
            assert {s.slug for s in entry.situations.all()} == set(row["situations"])
            assert {a.name for a in entry.actors.all()} == set(row["actors"])
            assert votes_of(entry) == row["votes"]
            assert [
                {name: getattr(source, name) for name in ("url", "label", "official")}
                for source in entry.sources.all()
            ] == row["sources"]
            said = {finding["criterion"]: finding for finding in row["findings"]}
            assert len(said) == len(entry.findings.all())
            for finding in entry.findings.all():
                assert_kept_whole(finding, said[finding.criterion.code])


def votes_of(entry):
    votes = {name: getattr(entry, f"votes_{name}") for name in ("yes", "no", "abstain")}
    return None if votes["yes"] is None else votes


def assert_kept_whole(finding, said):
    for name in "effect occasion pinpoint rationale".split():
        assert getattr(finding, name) == said[name]
    assert finding.form == said.get("form", finding.evidence.default_form)
    assert finding.form_reason == said.get("form_reason", "")
    accepted = finding.evidence.state == "published"
    assert (finding.accepted_at is not None) == accepted
    assert (finding.event_date == finding.evidence.occurred_on) == accepted


def few(verified, unverified):
    """Entries of the real data, so many of each kind."""
    rows = read("evidence")
    checked = [row for row in rows if row["verification"] == "verified"]
    others = [row for row in rows if row["verification"] == "unverified"]
    return checked[:verified] + others[:unverified]


def write(folder, rows):
    (folder / "evidence.json").write_text(json.dumps(rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """The codebook and a few entries, verified and not: quick to load."""
    folder = shutil.copytree(FOLDER, tmp_path / "tracker")
    write(folder, few(3, 2))
    return folder


def queries_of(folder):
    """How many queries it takes to load what is missing."""
    with CaptureQueriesContext(connection) as queries:
        load_first_data(folder)
    return len(queries)


class TestLoading:
    def test_what_is_verified_is_published_and_says_by_whom(self, folder):
        load_first_data(folder)

        published = Evidence.objects.published()
        assert published.count() == 3
        for entry in published:
            decision = entry.decisions.get()
            assert (decision.outcome, decision.reviewer) == ("publish", None)
            assert "compilers" in decision.note

    def test_what_is_not_verified_waits_and_is_put_to_no_rule(self, folder):
        load_first_data(folder)

        waiting = Evidence.objects.submitted()
        assert waiting.count() == 2
        assert not Finding.objects.accepted().filter(evidence__in=waiting).exists()

    def test_recommendations_are_verbatim_and_know_whom_they_ask(self, folder):
        load_first_data(folder)

        loaded = {each.code: each for each in Recommendation.objects.all()}
        for row in read("codebook")["recommendations"]:
            recommendation = loaded[row["code"]]
            assert recommendation.text == row["text"]
            assert {a.slug for a in recommendation.addressees.all()} == set(
                row["addressees"]
            )

    def test_criteria_say_what_counts(self, folder):
        load_first_data(folder)

        for version, name in (("1.0", "codebook"), ("1.1", "codebook-1.1")):
            of_version = Criterion.objects.filter(codebook__version=version)
            loaded = {c.code: c for c in of_version.select_related("recommendation")}
            for row in read(name)["criteria"]:
                criterion = loaded[row["code"]]
                assert criterion.recommendation.code == row["recommendation"]
                for field in set(row) - {"recommendation", "meaning"}:
                    assert getattr(criterion, field) == row[field]

    def test_both_versions_are_on_record_with_day_and_reason(self, folder):
        load_first_data(folder)

        for versions in (Codebook.objects, Ruleset.objects):
            assert versions.in_force().version == "1.1"
            first = versions.in_force(datetime(2026, 11, 24, tzinfo=UTC))
            assert first.version == "1.0"
        later = Codebook.objects.in_force()
        assert str(later.published_on) == read("codebook-1.1")["published_on"]
        assert later.note == read("codebook-1.1")["reason"]
        assert all(each.note for each in Codebook.objects.all())
        assert all(each.reason for each in Ruleset.objects.all())
        assert Ruleset.objects.in_force().parameters.held_days == 180

    def test_only_a_changed_test_has_another_meaning(self, folder):
        load_first_data(folder)

        for row in read("codebook-1.1")["criteria"]:
            criterion = Criterion.objects.in_force().get(code=row["code"])
            assert criterion.meaning == 1 + (row["meaning"] == "changed")

    def test_findings_are_under_the_version_that_they_were_coded_for(self, first_data):
        changes = read("changes-1.1")
        anew = set(changes["to_be_coded_again"])
        touched = {
            (each["slug"], row["criterion"])
            for each in changes["entries_changed"]
            for row in (*each["findings_changed"], *each["findings_added"])
        }
        for finding in Finding.objects.select_related(
            "evidence", "criterion__codebook"
        ):
            slug, code = finding.evidence.slug, finding.criterion.code
            later = (
                slug in changes["entries_added"]
                or code in anew
                or (slug, code) in touched
            )
            assert finding.criterion.codebook.version == ("1.1" if later else "1.0")

    def test_the_history_begins_with_situations_and_actors(self, folder):
        load_first_data(folder)

        for entry in Evidence.objects.all():
            first = entry.history.get()
            assert (first.history_type, first.title) == ("+", entry.title)
            assert {row.situation for row in first.situations.all()} == {
                *entry.situations.all()
            }
            assert {row.actor for row in first.actors.all()} == {*entry.actors.all()}

    def test_sources_searches_and_actors_have_a_history_each(self, folder):
        load_first_data(folder)

        for model in (Source, Search, Situation, Actor):
            for row in model.objects.all():
                kept = row.history.get()
                assert (kept.history_type, str(kept.instance)) == ("+", str(row))

    def test_who_publishes_a_source_follows_from_its_address(self, folder):
        load_first_data(folder)

        assert Source.objects.exists()
        for source in Source.objects.all():
            assert source.publisher == publisher_of(source.url)

    def test_twice_as_many_entries_take_no_more_queries(self, folder):
        write(folder, [])
        load_first_data(folder)
        write(folder, few(6, 3))
        before = queries_of(folder)
        write(folder, few(18, 9))

        assert queries_of(folder) == before


class TestLoadingAgain:
    def test_it_takes_few_queries_however_many_entries_there_are(self, folder):
        load_first_data(folder)
        before = queries_of(folder)
        write(folder, few(6, 4))
        load_first_data(folder)

        assert queries_of(folder) == before < 30

    def test_it_changes_nothing(self, folder):
        load_first_data(folder)
        before = counts()

        added = load_first_data(folder)

        assert not any(added.values())
        assert counts() == before

    def test_what_people_have_edited_stays_as_they_left_it(self, folder):
        load_first_data(folder)
        entry = Evidence.objects.published().first()
        Evidence.objects.filter(pk=entry.pk).update(title="A better title")
        Recommendation.objects.filter(code="R1").update(short_title="Strategy")

        load_first_data(folder)

        entry.refresh_from_db()
        assert entry.title == "A better title"
        assert Recommendation.objects.get(code="R1").short_title == "Strategy"

    def test_what_is_missing_is_added(self, folder):
        load_first_data(folder)
        missing = Evidence.objects.submitted().first()
        missing.findings.all().delete()
        missing.delete()

        added = load_first_data(folder)

        assert {noun: n for noun, n in added.items() if n} == {
            "submitted entries": 1,
            "findings": 1,
        }


class TestFaults:
    @pytest.mark.parametrize(
        "fields",
        [
            {"date": "2026-02-30"},
            {"situations": ["atlantis"]},
            {"kind": "rumour"},
            {"title": ""},
            {"sources": [{"url": "ftp://x", "label": "x", "official": False}]},
        ],
    )
    def test_one_fault_undoes_the_whole(self, folder, fields):
        path = folder / "evidence.json"
        rows = json.loads(path.read_text(encoding="utf-8"))
        rows[-1] |= fields
        path.write_text(json.dumps(rows), encoding="utf-8")

        with pytest.raises((ValueError, KeyError, IntegrityError, ActionRefused)):
            load_first_data(folder)

        assert not any(counts().values())


class TestTheDataItself:
    """Not what the loader does, but what the files must hold."""

    def test_every_symbol_is_written_in_its_official_form(self):
        for row in read("evidence"):
            for name in ("symbol", "meeting"):
                if row[name]:
                    assert symbols.normalise(row[name]) == row[name]

    def test_every_symbol_links_to_the_official_document(self):
        for row in read("evidence"):
            if row["symbol"]:
                by_symbol = symbols.link(row["symbol"])
                assert by_symbol or row["sources"][0]["official"], row["symbol"]

    def test_every_entry_has_a_source_and_a_finding_with_its_reason(self):
        for row in read("evidence"):
            assert row["sources"]
            assert row["findings"]
            assert all(said["rationale"] for said in row["findings"])

    def test_nothing_lies_in_the_future_of_the_data(self):
        written = date(2026, 11, 26)

        assert all(
            date.fromisoformat(row["date"]) <= written
            for name in ("evidence", "searches")
            for row in read(name)
        )

    def test_what_weighs_was_an_occasion_or_a_step(self):
        for row in read("evidence"):
            for said in row["findings"]:
                assert said["occasion"] == (said["effect"] != 0)


def alike(text):
    """A text with one apostrophe for both: the record has either."""
    return text.casefold().replace("’", "'")


class TestWordsOfSituations:
    def test_each_occurs_in_the_council_s_record(self):
        """No word is made up: titles, agenda items and nothing else."""
        texts = [
            " ".join(f"{row.get('title', '')} · {row['agenda_item']}".split())
            for file in (RESOLUTIONS, VETOES)
            for row in csv.DictReader((COUNCIL / file).open(encoding="utf-8-sig"))
        ]
        record = alike("\n".join(texts))

        missing = [
            (row["slug"], word)
            for row in read("situations")
            for name in SITUATION_WORDS
            for word in row[name]
            if alike(word) not in record
        ]

        assert missing == []

    def test_those_tracked_have_words_and_a_year(self, first_data):
        for situation in Situation.objects.all():
            words = situation.title_words or situation.agenda_words
            assert bool(words) == (situation.since is not None), situation
