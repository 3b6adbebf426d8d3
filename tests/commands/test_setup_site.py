import json
import shutil
from io import StringIO

import pytest
from django.core.management import call_command

from icctracker.actions.codebook import draft_next, drop_criterion, publish
from icctracker.management.commands.setup_site import FIRST_DATA
from icctracker.models import (
    Codebook,
    Evidence,
    Finding,
    Recommendation,
    Situation,
    User,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


@pytest.fixture(autouse=True)
def few_entries(tmp_path, monkeypatch, council_folder):
    """The real codebook with three entries and few documents only, to be quick."""
    folder = shutil.copytree(FIRST_DATA, tmp_path / "tracker")
    path = folder / "evidence.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(rows[:3]), encoding="utf-8")
    command = "icctracker.management.commands.setup_site"
    monkeypatch.setattr(f"{command}.FIRST_DATA", folder)
    monkeypatch.setattr(f"{command}.COUNCIL_RECORD", council_folder)


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
        assert var_dir.is_dir()

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
        draft = draft_next(by=curator, version="1.1")
        drop_criterion(draft.criteria.get(code="2b"), by=curator)
        publish(draft, by=curator, reason="It is not asked any more.")

        said = setup_site()

        assert "Nothing added" in said
        assert Codebook.objects.in_force() == draft
        assert not draft.criteria.filter(code="2b").exists()

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
