"""Note what the files of the first data said in earlier commits; for developers."""

import json
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from icctracker.imports.shipped import digest, shipped

FOLDERS = ("fixtures/tracker", "fixtures/council")
FILE = settings.BASE_DIR / "fixtures" / "earlier.json"


def noted():
    """The digests of all values that were shipped and are shipped otherwise now."""
    now = shipped(*(settings.BASE_DIR / each for each in FOLDERS))
    found = {}
    for commit in _git("log", "--format=%H", "--", *FOLDERS).split():
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "fixtures.tar"
            _git("archive", "-o", str(archive), commit, "fixtures")
            subprocess.run(["tar", "-x", "-f", archive, "-C", folder], check=True)  # noqa: S603, S607
            _compare(now, shipped(*(Path(folder) / each for each in FOLDERS)), found)
    return found


def _compare(now, then, found):
    for noun, records in then.items():
        for key, fields in records.items():
            # Of what is no longer shipped only known gaps are closed.
            present = now.get(noun, {}).get(key, {} if noun == "gap" else None)
            for field in {*fields, *present} if present is not None else ():
                value = fields.get(field)
                if value != present.get(field):
                    digests = found.setdefault(noun, {}).setdefault(key, {})
                    digests.setdefault(field, set()).add(digest(value))


def as_text(found):
    """As it is kept in the file: in order, so that a diff shows what came."""
    sorted_sets = {
        noun: {
            key: {field: sorted(each) for field, each in fields.items()}
            for key, fields in records.items()
        }
        for noun, records in found.items()
    }
    return json.dumps(sorted_sets, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _git(*words):
    command = ["git", "-c", f"safe.directory={settings.BASE_DIR}", *words]
    done = subprocess.run(  # noqa: S603
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout


class Command(BaseCommand):
    help = (
        "Write fixtures/earlier.json anew from the history of the files that the site"
        " ships with. Run it whenever one of their values is corrected: by it, sites"
        " that were set up before are mended. Needs git and the whole history."
    )
    requires_system_checks = []

    def handle(self, **options):
        found = noted()
        FILE.write_text(as_text(found), encoding="utf-8")
        values = sum(len(f) for records in found.values() for f in records.values())
        self.stdout.write(f"{values} values were shipped otherwise before.")
