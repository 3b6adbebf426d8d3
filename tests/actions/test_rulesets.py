"""The rule has a past: drafting, previewing and publishing the next ruleset."""

from datetime import UTC, date, datetime

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.rulesets import discard, draft_next, publish, revise
from icctracker.actions.status import assess, record_changes
from icctracker.models import Assessment, Ruleset, StatusChange
from icctracker.readings.rulesets import preview
from icctracker.readings.standing import standing_of
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_rule_draft,
    make_ruleset,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2015, 1, 1)
BEFORE = datetime(2026, 1, 10, 12, tzinfo=UTC)
CHANGE = datetime(2026, 2, 1, 12, tzinfo=UTC)
AFTER = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def curator(db):
    return make_user("curator")


@pytest.fixture
def recommendation(time_machine):
    """One veto and one step back from it: half kept, so contrary under ruleset 1.0."""
    time_machine.move_to(BEFORE, tick=False)
    criterion = make_criterion("7a")
    make_ruleset()
    for effect in (-2, 1):
        make_evidence(findings=[finding_row(criterion, effect=effect)])
    return criterion.recommendation


@pytest.fixture
def draft(recommendation, curator):
    return make_rule_draft(curator)


def soften(draft, by):
    return revise(draft, by=by, values={"refrain_some": 30, "refrain_large": 40})


@pytest.fixture
def changed(draft, curator, time_machine):
    """A rule that asks less is in force from ``CHANGE`` on."""
    record_changes()
    soften(draft, curator)
    time_machine.move_to(CHANGE, tick=False)
    published = publish(draft, by=curator, reason="Half is more than nothing.")
    time_machine.move_to(AFTER, tick=False)
    return published


def code(recommendation, known_at=None):
    return standing_of(recommendation, DAY, known_at).suggested.code


class TestThePast:
    def test_a_moved_threshold_does_not_rewrite_what_was_known(
        self, recommendation, changed
    ):
        assert code(recommendation) == "limited"
        assert code(recommendation, BEFORE) == "not-followed"
        assert code(recommendation, CHANGE) == "limited"

    def test_what_happened_is_judged_by_the_rule_that_is_known(
        self, recommendation, changed
    ):
        now = standing_of(recommendation, DAY)
        then = standing_of(recommendation, DAY, BEFORE)

        assert now.history[-1][1].code == "limited"
        assert then.history[-1][1].code == "not-followed"

    def test_an_instant_before_the_first_ruleset_is_judged_by_its_values(
        self, recommendation, changed
    ):
        ages_ago = datetime(2000, 1, 1, tzinfo=UTC)

        standing = standing_of(recommendation, DAY, ages_ago)

        assert standing.rule is None
        assert standing.parameters == Ruleset.objects.get(version="1.0").parameters

    def test_an_assessment_names_the_ruleset_that_it_was_made_by(
        self, recommendation, curator, draft, time_machine
    ):
        said = {"by": curator, "decided": "overtaken", "rationale": "A reason."}
        assess(recommendation, as_of=DAY, **said)
        soften(draft, curator)
        publish(draft, by=curator, reason="A reason.")
        assess(recommendation, as_of=DAY, **said)

        named = Assessment.objects.order_by("pk").values_list("ruleset", flat=True)
        assert list(named) == ["1.0", "1.1"]


class TestCause:
    def test_the_rule_changed_and_no_time_passed(self, recommendation, changed):
        change = StatusChange.objects.latest()

        assert (change.before, change.after) == ("not-followed", "limited")
        assert change.cause == StatusChange.Cause.RULESET
        assert change.at == CHANGE

    def test_a_change_found_later_is_still_the_rules_doing(
        self, recommendation, draft, curator, time_machine
    ):
        record_changes()
        soften(draft, curator)
        Ruleset.objects.filter(pk=draft.pk).update(published_at=CHANGE, reason="Why.")
        time_machine.move_to(AFTER, tick=False)

        (change,) = record_changes()

        assert change.cause == StatusChange.Cause.RULESET

    def test_readers_are_told_with_the_reason(self, recommendation, changed, client):
        page = client.get("/changes/").content.decode()

        assert "the rule changed" in page
        assert "Ruleset 1.1" in page
        assert "Half is more than nothing." in page


class TestPreview:
    def test_it_shows_which_statuses_would_change_and_changes_none(
        self, recommendation, draft, curator
    ):
        shown = preview(soften(draft, curator), DAY)

        [(now, then)] = shown.moved
        assert (now.suggested.code, then.suggested.code) == (
            "not-followed",
            "limited",
        )
        assert [value.name for value in shown.changed] == [
            "refrain_large",
            "refrain_some",
        ]
        assert code(recommendation) == "not-followed"

    def test_what_was_not_read_is_not_published(self, recommendation, draft, curator):
        seen = preview(soften(draft, curator), DAY).token
        revise(draft, by=curator, values={"window_years": 6})

        with pytest.raises(EditConflict):
            publish(draft, by=curator, reason="A reason.", token=seen)

        assert Ruleset.objects.draft() == draft


class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"window_years": 0}, "it lies between 1 and 30"),
            ({"decision": -1}, "it lies between 0 and 20"),
            ({"sustain_some": 70}, "it may not be above"),
            ({"trend_months": "two"}, "write a whole number"),
            ({"fall": 1}, "is not a value that the rule knows"),
        ],
    )
    def test_impossible_values_are_refused_in_words(
        self, draft, curator, values, words
    ):
        with pytest.raises(ActionRefused, match=words):
            revise(draft, by=curator, values=values)

        draft.refresh_from_db()
        assert draft.revision == 1

    def test_a_draft_that_was_changed_meanwhile_is_not_overwritten(
        self, draft, curator
    ):
        soften(draft, curator)

        with pytest.raises(EditConflict):
            revise(draft, by=curator, values={"full": 95}, revision=1)

    def test_a_draft_that_changes_nothing_is_not_published(self, draft, curator):
        with pytest.raises(ActionRefused, match="changes nothing"):
            publish(draft, by=curator, reason="A reason.")

    def test_publishing_takes_a_reason(self, draft, curator):
        soften(draft, curator)

        with pytest.raises(ActionRefused, match="Say why"):
            publish(draft, by=curator, reason=" ")

    def test_there_is_one_draft_at_a_time(self, draft, curator):
        with pytest.raises(ActionRefused, match="being drafted already"):
            draft_next(draft.publication, by=curator, version="1.2")

    @pytest.mark.parametrize("version", ["1.0", "0.9", "one"])
    def test_a_number_goes_up(self, recommendation, curator, version):
        with pytest.raises(ActionRefused):
            draft_next(recommendation.publication, by=curator, version=version)

    def test_what_took_effect_is_never_changed_or_discarded(self, changed, curator):
        with pytest.raises(ActionRefused, match="never changed"):
            revise(changed, by=curator, values={"full": 95})
        with pytest.raises(ActionRefused, match="never changed"):
            discard(changed, by=curator)

    def test_a_draft_is_discarded_with_nothing_left(self, draft, curator):
        discard(draft, by=curator)

        assert not Ruleset.objects.filter(pk=draft.pk).exists()

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_only_curators_change_the_rule(self, draft, role):
        person = make_user(role)

        for refused in (
            lambda: draft_next(draft.publication, by=person, version="1.2"),
            lambda: revise(draft, by=person, values={"full": 95}),
            lambda: publish(draft, by=person, reason="A reason."),
            lambda: discard(draft, by=person),
        ):
            with pytest.raises(ActionRefused, match="Your role"):
                refused()


class TestPages:
    def test_a_curator_drafts_previews_and_publishes(
        self, recommendation, curator, client
    ):
        client.force_login(curator)

        client.post("/review/ruleset/", {"version": "1.1"})
        draft = Ruleset.objects.draft()
        values = draft.values | {"refrain_some": 30, "refrain_large": 40}
        client.post("/review/ruleset/", values | {"seen": draft.revision})
        page = client.get("/review/ruleset/preview/")
        sent = {"reason": "Half is more.", "seen": page.context["seen"]}
        response = client.post("/review/ruleset/preview/", sent, follow=True)

        assert response.redirect_chain == [("/methodology/rulesets/1.1/", 302)]
        assert "Half is more." in response.content.decode()

    def test_impossible_values_are_explained_at_their_field(
        self, draft, curator, client
    ):
        client.force_login(curator)

        values = draft.values | {"refrain_some": 80, "seen": 1}
        response = client.post("/review/ruleset/", values)

        assert response.context["form"].errors["refrain_some"]
        draft.refresh_from_db()
        assert draft.values["refrain_some"] == 50

    def test_a_stale_form_gets_the_draft_as_it_is_and_keeps_what_was_typed(
        self, draft, curator, client
    ):
        client.force_login(curator)
        soften(draft, curator)

        values = draft.values | {"full": 95, "seen": 1}
        response = client.post("/review/ruleset/", values)

        assert response.status_code == 409
        assert 'value="95"' in response.content.decode()
        draft.refresh_from_db()
        assert draft.values["full"] == 90

    def test_readers_never_see_a_draft(self, draft, client):
        assert client.get("/methodology/rulesets/1.1/").status_code == 404

    def test_a_version_is_not_there_before_it_was_published(self, changed, client):
        path = "/methodology/rulesets/1.1/"

        assert client.get(path).status_code == 200
        assert client.get(path, {"known_at": "2026-01-15"}).status_code == 404
        assert "Half is more" in client.get(path).content.decode()

    def test_the_methodology_tells_the_rule_that_was_known_then(self, changed, client):
        now = client.get("/methodology/").content.decode()
        then = client.get("/methodology/", {"known_at": "2026-01-15"}).content.decode()

        assert "ruleset 1.1 and" in now
        assert "level 2 from 40 %" in now
        assert "ruleset 1.0 and" in then
        assert "level 2 from 75 %" in then
        assert "/methodology/rulesets/1.1/" not in then
