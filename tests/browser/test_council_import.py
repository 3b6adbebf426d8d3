"""A curator brings in a file of the Council's record, wide and narrow."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.admin import imports
from icctracker.imports import runs
from icctracker.models import Document, ImportRun
from tests.council_files import dppa
from tests.factories import make_user
from tests.imports.test_council_files import SYRIA_VETO
from tests.imports.test_new_vetoes import NEW_VETO
from tests.unknown_votes import SYMBOL

from .steps import NARROW, WIDE, assert_accessible, assert_fits, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def at_once(settings, tmp_path, monkeypatch):
    """Runs end within the request: a process of its own has no test database."""
    settings.IMPORT_DIR = tmp_path / "imports"

    def carry_on(run):
        run.refresh_from_db()
        runs.carry_on(run)

    monkeypatch.setattr(imports, "start_process", carry_on)


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


@pytest.mark.both_databases
@pytest.mark.parametrize("width", [WIDE["width"], NARROW["width"]])
def test_a_file_is_compared_then_imported(
    new_page, live_server, council, at_once, width
):
    page = new_page(width=width)
    sign_in(page, live_server, make_user("curator"))
    page.goto(live_server.url + reverse("admin:icctracker_importrun_changelist"))
    page.get_by_role("link", name="Import a file").click()
    assert_accessible(page)
    assert_fits(page)

    content = dppa(NEW_VETO, SYRIA_VETO)
    file = {"name": "vetoes.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File").set_input_files(file)
    press(page, "Compare with the record")
    expect(page.get_by_text("Compared; nothing is imported yet")).to_be_visible()
    expect(page.get_by_role("link", name="New")).to_be_visible()
    expect(page.get_by_text("vetoed by CHN, RUS, votes not known")).to_be_visible()
    expect(page.get_by_text("“Middle East - Syria” in the record")).to_be_visible()
    assert not Document.objects.filter(symbol=SYMBOL).exists()
    assert_accessible(page)
    assert_fits(page)

    press(page, "Import this file")
    expect(page.get_by_text("Imported", exact=True)).to_be_visible()
    assert ImportRun.objects.get().state == ImportRun.State.DONE
    assert_accessible(page)
    assert_fits(page)

    page.goto(live_server.url + reverse("document-detail", args=[SYMBOL]))
    told = re.compile("Vetoed,\\s+by.*; votes not known", re.DOTALL)
    expect(page.get_by_text(told)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
