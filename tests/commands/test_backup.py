"""Backups hold the records and open nothing; they are put back whole or not at all."""

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.actions import ActionRefused
from icctracker.actions.backups import archive, fleeting
from icctracker.actions.backups.making import SCRATCH, back_up
from icctracker.actions.backups.restoring import restore, told
from icctracker.actions.people import invite
from icctracker.models import Actor, DataVersion, ImportRun, Invitation, User
from icctracker.readings.consistency import disagreements
from tests.factories import make_criterion, make_evidence, make_user
from tests.own_site import connect_to, own_site
from tests.unwritable import no_file_larger_than

pytestmark = pytest.mark.both_databases

PASSWORD = "a long password"
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="needs Debian's age")


@pytest.fixture
def site(django_db_setup, django_db_blocker, settings, tmp_path):
    """A site with an entry, on a database that is committed to; its name."""
    settings.VAR_DIR = tmp_path / "var"
    settings.IMPORT_DIR = tmp_path / "imports"
    settings.BACKUP_DIR = tmp_path / "backups"
    with django_db_blocker.unblock(), own_site(tmp_path) as name:
        make_criterion()
        make_evidence("draft", by=make_user("researcher", username="rita"))
        yield name


def everything():
    """Every row that people have written, by its noun."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("icctracker").get_models()
        if model not in (DataVersion, User)
    }


def run(*arguments):
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


class Writing:
    """Somebody else, who goes on writing; what was acknowledged, in its order."""

    def __init__(self, name):
        self.name, self.done = name, []
        self._more, self._ends = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self):
        connect_to(self.name)
        while not self._ends.is_set():
            made = Actor.objects.create(name=f"Actor {len(self.done)}")
            with self._more:
                self.done.append(made.pk)
                self._more.notify_all()
        connections["default"].close()

    def until(self, number):
        with self._more:
            assert self._more.wait_for(lambda: len(self.done) >= number, timeout=60)

    @contextmanager
    def going_on(self):
        self._thread.start()
        try:
            yield self
        finally:
            self._ends.set()
            self._thread.join()


class TestUnderWrites:
    def test_what_was_acknowledged_before_is_in_it_and_nothing_by_half(self, site):
        with Writing(site).going_on() as writing:
            writing.until(5)
            before = len(writing.done)
            made, manifest = back_up()
            writing.until(len(writing.done) + 5)
        acknowledged = writing.done

        restore(made)

        found = list(Actor.objects.order_by("pk").values_list("pk", flat=True))
        kept = [pk for pk in found if pk in acknowledged]
        assert kept == acknowledged[: len(kept)]
        assert before <= len(kept) < len(acknowledged)
        assert manifest["counts"]["icctracker_actor"] == len(found)
        assert list(disagreements(timezone.localdate())) == []

    def test_the_site_is_written_to_again_afterwards(self, site):
        made, _manifest = back_up()
        restore(made)

        entry = make_evidence("draft", by=User.objects.get(username="rita"))

        assert entry.pk and list(disagreements(timezone.localdate())) == []


class TestRoundTrip:
    def test_everything_that_people_wrote_is_as_it_was(self, site):
        before = everything()
        made, _manifest = back_up()
        make_evidence(by=User.objects.get(username="rita"))

        restore(made)

        assert everything() == before

    def test_a_site_that_was_lost_is_there_again(self, site, settings):
        before = everything()
        run("backup")
        (made,) = settings.BACKUP_DIR.iterdir()
        lose(site)

        said = run("restore", str(made))

        assert "What stood" not in said
        assert everything() == before

    def test_no_page_of_before_is_taken_for_one_of_after(self, site):
        made, _manifest = back_up()
        make_evidence(by=User.objects.get(username="rita"))
        later = Client().get(reverse("evidence-list"))
        before = DataVersion.objects.current()

        restore(made)

        now = DataVersion.objects.current()
        assert now.moves > before.moves and now.at > before.at
        assert now.record.moves > before.record.moves
        etag = {"If-None-Match": later["ETag"]}
        answer = Client().get(reverse("evidence-list"), headers=etag)
        assert answer.status_code == 200
        modified = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        assert Client().get(reverse("home"), headers=modified)["ETag"] != later["ETag"]

    def test_files_that_wait_to_be_imported_come_along(self, site, settings):
        run_ = ImportRun.objects.create(file="votes.csv", state="checked")
        run_.folder.mkdir(parents=True)
        (run_.folder / "file").write_text("as it was")
        made, _manifest = back_up()
        (run_.folder / "file").write_text("as it is now")

        restore(made)

        assert (run_.folder / "file").read_text() == "as it was"

    def test_files_that_find_no_place_are_told_of_once_records_are_back(
        self, site, settings, tmp_path
    ):
        run_ = ImportRun.objects.create(file="votes.csv", state="checked")
        run_.folder.mkdir(parents=True)
        (run_.folder / "file").write_text("as it was")
        made, _manifest = back_up()
        before = everything()
        (tmp_path / "no folder").write_text("a file")
        settings.IMPORT_DIR = tmp_path / "no folder" / "imports"
        Actor.objects.create(name="Somebody")

        manifest = restore(made)

        assert everything() == before
        assert "could not be put into IMPORT_DIR" in " ".join(told(manifest))

    def test_files_of_before_are_still_found_where_they_lay(self, site, settings):
        run_ = ImportRun.objects.create(file="votes.csv", state="checked")
        before = settings.VAR_DIR / "imports" / str(run_.pk)
        before.mkdir(parents=True)
        (before / "file").write_text("as it was")

        made, _manifest = back_up()
        restore(made)

        assert (run_.folder / "file").read_text() == "as it was"
        assert run_.folder.is_relative_to(settings.IMPORT_DIR)


def lose(name):
    """The database is gone, and what lay beside it with it."""
    if connection.vendor == "sqlite":
        connection.close()
        for path in name.parent.iterdir():
            path.unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def content_of(made, folder):
    """All that whoever has a backup can read in it."""
    folder.mkdir()
    archive.unpack(made, folder)
    found = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    if (dump := folder / "database.dump").exists():
        command = [shutil.which("pg_restore"), "--file=-", dump]
        found += subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
    return found.decode("utf-8", "replace")


class TestWhatOpensTheDesk:
    @pytest.fixture
    def opened(self, site):
        """Every way in that is good only once, or for a while."""
        curator = make_user("curator", username="ada")
        client = Client()
        client.force_login(curator)
        assert client.get(reverse("desk")).status_code == 200
        invitation, token = invite("new@example.org", "researcher", by=curator)
        RecoveryCodes.activate(curator)
        beginner = make_user("researcher", username="ben", password_is_temporary=True)
        return client, curator, invitation, token, beginner

    def test_is_not_in_a_backup(self, opened, tmp_path):
        client, curator, invitation, _token, beginner = opened
        session = client.session
        seed = curator.authenticator_set.get().data["seed"]
        secrets = [session.session_key, invitation.token_digest, seed]
        secrets += [beginner.password, session.encode(session._session)]
        made, _manifest = back_up()

        content = content_of(made, tmp_path / "content")

        assert "new@example.org" in content and curator.password in content
        assert [each for each in secrets if each in content] == []

    def test_no_longer_does_once_it_was_put_back(self, opened):
        client, curator, _invitation, token, beginner = opened
        # It tells logins apart by the second.
        curator.last_login -= timedelta(minutes=1)
        curator.save()
        reset = default_token_generator.make_token(curator)
        made, manifest = back_up()

        restore(made)

        assert client.get(reverse("desk")).status_code == 302
        assert Invitation.objects.by_token(token) is None
        assert not Invitation.objects.open().exists()
        for person in (curator, beginner):
            person.refresh_from_db()
        assert not default_token_generator.check_token(curator, reset)
        assert curator.check_password(PASSWORD)
        assert not beginner.check_password(PASSWORD)
        assert not curator.authenticator_set.filter(type="recovery_codes").exists()
        again = " ".join(told(manifest))
        assert "new@example.org (researcher)" in again
        assert re.search(r"one-time password.*: ben\.", again)
        assert re.search(r"recovery codes.*: ada\.", again)
        assert "Everybody is signed out" in again

    def test_an_import_that_was_under_way_has_stopped(self, site):
        ImportRun.objects.create(file="votes.csv", state="importing", holds_lock=True)
        made, manifest = back_up()

        restore(made)

        run_ = ImportRun.objects.get()
        assert run_.state == "stopped" and not run_.holds_lock and run_.finished_at
        assert "votes.csv" in " ".join(told(manifest))

    def test_whoever_adds_a_secret_says_what_becomes_of_it(self):
        """A field whose name tells of a secret is emptied, or kept for a reason."""
        looks = re.compile(
            r"token|digest|secret|session|password$|_key$|^key$|undo(?!ne)|link$|seed|body"
            r"|^data$|nonce|one_time"
        )
        models = apps.get_models(include_auto_created=True)
        found = {
            f"{model._meta.db_table}.{field.column}"
            for model in models
            for field in model._meta.local_fields
            if looks.search(field.column or "") and not field.is_relation
        }
        said = {
            f"{table}.{column}"
            for table, columns in fleeting.CHANGED.items()
            for column in columns
        } | set(fleeting.KEPT)

        untold = {each for each in found if each.split(".")[0] not in fleeting.EMPTIED}
        assert untold - said == set()
        assert set(fleeting.KEPT) <= found

    def test_all_that_is_told_of_is_there(self, site):
        tables = set(connection.introspection.table_names())

        assert fleeting.TOUCHED - {"cache"} <= tables
        assert fleeting.to_do_again() == {}


def flipped(path, place):
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(data)


def cut(path, place):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * place)])


def rewritten(path, change):
    """The same archive, with its members changed."""
    with tarfile.open(path) as tar:
        members = [(each, tar.extractfile(each).read()) for each in tar]
    members = change(members)
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))


def with_manifest(**changes):
    def change(members):
        (head, content), *rest = members
        said = json.loads(content) | changes
        return [(head, json.dumps(said).encode()), *rest]

    return lambda path: rewritten(path, change)


def with_member(name, kind=tarfile.REGTYPE):
    def change(members):
        more = tarfile.TarInfo(name)
        more.type, more.linkname = kind, "/etc/passwd"
        return [*members, (more, b"more")]

    return lambda path: rewritten(path, change)


WRONG = {
    "one bit of it early on": (lambda path: flipped(path, 0.3), "damaged"),
    "one bit of it later": (lambda path: flipped(path, 0.7), "damaged"),
    "cut in half": (lambda path: cut(path, 0.5), "damaged"),
    "without its last bytes": (lambda path: cut(path, 0.999), "damaged"),
    "empty": (lambda path: cut(path, 0), "no backup"),
    "a text": (lambda path: path.write_text("Dear all,"), "no backup"),
    "a database": (lambda path: path.write_bytes(b"SQLite format 3\0"), "no backup"),
    "an archive of something else": (
        lambda path: rewritten(path, lambda members: members[1:]),
        "no backup",
    ),
    "a file is missing": (
        lambda path: rewritten(path, lambda members: members[:-1]),
        "missing",
    ),
    "a file too many": (with_member("more"), "damaged"),
    "a file elsewhere": (with_member("../more"), "damaged"),
    "a link": (with_member("link", tarfile.SYMTYPE), "damaged"),
    "of a newer version": (
        with_manifest(migrations=["icctracker.9999_of_tomorrow"]),
        "newer version of the code, which knows icctracker.9999_of_tomorrow",
    ),
    "of a newer kind": (with_manifest(format=2), "newer version"),
    "of another database": (with_manifest(engine="oracle"), "The backup is of oracle"),
    "of another site": (
        with_manifest(site="https://other.example.org"),
        "https://other.example.org",
    ),
    "with other numbers": (
        with_manifest(counts={"icctracker_actor": 7, "icctracker_user": 1}),
        "not whole",
    ),
}


class TestRefusals:
    @pytest.mark.parametrize("what", WRONG)
    def test_what_is_not_whole_or_not_ours_changes_nothing(self, site, what, tmp_path):
        spoil, said = WRONG[what]
        made, _manifest = back_up()
        spoil(made)
        before, version = everything(), DataVersion.objects.current()

        with pytest.raises(ActionRefused, match=re.escape(said)):
            restore(made)

        assert everything() == before
        assert DataVersion.objects.current() == version
        assert list(tmp_path.rglob(f"{SCRATCH}*")) == []

    def test_nothing_is_restored_that_is_not_there(self, site, tmp_path):
        with pytest.raises(CommandError, match="There is no file"):
            run("restore", str(tmp_path / "nothing"))

    def test_of_another_site_it_is_put_back_if_that_is_meant(self, site):
        made, _manifest = back_up()
        with_manifest(site="https://other.example.org")(made)

        said = run("restore", str(made), "--of-another-site")

        assert "Restored." in said

    def test_whoever_only_checks_changes_nothing(self, site):
        made, _manifest = back_up()
        version = DataVersion.objects.current()

        assert run("restore", "--check", str(made)).startswith("Whole: ")

        assert DataVersion.objects.current() == version

    def test_a_site_that_runs_is_not_replaced_under_its_feet(self, site):
        """On PostgreSQL it waits for whoever writes, and readers wait for it."""
        if connection.vendor != "sqlite":
            pytest.skip("a database of SQLite is one file, which others hold open")
        made, _manifest = back_up()
        before = everything()

        with elsewhere(site):
            with pytest.raises(ActionRefused, match="The site is running"):
                restore(made)

        assert everything() == before

    def test_a_database_that_is_none_any_more_is_replaced_when_told_so(self, site):
        if connection.vendor != "sqlite":
            pytest.skip("a database of SQLite is one file, which can be spoilt")
        before = everything()
        made, _manifest = back_up()
        connection.close()
        site.write_bytes(b"no database" * 1000)

        with pytest.raises(CommandError, match="--without-backup"):
            run("restore", str(made))
        run("restore", "--without-backup", str(made))

        assert everything() == before


@contextmanager
def elsewhere(name):
    """Another process of the site has the database open, and does nothing."""
    ours = connections["default"]
    connect_to(name)
    theirs = connections["default"]
    theirs.ensure_connection()
    Actor.objects.exists()
    connections["default"] = ours
    try:
        yield
    finally:
        theirs.close()


class TestTheFile:
    def test_is_its_owners_alone(self, site):
        made, _manifest = back_up()

        assert made.stat().st_mode & 0o777 == 0o600
        assert made.parent.stat().st_mode & 0o077 == 0

    def test_never_takes_the_place_of_another(self, site, tmp_path):
        target = tmp_path / "mine.tar.gz"
        target.write_text("something dear")

        with pytest.raises(CommandError, match="is there already"):
            run("backup", str(target))

        assert target.read_text() == "something dear"

    def test_never_lies_beside_the_database(self, site, settings):
        if connection.vendor != "sqlite":
            pytest.skip("the database lies in no folder of the site")
        below = settings.VAR_DIR / "backups"
        below.mkdir()

        for target in (settings.VAR_DIR, below, settings.VAR_DIR / "x.tar.gz"):
            with pytest.raises(CommandError, match="Choose another folder"):
                run("backup", str(target))

    def test_is_not_there_by_half_when_the_disk_is_full(self, site, tmp_path):
        with no_file_larger_than(20_000):
            with pytest.raises(CommandError, match="No backup was made|cannot do it"):
                run("backup")

        assert [path for path in (tmp_path / "backups").iterdir()] == []

    def test_nor_is_anything_changed_when_it_cannot_be_unpacked(self, site, tmp_path):
        made, _manifest = back_up()
        before = everything()

        with no_file_larger_than(20_000):
            with pytest.raises(ActionRefused):
                restore(made)

        assert everything() == before
        assert list(tmp_path.rglob(f"{SCRATCH}*")) == []

    def test_only_the_newest_are_kept_and_nothing_of_another_name(self, site, settings):
        settings.BACKUP_DIR.mkdir()
        older = [
            settings.BACKUP_DIR / f"icctracker-2026010{day}T000000Z.tar.gz"
            for day in range(1, 5)
        ]
        mine = settings.BACKUP_DIR / "icctracker-of-mine.tar.gz"
        for each in (*older, mine):
            each.write_text("kept")

        said = run("backup", "--keep", "2")

        assert f"{older[0]} thrown away." in said
        left = set(settings.BACKUP_DIR.iterdir())
        assert {older[3], mine} < left and len(left) == 3


@needs_age
class TestEncrypted:
    @pytest.fixture
    def key(self, tmp_path):
        path = tmp_path / "key.txt"
        command = [shutil.which("age-keygen"), "-o", path]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return path, re.search(r"age1\w+", path.read_text())[0]

    def test_only_whoever_has_the_key_puts_it_back(self, site, key, tmp_path, settings):
        path, public = key
        settings.BACKUP_RECIPIENT = [public]
        before = everything()
        run("backup")
        (made,) = settings.BACKUP_DIR.iterdir()
        assert made.name.endswith(".tar.gz.age")
        assert b"manifest" not in made.read_bytes()

        with pytest.raises(CommandError, match="encrypted: give --identity"):
            run("restore", str(made))
        other = tmp_path / "other.txt"
        command = [shutil.which("age-keygen"), "-o", other]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        with pytest.raises(CommandError, match="age cannot do it"):
            run("restore", str(made), "--identity", str(other))
        run("restore", str(made), "--identity", str(path))

        assert everything() == before

    def test_cut_short_it_is_refused(self, site, key):
        path, public = key
        made, _manifest = back_up(recipients=[public])
        cut(made, 0.8)
        before = everything()

        with pytest.raises(ActionRefused):
            restore(made, identity=path)

        assert everything() == before

    def test_nothing_is_made_for_somebody_who_is_none(self, site, settings):
        with pytest.raises(CommandError, match="age cannot do it"):
            run("backup", "--recipient", "age1nobody")

        assert os.listdir(settings.BACKUP_DIR) == []
