"""What is measured is measured on a site as it could be, and never taken for data."""

from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from benchmarks.filling import OtherData, fill, fill_once
from benchmarks.picture import draw
from benchmarks.report import BEGIN, END, table, write
from benchmarks.served import served_as
from benchmarks.synthetic import Recipe, entries
from icctracker.models import Edition, Evidence, Source
from icctracker.readings.consistency import disagreements
from tests.factories import make_evidence

RECIPE = Recipe(entries=70, recommendations=3, until=date(2026, 1, 1))


class TestEntries:
    def test_the_same_seed_makes_the_same_entries(self):
        assert list(entries(RECIPE, 7)) == list(entries(RECIPE, 7))

    def test_another_seed_makes_other_entries(self):
        other = RECIPE._replace(seed=2)

        assert next(entries(RECIPE, 7)) != next(entries(other, 7))

    def test_no_event_lies_after_its_publication(self):
        found = [row for row in entries(RECIPE, 7) if row.day > row.published_at.date()]

        assert found == []


@pytest.mark.django_db
class TestLoad:
    def test_it_breaks_none_of_the_rules_but_that_its_symbols_are_none(self):
        fill(RECIPE)

        found = list(disagreements(timezone.localdate()))

        assert [line for line in found if "not a document symbol" not in line] == []

    def test_as_many_entries_are_published_as_were_asked_for(self):
        fill(RECIPE)

        assert Evidence.objects.published().count() == RECIPE.entries

    def test_every_entry_says_that_it_is_synthetic(self):
        fill(RECIPE)

        others = Evidence.objects.exclude(title__startswith="Synthetic ")
        addresses = Source.objects.values_list("url", flat=True)
        assert not others.exists()
        assert {urlsplit(url).hostname.split(".")[-1] for url in addresses} == {
            "invalid"
        }

    def test_a_corrected_entry_is_known_as_it_was(self):
        fill(RECIPE)
        first, second = Edition.objects.filter(evidence=33).order_by("number")

        known = Edition.objects.stood(first.at).get(evidence=33)

        assert known.title == f"{second.title}, as it was"

    def test_other_data_is_left_alone(self):
        make_evidence()

        with pytest.raises(OtherData):
            fill_once(RECIPE)

        assert Evidence.objects.count() == 1

    def test_what_comes_after_a_load_has_a_key_of_its_own(self):
        fill(RECIPE)
        newest = Evidence.objects.order_by("pk").last().pk

        assert make_evidence().pk > newest

    def test_its_pages_open(self, client):
        fill(RECIPE)
        entry = Evidence.objects.published().first()

        for path in ("/", "/evidence/", entry.get_absolute_url()):
            assert client.get(path).status_code == 200


class TestServers:
    def test_they_are_given_what_the_site_is_given_but_its_address(self):
        options = served_as()

        assert "--threads" in options
        assert not [word for word in options if "bind" in word or "$" in word]


RUN = {
    "entries": 1000,
    "recommendations": 10,
    "engine": "SQLite",
    "patience": 20,
    "rows": {
        "reading": {
            "A bare view": {"p50": 5.0},
            "Home": {"gave_up": True},
            "Home on another day": {"not_asked": True},
            "Evidence, page 1": {"p50": 40.0, "gzipped": 7168},
            "Evidence, the last page (40)": {"p50": 20.0},
            "Home, not modified": {"no_etag": True},
        },
        "streams": {"All entries as CSV": {"gave_up": True, "grown_MiB": 2029}},
        "writing": {"8 writers": {"p50": 90.0, "p95": 300.0, "lost": 0, "locked": 1}},
    },
}


class TestReport:
    @pytest.mark.parametrize(
        ("label", "cell"),
        [
            ("Evidence, page 1", "8.0"),
            ("Evidence, the last page", "4.0"),
            ("Home", "> 20 s"),
            ("Home on another day", "·"),
            ("Home, not modified", "never"),
            ("Changes", "–"),
            ("All as CSV, memory in MiB", "+2,029"),
            ("8 writers, lost / locked", "0 / 1"),
            ("Largest page in KB, compressed", "7.0"),
        ],
    )
    def test_each_row_says_what_was_measured_or_why_nothing_was(self, label, cell):
        lines = table([RUN], []).splitlines()

        (line,) = [each for each in lines if each.startswith(f"| {label} |")]
        assert line.split(" | ")[2] == cell

    def test_only_what_stands_between_the_marks_is_replaced(self):
        page = f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n"

        assert write(page, "new") == f"Before.\n{BEGIN}\n\nnew\n\n{END}\nAfter.\n"

    def test_the_picture_has_a_dot_a_size_and_an_arrow_for_what_took_long(self):
        dots = [(1000, 8.0, False), (20_000, None, True)]

        picture = ElementTree.fromstring(draw([("Home <all>", 4, [dots, []])]))  # noqa: S314

        space = "{http://www.w3.org/2000/svg}"
        # Two circles and an arrow belong to the legend.
        assert len(picture.findall(f"{space}circle")) == 3
        assert len(picture.findall(f"{space}path")) == 2
        assert "Home <all>, at most 4 wanted" in picture.find(f"{space}desc").text
