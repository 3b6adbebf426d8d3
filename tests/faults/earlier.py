"""The code of before: the commit that the last one with other tables came after."""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.faults.rendered import ROOT

# What an upgrade has to be careful with.
WATCHED = ["icctracker/migrations", "requirements.in"]


@contextmanager
def code_of_before():
    """A folder with it; ``FAULTS_FROM`` names another commit."""
    commit = (
        os.environ.get("FAULTS_FROM")
        or f"{_git('log', '-1', '--format=%H', '--', *WATCHED)}^"
    )
    with tempfile.TemporaryDirectory(prefix="icctracker-before-") as name:
        archive = Path(name) / "code.tar"
        _git("archive", "-o", str(archive), commit)
        folder = Path(name) / "code-of-before"
        folder.mkdir()
        subprocess.run(["tar", "-x", "-f", archive, "-C", folder], check=True)  # noqa: S603, S607
        yield folder


def _git(*words):
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()
