"""An entry is published, corrected and withdrawn; each past is shown as known then."""

import csv
import io
import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.review import correct, decide, withdraw
from icctracker.models import Actor, Evidence, Situation
from icctracker.templatetags.tracker import instant
from tests import test_routes as routes
from tests.contracts.browser import close
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

DAY = date(2014, 5, 22)
MOMENTS = ["before", "published", "corrected", "withdrawn"]
REPORT = "https://example.org/report"


def at_moments(expected):
    """Pairs of the last moments and what is expected of each."""
    return list(zip(MOMENTS[-len(expected) :], expected, strict=True))


@pytest.fixture
def criterion(kept):
    return kept(make_criterion)


@pytest.fixture
def past(kept, council, criterion):
    return kept(make_past, criterion)


def make_past(criterion):
    """Instants before it was published, and after each of three decisions."""
    curator = make_user("curator")
    actors = [Actor.objects.create(name="China")]
    entry = make_evidence(
        Evidence.State.SUBMITTED,
        title="First title",
        summary="First summary of what happened.",
        situations=[make_situation()],
        actors=actors,
        findings=[finding_row(criterion, rationale="First reason.")],
    )
    before = timezone.now()
    entry = decide(entry, reviewer=curator, outcome="publish").evidence
    published = timezone.now()
    correct(
        entry,
        by=curator,
        reason="It was a debate.",
        facts={
            "title": "Second title",
            "summary": "Second summary of what happened.",
            "kind": "debate",
            "situations": [make_situation("libya", "Libya")],
            "actors": [],
        },
        sources=[source_row(REPORT, label="A report")],
        findings=[
            finding_row(
                criterion,
                effect=2,
                form="decision",
                form_reason="It binds.",
                rationale="Second reason.",
            )
        ],
    )
    corrected = timezone.now()
    withdraw(entry, by=curator, reason="It never took place.")
    return SimpleNamespace(
        entry=entry,
        before=before,
        published=published,
        corrected=corrected,
        withdrawn=timezone.now(),
    )


@pytest.fixture
def known(client, past):
    """Opens an address as of the day, as known at one of the four moments."""

    def opened(path, moment, **query):
        query |= {"as_of": DAY.isoformat(), "known_at": instant(getattr(past, moment))}
        return client.get(path, query)

    return opened


def text_of(response):
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def records_of(response):
    """The entries of a JSON download."""
    return json.loads(text_of(response))["evidence"]


class TestItsPage:
    @pytest.fixture
    def page(self, known, past):
        path = past.entry.get_absolute_url()
        return lambda moment: text_of(known(path, moment))

    def test_before_it_was_published_it_says_so_and_nothing_else(self, known, past):
        response = known(past.entry.get_absolute_url(), "before")

        page = text_of(response)
        assert response.status_code == 404
        assert "This entry was not yet published" in page
        assert "First title" not in page and "Second title" not in page
        first = past.entry.editions.get(number=1)
        assert f'href="/evidence/{past.entry.slug}/?known_at={instant(first.at)}"' in (
            page
        )

    def test_first_it_shows_what_was_first_published(self, page):
        shown = page("published")

        for word in ("First title", "First summary", "First reason", "China", "Syria"):
            assert word in shown
        assert "S/2014/348" in shown and "Veto cast by" in shown
        for word in ("Second", REPORT, "Libya", "debate", "Withdrawn on"):
            assert word not in shown

    def test_then_what_was_corrected_with_the_finding_that_was_superseded(self, page):
        shown = page("corrected")

        for word in ("Second title", "Second summary", "Second reason", REPORT):
            assert word in shown
        assert "Libya" in shown and "It was a debate." in shown
        assert "First reason." in shown.split("Earlier findings")[1]
        assert "First title" not in shown and "Withdrawn on" not in shown

    @pytest.mark.parametrize("moment", ["withdrawn", None])
    def test_at_last_that_it_is_withdrawn(self, page, client, past, moment):
        shown = (
            page(moment)
            if moment
            else text_of(client.get(past.entry.get_absolute_url()))
        )

        assert "Second title" in shown
        assert "Withdrawn on" in shown and "It never took place." in shown

    def test_it_says_which_moment_it_shows(self, page, client, past):
        assert "This page shows what was known on" in page("published")
        assert "what was known on" not in text_of(
            client.get(past.entry.get_absolute_url())
        )


class TestLists:
    @pytest.mark.parametrize(
        ("moment", "titles"),
        at_moments([[], ["First title"], ["Second title"], []]),
    )
    def test_the_list_and_its_downloads(self, known, moment, titles):
        listed = known(reverse("evidence-list"), moment)
        as_json = records_of(known("/evidence.json", moment))
        as_csv = csv.DictReader(io.StringIO(text_of(known("/evidence.csv", moment))))

        assert [entry.title for entry in listed.context["page_obj"]] == titles
        assert [entry["title"] for entry in as_json] == titles
        assert [entry["title"] for entry in as_csv] == titles

    def test_a_download_has_sources_and_findings_of_its_time(self, known):
        (first,) = records_of(known("/evidence.json", "published"))
        (second,) = records_of(known("/evidence.json", "corrected"))

        assert first["sources"] == ["https://undocs.org/en/S/2014/348"]
        assert second["sources"] == [REPORT]
        assert [row["effect"] for row in first["findings"]] == [-2]
        assert [row["effect"] for row in second["findings"]] == [2]
        assert (first["actors"], second["actors"]) == (["China"], [])
        assert (first["situations"], second["situations"]) == (["syria"], ["libya"])

    @pytest.mark.parametrize(
        ("moment", "query", "found"),
        [
            ("published", {"kind": "veto"}, True),
            ("corrected", {"kind": "veto"}, False),
            ("corrected", {"kind": "debate"}, True),
            ("published", {"situation": "syria"}, True),
            ("corrected", {"situation": "syria"}, False),
            ("published", {"actor": "China"}, True),
            ("published", {"q": "first"}, True),
            ("corrected", {"q": "first"}, False),
            ("published", {"effect": "-2"}, True),
            ("corrected", {"effect": "-2"}, False),
            ("corrected", {"effect": "2", "recommendation": "R7"}, True),
            ("published", {"sort": "title", "criterion": "7a"}, True),
        ],
    )
    def test_filters_ask_what_was_known(self, known, moment, query, found):
        response = known(reverse("evidence-list"), moment, **query)

        assert bool(response.context["filter"].form.errors) is False
        assert bool(response.context["page_obj"].object_list) is found

    def test_an_actor_who_was_not_yet_named_is_not_offered(self, known):
        response = known(reverse("evidence-list"), "before", actor="China")

        assert response.context["filter"].form.errors["actor"]

    @pytest.mark.parametrize(
        ("moment", "counts"),
        at_moments([(0, 0), (0, 1), (1, 0), (0, 0)]),
    )
    def test_situations(self, known, moment, counts):
        listed = known(reverse("situation-list"), moment).context["situations"]
        pages = [known(f"/situations/{slug}/", moment) for slug in ("libya", "syria")]

        assert tuple(situation.entries for situation in listed) == counts
        assert tuple(len(page.context["entries"]) for page in pages) == counts

    def test_a_situation_has_the_title_of_its_time(self, known):
        page = text_of(known("/situations/syria/", "published"))

        assert "First title" in page and "Second title" not in page
        assert '<tr><th scope="row">2014</th><td class="number">1</td>' in page

    @pytest.mark.parametrize(
        ("moment", "title"),
        at_moments([None, "First title", "Second title", None]),
    )
    def test_the_document_it_is_about(self, known, moment, title):
        response = known("/documents/S/2014/348/", moment)

        page = text_of(response)
        titles = [each for each in ("First title", "Second title") if each in page]
        assert titles == ([title] if title else [])
        assert "shown as it is today" in text_of(response)

    @pytest.mark.parametrize(
        ("moment", "situations"),
        at_moments([[], ["syria"], ["libya"], []]),
    )
    def test_the_votes_of_a_member_by_situation(self, known, moment, situations):
        Situation.objects.update(since=2011)

        response = known("/council/china/", moment)

        found = [row.subject.slug for row in response.context["by_situation"]]
        assert found == situations


class TestStatus:
    WORDS = ["Not yet assessed", "Not followed", "Followed", "Not yet assessed"]

    @pytest.mark.parametrize(("moment", "label"), at_moments(WORDS), ids=MOMENTS)
    def test_every_page_that_shows_it(self, known, moment, label):
        pages = [
            known(path, moment)
            for path in ("/", "/recommendations/", "/recommendations/r7/")
        ]

        for page in pages:
            assert f"<span>{label}" in text_of(page)

    @pytest.mark.parametrize(("moment", "label"), at_moments(WORDS), ids=MOMENTS)
    def test_the_command(self, past, moment, label):
        said = io.StringIO()

        known_at = getattr(past, moment).isoformat()
        call_command("status", as_of="2014-05-22", known_at=known_at, stdout=said)

        assert said.getvalue().startswith(f"R7   {label}")

    def test_a_recommendation_names_entries_as_they_were_named(self, known):
        path = "/recommendations/r7/"

        assert "First title" in text_of(known(path, "published"))
        assert "Second title" not in text_of(known(path, "published"))
        assert "Second title" in text_of(known(path, "corrected"))

    @pytest.mark.parametrize(("moment", "number"), at_moments([0, 1, 1, 0]))
    def test_how_many_findings_the_methodology_counts(self, known, moment, number):
        assert known("/methodology/", moment).context["coded"]["findings"] == number

    def test_the_home_page_lists_entries_as_they_were(self, known):
        assert "First title" in text_of(known("/", "published"))
        assert "Second title" in text_of(known("/", "corrected"))


class TestHistories:
    @pytest.mark.parametrize(
        ("moment", "steps"),
        at_moments(
            [["publish"], ["correct", "publish"], ["withdraw", "correct", "publish"]]
        ),
    )
    def test_the_history_ends_at_the_moment(self, known, past, moment, steps):
        path = reverse("evidence-history", args=[past.entry.slug])

        response = known(path, moment)

        assert [step.kind for step in response.context["steps"]] == steps
        assert known(path, "before").status_code == 404

    @pytest.mark.parametrize(
        ("moment", "kinds"),
        at_moments(
            [
                [],
                ["publish", "status"],
                ["correct", "status", "publish", "status"],
                [
                    *("withdraw", "status", "correct", "status"),
                    *("publish", "status"),
                ],
            ]
        ),
    )
    def test_so_does_the_stream_of_changes(self, known, moment, kinds):
        response = known(reverse("change-list"), moment)

        told = [change.kind for change in response.context["changes"]]
        assert [kind for kind in told if kind != "codebook"] == kinds

    @pytest.mark.parametrize(("moment", "rows"), at_moments([0, 2, 3, 4]), ids=MOMENTS)
    def test_and_the_statuses_of_the_recommendation(self, known, moment, rows):
        response = known("/recommendations/r7/history/", moment)

        assert len(response.context["statuses"]) == rows

    @pytest.mark.parametrize("path", ["/council/", "/council/china/", "/documents/"])
    def test_the_councils_record_says_that_it_has_no_past(self, known, path):
        assert "shown as it is today" in text_of(known(path, "published"))


class TestBadMoments:
    @pytest.mark.parametrize("name", ["evidence-history", "evidence-detail"])
    def test_an_impossible_instant_is_explained(self, client, past, name):
        path = reverse(name, args=[past.entry.slug])

        response = client.get(path, {"known_at": "2020-02-31"})

        assert response.status_code == 400
        assert "is not a date" in response.content.decode()

    @pytest.mark.parametrize("path", ["/changes/", "/recommendations/r7/history/"])
    def test_so_it_is_elsewhere(self, client, past, path):
        assert client.get(path, {"known_at": "yesterday"}).status_code == 400


# Pages open to all that show nothing of the record, and why they have no past.
WITHOUT_PAST = {
    "respond": "a form",
    "evidence-respond": "a form",
    "recommendation-respond": "a form",
    "mail-off": "a form",
    "password-reset": "part of signing in",
    "account_reset_password": "part of signing in",
    "account_reset_password_done": "part of signing in",
    "account_reset_password_from_key": "part of signing in",
    "account_reset_password_from_key_done": "part of signing in",
    "account_inactive": "part of signing in",
    "about": "says what the site is, not what is on record",
    "healthz": "tells a machine how the site is now",
    "readyz": "tells a machine how the site is now",
}
# A file has no place for a notice; what it holds is tested above.
FILES = {
    *("evidence-download", "passage-download", "descent-download"),
    *("passage-years-download", "situation-texts-download"),
}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOTICES = (
    "This page shows what was known on 1 January 2020",
    "only what had been accepted by 1 January 2020",
    "The Council's record is shown as it is today",
)


def open_to_all():
    """Every named route that a stranger has a page on, read from the URL map."""
    entry_like = {**routes.ENTRY, **{name: o[1] for name, o in routes.OBJECTS.items()}}
    return {
        name
        for name in routes.named_routes()
        if "stranger" in routes.PAGES.get(name, ())
        or "stranger" in entry_like.get(name, ())
    }


class TestEveryOpenPage:
    @pytest.fixture
    def opened(self, kept, council, client):
        """Opens every open page that has a past, with a query."""
        entry = kept(routes.make_site).entries[Evidence.State.PUBLISHED]

        def each(query):
            for name in sorted(open_to_all() - set(WITHOUT_PAST)):
                is_of_entry = name in routes.ENTRY
                path = (
                    routes.entry_address(name, entry)
                    if is_of_entry
                    else routes.address(name)
                )
                yield name, path, client.get(path, query)

        return each

    def test_what_is_left_out_is_there_at_all(self):
        assert set(WITHOUT_PAST) <= open_to_all()

    def test_an_impossible_instant_is_explained(self, opened):
        for name, _path, response in opened({"known_at": "rubbish"}):
            assert response.status_code == 400, name
            assert "“rubbish” is not a date" in text_of(response), name

    def test_before_anything_was_on_record_it_shows_none_of_it(self, opened):
        words = [
            *(routes.secret("published", part) for part in routes.SECRETS),
            "An open reply.",
            "Dissent on record",
        ]

        for name, _path, response in opened({"known_at": instant(LONG_AGO)}):
            text = text_of(response)
            assert response.status_code in (200, 404), name
            assert not [word for word in words if word in text], name

    def test_it_says_which_moment_it_shows_and_leads_back_to_today(self, opened):
        for name, path, response in opened({"known_at": instant(LONG_AGO)}):
            if response.status_code == 404 or name in FILES:
                # What is sent takes its turn until it is closed.
                close(response)
                continue
            text = " ".join(text_of(response).replace("&#x27;", "'").split())
            assert any(notice in text for notice in NOTICES), name
            assert f'href="{path}">Back to today' in text, name
