from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from icctracker.imports import runs
from icctracker.models import Document, ImportRun
from tests.council_files import as_csv, new_resolution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

State = ImportRun.State


class TestOneAtATime:
    def test_a_second_is_refused_in_words(self, bring_in):
        runs.begin(ImportRun(file="first"))

        with pytest.raises(runs.Busy, match="Another import is running"):
            bring_in(as_csv(new_resolution()))

        assert not Document.objects.filter(number=2826).exists()

    def test_the_database_holds_it_so(self):
        ImportRun.objects.create(file="a", state=State.IMPORTING, holds_lock=True)

        with pytest.raises(IntegrityError), transaction.atomic():
            ImportRun.objects.create(file="b", state=State.IMPORTING, holds_lock=True)

    def test_one_that_ended_holds_no_lock(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportRun.objects.create(
                file="a", state=State.DONE, holds_lock=True, finished_at=timezone.now()
            )

    def test_one_that_gave_no_sign_for_long_gives_way(self, bring_in):
        first = runs.begin(ImportRun(file="first"))
        long_ago = timezone.now() - timedelta(minutes=11)
        ImportRun.objects.filter(pk=first.pk).update(seen_at=long_ago)

        bring_in(as_csv(new_resolution()))

        first.refresh_from_db()
        assert (first.state, first.holds_lock) == (State.STOPPED, False)
        assert Document.objects.filter(number=2826).exists()

    def test_one_whose_process_has_died_gives_way_at_once(self, bring_in):
        first = runs.begin(ImportRun(file="first"))
        host = first.process.partition(":")[0]
        # No process has this number: it is beyond the highest that Linux gives.
        ImportRun.objects.filter(pk=first.pk).update(process=f"{host}:99999999")

        bring_in(as_csv(new_resolution()))

        first.refresh_from_db()
        assert first.state == State.STOPPED

    def test_of_another_machine_nothing_is_known_but_its_silence(self):
        run = ImportRun(file="a", state=State.IMPORTING, process="elsewhere:99999999")

        assert not run.is_silent


class TestWhatARunRemembers:
    def test_how_it_ended_and_what_it_found(self, bring_in):
        outcome = bring_in(as_csv(new_resolution()), name="new.csv")

        run = ImportRun.objects.get()
        assert (run.file, run.state, run.percent) == ("new.csv", State.DONE, 100)
        assert run.counts == {"new": 1}
        assert "voting file" in run.layout
        assert run.imported == outcome.run.imported
        assert run.finished_at

    def test_its_files_are_removed_after_a_while(self, settings, tmp_path):
        settings.IMPORT_DIR = tmp_path / "imports"
        old = ImportRun.objects.create(file="old", state=State.CHECKED)
        new = ImportRun.objects.create(file="new", state=State.CHECKED)
        for run in (old, new):
            run.folder.mkdir(parents=True)
        long_ago = timezone.now() - timedelta(days=31)
        ImportRun.objects.filter(pk=old.pk).update(started_at=long_ago)

        runs.clear_away()

        assert not old.folder.exists()
        assert new.folder.exists()
