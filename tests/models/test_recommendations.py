from datetime import UTC, date, datetime

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


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestRecommendation:
    def test_a_number_stands_once_in_a_publication(self):
        make_recommendation("R7")

        with refused_by("recommendation_number_once_per_publication"):
            make_recommendation("R7bis", number=7)

    def test_a_code_stands_once_in_a_publication(self):
        make_recommendation("R7")

        with refused_by("recommendation_code_once_per_publication"):
            make_recommendation("R7", number=8)

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

    def test_its_meanings_are_counted_from_one(self):
        with refused_by("criterion_meaning_counts_from_one"):
            make_criterion(meaning=0)

    def test_only_those_of_the_newest_codebook_are_in_force(self):
        make_criterion("7a")
        newer = make_criterion("7b", codebook=make_codebook("2.0", date(2027, 1, 1)))

        assert list(Criterion.objects.in_force()) == [newer]


class TestCodebook:
    def test_the_newest_version_is_in_force(self):
        first = make_codebook("1.0", date(2013, 3, 6))
        second = make_codebook("2.0", date(2020, 1, 1))

        assert Codebook.objects.in_force() == second
        assert Codebook.objects.in_force(instant("2020-01-01T00:00")) == second
        assert Codebook.objects.in_force(instant("2019-12-31T23:59")) == first

    def test_before_the_first_version_there_is_none(self):
        make_codebook("1.0", date(2013, 3, 6))

        assert Codebook.objects.in_force(instant("2013-03-05T23:59")) is None

    def test_one_published_by_somebody_counts_from_that_instant(self):
        first = make_codebook("1.0", date(2013, 3, 6))
        second = make_codebook("1.1", date(2020, 1, 1))
        second.published_at, second.note = instant("2020-01-01T12:00"), "Clearer."
        second.save()

        assert Codebook.objects.in_force(instant("2020-01-01T11:59")) == first
        assert Codebook.objects.in_force(instant("2020-01-01T12:00")) == second

    def test_of_two_on_one_day_the_later_is_in_force(self):
        day = date(2020, 1, 1)
        first, second = make_codebook("1.0", day), make_codebook("1.1", day)

        assert Codebook.objects.in_force() == second
        assert Codebook.objects.before(second) == first
        assert Codebook.objects.before(first) is None

    def test_a_draft_is_in_force_for_nobody(self):
        first, draft = make_codebook("1.0"), make_codebook("1.1", None)

        assert Codebook.objects.in_force() == first
        assert list(Codebook.objects.published()) == [first]
        assert Codebook.objects.draft() == draft
        assert Codebook.objects.before(draft) == first
        assert list(Codebook.objects.all()) == [draft, first]

    def test_a_version_stands_once_in_a_publication(self):
        first = make_codebook()

        with refused_by("codebook_version_once_per_publication"):
            Codebook.objects.create(publication=first.publication, version="1.0")

    def test_there_is_one_draft_at_a_time(self):
        make_codebook("1.1", None)

        with refused_by("codebook_one_draft"):
            make_codebook("1.2", None)

    def test_a_draft_has_no_instant(self):
        with refused_by("codebook_instant_only_when_published"):
            Codebook.objects.create(
                publication=make_publication(),
                version="1.1",
                note="So.",
                published_at=instant("2020-01-01T12:00"),
            )

    def test_what_somebody_publishes_has_a_reason(self):
        with refused_by("codebook_published_has_a_reason"):
            Codebook.objects.create(
                publication=make_publication(),
                version="1.1",
                published_on=date(2020, 1, 1),
                published_at=instant("2020-01-01T12:00"),
            )
