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


def follow(folder, **values):
    """Put a later version of the codebook and of the ruleset into a folder."""
    data = json.loads((folder / "codebook.json").read_text())
    data |= {"codebook_version": "1.1", "reason": "One test asks for more."}
    data.pop("version", None)
    data["published_on"] = "2026-11-26"
    for row, meaning in zip(data["criteria"], ("changed", "unchanged"), strict=True):
        row["meaning"] = meaning
    (folder / "codebook-1.1.json").write_text(json.dumps(data | values))
    ruleset = {
        "version": "1.1",
        "published_on": "2026-11-26",
        "reason": "Short interruptions are passed over.",
        "values": {"held_days": 180},
    }
    (folder / "ruleset-1.1.json").write_text(json.dumps(ruleset))


class TestLaterVersions:
    def test_are_on_record_and_the_last_is_in_force(self, folder):
        follow(folder)

        load(folder)

        publication = Publication.objects.get()
        versions = publication.codebooks.order_by("published_on")
        assert [each.version for each in versions] == ["1.0", "1.1"]
        first, second = Criterion.objects.in_force().order_by("pk")
        assert (first.meaning, second.meaning) == (2, 1)
        rule = publication.rulesets.in_force()
        assert (rule.version, rule.parameters.held_days) == ("1.1", 180)
        # What an earlier version moved stays moved.
        assert rule.parameters.refrain_large == 40

    def test_are_left_to_people_where_an_earlier_one_is_in_use(self, folder):
        load(folder)
        follow(folder)

        assert load(folder) == "Nothing added: all is there.\n"

    @pytest.mark.parametrize(
        ("values", "place"),
        [
            ({"codebook_version": "1.2"}, "codebook-1.1.json: version:"),
            ({"reason": " "}, "codebook-1.1.json: reason:"),
            ({"published_on": "2001-01-01"}, "codebook-1.1.json: published_on:"),
            ({"published_on": "soon"}, "codebook-1.1.json: published_on:"),
            ({"criteria": []}, "codebook-1.1.json: criteria:"),
        ],
    )
    def test_have_faults_that_name_file_and_field(self, folder, values, place):
        follow(folder, **values)

        assert any(fault.startswith(place) for fault in refused(folder))

    def test_say_of_each_criterion_whether_its_findings_carry_over(self, folder):
        follow(folder)
        path = folder / "codebook-1.1.json"
        data = json.loads(path.read_text())
        del data["criteria"][0]["meaning"]
        data["criteria"][1]["meaning"] = "perhaps"
        path.write_text(json.dumps(data))

        found = "\n".join(refused(folder))

        assert "codebook-1.1.json: criteria[0].meaning:" in found
        assert "codebook-1.1.json: criteria[1].meaning:" in found


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
