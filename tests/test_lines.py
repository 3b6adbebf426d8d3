"""What the download tells of an entry is kept, and is never what it no longer says."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from icctracker.actions.lines import rewrite_lines
from icctracker.actions.review import correct, decide, withdraw
from icctracker.models import (
    Actor,
    Criterion,
    Evidence,
    ExportLine,
    Finding,
    Recommendation,
    Situation,
    Source,
)
from icctracker.readings.exports import as_csv, wrong_lines
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def entries():
    """Two published entries with everything that a line tells of."""
    make_criterion()
    facts = {"situations": [make_situation()], "actor_names": ["France", "China"]}
    made = [make_evidence(title=f"Number {n}, “so”", **facts) for n in (1, 2)]
    assert rewrite_lines() == 2
    return made


def download():
    """The file as it is, and as it would be if no line were kept."""
    rows = Evidence.objects.known(timezone.localdate())
    told = "".join(as_csv(rows, None, "https://example.org/evidence/{}/".format))
    kept = list(ExportLine.objects.all())
    ExportLine.objects.all().delete()
    made = "".join(as_csv(rows, None, "https://example.org/evidence/{}/".format))
    ExportLine.objects.bulk_create(kept)
    return told, made


def retire():
    """The findings of one entry, put aside past every action."""
    one = Finding.objects.first().evidence
    one.findings.update(retired_at=timezone.now())


def unlink():
    Evidence.objects.first().situations.clear()


WAYS = {
    "the title of an entry": lambda: Evidence.objects.update(title="Otherwise"),
    "the address of an entry": lambda: Evidence.objects.filter(
        pk=Evidence.objects.first().pk
    ).update(slug="elsewhere"),
    "the name of an actor": lambda: Actor.objects.filter(name="France").update(
        name="French Republic"
    ),
    "the name by which a situation is addressed": lambda: Situation.objects.update(
        slug="sy"
    ),
    "a situation that is taken off": unlink,
    "the address of a source": lambda: Source.objects.update(url="https://un.org/1"),
    "a source that goes": lambda: Source.objects.first().delete(),
    "another source": lambda: Source.objects.create(
        evidence=Evidence.objects.first(), url="https://un.org/2", label="Two"
    ),
    "the effect of a finding": lambda: Finding.objects.update(effect=1),
    "a finding that goes": retire,
    "the code of a criterion": lambda: Criterion.objects.update(code="7z"),
    "where a recommendation belongs": lambda: Recommendation.objects.update(
        within="another"
    ),
}


@pytest.mark.parametrize("what", WAYS)
def test_whoever_writes_the_file_says_what_is_so(what, entries):
    """Past every action, too, as in a shell or by a file."""
    before, _made = download()

    WAYS[what]()

    told, made = download()
    assert told == made != before
    assert list(wrong_lines()) == []


def test_an_entry_that_is_no_longer_published_is_in_no_file(entries):
    Evidence.objects.filter(pk=entries[0].pk).update(
        state=Evidence.State.WITHDRAWN, withdrawn_at=timezone.now()
    )

    told, made = download()

    assert told == made and entries[0].slug not in told
    assert list(ExportLine.objects.values_list("pk", flat=True)) == [entries[1].pk]


def test_who_decides_about_an_entry_keeps_its_line():
    curator, criterion = make_user("curator"), make_criterion()
    entry = make_evidence(Evidence.State.SUBMITTED)
    assert not ExportLine.objects.exists()

    entry = decide(entry, reviewer=curator, outcome="publish").evidence
    published = ExportLine.objects.get().text
    correct(
        entry,
        by=curator,
        reason="It was called otherwise.",
        facts={"title": "Corrected"},
        sources=[source_row()],
        findings=[finding_row(criterion, effect=1)],
    )
    corrected = ExportLine.objects.get().text

    assert entry.title in published and "Corrected" in corrected
    assert "7a -2" in published and "7a 1" in corrected
    withdraw(Evidence.objects.get(), by=curator, reason="It was not so.")
    assert not ExportLine.objects.exists()


def test_the_daily_command_writes_what_is_missing(entries):
    ExportLine.objects.all().delete()

    call_command("record_changes", stdout=StringIO())

    assert ExportLine.objects.count() == 2
    told, made = download()
    assert told == made


def test_a_line_that_is_wrong_is_told_and_made_anew(entries):
    ExportLine.objects.filter(pk=entries[0].pk).update(text="Something else,")

    assert list(wrong_lines()) == [entries[0].slug]

    call_command("rebuild", stdout=StringIO())
    assert list(wrong_lines()) == []
