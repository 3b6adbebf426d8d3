"""Texts of documents, brought in by a command."""

import io

import pytest
from django.core.management import CommandError, call_command

from icctracker.imports import runs
from icctracker.models import DocumentText, ImportRun
from tests.council_texts import akn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

NAME = "S_RES_1593_N0529273.xml"


def run(*arguments):
    out = io.StringIO()
    call_command("import_texts", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(akn())
    return path


def test_it_says_what_it_kept(path):
    said = run(path)

    assert f"texts kept: S/RES/1593(2005) {NAME}: English, 4 paragraphs" in said
    assert "      1  texts kept\n" in said


def test_twice_it_says_that_none_was_added(path):
    run(path.parent)

    said = run(path.parent)

    assert "      1  texts that were there already\n" in said
    assert "No text was added." in said


def test_a_dry_run_changes_nothing(path):
    assert "Nothing was changed." in run(path, "--dry-run")
    assert not DocumentText.objects.exists()
    assert not ImportRun.objects.exists()


def test_texts_that_differ_are_put_in_place_where_one_says_so(path):
    run(path)
    path.write_bytes(akn(preamble=()))

    assert "Another version of a text" in run(path)
    assert "      1  texts in the place of others\n" in run(path, "--replace")


def test_refused_files_end_it_with_1_once_the_others_are_kept(path):
    (path.parent / "bad.xml").write_bytes(b"no")

    with pytest.raises(CommandError) as failed:
        run(path.parent)

    assert failed.value.returncode == 1
    assert DocumentText.objects.count() == 1


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_what_cannot_be_read_ends_it_with_2(tmp_path, name):
    (tmp_path / "empty").mkdir()

    with pytest.raises(CommandError) as failed:
        run(tmp_path / name)

    assert failed.value.returncode == 2


def test_while_another_import_runs_it_ends_with_3(path):
    runs.begin(ImportRun(file="other"))

    with pytest.raises(CommandError) as failed:
        run(path)

    assert failed.value.returncode == 3
    assert not DocumentText.objects.exists()
