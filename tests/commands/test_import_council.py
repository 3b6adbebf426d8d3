import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from icctracker.imports import runs
from icctracker.models import Document, ImportRun
from icctracker.settings import files
from icctracker.settings.addresses import database
from tests.council_files import as_csv, new_resolution, voting_rows
from tests.imports.test_council_files import FILES
from tests.imports.test_new_vetoes import LISTS
from tests.own_site import copy_migrated

SAME = voting_rows(casts="CHN:A DZA:A BRA:A USA:A")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "voting.csv"


def run(*arguments):
    out = io.StringIO()
    call_command("import_council", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("council")
class TestTheCommand:
    def test_it_says_what_it_did(self, path):
        path.write_bytes(as_csv(new_resolution() + SAME))

        said = run(path)

        assert "Recognised as the UN Digital Library's Security Council voting" in said
        assert "line 2, new: S/RES/2826(2026): 30 July 2026: 15-0-0" in said
        assert "      1  new\n" in said
        assert "      1  votes read\n" in said

    def test_twice_it_says_that_all_is_there(self, path):
        path.write_bytes(as_csv(new_resolution()))
        run(path)

        assert "All is there already" in run(path)

    def test_a_dry_run_changes_nothing(self, path):
        path.write_bytes(as_csv(new_resolution()))

        said = run(path, "--dry-run")

        assert "Nothing was changed" in said
        assert not Document.objects.filter(number=2826).exists()
        assert not ImportRun.objects.exists()

    def test_faults_end_it_with_1_and_can_be_saved(self, path, tmp_path):
        path.write_bytes(as_csv(new_resolution(ms_vote="=1")))
        faults = tmp_path / "faults.csv"

        with pytest.raises(CommandError) as failed:
            run(path, "--faults", faults)

        assert failed.value.returncode == 1
        rows = list(csv.DictReader(io.StringIO(faults.read_text("utf-8-sig"))))
        assert rows[0]["line"] == "2"
        assert rows[0]["field"] == "ms_vote"
        assert rows[0]["value"] == "'=1"

    def test_the_rest_is_imported_if_told_so(self, path):
        path.write_bytes(as_csv(new_resolution() + voting_rows(ms_vote="?")))

        with pytest.raises(CommandError):
            run(path)
        assert not Document.objects.filter(number=2826).exists()

        with pytest.raises(CommandError) as failed:
            run(path, "--partly")
        assert failed.value.returncode == 1
        assert Document.objects.filter(number=2826).exists()

    def test_of_several_files_none_comes_in_while_one_has_faults(self, path, tmp_path):
        path.write_bytes(as_csv(new_resolution()))
        other = tmp_path / "other.csv"
        other.write_bytes(as_csv(voting_rows(ms_vote="?")))

        with pytest.raises(CommandError):
            run(path, other)

        assert not Document.objects.filter(number=2826).exists()

    def test_what_cannot_be_read_ends_it_with_2(self, path):
        path.write_text("a,b\n1,2\n")

        with pytest.raises(CommandError, match="None of the layouts") as failed:
            run(path)

        assert failed.value.returncode == 2

    @pytest.mark.parametrize("noun", ["evidence", "search", "situation"])
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_our_own_spreadsheets_are_sent_to_their_own_page(
        self, path, admin_client, noun, kind
    ):
        """The empty file that the admin offers is known by its columns."""
        blank = reverse(f"admin:icctracker_{noun}_blank", args=[kind])
        path.write_bytes(admin_client.get(blank).content)
        address = reverse(f"admin:icctracker_{noun}_import")

        with pytest.raises(CommandError, match="on a page of its own") as failed:
            run(path)

        assert failed.value.returncode == 2
        assert str(failed.value).endswith(settings.SITE_URL + address)
        assert admin_client.get(address).status_code == 200

    @pytest.mark.parametrize("content", ["", "<t>", "<t>occurred_on</t>"])
    def test_other_workbooks_are_no_text_files(self, path, content):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", content)

        with pytest.raises(CommandError, match="not a text file"):
            run(path)

    def test_of_a_workbook_little_is_unpacked(self, path):
        far = "<t>occurred_on</t><t>findings</t>"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sharedStrings.xml", " " * 100_000 + far)

        with pytest.raises(CommandError, match="not a text file"):
            run(path)

    def test_one_that_is_broken_is_no_text_file(self, path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", "<t>occurred_on</t>" * 9)
        path.write_bytes(path.read_bytes().replace(b"<t>occurred", b"<t>OCCURRED", 3))

        with pytest.raises(CommandError, match="not a text file"):
            run(path)

    def test_agenda_items_in_other_words_are_counted_and_listed(self, path):
        path.write_bytes(FILES["dppa"])

        said = run(path)

        assert (
            "line 2, worded otherwise, ours stays: S/2014/348 agenda_item: “The"
            " situation in the Middle East” in the file, “Middle East - Syria” in the"
            " record" in said
        )
        assert "      1  worded otherwise, ours stays\n" in said

    def test_a_new_veto_is_told_by_those_who_cast_it(self, path):
        path.write_bytes(LISTS["dppa"])

        assert "vetoed by CHN, RUS, votes not known" in run(path)

    def test_no_file_at_all_ends_it_with_2(self):
        with pytest.raises(CommandError) as failed:
            run()

        assert failed.value.returncode == 2

    def test_while_another_import_runs_it_ends_with_3(self, path):
        path.write_bytes(as_csv(new_resolution()))
        runs.begin(ImportRun(file="first"))

        with pytest.raises(CommandError, match="Another import") as failed:
            run(path)

        assert failed.value.returncode == 3

    def test_in_a_terminal_a_bar_grows(self, path):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        path.write_bytes(as_csv(new_resolution()))
        terminal = Terminal()

        call_command("import_council", str(path), stdout=io.StringIO(), stderr=terminal)

        assert "[########################################] 100 %" in terminal.getvalue()


PREPARE = """
import sys
import django
django.setup()
from icctracker.imports.first_record import load_council_record
load_council_record(sys.argv[1])
"""
# Waits within the transaction, once documents are written but not their votes.
HANG = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from icctracker.imports import runs

def wait(*args, **kwargs):
    print("written", flush=True)
    time.sleep(600)

runs.Vote.objects.bulk_create = wait
call_command("import_council", sys.argv[1])
"""
IMPORT = HANG.replace("runs.Vote.objects.bulk_create = wait", "")


# A database of its own, and processes of which one is killed.
class TestKilledHalfWay:
    @pytest.fixture
    def start(self, tmp_path, council_folder):
        environment = os.environ | {
            "SECRET_KEY": "x",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
        }

        def run(code, argument):
            return subprocess.Popen(  # noqa: S603 - code of this module
                [sys.executable, "-c", code, str(argument)],
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=subprocess.PIPE,
                text=True,
            )

        files.make(database(environment["DATABASE_URL"]))
        copy_migrated(tmp_path / "db.sqlite3")
        assert run(PREPARE, council_folder).wait() == 0
        return run

    def test_nothing_is_half_written_and_the_next_may_begin(
        self, path, tmp_path, start
    ):
        path.write_bytes(as_csv(new_resolution()))
        process = start(HANG, path)
        while process.stdout.readline().strip() != "written":
            assert process.poll() is None

        process.send_signal(signal.SIGKILL)
        process.communicate()

        assert self.count(tmp_path, "document where number = 2826") == 0
        assert self.count(tmp_path, "importrun where holds_lock") == 1
        said, _errors = start(IMPORT, path).communicate()
        assert "1  new" in said
        assert self.count(tmp_path, "document where number = 2826") == 1
        assert self.count(tmp_path, "importrun where state = 'stopped'") == 1

    @staticmethod
    def count(folder, what):
        database = sqlite3.connect(folder / "db.sqlite3")
        found = database.execute(f"select count(*) from icctracker_{what}")  # noqa: S608
        return found.fetchone()[0]
