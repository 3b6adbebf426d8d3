"""Closing accounts, inviting and helping: what is refused, and what is left."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.entries import keep_unfinished, save_entry
from icctracker.actions.people import (
    accept,
    close_account,
    invite,
    reset_two_factor,
    withdraw_invitation,
)
from icctracker.actions.review import decide
from icctracker.models import Evidence, Invitation, ReviewDecision, User
from tests.accounts.second_step import give_app, give_codes
from tests.factories import make_criterion, make_evidence, make_user, source_row

pytestmark = pytest.mark.django_db

# What leads to a person: kept under the pseudonym, or deleted with the account.
KEPT = {"evidence", "findings", "searches", "decisions", "assessments", "invitations"}
KEPT |= {"logentry", "import", "codebooks", "rulesets"}
KEPT |= {"dismissals", "dismissals_undone"}
KEPT |= {"codings", "codings_offered", "readings", "samples", "recodings"}
KEPT |= {"reconciliations", "reconciliations_confirmed"}
KEPT |= {"answers", "comments", "dissents", "proposals"}
DELETED = {"notices", "invitation", "emailaddress", "authenticator", "usersession"}
DELETED |= {"email_changes", "messages"}


@pytest.fixture
def curator():
    return make_user("curator")


@pytest.fixture
def rita():
    """A reviewer whose every field can be found again."""
    return make_user(
        "reviewer",
        username="zqritaqz",
        email="zqritaqz@example.org",
        first_name="zqritaqz",
        last_name="zqritaqz",
        public_name="zqritaqz",
        show_name=True,
    )


def everything_stored():
    """Each value in each table of the database, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                yield table, " ".join(map(str, row))


class TestForgetting:
    def test_every_trace_of_the_person_goes(self, rita, curator, client):
        invitation, token = invite("new@example.org", "reviewer", by=curator)
        Invitation.objects.filter(pk=invitation.pk).update(email=rita.email)
        EmailAddress.objects.create(user=rita, email=rita.email)
        give_app(rita)
        give_codes(rita)
        LogEntry.objects.create(
            user=curator,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(rita.pk),
            object_repr=str(rita),
            action_flag=CHANGE,
        )
        data = {"login": rita.username, "password": "a long password"}
        client.post(reverse("sign-in"), data)

        close_account(rita, by=curator)

        found = [table for table, row in everything_stored() if "zqritaqz" in row]
        assert found == []
        assert not Authenticator.objects.exists()
        assert not UserSession.objects.exists()

    def test_the_record_of_decisions_stays_under_a_pseudonym(self, rita, curator):
        entry = make_evidence(by=rita)
        decision = ReviewDecision.objects.create(
            evidence=make_evidence(), outcome="publish", reviewer=rita
        )

        close_account(rita, by=curator)

        decision.refresh_from_db()
        entry.refresh_from_db()
        assert decision.reviewer == entry.submitted_by == rita
        assert decision.reviewer.username.startswith("former-reviewer-")
        assert decision.reviewer.name_shown == ""

    def test_two_who_leave_are_still_two(self, rita, curator):
        other = make_user("reviewer")

        names = {close_account(each, by=curator).username for each in (rita, other)}

        assert len(names) == 2

    def test_drafts_that_nobody_saw_go_without_trace_and_others_stay(
        self, rita, curator
    ):
        make_criterion()
        facts = {"title": "zqdraftqz"}
        save_entry(Evidence(), by=rita, facts=facts, sources=[source_row()])
        returned = make_evidence(Evidence.State.RETURNED, by=rita)
        others = make_evidence(Evidence.State.DRAFT, by=make_user("researcher"))

        close_account(rita, by=curator)

        assert {*Evidence.objects.all()} == {returned, others}
        assert not [row for _table, row in everything_stored() if "zqdraftqz" in row]

    def test_what_was_sent_back_goes_to_the_reviewers_again(self, rita, curator):
        entry = make_evidence(Evidence.State.RETURNED, by=rita)
        keep_unfinished(entry, "title=Half", by=rita)
        other = make_evidence(Evidence.State.RETURNED, by=make_user("researcher"))
        version, since = entry.version, entry.submitted_at

        close_account(rita, by=curator)

        entry.refresh_from_db()
        other.refresh_from_db()
        assert entry.state == Evidence.State.SUBMITTED
        assert entry.version == version + 1 and entry.submitted_at > since
        assert entry.unfinished == ""
        assert other.state == Evidence.State.RETURNED

    def test_the_reviewers_are_told(self, rita, curator):
        reviewer = make_user("reviewer", email="grace@example.org")
        entry = make_evidence(Evidence.State.RETURNED, by=rita)

        close_account(rita, by=curator)

        assert reviewer.notices.get().evidence == entry

    def test_whoever_closes_the_account_has_not_changed_the_entry(self, rita, curator):
        entry = make_evidence(Evidence.State.RETURNED, by=rita)

        close_account(rita, by=curator)

        entry.refresh_from_db()
        assert not entry.written_by(curator)
        decide(entry, reviewer=curator, outcome="decline", note="Nobody mends it.")

    def test_nothing_is_sent_back_to_somebody_who_left(self, rita, curator):
        entry = make_evidence(Evidence.State.SUBMITTED, by=rita)
        close_account(rita, by=curator)

        with pytest.raises(ActionRefused, match="nobody to send it to"):
            decide(entry, reviewer=curator, outcome="return", note="Page 5?")

        entry.refresh_from_db()
        assert entry.state == Evidence.State.SUBMITTED

    def test_it_opens_nothing_any_more(self, rita, curator):
        closed = close_account(rita, by=curator)

        assert not closed.is_active and not closed.has_usable_password()
        assert not closed.groups.exists()
        assert closed.closed_at is not None

    def test_what_leads_to_a_person_is_known(self):
        """Whoever adds a relation says here what becomes of it."""
        relations = {
            relation.get_accessor_name() and relation.name
            for relation in User._meta.related_objects
            if not relation.related_model.__name__.startswith("Historical")
        }

        assert relations - KEPT - DELETED == set()


class TestClosingIsRefused:
    def test_to_the_last_curator(self, curator):
        make_user("curator", is_active=False)

        with pytest.raises(ActionRefused, match="Nobody else is a curator"):
            close_account(curator, by=curator)

        curator.refresh_from_db()
        assert curator.is_active

    def test_but_not_to_the_last_but_one(self, curator):
        make_user("curator")

        assert close_account(curator, by=curator).closed_at

    def test_to_those_who_may_not_change_others(self, rita):
        with pytest.raises(ActionRefused, match="role"):
            close_account(rita, by=make_user("reviewer"))

    def test_to_a_curator_for_a_superuser(self, curator):
        root = make_user(is_superuser=True)

        with pytest.raises(ActionRefused, match="superuser"):
            close_account(root, by=curator)

    def test_a_second_time(self, rita, curator):
        close_account(rita, by=curator)

        with pytest.raises(ActionRefused, match="already"):
            close_account(rita, by=curator)

    def test_when_other_drafts_would_go_than_were_said(self, rita):
        make_evidence(Evidence.State.DRAFT, by=rita)

        with pytest.raises(EditConflict):
            close_account(rita, by=rita, drafts=0)

        assert Evidence.objects.exists()

    def test_by_the_database_for_an_account_that_still_names_somebody(self, rita):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=rita.pk).update(closed_at=timezone.now())


class TestHelpingWithASecondStep:
    def test_it_goes_with_its_codes_and_sessions(self, rita, curator, client):
        data = {"login": rita.username, "password": "a long password"}
        client.post(reverse("sign-in"), data)
        give_app(rita)
        give_codes(rita)

        reset_two_factor(rita, by=curator)

        assert not Authenticator.objects.exists()
        assert not Session.objects.exists()

    def test_nobody_does_so_for_themselves(self, curator):
        give_app(curator)

        with pytest.raises(ActionRefused, match="your own pages"):
            reset_two_factor(curator, by=curator)

    def test_nor_a_reviewer_for_others_nor_a_curator_for_a_superuser(
        self, rita, curator
    ):
        root = make_user(is_superuser=True)
        for person, by in ((rita, make_user("reviewer")), (root, curator)):
            give_app(person)
            with pytest.raises(ActionRefused):
                reset_two_factor(person, by=by)

        assert Authenticator.objects.count() == 2

    def test_where_there_is_none_it_says_so(self, rita, curator):
        with pytest.raises(ActionRefused, match="no second step"):
            reset_two_factor(rita, by=curator)


class TestInvitations:
    def test_only_curators_invite_and_withdraw(self, curator, rita):
        invitation, _token = invite("anna@example.org", "researcher", by=curator)

        with pytest.raises(ActionRefused):
            invite("boris@example.org", "curator", by=rita)
        with pytest.raises(ActionRefused):
            withdraw_invitation(invitation, by=rita)

        assert invitation.state == Invitation.State.OPEN

    def test_whoever_has_an_account_is_not_invited(self, curator, rita):
        with pytest.raises(ActionRefused, match="account already"):
            invite(rita.email.upper(), "researcher", by=curator)

    def test_an_invitation_works_once(self, curator):
        _invitation, token = invite("anna@example.org", "researcher", by=curator)
        accept(token, username="anna", password="x")

        with pytest.raises(ActionRefused, match="no longer works"):
            accept(token, username="boris", password="x")

    def test_a_name_that_is_taken_does_not_use_it_up(self, curator, rita):
        invitation, token = invite("anna@example.org", "researcher", by=curator)

        with pytest.raises(ActionRefused, match="taken"):
            accept(token, username=rita.username.upper(), password="x")

        invitation.refresh_from_db()
        assert invitation.state == Invitation.State.OPEN

    @pytest.mark.parametrize(
        "wrong",
        [
            {"accepted_at": timezone.now()},
            {"role": "owner"},
        ],
    )
    def test_the_database_holds_what_must_be(self, curator, wrong):
        invite("anna@example.org", "researcher", by=curator)

        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.update(**wrong)

    def test_none_is_both_accepted_and_withdrawn(self, curator):
        _invitation, token = invite("anna@example.org", "researcher", by=curator)
        accept(token, username="anna", password="x")

        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.update(withdrawn_at=timezone.now())
