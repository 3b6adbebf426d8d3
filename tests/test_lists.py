"""A list of evidence, however long, says what it should, and how far it reaches."""

import random
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.models import Actor, Evidence
from icctracker.readings import lists
from icctracker.web.kit.filters import EvidenceFilter
from icctracker.web.public import pages as pages_of_the_site
from icctracker.web.public.moments import Moment
from tests.factories import finding_row, make_criterion, make_evidence, make_situation

pytestmark = pytest.mark.django_db

ASKED = [
    "",
    "sort=date",
    "sort=title",
    "sort=kind",
    "kind=veto",
    "tier=B",
    "situation=syria",
    "actor=China",
    "recommendation=R7",
    "criterion=7a",
    "effect=-2",
    "form=decision",
    "q=text 1",
    "q=S/2014/12",
    "kind=veto&situation=syria",
    "actor=China&tier=A&sort=title",
    "recommendation=R7&effect=-2",
    "criterion=4a&effect=1&form=decision&sort=date",
    "date_from=2012-02-10",
    "date_to=2012-02-10",
    "date_from=2012-02-10&date_to=2013-07-20&sort=date",
    "date_from=2012-02-10&date_to=2012-02-20&kind=veto",
    "situation=syria&effect=1&q=number&date_from=2012-02-10&sort=kind",
    "kind=deferral&actor=China&effect=2",
]


@pytest.fixture
def entries(kept):
    return kept(make_entries)


def make_entries():
    """Thirty entries on days of two years, alike in some things and not in others."""
    criteria = [make_criterion("7a"), make_criterion("4a")]
    places = [make_situation(), make_situation("sudan", "Sudan")]
    states = [Actor.objects.create(name=name) for name in ("China", "France")]
    draw = random.Random(7)  # noqa: S311 - the same entries on every run
    for number in range(30):
        rows = [
            finding_row(criterion, effect=draw.choice([-2, 1]))
            for criterion in draw.sample(criteria, draw.choice([1, 2]))
        ]
        make_evidence(
            kind=draw.choice(["veto", "debate", "statement"]),
            tier=draw.choice("AB"),
            title=f"Text {draw.randrange(15)}",
            symbol=f"S/2014/{number + 1}",
            occurred_on=date(2012, 1, 15) + timedelta(days=draw.randrange(700)),
            situations=draw.sample(places, draw.choice([0, 1, 2])),
            actors=draw.sample(states, draw.choice([0, 1, 2])),
            findings=rows,
        )
    make_evidence("draft", occurred_on=date(2012, 3, 1))
    make_evidence("withdrawn", occurred_on=date(2012, 3, 1))


@pytest.fixture
def few_are_looked_at(monkeypatch):
    """As on a site on which a month has thousands of entries."""
    monkeypatch.setattr(lists, "LOOKED_AT", 4)


def asking(text, **more):
    return QueryDict(text or "sort=-date").dict() | more


def meant(asked):
    """What a download says of the same question, which reads everything."""
    published = Evidence.objects.known(timezone.localdate())
    found = EvidenceFilter(asked, queryset=published)
    assert found.is_valid(), found.errors
    return [entry.pk for entry in found.qs]


def listed(asked):
    found = EvidenceFilter(asked, queryset=Evidence.objects.none())
    assert found.is_valid(), found.errors
    return found.entries(Moment(timezone.localdate()))


def pages(entries, size=7):
    """Every key, page by page."""
    keys = [entries[start : start + size] for start in range(0, entries.count(), size)]
    return [key for page in keys for key in page]


@pytest.mark.parametrize("text", ASKED)
class TestEveryList:
    def test_has_what_its_download_has_in_the_same_order(self, entries, text):
        asked = asking(text)

        assert pages(listed(asked)) == meant(asked)
        assert listed(asked).count() == len(meant(asked))

    def test_is_whole_if_a_long_one_is_followed_to_its_end(
        self, entries, text, few_are_looked_at
    ):
        """Nothing is shown twice or left out between what is looked at, and what then.

        In an order other than by date each part is in that order by itself.
        """
        asked, found = asking(text), []
        expected = meant(asked)
        for _time in range(40):
            part = listed(asked)
            if part.extent.cut_off:
                assert len(pages(part)) == lists.LOOKED_AT
                assert pages(part) == expected[: lists.LOOKED_AT]
                return
            found += pages(part)
            if not part.extent.passed_over:
                break
            on, day = part.extent, timedelta(days=1)
            asked |= (
                {"date_from": (on.until + day).isoformat()}
                if asked.get("sort") == "date"
                else {"date_to": (on.since - day).isoformat()}
            )

        assert sorted(found) == sorted(expected)
        if asked.get("sort", "-date").endswith("date"):
            assert found == expected


class TestALongList:
    def test_looks_at_no_more_than_it_may_but_for_one_month(
        self, entries, few_are_looked_at
    ):
        extent = listed(asking("q=text")).extent

        assert extent.count <= lists.LOOKED_AT
        assert extent.passed_over == 30 - extent.count

    def test_says_how_far_it_reaches_and_leads_on(self, entries, few_are_looked_at):
        page = Client().get(reverse("evidence-list"), {"q": "text"}).content.decode()

        said = re.search(r"those from (.*?) until (.*?)\s+were looked at", page)
        assert said
        link = unescape(re.search(r'href="(\?[^"]*)">Look at the next', page)[1])
        assert "q=text" in link and "date_to=" in link

    def test_does_not_say_that_nothing_matches_what_it_did_not_look_at(
        self, entries, few_are_looked_at
    ):
        page = Client().get(reverse("evidence-list"), {"q": "zzz"}).content.decode()

        assert "None of those that were looked at matches." in page
        assert "No entry matches." not in page

    def test_says_where_its_order_ends(self, entries, few_are_looked_at):
        page = Client().get(reverse("evidence-list"), {"sort": "title"}).content

        assert b"30 entries" in page
        assert b"only the first 4 of them are listed" in page
        assert b"Look at the next" not in page

    def test_a_short_one_says_neither(self, entries):
        page = Client().get(reverse("evidence-list"), {"q": "text"}).content

        assert b"looked at" not in page and b"Look at" not in page


class TestBadInput:
    @pytest.mark.parametrize(
        "page", ["0", "-1", "3", "9" * 30, "x", "1.5", "\x00", "٣"]
    )
    def test_a_page_that_is_not_there_is_explained(self, entries, page):
        for text in ("", "kind=veto&tier=A", "sort=title", "q=zzz"):
            answer = Client().get(reverse("evidence-list"), asking(text, page=page))

            assert answer.status_code == 404
            assert "This list does not have that page." in answer.content.decode()

    def test_the_last_page_is_there_by_its_name(self, entries):
        for text in ("", "kind=veto&tier=A", "sort=title", "q=zzz"):
            answer = Client().get(reverse("evidence-list"), asking(text, page="last"))

            assert answer.status_code == 200

    @pytest.mark.parametrize(
        "text", ["date_from=9999-12-31", "date_to=9999-12-31", "date_to=0001-01-01"]
    )
    def test_the_ends_of_the_calendar(self, entries, text):
        answer = Client().get(reverse("evidence-list"), asking(text))

        assert answer.status_code == 200
        assert answer.context["count"] == len(meant(asking(text)))

    def test_a_name_that_stands_in_a_draft_only_is_no_choice(self, entries):
        make_evidence("draft", actors=[Actor.objects.create(name="Nobody yet")])

        answer = Client().get(reverse("evidence-list"), {"actor": "Nobody yet"})

        assert answer.context["filter"].form.errors["actor"]
        assert ">Nobody yet<" not in answer.content.decode()


def test_of_a_day_to_come_nothing_is_listed_yet(entries):
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_evidence(occurred_on=tomorrow)

    assert listed(asking("")).count() == 30
    assert listed(asking("sort=title")).count() == 30


def test_of_an_instant_of_the_past_so_many_are_listed_and_no_more(entries, monkeypatch):
    monkeypatch.setattr(pages_of_the_site, "LOOKED_AT", 4)
    asked = {"known_at": timezone.now().isoformat(), "kind": "veto"}

    page = Client().get(reverse("evidence-list"), asked)

    assert "More than 4 entries with Kind: Veto." in page.content.decode()
    assert page.context["paginator"].count == 4
