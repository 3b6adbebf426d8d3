"""What is kept stands for each test as it was made, and for no other."""

import pytest
from django.db import connection, transaction

from icctracker.models import Situation
from tests.factories import make_situation
from tests.kept_rows import AskedOtherwise, KeptRows

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen():
    """The situations that stand when this is set up; named before what is kept."""
    return set(Situation.objects.values_list("slug", flat=True))


@pytest.fixture
def syria(kept):
    return kept(make_situation)


@pytest.fixture
def both(kept, syria):
    kept(make_situation, "sudan", "Sudan")
    return [syria, Situation.objects.get(slug="sudan")]


class TestATest:
    @pytest.mark.parametrize("time", ["first", "second", "third"])
    def test_has_it_whole_each_time_whatever_it_does_to_it(self, time, syria):
        assert list(Situation.objects.values_list("name")) == [(syria.name,)]

        syria.delete()
        make_situation("other", "Made by this test")

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_may_have_more_on_top(self, time, both):
        assert set(Situation.objects.all()) == set(both)

        Situation.objects.update(name="Renamed")

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_may_add_to_it_where_keys_were_counted_anew_before(self, time, syria):
        make_situation("other", "Made by this test")

        if connection.vendor == "postgresql":
            # No transaction takes this back.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval('icctracker_situation_id_seq', %s, false)",
                    [syria.pk],
                )

    def test_that_asks_for_nothing_has_nothing(self):
        assert not Situation.objects.exists()

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_has_it_before_all_else_it_asks_for(self, time, seen, syria):
        assert seen == {syria.slug}

    def test_that_has_made_something_has_it_made_anew(self, kept):
        make_situation("other", "Made before")

        assert kept(make_situation).slug == "syria"
        assert Situation.objects.count() == 2


@pytest.mark.one_database
def test_two_of_a_kind_that_ask_for_different_things_are_told(
    request, django_db_blocker
):
    # Rows of its own, so that nothing that stands for other tests is touched.
    rows = KeptRows(django_db_blocker.unblock)
    with transaction.atomic():
        rows.before(request.node)
        rows.make(make_situation)
        rows.after_fixtures(request.node)
        transaction.set_rollback(True)
    rows.before(request.node)

    with pytest.raises(AskedOtherwise):
        rows.make(make_situation, "sudan", "Sudan")

    rows.end()
    assert not Situation.objects.exists()
