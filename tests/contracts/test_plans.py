"""A page of the list of evidence is read from an index, however it is filtered.

Asked of each database itself: nothing is scanned as a whole, and nothing sorted.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

ASKED = {
    "all": {},
    "the next page": {"page": 2},
    "a kind": {"kind": "statement"},
    "a tier": {"tier": "A"},
    "from a day": {"date_from": "2010-01-01"},
    "between two days": {"date_from": "2010-01-01", "date_to": "2020-01-01"},
    "a kind and a tier": {"kind": "statement", "tier": "A"},
    "a kind between two days": {"kind": "statement", "date_to": "2020-01-01"},
    "the oldest first": {"sort": "date"},
    "by title": {"sort": "title"},
    "by kind": {"sort": "kind"},
}


@pytest.fixture
def entries(db):
    make_criterion()
    author = make_user("researcher")
    for number in range(26):
        make_evidence(by=author, kind="statement", symbol=f"S/2014/{number + 1}")


def plan(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return [row[-1] for row in cursor]
        # A small table is read whole and sorted, unless there is another way.
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}")
        return [row[0] for row in cursor]


def dear(step):
    scans = "SCAN icctracker_evidence" in step and "INDEX" not in step
    seq = "Seq Scan on icctracker_evidence " in step
    return scans or seq or "TEMP B-TREE" in step or "Sort  (" in step


def of_the_list(queries):
    """What is asked of the entries themselves: their number, and a page of keys."""
    return [
        query["sql"]
        for query in queries
        if 'FROM "icctracker_evidence" WHERE' in query["sql"]
        and ("LIMIT" in query["sql"] or "COUNT(" in query["sql"])
    ]


@pytest.mark.parametrize("asked", ASKED)
def test_a_page_of_the_list(entries, asked):
    with CaptureQueriesContext(connection) as made:
        answer = Client().get(reverse("evidence-list"), ASKED[asked])
    queries = of_the_list(made.captured_queries)
    assert answer.status_code == 200
    assert len(queries) == 2

    steps = {step: sql for sql in queries for step in plan(sql)}

    assert not {step: sql for step, sql in steps.items() if dear(step)}


def test_a_sort_of_everything_would_be_noticed(entries):
    """The check itself can fail."""
    sql = 'SELECT id FROM "icctracker_evidence" ORDER BY "summary"'

    assert any(map(dear, plan(sql)))
