"""Long lists are read from an index: evidence however filtered, and the admin's.

Asked of each database itself: nothing is scanned as a whole, and nothing sorted, but
what a filter left of a list that is in another order than by date.
"""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.models import (
    Actor,
    Coding,
    Evidence,
    Finding,
    ReviewDecision,
)
from icctracker.readings import lists
from tests.factories import make_criterion, make_evidence, make_situation, make_user

pytestmark = pytest.mark.django_db

ASKED = {
    "all": {},
    "the next page": {"page": 2},
    "the last page": {"page": "last"},
    "the last page of the oldest first": {"page": "last", "sort": "date"},
    "a kind": {"kind": "statement"},
    "a tier": {"tier": "A"},
    "a situation": {"situation": "syria"},
    "an actor": {"actor": "China"},
    "a recommendation": {"recommendation": "R7"},
    "a criterion": {"criterion": "7a"},
    "an effect": {"effect": "-2"},
    "a form": {"form": "decision"},
    "a situation's last page": {"situation": "syria", "page": "last"},
    "from a day": {"date_from": "2010-01-01"},
    "between two days": {"date_from": "2010-01-01", "date_to": "2020-01-01"},
    "between two days of one month": {
        "date_from": "2012-01-05",
        "date_to": "2012-01-20",
    },
    "a kind and a tier": {"kind": "statement", "tier": "A"},
    "a kind and a situation": {"kind": "statement", "situation": "syria"},
    "a recommendation and an effect": {"recommendation": "R7", "effect": "-2"},
    "a kind between two days": {"kind": "statement", "date_to": "2020-01-01"},
    "a word": {"q": "vetoed"},
    "a word and a form": {"q": "vetoed", "form": "decision"},
    "nothing of three": {"kind": "veto", "actor": "China", "effect": "-2"},
    "the oldest first": {"sort": "date"},
    "by title": {"sort": "title"},
    "by kind": {"sort": "kind"},
    "as of a day": {"as_of": "2020-01-01"},
}
# In another order than that of an index, what is looked at is sorted, which is bounded.
SORTED = {
    "a kind by title": {"kind": "statement", "sort": "title"},
    "words by kind": {"q": "vetoed", "sort": "kind"},
}
READ = "evidence|listing|listingcount|finding"


@pytest.fixture
def entries(kept, monkeypatch):
    # As on a site that has more of them: by title, an index is read.
    monkeypatch.setattr(lists, "LOOKED_AT", 26)
    kept(make_entries)
    if connection.vendor == "postgresql":
        _say_that_there_are_many()


def _say_that_there_are_many():
    """PostgreSQL reads a small table whole: let it believe that these are large."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relname ~ %s",
            [f"^icctracker_({READ})(_.*)?$"],
        )


def make_entries():
    make_criterion()
    author, china = make_user("researcher"), Actor.objects.create(name="China")
    for number in range(30):
        make_evidence(
            by=author,
            kind="statement",
            symbol=f"S/2014/{number + 1}",
            situations=[make_situation()],
            actors=[china],
            occurred_on=date(2012, 1, 7) + timedelta(days=11 * number),
        )


def plan(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return [row[-1] for row in cursor]
        # A small table is read whole and sorted, unless there is another way.
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}")
        return [row[0] for row in cursor]


def dear(steps):
    """The steps that grow with the site: whole tables or indexes, and sorts."""
    for step, then in zip(steps, [*steps[1:], ""], strict=True):
        # An index that is read without a condition is read whole.
        whole = "Index" in step and " Scan" in step and "Cond" not in then
        if re.search(rf"SCAN icctracker_({READ})\b", step):
            yield step
        elif re.search(rf"on icctracker_({READ})\b", step) and (
            "Seq Scan" in step or whole
        ):
            yield step
        elif "TEMP B-TREE" in step or "Sort  (" in step:
            yield step


def of_the_list(queries):
    """What is asked of all entries: their numbers, and which stand on a page."""
    told = rf'FROM "icctracker_({READ})"( U0)? (WHERE|INNER JOIN)'
    return [
        query["sql"]
        for query in queries
        if re.search(told, query["sql"]) and '"evidence_id" IN (' not in query["sql"]
    ]


def asked_of_the_list(asked):
    with CaptureQueriesContext(connection) as made:
        answer = Client().get(reverse("evidence-list"), asked)
    assert answer.status_code == 200
    assert not answer.context["filter"].form.errors
    return of_the_list(made.captured_queries)


@pytest.mark.parametrize("asked", ASKED)
def test_a_page_of_the_list(entries, asked):
    queries = asked_of_the_list(ASKED[asked])
    assert queries

    found = {sql: list(dear(plan(sql))) for sql in queries}

    assert not {sql: steps for sql, steps in found.items() if steps}


@pytest.mark.parametrize("asked", SORTED)
def test_what_is_sorted_is_what_was_looked_at(entries, asked):
    for sql in asked_of_the_list(SORTED[asked]):
        steps = list(dear(plan(sql)))

        assert all("B-TREE" in step or "Sort  (" in step for step in steps)
        if steps:
            assert '"icctracker_listing"."mark" = ' in sql
            assert '"icctracker_listing"."day" >= ' in sql


def test_a_deep_page_passes_over_one_month_at_most(entries):
    """It begins where its month does, not where the list does."""
    (sql,) = (sql for sql in asked_of_the_list({"page": 2}) if "LIMIT 5" in sql)

    assert int((re.search(r"OFFSET (\d+)", sql) or [0, 0])[1]) < 4


# What grows with the entries, as curators list it.
LONG = [Evidence, Finding, ReviewDecision, Coding, Actor]


@pytest.mark.parametrize("model", LONG, ids=lambda model: model._meta.model_name)
def test_a_list_of_the_admin(entries, model):
    """Nothing is counted to its end, made distinct or sorted without an index."""
    client = Client()
    client.force_login(make_user("curator"))
    Actor.objects.create(name="Ruritania")
    name = model._meta.model_name
    with CaptureQueriesContext(connection) as made:
        answer = client.get(reverse(f"admin:icctracker_{name}_changelist"))
    table = f'FROM "{model._meta.db_table}"'
    queries = [q["sql"] for q in made.captured_queries if table in q["sql"]]
    assert answer.status_code == 200
    assert len(queries) >= 2

    for sql in queries:
        assert "COUNT(" not in sql or "LIMIT" in sql, sql
        assert "DISTINCT" not in sql, sql
        assert not any("TEMP B-TREE" in s or "Sort  (" in s for s in plan(sql)), sql


@pytest.mark.parametrize("order", ["summary", "tier"])
def test_a_sort_of_everything_would_be_noticed(entries, order):
    """The check itself can fail."""
    sql = f'SELECT id FROM "icctracker_evidence" ORDER BY "{order}"'  # noqa: S608

    assert list(dear(plan(sql)))


def test_a_count_of_everything_would_be_noticed(entries):
    assert list(dear(plan('SELECT count(*) FROM "icctracker_listing"')))
