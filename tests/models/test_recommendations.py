from datetime import date

import pytest
from django.db.models import ProtectedError

from icctracker.models import Codebook, Criterion, Recommendation
from tests.factories import (
    make_codebook,
    make_criterion,
    make_publication,
    make_recommendation,
)

from .refusals import refused_by

pytestmark = pytest.mark.django_db


class TestRecommendation:
    def test_a_number_stands_once_in_a_publication(self):
        make_recommendation("R7")

        with refused_by("recommendation_number_once_per_publication"):
            make_recommendation("R7bis", number=7)

    def test_it_has_a_text(self):
        with refused_by("recommendation_has_text"):
            make_recommendation("R7", text="")

    def test_its_address_is_its_code_in_lower_case(self):
        assert make_recommendation("R7").get_absolute_url() == "/recommendations/r7/"

    def test_they_come_in_the_publications_order(self):
        for code in ("R10", "R2", "R1"):
            make_recommendation(code)

        assert [rec.code for rec in Recommendation.objects.all()] == ["R1", "R2", "R10"]

    def test_a_publication_with_recommendations_cannot_be_deleted(self):
        make_recommendation()

        with pytest.raises(ProtectedError):
            make_publication().delete()


class TestCriterion:
    def test_a_code_stands_once_in_a_codebook(self):
        make_criterion("7a")

        with refused_by("criterion_code_once_per_codebook"):
            make_criterion("7a")

    def test_the_next_codebook_may_use_the_code_again(self):
        make_criterion("7a")

        make_criterion("7a", codebook=make_codebook("2.0", date(2027, 1, 1)))

        assert Criterion.objects.filter(code="7a").count() == 2

    def test_its_kind_is_one_of_three(self):
        with refused_by("criterion_kind_is_known"):
            make_criterion(kind="encourage")

    def test_it_is_delivered_by_a_decision_or_a_formal_product(self):
        with refused_by("criterion_delivered_by_is_known"):
            make_criterion(delivered_by="signal")

    def test_only_those_of_the_newest_codebook_are_in_force(self):
        make_criterion("7a")
        newer = make_criterion("7b", codebook=make_codebook("2.0", date(2027, 1, 1)))

        assert list(Criterion.objects.in_force()) == [newer]


class TestCodebook:
    def test_the_newest_version_is_in_force(self):
        first = make_codebook("1.0", date(2013, 3, 6))
        second = make_codebook("2.0", date(2020, 1, 1))

        assert Codebook.objects.in_force() == second
        assert Codebook.objects.in_force(date(2020, 1, 1)) == second
        assert Codebook.objects.in_force(date(2019, 12, 31)) == first

    def test_before_the_first_version_there_is_none(self):
        make_codebook("1.0", date(2013, 3, 6))

        assert Codebook.objects.in_force(date(2013, 3, 5)) is None
