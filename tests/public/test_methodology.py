"""The rule and the codebook in plain words."""

import pytest

pytestmark = pytest.mark.django_db


class TestMethodology:
    def test_the_methodology_prints_the_weights_the_rule_uses(self, client, first_data):
        response = client.get("/methodology/")

        weights = {form.value: weight for form, weight in response.context["forms"]}
        assert weights == {
            "decision": 5,
            "formal": 2,
            "process": 1,
            "omission": 1,
            "signal": 0,
        }
        assert "Does not count" in response.content.decode()
