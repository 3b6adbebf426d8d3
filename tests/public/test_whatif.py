"""Readers may move the judgement in the rule and see what changes."""

import pytest

from icctracker.ruleset.parameters import NAMES
from tests.factories import finding_row, make_criterion, make_evidence

pytestmark = pytest.mark.django_db

PATH = "/methodology/try/"


class TestTryTheRule:
    def test_it_starts_with_the_published_rule(self, client):
        response = client.get(PATH)

        assert response.status_code == 200
        assert "This is the published rule." in response.content.decode()

    def test_a_moved_threshold_shows_which_statuses_would_differ(self, client):
        criterion = make_criterion("7a")
        for effect in (-2, 1):
            make_evidence(findings=[finding_row(criterion, effect=effect)])

        response = client.get(
            PATH, {"as_of": "2015-01-01", "refrain_some": "30", "refrain_large": "40"}
        )

        assert "1 status would differ" in response.content.decode()

    @pytest.mark.parametrize("value", ["0", "31", "many", "1e9"])
    def test_a_value_out_of_range_is_explained_at_its_field(self, client, value):
        response = client.get(PATH, {"window_years": value})

        assert response.status_code == 200
        assert response.context["form"].errors["window_years"]
        assert "the published rule is shown" in response.content.decode()

    def test_every_parameter_of_the_rule_can_be_moved(self, client):
        response = client.get(PATH)

        assert list(response.context["form"].fields) == list(NAMES)
