"""What is folded by year or read by day: nothing is lost, and only its page is read."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from icctracker.models import ReviewDecision
from icctracker.models.listings import wrongly_listed
from icctracker.readings.history import Stream
from icctracker.readings.working import Year
from icctracker.web.kit.years import PAGE, Binned
from icctracker.web.public.pictures import GAP, LINE_MARGIN, MARK, TALLEST, draw_years
from tests.factories import make_criterion, make_evidence, make_situation, make_user

SYRIA = "/situations/syria/"


@pytest.fixture
def entries(kept):
    return kept(make_entries)


def make_entries():
    """More than a page of entries on one situation, in three years."""
    make_criterion()
    syria, author = make_situation(), make_user("researcher")
    days = [date(2012 + number % 3, 3, 1 + number // 3) for number in range(PAGE + 5)]
    return [
        make_evidence(by=author, situations=[syria], occurred_on=day, title=f"On {day}")
        for day in days
    ]


def titles(page, entries):
    """Those named on a page, in its order."""
    text = page.content.decode()
    places = {entry.title: text.find(f">{entry.title}</a>") for entry in entries}
    named = [title for title, place in places.items() if place >= 0]
    return sorted(named, key=places.get)


@pytest.mark.django_db
class TestASituation:
    def test_its_pages_together_name_each_entry_once_newest_first(
        self, client, entries
    ):
        pages = [client.get(SYRIA, {"page": number}) for number in (1, 2)]

        named = [titles(page, entries) for page in pages]
        assert len(named[0]) == PAGE
        newest_first = sorted((entry.title for entry in entries), reverse=True)
        assert named[0] + named[1] == newest_first

    def test_each_year_is_one_click_away_with_its_count(self, client, entries):
        text = client.get(SYRIA).content.decode()

        for year in (2012, 2013, 2014):
            link = f'<a href="?year={year}">{year}</a> <span class="meta">10</span>'
            assert link in text
        named = titles(client.get(SYRIA, {"year": 2013}), entries)
        assert len(named) == 10
        assert all(title.startswith("On 2013") for title in named)

    def test_a_year_keeps_the_clocks(self, client, entries):
        day = {"as_of": "2014-03-08"}

        text = client.get(SYRIA, day).content.decode()
        named = titles(client.get(SYRIA, day | {"year": 2014}), entries)

        assert 'href="?as_of=2014-03-08&amp;year=2013"' in text
        assert named == [f"On 2014-03-0{number}" for number in range(8, 0, -1)]

    def test_a_year_without_entries_says_so_and_leads_on(self, client, entries):
        text = client.get(SYRIA, {"year": 1999}).content.decode()

        assert "No entry in 1999." in text
        assert f'<a href="{SYRIA}">All years</a>' in text

    def test_a_year_of_a_short_list_leads_back_to_all_of_it(self, client, kept):
        make_criterion()
        make_evidence(situations=[make_situation()], occurred_on=date(2014, 5, 22))

        text = client.get(SYRIA, {"year": 2014}).content.decode()

        assert f'<a href="{SYRIA}">All years</a>' in text

    @pytest.mark.parametrize("year", ["x", "0000", "20145", "٢٠١٤", "-200", "2014.0"])
    def test_what_is_no_year_is_refused_in_words(self, client, entries, year):
        response = client.get(SYRIA, {"year": year})

        assert response.status_code == 400
        assert f"“{year}” is not a year." in response.content.decode()

    @pytest.mark.parametrize("page", ["3", "0", "x"])
    def test_a_page_that_is_not_there_is_not_found(self, client, entries, page):
        assert client.get(SYRIA, {"page": page}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", [SYRIA, "/situations/", "/methodology/", "/changes/"])
def test_what_grows_is_not_counted_by_reading_it(client, entries, path):
    with CaptureQueriesContext(connection) as made:
        assert client.get(path).status_code == 200

    counting = re.compile(
        r'COUNT\(.*FROM "icctracker_(evidence\w*|finding|coding\w*|reviewdecision)"'
    )
    asked = [query["sql"] for query in made.captured_queries]
    assert any("listingcount" in sql for sql in asked)
    # A page of its own may count what it shows.
    assert not [sql for sql in asked if counting.search(sql) and "LIMIT" not in sql]


class TestYearsPictured:
    @staticmethod
    def pictured(**effects):
        """One year in which findings have these effects so often."""
        counts = {"full": 2, "part": 1, "context": 0, "against": -2}
        effects = Counter({counts[name]: number for name, number in effects.items()})
        year = Year(2014, sum(effects.values()), effects)
        return draw_years([year], start=date(2014, 1, 1), end=date(2014, 12, 31))

    def test_are_as_tall_however_much_there_is(self):
        few, many = (
            self.pictured(full=n, against=2 * n, context=n) for n in (3, 30_000)
        )

        assert few.height < many.height <= 2 * TALLEST + 60

    def test_a_single_finding_is_no_taller_than_a_mark(self):
        assert self.pictured(full=1).axis == LINE_MARGIN + MARK + GAP

    def test_what_is_for_stands_above_the_line_and_what_is_against_below(self):
        timeline = self.pictured(full=1, part=2, against=3)

        said = {
            effect: tuple(map(float, re.search(r" (.+?)h.*?V(.+?)h", path).groups()))
            for effect, path in timeline.areas
        }
        full, part, against = (said[effect] for effect in (2, 1, -2))
        assert full[0] == against[0] == timeline.axis
        assert part[1] < part[0] == full[1] < timeline.axis < against[1]
        assert part[0] - part[1] > full[0] - full[1]


class TestPages:
    """Of 10 a day on 1,000 days, 25 to a page."""

    FIRST = date(2000, 1, 1)

    @pytest.fixture
    def asked(self):
        return []

    @pytest.fixture
    def pages(self, asked):
        days = [self.FIRST + timedelta(days=number) for number in range(1000)]

        def between(first, last):
            asked.append((first, last))
            found = [day for day in days if first <= day <= last]
            return [(day, n) for day in reversed(found) for n in range(10)]

        return Binned(dict.fromkeys(days, 10), between)

    def test_together_hold_each_row_once(self, pages):
        rows = [row for page in pages for row in page]

        assert len(rows) == len(set(rows)) == pages.count == 10_000
        assert rows == sorted(rows, key=lambda row: (row[0], -row[1]), reverse=True)

    @pytest.mark.parametrize("number", [1, 100, 400])
    def test_each_reads_the_days_it_lies_in_and_no_others(self, pages, asked, number):
        list(pages.page(number))

        ((first, last),) = asked
        assert (last - first).days <= 3


@pytest.mark.django_db
class TestTheStreamOfChanges:
    @pytest.fixture
    def published(self, kept):
        return kept(make_published)

    def test_its_pages_together_tell_each_change_once(self, client, published):
        query = {"kind": "publish"}

        pages = [
            client.get("/changes/", query | {"page": number}) for number in (1, 2, 3)
        ]

        named = [titles(page, published) for page in pages]
        assert [len(each) for each in named] == [50, 50, 10]
        assert named[0] + named[1] + named[2] == [entry.title for entry in published]

    def test_a_page_asks_for_its_own_days(self, client, published):
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("change-list"), {"kind": "publish", "page": 3})

        (sql,) = [
            query["sql"] for query in made.captured_queries if "key_of" in query["sql"]
        ]
        assert '"decided_at" >= ' in sql

    def test_what_is_counted_by_month_is_what_happened(self, client, published):
        entry, now = published[0], timezone.now()
        at = {"decided_at": now - timedelta(days=400)}
        for outcome in ("publish", "publish", "correct", "withdraw", "return"):
            decision = entry.decisions.create(outcome=outcome, note="A reason.", **at)
        first, second = entry.editions.first(), published[1].editions.first()
        restoring = entry.decisions.create(outcome="correct", note="Back.", **at)
        second.decision, second.restores = restoring, first
        second.save()
        decision.delete()

        for kinds in ((), ("publish",), ("correct",), ("restore", "withdraw")):
            told = Stream(now, kinds=kinds)
            counts = replace(told, is_now=True).counts()
            assert sum(counts.values()) == sum(told.counts().values())
            assert {day.day for day in counts} == {1}
        assert counts == {(now - timedelta(days=400)).date().replace(day=1): 2}
        assert wrongly_listed() == []


def make_published():
    """Published entries, two a day, newest first."""
    make_criterion()
    author, now = make_user("researcher"), timezone.now()
    entries = [make_evidence(by=author, title=f"Entry {n:03}") for n in range(110)]
    ReviewDecision.objects.all().delete()
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            evidence=entry,
            outcome="publish",
            decided_at=now - timedelta(hours=12 * number),
        )
        for number, entry in enumerate(entries)
    )
    return entries
