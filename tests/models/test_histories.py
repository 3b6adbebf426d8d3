"""What the history of a row says of its relations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from icctracker.models import Recommendation
from tests.factories import make_publication, make_recommendation

pytestmark = pytest.mark.django_db


def test_each_version_says_what_the_row_was_related_to():
    row = make_recommendation()
    (addressee,) = row.addressees.all()
    row.addressees.clear()

    newest_first = [
        [each.addressee for each in version.addressees.all()]
        for version in row.history.order_by("-pk")
    ]

    assert newest_first == [[], [addressee], []]


def test_a_new_row_is_not_asked_for_relations_that_it_cannot_have():
    fields = {"publication": make_publication(), "number": 1, "short_title": "One"}
    through = Recommendation.addressees.through._meta.db_table

    with CaptureQueriesContext(
        connection,
    ) as asked:
        Recommendation.objects.create(code="R1", text="A text.", **fields)

    assert asked.captured_queries
    assert not [each for each in asked.captured_queries if through in each["sql"]]


def test_a_history_is_read_by_one_class():
    row = make_recommendation()

    assert type(row.history) is type(Recommendation.history)
