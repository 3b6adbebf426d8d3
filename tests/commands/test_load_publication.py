"""A publication is loaded by data alone, wholly checked before anything is written."""

import json
import shutil
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from icctracker.models import Criterion, Publication, Recommendation, Ruleset
from tests.publications import MADE_UP, SLUG

pytestmark = pytest.mark.django_db


def load(folder=MADE_UP):
    said = StringIO()
    call_command("load_publication", str(folder), stdout=said)
    return said.getvalue()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(MADE_UP, tmp_path / "note")


def change(folder, name, **values):
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def refused(folder):
    with pytest.raises(CommandError) as refusal:
        load(folder)
    assert refusal.value.returncode == 1
    assert not Publication.objects.exists()
    return str(refusal.value).splitlines()


class TestLoading:
    def test_it_brings_all_that_a_publication_is_judged_by(self):
        said = load()

        publication = Publication.objects.get(slug=SLUG)
        assert "2 recommendations added" in said
        assert [rec.code for rec in publication.recommendations.all()] == ["R4", "X1"]
        assert Criterion.objects.in_force().count() == 2
        rule = publication.rulesets.in_force()
        assert rule.parameters.refrain_large == 40
        assert rule.parameters.window_years == 5

    def test_twice_changes_nothing(self):
        load()

        assert load() == "Nothing added: all is there.\n"

    def test_what_people_have_edited_since_stays(self):
        load()
        Recommendation.objects.filter(code="X1").update(short_title="As it is now")

        load()

        assert Recommendation.objects.get(code="X1").short_title == "As it is now"

    def test_without_a_ruleset_of_its_own_it_is_judged_by_the_first(self, folder):
        (folder / "ruleset.json").unlink()

        load(folder)

        assert Ruleset.objects.get().parameters.refrain_large == 75

    def test_the_first_data_can_be_read_as_one(self):
        load(settings.BASE_DIR / "fixtures" / "tracker")

        assert Recommendation.objects.count() == 10


class TestFaults:
    def test_all_are_told_at_once_by_file_and_field(self, folder):
        change(folder, "publication.json", slug="No slug", published_on="yesterday")
        criteria = json.loads((folder / "codebook.json").read_text())["criteria"]
        criteria[0] |= {"kind": "encourage", "recommendation": "R99"}
        change(folder, "codebook.json", criteria=criteria)
        change(folder, "ruleset.json", values={"window_years": 0}, reason=" ")

        found = refused(folder)

        for place in (
            "publication.json: slug:",
            "publication.json: published_on:",
            "codebook.json: criteria[0].kind:",
            "codebook.json: criteria[0].recommendation:",
            "ruleset.json: values.window_years:",
            "ruleset.json: reason:",
        ):
            assert any(fault.startswith(place) for fault in found), place

    @pytest.mark.parametrize(
        ("name", "values", "place"),
        [
            ("publication.json", {"title": None}, "publication.json: title:"),
            ("publication.json", {"url": "nowhere"}, "publication.json: url:"),
            (
                "publication.json",
                {"recommendations": []},
                "publication.json: recommendations:",
            ),
            (
                "publication.json",
                {"recommendations": ["X1"]},
                "publication.json: recommendations[0]:",
            ),
            (
                "publication.json",
                {"addressees": {}},
                "publication.json: recommendations[0].addressees:",
            ),
            ("codebook.json", {"version": None}, "codebook.json: version:"),
            ("codebook.json", {"published_on": None}, "codebook.json: published_on:"),
            ("codebook.json", {"criteria": "none"}, "codebook.json: criteria:"),
            ("ruleset.json", {"values": []}, "ruleset.json: values:"),
            ("ruleset.json", {"values": {"fall": 1}}, "ruleset.json: values.fall:"),
        ],
    )
    def test_each_names_its_place(self, folder, name, values, place):
        change(folder, name, **values)

        assert any(fault.startswith(place) for fault in refused(folder))

    def test_a_code_or_number_stands_once(self, folder):
        rows = json.loads((folder / "publication.json").read_text())["recommendations"]
        rows[1] |= {"number": 1, "code": "r4"}
        change(folder, "publication.json", recommendations=rows)

        found = " ".join(refused(folder))

        assert "the number '1' is there 2 times" in found
        assert "the code 'r4' is there 2 times" in found

    def test_a_recommendation_can_be_judged(self, folder):
        criteria = json.loads((folder / "codebook.json").read_text())["criteria"]
        criteria[1]["essential"] = False
        change(folder, "codebook.json", criteria=criteria)

        [fault] = refused(folder)
        assert fault == "codebook.json: criteria: X1 has no essential criterion"

    @pytest.mark.parametrize("text", ["", "{", "[]", '"note"', "\x00"])
    def test_a_file_that_is_no_object_is_refused(self, folder, text):
        (folder / "codebook.json").write_text(text)

        assert refused(folder)[0].startswith("codebook.json: ")

    def test_a_missing_file_is_named(self, tmp_path):
        assert "codebook.json: the file is missing" in refused(tmp_path)
