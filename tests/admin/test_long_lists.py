"""Lists of the admin with more than anybody turns pages of."""

from unittest.mock import patch

import pytest
from django.contrib.admin import ModelAdmin, site
from django.urls import reverse

from icctracker.models import Actor, Evidence, ReviewDecision
from tests.factories import make_evidence, make_situation

ENTRIES = reverse("admin:icctracker_evidence_changelist")
pytestmark = pytest.mark.django_db


def listed(answer):
    return {row.pk for row in answer.context["cl"].result_list}


@pytest.fixture
def entries(curator):
    return [
        make_evidence(title=f"Number {n}", occurred_on=f"20{14 + n}-03-01")
        for n in range(3)
    ]


class TestCounting:
    def test_ends_where_nobody_turns_pages_any_more(self, curator_client, entries):
        with patch("icctracker.admin.lists.MOST_COUNTED", 2):
            answer = curator_client.get(ENTRIES)

        assert answer.context["cl"].result_count == 2
        assert "More than 2: search or filter" in answer.content.decode()

    def test_tells_the_number_where_it_is_known(self, curator_client, entries):
        page = curator_client.get(ENTRIES).content.decode()

        assert "3 evidence" in page
        assert "More than" not in page


def test_the_box_before_a_row_is_that_of_django(curator_client, entries):
    admin = site._registry[Evidence]
    entry = make_evidence(title='“One” & <two> "three"')

    assert admin.action_checkbox(entry) == ModelAdmin.action_checkbox(admin, entry)
    assert admin.action_checkbox(entry) in curator_client.get(ENTRIES).content.decode()


class TestSearching:
    def test_a_record_with_several_related_rows_is_found_once(self, curator_client):
        entry = make_evidence(
            situations=[
                make_situation("a", "Mali one"),
                make_situation("b", "Mali two"),
            ]
        )
        make_evidence()
        answer = curator_client.get(ENTRIES, {"q": "mali"})

        assert [row.pk for row in answer.context["cl"].result_list] == [entry.pk]

    def test_each_word_may_be_found_somewhere_else(self, curator_client):
        actor = Actor.objects.create(name="Ruritania")
        entry = make_evidence(title="A statement on Mali", actors=[actor])
        make_evidence(title="A statement on Mali")

        both = curator_client.get(ENTRIES, {"q": "mali ruritania"})
        phrase = curator_client.get(ENTRIES, {"q": '"mali on" ruri'})

        assert listed(both) == {entry.pk}
        assert listed(phrase) == set()


class TestYears:
    def test_a_year_is_chosen_from_the_first_to_the_last(self, curator_client, entries):
        answer = curator_client.get(ENTRIES, {"occurred_on__year": "2015"})

        (by_year,) = [
            each for each in answer.context["cl"].filter_specs if each.title == "year"
        ]
        assert [key for key, _said in by_year.lookup_choices] == [
            "2016",
            "2015",
            "2014",
        ]
        assert listed(answer) == {entries[1].pk}

    def test_a_year_that_is_not_offered_narrows_nothing(self, curator_client, entries):
        for year in ("1066", "x", "", "9" * 30):
            answer = curator_client.get(ENTRIES, {"occurred_on__year": year})
            assert len(listed(answer)) == 3, year

    def test_of_instants_too(self, curator_client, entries):
        ReviewDecision.objects.create(evidence=entries[0], outcome="publish")
        path = reverse("admin:icctracker_reviewdecision_changelist")
        (day,) = ReviewDecision.objects.values_list("decided_at", flat=True)

        assert listed(curator_client.get(path, {"decided_at__year": day.year}))


def test_entries_of_an_actor_are_counted_without_drafts(curator_client):
    actor = Actor.objects.create(name="Ruritania")
    for state in ("draft", "submitted", "published"):
        make_evidence(state, actors=[actor])
    Actor.objects.create(name="Nobody")

    answer = curator_client.get(reverse("admin:icctracker_actor_changelist"))

    counted = {row.name: row.entries for row in answer.context["cl"].result_list}
    assert counted == {"Nobody": 0, "Ruritania": 2}
    assert Evidence.objects.filter(actors=actor).count() == 3
