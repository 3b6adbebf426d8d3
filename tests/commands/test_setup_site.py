import json
import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django_htmx.jinja import htmx_script

from icctracker.actions.codebook import draft_next, drop_criterion, publish
from icctracker.actions.status import record_changes
from icctracker.admin.registry import site
from icctracker.imports.first_record import CouncilRecordError
from icctracker.management.commands import setup_site as command
from icctracker.models import (
    Codebook,
    Document,
    Evidence,
    Finding,
    Recommendation,
    Situation,
    User,
    data_version,
    triggers,
)
from tests.council import change_row
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


@pytest.fixture(autouse=True)
def few_entries(tmp_path, monkeypatch, council_folder):
    """The real codebook with three entries and few documents only, to be quick."""
    folder = shutil.copytree(command.FIRST_DATA, tmp_path / "tracker")
    path = folder / "evidence.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(rows[:3]), encoding="utf-8")
    record = shutil.copytree(council_folder, tmp_path / "council")
    monkeypatch.setattr(command, "FIRST_DATA", folder)
    monkeypatch.setattr(command, "COUNCIL_RECORD", record)


def setup_site(*arguments):
    said = StringIO()
    call_command("setup_site", "--no-static", *arguments, stdout=said)
    return said.getvalue()


class TestSetupSite:
    def test_the_first_run_loads_the_data_and_says_how_much(self, var_dir):
        said = setup_site()

        assert "10 recommendations added" in said
        assert "3 published entries added" in said
        assert "15 resolutions added" in said
        assert Recommendation.objects.count() == 10
        assert var_dir.stat().st_mode & 0o777 == 0o700

    def test_what_other_accounts_may_read_is_closed_to_them(self, var_dir):
        var_dir.mkdir(mode=0o755)
        (var_dir / "db.sqlite3").touch(0o644)

        assert "2 files and folders closed to other accounts" in setup_site()
        assert (var_dir / "db.sqlite3").stat().st_mode & 0o777 == 0o600
        assert "closed to other accounts" not in setup_site()

    def test_documents_are_found_for_their_situations(self):
        setup_site()

        syria = Situation.objects.get(slug="syria")
        assert [each.symbol for each in syria.documents.all()] == ["S/2014/348"]

    def test_a_second_run_changes_nothing(self):
        setup_site()
        before = [Evidence.objects.count(), Finding.objects.count()]

        said = setup_site()

        assert "Nothing added" in said
        assert [Evidence.objects.count(), Finding.objects.count()] == before

    def test_a_version_published_since_is_left_in_force(self):
        setup_site()
        curator = make_user("curator")
        draft = draft_next(by=curator, version="1.2")
        drop_criterion(draft.criteria.get(code="2b"), by=curator)
        publish(draft, by=curator, reason="It is not asked any more.")

        said = setup_site()

        assert "Nothing added" in said
        assert Codebook.objects.in_force() == draft
        assert not draft.criteria.filter(code="2b").exists()

    def test_what_was_deleted_since_is_added_again_with_its_links(self):
        setup_site()
        syria = Situation.objects.get(slug="syria")
        syria.documents.get().delete()

        said = setup_site()

        assert "1 vetoed texts added" in said
        assert "1 links of documents to situations added" in said
        assert [each.symbol for each in syria.documents.all()] == ["S/2014/348"]

    def test_a_fault_in_one_file_leaves_nothing_of_any(self):
        change_row(command.COUNCIL_RECORD / "vetoes.csv", yes="eleven")

        with pytest.raises(CouncilRecordError):
            setup_site()

        assert not Recommendation.objects.exists()
        assert not Document.objects.exists()

    def test_without_a_curator_it_says_how_to_make_one(self):
        assert "add_person NAME --role curator" in setup_site()

    def test_with_one_it_does_not(self):
        make_user("curator")

        assert "curator" not in setup_site()

    def test_a_dry_run_says_what_would_be_added_and_adds_nothing(self, var_dir):
        said = setup_site("--dry-run")

        assert "10 recommendations would be added" in said
        assert not Recommendation.objects.exists()
        assert not var_dir.exists()


# How a template names a static file, and how a page does.
STATIC = re.compile(r"""{% static ["']([^"']+)["'] %}""")
ADDRESS = re.compile(rf"""["']{settings.STATIC_URL}([^"']+)["']""")
# What a command that serves no page can do without: it takes longer than the rest.
PAGES = "icctracker.admin.registry icctracker.urls openpyxl".split()
LOADED = f"""
import sys, django
django.setup()
from icctracker.management.commands import setup_site
print([name for name in {PAGES} if name in sys.modules])
"""


class TestAgain:
    """At each start of a site: everything is there, and that is seen quickly."""

    @pytest.fixture
    def called(self, monkeypatch):
        """The commands and checks that a run calls for; what it would migrate stays."""
        names = []
        call = command.call_command

        def noted(name, *arguments, **options):
            names.append(name)
            if name != "migrate":
                call(name, *arguments, **options)

        monkeypatch.setattr(command, "call_command", noted)
        monkeypatch.setattr(
            command.Command, "check", lambda self: names.append("check")
        )
        return names

    def test_nothing_is_migrated_checked_or_linked_anew(self, called, monkeypatch):
        setup_site()
        called.clear()
        monkeypatch.delattr(command, "link_situations")

        setup_site()

        assert called == ["createcachetable"]

    def test_a_migration_that_has_not_run_is_seen(self, called):
        setup_site()
        called.clear()
        MigrationRecorder(connection).record_unapplied("icctracker", "0003_unfinished")

        setup_site()

        assert called == ["check", "migrate", "createcachetable"]

    def test_each_migration_that_django_would_run_is_looked_for(self):
        loader = MigrationLoader(None)

        assert set(command.migrations()) == set(loader.disk_migrations)

    @pytest.mark.parametrize("verb", ["add", "remove"])
    def test_a_group_is_given_its_permissions_and_no_others(self, verb):
        reviewers = Group.objects.get(name="reviewer")
        held = set(reviewers.permissions.all())
        codename = "add_user" if verb == "add" else "review_evidence"
        getattr(reviewers.permissions, verb)(Permission.objects.get(codename=codename))

        setup_site()

        assert set(reviewers.permissions.all()) == held

    def test_triggers_that_the_code_means_otherwise_are_made_anew(self, monkeypatch):
        """As after an update that says anew what readers see, and migrates nothing."""
        monkeypatch.setitem(data_version.SHOWN, "Notice", data_version.ALWAYS)
        assert not triggers.triggers_are_in_line()

        setup_site()

        assert triggers.triggers_are_in_line()

    def test_it_asks_no_more_the_more_there_is(self):
        setup_site()
        with CaptureQueriesContext(connection) as few:
            setup_site()
        for day in range(1, 20):
            make_evidence(occurred_on=f"2015-01-{day:02}")
        record_changes()
        with CaptureQueriesContext(connection) as many:
            setup_site()

        assert len(many) == len(few) < 50

    def test_the_pages_are_not_loaded_for_it(self):
        said = subprocess.run(  # noqa: S603
            [sys.executable, "-c", LOADED],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )

        assert said.stdout.strip() == "[]"


class TestStaticFiles:
    def test_whatever_a_page_or_the_admin_asks_for_is_collected(self):
        ignored = apps.get_app_config("staticfiles").ignore_patterns
        collected = {
            path.replace(os.sep, "/")
            for finder in get_finders()
            for path, _storage in finder.list(ignored)
        }

        assert asked_for() - collected == set()
        assert "admin/js/vendor/jquery/jquery.min.js" in asked_for() & collected
        assert "admin/js/vendor/jquery/jquery.js" not in collected


def asked_for():
    """The static files that templates, htmx and the forms of the admin name."""
    folders = [settings.BASE_DIR / "templates", Path(django_admin.__file__).parent]
    texts = [
        template.read_text(encoding="utf-8")
        for folder in folders
        for template in folder.rglob("*.html")
    ]
    named = {name for text in texts for name in STATIC.findall(text)}
    media = [page.media for page in site._registry.values()]
    written = [htmx_script(), *(each.render() for each in media)]
    return named | {name for text in written for name in ADDRESS.findall(text)}


class TestFirstCurator:
    def test_where_there_is_none_one_is_made(self):
        said = setup_site("--first-curator")

        user = User.objects.get()
        assert user.username == "curator"
        assert [group.name for group in user.groups.all()] == ["curator"]
        assert "One-time password: " in said

    def test_it_is_made_once(self):
        setup_site("--first-curator")

        said = setup_site("--first-curator")

        assert User.objects.count() == 1
        assert "password" not in said

    def test_somebody_elses_account_is_never_taken_over(self):
        make_user("curator", username="curator", is_active=False)

        said = setup_site("--first-curator")

        assert User.objects.count() == 1
        assert "add_person NAME --role curator" in said
