import pytest

from icctracker.models import Evidence, ReviewDecision, Search
from tests.admin.pages import page
from tests.factories import make_criterion, make_evidence, make_user

State = Evidence.State


def act(client, action, *entries, noun="evidence", **values):
    """Choose an action for some records of a list; confirm it if a reason is given."""
    data = {"action": action, "_selected_action": [entry.pk for entry in entries]}
    return client.post(page(noun, "changelist"), data | values, follow=True)


def confirm(client, action, *entries, reason, **values):
    return act(client, action, *entries, reason=reason, confirmed="yes", **values)


def states(*entries):
    return [Evidence.objects.get(pk=entry.pk).state for entry in entries]


@pytest.fixture
def waiting(db):
    author = make_user("researcher")
    return [make_evidence(State.SUBMITTED, by=author) for _ in range(2)]


class TestDecidingInBulk:
    def test_a_reason_is_asked_for_first(self, curator_client, waiting):
        answer = act(curator_client, "send_back", *waiting)

        text = answer.content.decode()
        assert all(entry.title in text for entry in waiting)
        assert "<textarea" in text
        assert states(*waiting) == [State.SUBMITTED] * 2

    @pytest.mark.parametrize(
        ("action", "state"),
        [("send_back", State.RETURNED), ("decline", State.DECLINED)],
    )
    def test_the_reason_is_kept_with_each(
        self, curator_client, curator, waiting, action, state
    ):
        confirm(curator_client, action, *waiting, reason="No source says so.")

        assert states(*waiting) == [state] * 2
        decisions = ReviewDecision.objects.all()
        assert {decision.note for decision in decisions} == {"No source says so."}
        assert {decision.reviewer for decision in decisions} == {curator}

    @pytest.mark.parametrize("action", ["send_back", "decline", "withdraw_entries"])
    def test_a_reason_is_compulsory(self, curator_client, waiting, action):
        answer = confirm(curator_client, action, *waiting, reason="  ")

        assert "Say why" in answer.content.decode()
        assert states(*waiting) == [State.SUBMITTED] * 2

    def test_publishing_needs_none(self, curator_client, waiting):
        confirm(curator_client, "publish", *waiting, reason="")

        assert states(*waiting) == [State.PUBLISHED] * 2
        assert waiting[0].findings.accepted().count() == 1

    @pytest.mark.parametrize("reason", ["", "Nobody else is there."])
    def test_own_entries_are_left_to_others(
        self, curator_client, curator, waiting, told, reason
    ):
        own = make_evidence(State.SUBMITTED, by=curator, title="My own")

        answer = confirm(curator_client, "publish", own, waiting[0], reason=reason)

        assert states(own, waiting[0]) == [State.SUBMITTED, State.PUBLISHED]
        refusal, done = told(answer)
        assert "My own" in refusal and "Somebody else decides on it" in refusal
        assert done == "Done for 1 record."
        assert not own.decisions.exists()

    def test_what_does_not_await_review_is_refused(self, curator_client, told):
        published = make_evidence()

        answer = confirm(curator_client, "decline", published, reason="Wrong.")

        assert "now “Published”" in told(answer)[0]
        assert states(published) == [State.PUBLISHED]

    def test_what_lacks_a_source_is_refused_whole(self, curator_client, told):
        entry = make_evidence(State.SUBMITTED, by=make_user("researcher"), sources=[])

        answer = confirm(curator_client, "publish", entry, reason="")

        assert "at least one source" in told(answer)[0]
        assert states(entry) == [State.SUBMITTED]
        assert not entry.findings.accepted().exists()

    def test_what_was_changed_meanwhile_is_refused(self, curator_client, waiting, told):
        seen = {f"version-{waiting[0].pk}": "1"}
        Evidence.objects.filter(pk=waiting[0].pk).update(version=2)

        answer = confirm(curator_client, "publish", waiting[0], reason="", **seen)

        assert "changed while you were reading" in told(answer)[0]
        assert states(waiting[0]) == [State.SUBMITTED]

    def test_too_many_at_once_are_refused(
        self, curator_client, waiting, told, monkeypatch
    ):
        monkeypatch.setattr("icctracker.admin.base.MOST_AT_ONCE", 1)

        answer = confirm(curator_client, "publish", *waiting, reason="")

        assert "no more than 1" in told(answer)[0]
        assert states(*waiting) == [State.SUBMITTED] * 2

    def test_drafts_of_others_are_out_of_reach(self, curator_client):
        draft = make_evidence(State.DRAFT, by=make_user("researcher"))

        confirm(curator_client, "publish", draft, reason="")

        assert states(draft) == [State.DRAFT]


class TestWithdrawingInBulk:
    def test_published_entries(self, curator_client):
        entry = make_evidence()

        confirm(curator_client, "withdraw_entries", entry, reason="It was misread.")

        assert states(entry) == [State.WITHDRAWN]
        assert entry.decisions.get().note == "It was misread."
        assert not entry.findings.accepted().exists()

    def test_a_stale_page_is_refused(self, curator_client, told):
        entry = make_evidence()
        seen = {f"version-{entry.pk}": "7"}

        answer = confirm(
            curator_client, "withdraw_entries", entry, reason="Misread.", **seen
        )

        assert "changed while you were reading" in told(answer)[0]
        assert states(entry) == [State.PUBLISHED]

    def test_searches(self, curator_client, told):
        search = Search.objects.create(
            criterion=make_criterion(),
            searched_on="2026-01-10",
            where="Library",
            query="veto",
            outcome="Nothing.",
        )
        action = {"noun": "search", "reason": "Too narrow."}

        confirm(curator_client, "withdraw_searches", search, **action)

        search.refresh_from_db()
        assert search.withdrawn_at
        assert search.withdrawal_reason == "Too narrow."
        answer = confirm(curator_client, "withdraw_searches", search, **action)
        assert "withdrawn already" in told(answer)[0]
