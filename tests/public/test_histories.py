"""The history of an entry and of a recommendation, and the stream of changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.codebook import draft_next
from icctracker.actions.entries import save_entry, submit
from icctracker.actions.review import correct, decide, restore, withdraw
from icctracker.actions.status import assess, record_changes
from icctracker.models import Evidence, ReviewDecision
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def criterion():
    return make_criterion("7a", statement="No member vetoes action on atrocities.")


@pytest.fixture
def curator(db):
    return make_user("curator", username="zed.curator", public_name="Zed Curator")


@pytest.fixture
def entry(criterion, curator):
    """An entry published by way of the desk, with a draft that said other things."""
    author = make_user("researcher", username="ann.author", public_name="Ann Author")
    draft = save_entry(
        Evidence(),
        by=author,
        facts={"title": "Draft title", "summary": "Draft summary."},
        sources=[source_row("https://example.org/draft-source")],
        findings=[finding_row(criterion, rationale="Draft reason.")],
    )
    ready = save_entry(
        draft,
        by=author,
        facts={
            "title": "First title",
            "summary": "Two members voted against the text on Syria that day.",
            "occurred_on": date(2014, 5, 22),
            "kind": "veto",
            **{"votes_yes": 13, "votes_no": 2, "votes_abstain": 0},
            "counter_evidence": "A whisper to the contrary.",
        },
        sources=[source_row()],
        findings=[finding_row(criterion, rationale="First reason.")],
    )
    submit(ready, by=author)
    return decide(ready, reviewer=curator, outcome="publish").evidence


def corrected(entry, by, **changed):
    wanted = {
        "reason": "The record says three.",
        "facts": {"summary": "Three members voted against the text on Syria that day."},
        "sources": [source_row(), source_row("https://example.org/new", label="New")],
        "findings": [
            finding_row(effect=-1, form="decision", rationale="First reason.")
        ],
    }
    return correct(entry, by=by, **(wanted | changed))


def history(client, entry):
    return client.get(reverse("evidence-history", args=[entry.slug]))


def changes_of(step):
    return {change.label: (change.before, change.after) for change in step.changes}


class TestEntry:
    def test_the_first_version_is_shown_in_full(self, client, entry):
        (step,) = history(client, entry).context["steps"]

        said = changes_of(step)
        assert said["Title"] == ("", "First title")
        assert said["Date"] == ("", "22 May 2014")
        assert said["7a, reason"] == ("", "First reason.")
        assert "S/2014/348" in said["Source"][1]

    def test_a_correction_says_word_by_word_what_changed_and_why(
        self, client, entry, curator
    ):
        corrected(entry, curator)

        response = history(client, entry)

        step = response.context["steps"][0]
        labels = ["Summary", "Source", "7a, effect"]
        assert [change.label for change in step.changes] == labels
        assert step.changes[0].parts[:2] == [("removed", "Two"), ("added", "Three")]
        page = response.content.decode()
        assert "The record says three." in page
        assert '<del><span class="visually-hidden">removed: </span>Two<' in page
        assert '<ins><span class="visually-hidden">added: </span>Three<' in page

    def test_a_dropped_source_and_finding_are_shown_as_dropped(
        self, client, entry, curator
    ):
        other = make_criterion("7b")
        corrected(entry, curator, findings=[finding_row(other)])

        step = history(client, entry).context["steps"][0]

        said = changes_of(step)
        assert said["7a, effect"][1] == ""
        assert said["7b, effect"][0] == ""

    def test_a_restoration_names_the_version(self, client, entry, curator):
        corrected(entry, curator, sources=[source_row()])
        restore(entry, number=1, by=curator, reason="The first was right.")

        response = history(client, entry)

        assert [step.kind for step in response.context["steps"]] == [
            "restore",
            "correct",
            "publish",
        ]
        assert "Version 1 restored" in response.content.decode()

    def test_a_withdrawn_entry_keeps_its_history(self, client, entry, curator):
        withdraw(entry, by=curator, reason="It never happened.")

        page = history(client, entry).content.decode()

        assert "It never happened." in page
        assert "The entry is withdrawn" in page and "First title" in page
        assert "Restore this version" not in page

    def test_nothing_of_the_draft_is_shown(self, client, entry, curator):
        corrected(entry, curator)

        page = history(client, entry).content.decode()

        assert "raft" not in page and "whisper" not in page

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "declined"])
    def test_what_is_not_published_has_no_history(self, client, criterion, state):
        evidence = make_evidence(state)
        Evidence.objects.filter(pk=evidence.pk).update(slug="hidden-entry")

        assert client.get("/evidence/hidden-entry/history/").status_code == 404

    def test_nobody_is_named_who_has_not_agreed(self, client, entry, curator):
        corrected(entry, curator)

        page = history(client, entry).content.decode()

        assert "ann" not in page.lower().replace("channel", "")
        assert "Zed" not in page and "zed" not in page
        assert "a curator" in page

    def test_who_has_agreed_is_named_as_they_wish(self, client, entry, curator):
        curator.show_name = True
        curator.save()
        corrected(entry, curator)

        page = history(client, entry).content.decode()

        assert "Zed Curator" in page and "zed.curator" not in page

    def test_what_was_not_kept_is_said_not_to_be(self, client, entry, curator):
        corrected(entry, curator)
        entry.editions.get(number=1).delete()

        page = history(client, entry).content.decode()
        between = entry.published_at + timedelta(microseconds=1)
        then = client.get(entry.get_absolute_url(), {"known_at": between.isoformat()})

        assert "What it said then has not been kept." in page
        assert then.status_code == 404
        assert "has not been kept" in then.content.decode()

    def test_the_entry_links_to_it(self, client, entry):
        page = client.get(entry.get_absolute_url()).content.decode()

        assert reverse("evidence-history", args=[entry.slug]) in page


class TestRecommendation:
    @pytest.fixture
    def page(self, client):
        return lambda: client.get("/recommendations/r7/history/")

    def test_each_status_is_shown_with_its_cause(self, page, entry):
        text = page().content.decode()

        assert "from “Not yet assessed” to “Not followed” (contrary practice)" in text
        assert "an entry was published" in text
        assert f"/evidence/{entry.slug}/history/" in text

    def test_every_assessment_with_its_reason_and_no_name(
        self, page, criterion, curator
    ):
        assess(
            criterion.recommendation,
            by=curator,
            as_of=date(2026, 1, 1),
            decided="overtaken",
            rationale="The body is gone.",
        )

        text = page().content.decode()

        assert "The body is gone." in text and "by a curator" in text
        assert "Zed" not in text

    def test_criteria_by_codebook_with_what_changed(self, page, criterion):
        newer = make_codebook("2.0", date(2020, 1, 1))
        make_criterion("7a", codebook=newer, statement="No member vetoes at all.")
        make_criterion("7b", codebook=newer)

        (second, changes), (first, before) = page().context["codebooks"]

        assert (first.version, second.version) == ("1.0", "2.0")
        said = {change.label: change for change in changes}
        assert said["7a, statement"].after == "No member vetoes at all."
        assert said["7b, statement"].before == ""
        assert "7a, counts" not in said

    def test_a_codebook_of_the_future_is_not_shown(self, page, criterion):
        later = make_codebook("9.0", date.today() + timedelta(days=9))
        make_criterion("7h", codebook=later)

        assert "7h" not in page().content.decode()

    def test_a_mended_wording_is_shown_with_the_one_before(self, page, criterion):
        recommendation = criterion.recommendation
        recommendation.short_title = "No veto"
        recommendation.save()

        (_at, changes), first = page().context["wordings"]

        assert [(c.before, c.after) for c in changes] == [
            ("Recommendation R7", "No veto")
        ]

    def test_without_anything_it_says_so(self, page, criterion):
        text = page().content.decode()

        assert "No status is on record" in text
        assert "No curator had assessed" in text

    def test_an_unknown_one_is_not_there(self, client):
        assert client.get("/recommendations/r99/history/").status_code == 404


def told(client, **query):
    response = client.get(reverse("change-list"), query)
    return [change.kind for change in response.context["changes"]]


class TestChanges:
    @pytest.fixture
    def life(self, entry, curator):
        """One of each kind of change."""
        corrected(entry, curator, sources=[source_row()])
        restore(entry, number=1, by=curator, reason="The first was right.")
        withdraw(entry, by=curator, reason="It never happened.")
        assess(
            entry.findings.first().criterion.recommendation,
            by=curator,
            as_of=date(2026, 1, 1),
            decided="overtaken",
            rationale="The body is gone.",
        )

    def test_every_kind_is_told_with_its_reason(self, client, life):
        response = client.get(reverse("change-list"))

        kinds = {change.kind for change in response.context["changes"]}
        page = response.content.decode()
        assert kinds == {
            *"status publish correct restore withdraw assess codebook".split()
        }
        for words in (
            "The record says three.",
            "The first was right.",
            "It never happened.",
            "The body is gone.",
            "Codebook 1.0",
            "an entry was withdrawn",
        ):
            assert words in page

    @pytest.mark.parametrize(
        "kind", "status publish correct restore withdraw assess codebook".split()
    )
    def test_it_is_filtered_by_kind(self, client, life, kind):
        assert set(told(client, kind=kind)) == {kind}

    def test_several_kinds_mean_any_of_them(self, client, life):
        assert set(told(client, kind=["publish", "assess"])) == {"publish", "assess"}

    def test_by_recommendation(self, client, life):
        make_evidence()
        make_criterion("4a")

        assert "publish" in told(client, recommendation="R7")
        assert told(client, recommendation="R4") == ["codebook"]
        assert "publish" in told(client, recommendation=["R4", "R7"])

    def test_by_period(self, client, life):
        today = timezone.localdate().isoformat()

        assert told(client, date_to="2013-03-05") == []
        assert told(client, date_to="2013-03-06") == ["codebook"]
        assert "codebook" not in told(client, date_from=today)
        assert "withdraw" in told(client, date_from=today, date_to=today)

    def test_the_filter_is_said_in_words(self, client, life):
        page = client.get("/changes/", {"kind": "withdraw"}).content.decode()

        assert "One change with Kind of change: Withdrawals." in page

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("kind", "rumour"),
            ("recommendation", "R99"),
            ("date_from", "2014-02-31"),
            ("date_to", "soon"),
        ],
    )
    def test_a_filter_value_that_does_not_exist_is_explained(
        self, client, life, name, value
    ):
        response = client.get("/changes/", {name: value})

        assert response.context["filter"].form.errors[name]
        assert "Part of the filter could not be understood" in (
            response.content.decode()
        )

    def test_a_codebook_in_draft_is_not_told(self, client, criterion, curator):
        draft_next(by=curator, version="7.7", note="Between us.")

        page = client.get("/changes/").content.decode()
        history = client.get("/recommendations/r7/history/").content.decode()

        for text in (page, history):
            assert "7.7" not in text and "Between us." not in text

    def test_what_came_at_one_instant_is_one_line(self, client, criterion):
        now = timezone.now()
        for _number in range(5):
            entry = make_evidence(published_at=now)
            ReviewDecision.objects.create(
                evidence=entry, outcome="publish", note="First.", decided_at=now
            )

        response = client.get("/changes/", {"kind": "publish"})

        (line,) = response.context["changes"]
        page = response.content.decode()
        assert line.together == 5
        assert "5 entries" in page and "were published as first data." in page

    @pytest.mark.parametrize("outcome", ["return", "decline"])
    def test_what_reviewers_tell_an_author_is_not_public(
        self, client, criterion, curator, outcome
    ):
        entry = make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))
        decide(entry, reviewer=curator, outcome=outcome, note="Between us.")

        page = client.get("/changes/").content.decode()

        assert "Between us." not in page and entry.title not in page

    def test_an_entry_is_not_named_before_it_is_published(self, client, criterion):
        entry = make_evidence(Evidence.State.SUBMITTED, title="Not yet told")

        assert "Not yet told" not in client.get("/changes/").content.decode()
        assert entry.state == "submitted"

    def test_the_first_status_on_record_is_no_change(self, client, criterion):
        record_changes()

        assert told(client, kind="status") == []

    def test_nobody_is_named_who_has_not_agreed(self, client, life):
        page = client.get("/changes/").content.decode()

        assert "Zed" not in page and "zed" not in page and "Ann" not in page

    def test_it_comes_by_page_and_keeps_the_filter(self, client, entry, curator):
        for number in range(51):
            ReviewDecision.objects.create(
                evidence=entry,
                outcome="correct",
                note=f"Reason {number}",
                reviewer=curator,
                decided_at=datetime(2026, 1, 1, 0, number, tzinfo=UTC),
            )

        page = client.get("/changes/", {"kind": "correct"}).content.decode()

        assert "Reason 50" in page and "Reason 0<" not in page
        assert "?kind=correct&amp;page=2" in page

    def test_every_page_leads_to_it(self, client):
        assert 'href="/changes/"' in client.get("/about/").content.decode()
