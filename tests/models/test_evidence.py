from datetime import UTC, date, datetime

import pytest
from django.db.models import ProtectedError

from icctracker.models import Evidence
from tests.factories import (
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db

STATES = list(Evidence.State)


def stored(evidence, **fields):
    """Write fields past all checks but those of the database."""
    Evidence.objects.filter(pk=evidence.pk).update(**fields)


class TestEntry:
    def test_a_draft_may_be_empty(self):
        draft = Evidence.objects.create(submitted_by=make_user("researcher"))

        assert draft.state == "draft"
        assert str(draft) == "Untitled draft"

    def test_something_may_have_happened_on_the_day_of_the_charter(self):
        assert make_evidence(occurred_on=date(1945, 6, 26))

    def test_what_carries_findings_cannot_be_deleted(self):
        entry = make_evidence()

        with pytest.raises(ProtectedError):
            entry.delete()


class TestWhoSeesWhat:
    @pytest.fixture
    def author(self):
        return make_user("researcher")

    @pytest.fixture
    def entries(self, author):
        return {state: make_evidence(state, by=author) for state in STATES}

    def seen(self, user):
        return {entry.state for entry in Evidence.objects.visible_to(user)}

    def test_strangers_see_what_was_published(self, entries):
        from django.contrib.auth.models import AnonymousUser

        assert self.seen(AnonymousUser()) == {"published", "withdrawn"}

    def test_other_researchers_see_no_more(self, entries):
        assert self.seen(make_user("researcher")) == {"published", "withdrawn"}

    def test_authors_see_all_their_own(self, entries, author):
        assert self.seen(author) == set(STATES)

    @pytest.mark.parametrize("role", ["reviewer", "curator"])
    def test_reviewers_see_all_but_other_peoples_drafts(self, entries, role):
        assert self.seen(make_user(role)) == set(STATES) - {"draft"}

    def test_lists_of_what_is_published_leave_out_the_withdrawn(self, entries):
        assert [e.state for e in Evidence.objects.published()] == ["published"]
        assert {e.state for e in Evidence.objects.public()} == {
            "published",
            "withdrawn",
        }

    def test_the_queue_holds_what_was_submitted_oldest_first(self):
        first, second = make_evidence("submitted"), make_evidence("submitted")
        make_evidence("returned")
        stored(second, submitted_at=datetime(2020, 1, 1, tzinfo=UTC))

        assert list(Evidence.objects.submitted()) == [second, first]


class TestTwoClocks:
    def test_only_what_had_happened_by_then(self):
        entry = make_evidence(occurred_on=date(2014, 5, 22))

        assert entry in Evidence.objects.known(date(2014, 5, 22))
        assert entry not in Evidence.objects.known(date(2014, 5, 21))

    def test_only_what_had_been_published_by_then(self):
        entry = make_evidence(published_at=datetime(2020, 6, 1, tzinfo=UTC))
        as_of = date(2026, 1, 1)

        before = Evidence.objects.known(as_of, datetime(2020, 5, 31, tzinfo=UTC))
        on_the_instant = Evidence.objects.known(as_of, entry.published_at)

        assert not before.exists()
        assert on_the_instant.get().evidence == entry

    def test_what_was_withdrawn_since_was_still_known_then(self):
        entry = make_evidence(
            "withdrawn", published_at=datetime(2020, 6, 1, tzinfo=UTC)
        )
        as_of = date(2026, 1, 1)

        then = Evidence.objects.known(as_of, datetime(2021, 1, 1, tzinfo=UTC))
        assert then.get().evidence == entry
        assert not Evidence.objects.known(as_of, entry.withdrawn_at).exists()
        assert not Evidence.objects.known(as_of).exists()


class TestAddresses:
    @pytest.mark.parametrize("state", ["published", "withdrawn"])
    def test_what_was_published_has_a_public_page(self, state):
        entry = make_evidence(state, slug="a-veto")

        assert entry.get_absolute_url() == "/evidence/a-veto/"

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "declined"])
    def test_everything_else_is_read_at_the_desk(self, state):
        entry = make_evidence(state)

        assert entry.get_absolute_url().startswith("/desk/")

    def test_symbols_lead_to_the_official_document(self):
        entry = make_evidence(symbol="S/2014/348", meeting="S/PV.7180")

        assert "S/2014/348" in entry.symbol_url
        assert "S/PV.7180" in entry.meeting_url

    def test_without_a_symbol_there_is_no_link(self):
        entry = make_evidence(symbol="", meeting="")

        assert (entry.symbol_url, entry.meeting_url) == (None, None)


class TestComplete:
    def test_a_list_is_read_in_as_many_queries_as_one_entry(
        self, django_assert_num_queries
    ):
        make_criterion()

        def read():
            for entry in Evidence.objects.complete():
                list(entry.situations.all())
                list(entry.actors.all())
                assert entry.principal_source.publisher == "United Nations"
                for finding in entry.accepted_findings:
                    assert finding.criterion.recommendation.code == "R7"

        for number in (1, 4):
            for _ in range(number):
                make_evidence().situations.add(make_situation())
            with django_assert_num_queries(5):
                read()

    def test_findings_under_review_are_not_among_them(self):
        make_evidence("submitted")

        assert Evidence.objects.complete().get().accepted_findings == []
