"""What tests leave out on PostgreSQL, and that they may."""

import pytest
from django.db import IntegrityError

from icctracker.models import Evidence, Situation
from tests.both_databases import Asked, can_differ, only_on_sqlite


@pytest.mark.django_db
class TestWhatIsNoted:
    def test_how_texts_are_sorted(self):
        with (asked := Asked()).noting():
            list(Evidence.objects.order_by("title"))

        assert asked.kinds == {'"title" ASC'}

    def test_what_is_refused_by_a_constraint(self):
        Situation.objects.create(slug="syria", name="Syria")

        with (asked := Asked()).noting(), pytest.raises(IntegrityError):
            Situation.objects.create(slug="syria", name="Syria again")

        assert any("IntegrityError" in each for each in asked.kinds)

    def test_nothing_of_a_plain_query(self):
        with (asked := Asked()).noting():
            list(Evidence.objects.filter(pk=1).order_by())

        assert asked.kinds == set()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT COUNT(*) FROM t", "COUNT("),
        ("SELECT CAST(x AS text) FROM t", "CAST("),
        ("SELECT django_date_extract('year', d) FROM t", "django_date_extract"),
        ('SELECT DISTINCT "a" FROM t', "SELECT DISTINCT"),
        ('SELECT "a" FROM t ORDER BY "a" DESC NULLS LAST', '"a" DESC NULLS LAST'),
        ("SELECT a || b FROM t", "||"),
        ("""SELECT 1 WHERE "a" LIKE '%x%'""", '"a" LIKE'),
        ('SELECT 1 WHERE "a" REGEXP %s', '"a" REGEXP'),
    ],
)
def test_a_construct_that_can_differ_is_found(sql, kind):
    assert kind in can_differ(sql)


def test_a_list_of_values_is_none():
    assert can_differ('SELECT "a" FROM t WHERE "a" IN (1) AND (NOT ("b" = 2))') == set()


class TestWhatIsLeftOut:
    RUNS = ("seen", True, ["COUNT("])

    def test_may_ask_what_others_ask_on_postgresql(self):
        assert only_on_sqlite([self.RUNS, ("a journey", False, ["COUNT("])]) == {}

    def test_is_named_when_it_asks_anything_else(self):
        asked = [self.RUNS, ("a journey", False, ["COUNT(", "SUM("])]

        assert only_on_sqlite(asked) == {"a journey": ["SUM("]}
