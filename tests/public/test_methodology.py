"""The rule and the codebook in plain words."""

import pytest

from icctracker.models import Gap

pytestmark = pytest.mark.django_db


class TestMethodology:
    def test_the_methodology_prints_the_weights_the_rule_uses(self, client, first_data):
        response = client.get("/methodology/")

        weights = {
            form.value: weight for form, weight, _kinds in response.context["forms"]
        }
        assert weights == {
            "decision": 5,
            "formal": 2,
            "process": 1,
            "omission": 1,
            "signal": 0,
        }
        assert "Does not count" in response.content.decode()


class TestKnownGaps:
    def test_what_the_data_lacks_is_said_until_it_is_filled(self, client, first_data):
        gap = Gap.objects.get(slug="briefings-sample")
        before = client.get("/methodology/").content.decode()
        gap.closed_on = gap.noted_on
        gap.save()

        after = client.get("/methodology/").content.decode()

        assert "Briefings by the Prosecutor are a sample" in before
        assert "Briefings by the Prosecutor are a sample" not in after
