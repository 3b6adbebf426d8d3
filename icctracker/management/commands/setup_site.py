"""Prepare the database and the static files; safe to run at every start."""

import pkgutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from icctracker.actions.legible import make_texts_legible
from icctracker.actions.record import link_situations
from icctracker.actions.status import Cause, record_changes
from icctracker.imports.coded_for import CodedFor
from icctracker.imports.council_tables import load_council_tables
from icctracker.imports.first_data import load_first_data
from icctracker.imports.first_record import load_council_record
from icctracker.imports.mending import Mended, mend
from icctracker.imports.releases import (
    left_to_people,
    next_codebook,
    next_rulesets,
    take_effect,
)
from icctracker.imports.shipped import earlier, shipped
from icctracker.models import Publication, User
from icctracker.models.roles import CURATOR, groups_are_in_line
from icctracker.models.triggers import triggers_are_in_line
from icctracker.settings import files

FIRST_DATA = settings.BASE_DIR / "fixtures" / "tracker"
COUNCIL_RECORD = settings.BASE_DIR / "fixtures" / "council"
EARLIER = settings.BASE_DIR / "fixtures" / "earlier.json"
# So much of a list is shown; check_consistency has all that is left.
SHOWN = 20


@transaction.atomic
def load_all(*, changed=True):
    """Load what the site ships with; a Counter of what was added, and what was mended.

    If the site is new or has changed, what was shipped wrong is mended and documents
    are linked to situations anew.
    """
    added, mended = _load_release(), Mended()
    added += load_council_record(COUNCIL_RECORD)
    # A release that adds entries mends others, too.
    changed = changed or added.total() > 0
    if changed:
        # Noted before anything is mended, which is not what they come from.
        added["statuses"] += len(record_changes())
        criteria = CodedFor(FIRST_DATA).criteria()
        mended = mend(_values(), earlier(EARLIER), criteria=criteria)
    added += load_council_tables(COUNCIL_RECORD)
    if added or changed:
        added["links of documents to situations"] = link_situations()
    return added, mended


def _values():
    return shipped(FIRST_DATA, COUNCIL_RECORD)


def _load_release():
    """The data, and on an older site what it is judged by, each with its own cause."""
    was_there = Publication.objects.exists()
    draft = next_codebook(FIRST_DATA)
    at = timezone.now()
    added = load_first_data(FIRST_DATA, draft=draft, at=at)
    if was_there and added["published entries"]:
        added["statuses"] += len(record_changes(Cause.PUBLICATION, at=at))
    while draft:
        added["codebooks"] += 1
        added["findings coded again"] += take_effect(draft, _values(), earlier(EARLIER))
        draft = next_codebook(FIRST_DATA)
    added["rulesets"] += next_rulesets(FIRST_DATA)
    return added


def is_migrated():
    """Whether each migration has run, and groups and triggers are as the code has them.

    No migration is imported for it, which alone takes as long as all the rest.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    return (
        all(each in applied for each in migrations())
        and groups_are_in_line()
        and triggers_are_in_line()
    )


def migrations():
    """Every migration there is, by its app and name."""
    for app in apps.get_app_configs():
        folder = str(Path(app.path) / "migrations")
        yield from ((app.label, file.name) for file in pkgutil.iter_modules([folder]))


class Command(BaseCommand):
    help = (
        "Migrate, load the real data and collect static files. Adds what is missing,"
        " mends what was shipped wrong and never overwrites what people have edited."
    )
    # They load all pages and the admin: see below when they are worth it.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be added, and change nothing",
        )
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="leave static files alone; with nothing to migrate, run no system"
            " checks and look for documents of situations only if any was added",
        )
        parser.add_argument(
            "--first-curator",
            action="store_true",
            help="make an account named curator where nobody is one yet",
        )

    def handle(self, *, dry_run, no_static, first_curator, verbosity, **options):
        if dry_run:
            return self._dry_run(verbosity)
        self._make_room()
        migrated = is_migrated()
        # bin/run says --no-static unless something has changed since the last start.
        changed = not (migrated and no_static)
        if changed:
            self.check()
        if not migrated:
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        added, mended = load_all(changed=changed)
        added["statuses"] += len(record_changes())
        self._report(added, "added")
        self._tell(mended, "mended")
        if changed and (cleaned := make_texts_legible()):
            self.stdout.write(f"{cleaned} records freed of characters that nobody sees")
        if not no_static:
            call_command("collectstatic", verbosity=0, interactive=False)
        if User.objects.filter(groups__name=CURATOR, is_active=True).exists():
            return
        if first_curator and not User.objects.filter(username=CURATOR).exists():
            call_command("add_person", CURATOR, role=CURATOR, stdout=self.stdout)
        else:
            self.stdout.write(
                "No curator yet. Next: manage.py add_person NAME --role curator"
            )

    def _make_room(self):
        """The folder of the site and its database, open to nobody else."""
        Path(settings.VAR_DIR).mkdir(files.FOLDER, parents=True, exist_ok=True)
        database = connection.settings_dict
        try:
            files.make(database)
        except OSError as fault:
            path = files.file_of(database)
            raise CommandError(
                f"No database can be made at {path}: {fault.strerror}."
            ) from fault
        closed, others = files.close_to_others(settings.VAR_DIR, database)
        if closed:
            self.stdout.write(f"{closed} files and folders closed to other accounts")
        for path in others:
            self.stdout.write(f"Other accounts may read {path}, which is not ours.")

    def _dry_run(self, verbosity):
        self.stdout.write("Migrations that would run:")
        call_command("migrate", plan=True, verbosity=verbosity)
        try:
            with transaction.atomic():
                added, mended = load_all()
                transaction.set_rollback(True)
        except Exception as failure:
            self.stdout.write(f"Data cannot be compared before migrating: {failure}")
        else:
            self._report(added, "would be added")
            self._tell(mended, "would be mended")

    def _report(self, added, verb):
        lines = [f"{count} {noun} {verb}" for noun, count in added.items() if count]
        self.stdout.write("\n".join(lines) or f"Nothing {verb}: all is there.")

    def _tell(self, done, verb):
        self._list(done.mended, f"values {verb}, which were as shipped before:")
        self._list(done.left, "values left, which people have otherwise than shipped:")
        if done.closed:
            self.stdout.write(f"{done.closed} known gaps closed, which were filled")
        for sentence in left_to_people(FIRST_DATA):
            self.stdout.write(sentence)
        if done.imported:
            self.stdout.write(
                f"{len(done.imported)} values came from files imported since, and stay."
            )

    def _list(self, found, what):
        if found:
            lines = [f"{len(found)} {what}", *(f"  {each}" for each in found[:SHOWN])]
            if len(found) > SHOWN:
                lines.append("  …")
            self.stdout.write("\n".join(lines))
