"""What production needs and does not find stops the start and names itself."""

import secrets
import subprocess
import sys

import pytest
from django.conf import settings


def manage(**environment):
    """Run a command with this environment and nothing else of ours."""
    # A file of settings beside the code must not answer for the environment.
    given = {"SECRET_KEY": "", "VAR_DIR": "/nonexistent"} | environment
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=settings.BASE_DIR,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )


class TestTheStart:
    @pytest.mark.parametrize(
        ("environment", "name"),
        [
            ({}, "SECRET_KEY"),
            ({"SECRET_KEY": "x", "DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ],
    )
    def test_a_setting_that_is_missing_or_wrong_is_named_at_the_end(
        self, environment, name
    ):
        run = manage(**environment)

        assert run.returncode == 1
        assert name in run.stderr.splitlines()[-1]
        assert "Traceback" not in run.stderr

    def test_a_blank_database_address_means_the_default(self):
        run = manage(DEBUG="1", DATABASE_URL="", VAR_DIR=str(settings.VAR_DIR))

        assert "KeyError" not in run.stderr
        assert "No changes detected" in run.stdout


def test_the_check_of_a_deployment_finds_nothing(tmp_path):
    tmp_path.chmod(0o700)
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": "https://tracker.example.org",
            "VAR_DIR": str(tmp_path),
            "STATIC_ROOT": str(tmp_path / "static"),
            "DATABASE_URL": "sqlite://:memory:",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.split(" (")[0]) == (
        0,
        "System check identified no issues",
    )
