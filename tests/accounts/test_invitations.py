"""An account by invitation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.people import invite, withdraw_invitation
from icctracker.models import Invitation, User
from tests.admin.pages import page
from tests.factories import make_user
from tests.postbox import arrived

pytestmark = pytest.mark.django_db

PASSWORD = "lantern orchard 71"


@pytest.fixture
def curator():
    return make_user("curator")


@pytest.fixture
def invited(curator):
    """An invitation to be a reviewer, with its token."""
    return invite("Rita@Example.org", "reviewer", by=curator)


def address(token):
    return reverse("invitation", args=[token])


def chosen(**values):
    """What somebody who was invited sends."""
    return {"username": "rita", "password1": PASSWORD, "password2": PASSWORD} | values


class TestAccepting:
    def test_it_makes_an_account_with_the_role_and_a_private_name(
        self, client, invited
    ):
        invitation, token = invited

        response = client.post(address(token), chosen(public_name="Rita R."))

        rita = User.objects.get(username="rita")
        assert response.url == reverse("sign-in")
        assert rita.check_password(PASSWORD) and not rita.password_is_temporary
        assert (rita.email, rita.name_shown) == ("rita@example.org", "")
        assert [group.name for group in rita.groups.all()] == ["reviewer"]
        assert not rita.is_staff
        invitation.refresh_from_db()
        assert invitation.accepted_by == rita

    @pytest.mark.parametrize(("role", "staff"), [("researcher", 0), ("curator", 1)])
    def test_only_a_curator_enters_the_admin(self, client, curator, role, staff):
        _invitation, token = invite("rita@example.org", role, by=curator)

        client.post(address(token), chosen())

        assert User.objects.get(username="rita").is_staff == staff

    def test_the_page_says_what_one_is_invited_to(self, client, invited):
        text = client.get(address(invited[1])).content.decode()

        assert "as a reviewer" in text and "rita@example.org" in text

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            (chosen(username=""), "required"),
            (chosen(username="rita anna"), "valid username"),
            (chosen(username="TAKEN"), "taken"),
            (chosen(username="taken"), "already exists"),
            (chosen(password1="short", password2="short"), "too short"),
            (chosen(password1="ritaexample", password2="ritaexample"), "too similar"),
            (chosen(password2="another phrase 5"), "differ"),
            (chosen(show_name="on"), "Write the name"),
        ],
    )
    def test_bad_input_is_explained_and_what_was_typed_is_kept(
        self, client, invited, sent, says
    ):
        make_user(username="taken")

        text = client.post(address(invited[1]), sent).content.decode()

        assert says in text
        assert sent["username"] in text
        assert User.objects.count() == 2
        assert invited[0].state == Invitation.State.OPEN

    def test_nothing_but_what_is_asked_can_be_set(self, client, invited):
        extra = {"is_superuser": "on", "email": "eve@example.org", "groups": "3"}

        client.post(address(invited[1]), chosen(**extra))

        rita = User.objects.get(username="rita")
        assert (rita.is_superuser, rita.email) == (False, "rita@example.org")
        assert rita.groups.get().name == "reviewer"

    def test_somebody_signed_in_is_asked_to_sign_out_first(self, client, invited):
        client.force_login(make_user(username="anna"))

        for method in (client.get, client.post):
            text = method(address(invited[1]), chosen()).content.decode()
            assert "You are signed in as anna" in text

        assert not User.objects.filter(username="rita").exists()


class TestThoseThatNoLongerWork:
    @pytest.fixture
    def ended(self, client, invited, curator):
        """Ends the invitation in one of the ways; what its page then says."""

        def end(way):
            invitation, token = invited
            if way == "used":
                client.post(address(token), chosen())
            elif way == "withdrawn":
                withdraw_invitation(invitation, by=curator)
            elif way == "replaced":
                invite("rita@example.org", "researcher", by=curator)
            elif way == "old":
                Invitation.objects.update(expires_at=timezone.now())
            return client.get(address(token))

        return end

    @pytest.mark.parametrize(
        ("way", "says"),
        [
            ("used", "used already"),
            ("withdrawn", "It was withdrawn"),
            ("replaced", "a newer one"),
            ("old", "It was good until"),
        ],
    )
    def test_the_page_says_why(self, ended, way, says):
        response = ended(way)

        assert response.status_code == 410
        assert says in response.content.decode()

    @pytest.mark.parametrize("way", ["used", "withdrawn", "replaced", "old"])
    def test_and_makes_no_account(self, client, invited, ended, way):
        ended(way)
        before = User.objects.count()

        client.post(address(invited[1]), chosen(username="second"))

        assert User.objects.count() == before

    @pytest.mark.parametrize("token", ["x", "x" * 2_000, "é", "%00", "None"])
    def test_a_made_up_one_is_explained_too(self, client, token):
        response = client.get(f"/account/invitation/{token}/")

        assert response.status_code == 404
        assert "no such invitation" in response.content.decode()

    def test_it_lasts_two_weeks(self, invited):
        lasts = invited[0].expires_at - timezone.now()

        assert timedelta(days=13) < lasts <= timedelta(days=14)

    def test_nobody_who_reads_the_table_can_use_it(self, invited):
        invitation, token = invited

        stored = str(Invitation.objects.values_list().get())

        assert token not in stored


class TestInviting:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, curator):
        client.force_login(curator)

    def send(self, client, **values):
        data = {"email": "Rita@example.org", "role": "reviewer"} | values
        return client.post(page("invitation", "add"), data, follow=True)

    def test_a_plain_message_brings_the_link_and_the_curator_sees_it_once(
        self, client, settings
    ):
        text = self.send(client).content.decode()

        message = arrived()[0]
        link = next(line for line in message.body.split() if "/invitation/" in line)
        assert message.to == ["rita@example.org"]
        assert "as a reviewer" in message.body and not message.alternatives
        assert link.startswith(settings.SITE_URL) and link in text
        again = client.get(page("invitation", "changelist")).content.decode()
        assert link not in again and "Open" in again
        client.logout()
        assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200

    def test_one_that_is_withdrawn_before_it_was_sent_is_not_sent(
        self, client, curator
    ):
        self.send(client)

        withdraw_invitation(Invitation.objects.get(), by=curator)

        assert arrived() == []

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"email": "no address"}, "valid email"),
            ({"email": ""}, "required"),
            ({"email": "ANNA@example.org"}, "has an account already"),
            ({"role": "owner"}, "valid choice"),
        ],
    )
    def test_bad_input_is_explained(self, client, values, says):
        make_user(email="anna@example.org")

        text = self.send(client, **values).content.decode()

        assert says in text
        assert not Invitation.objects.exists() and not arrived()

    def test_the_people_page_leads_there(self, client):
        text = client.get(page("user", "changelist")).content.decode()

        assert page("invitation", "add") in text

    def test_open_ones_are_withdrawn_and_others_are_left(self, client, curator):
        kept, token = invite("anna@example.org", "researcher", by=curator)
        client.logout()
        client.post(address(token), chosen(username="anna"))
        client.force_login(curator)
        gone, _token = invite("rita@example.org", "researcher", by=curator)
        data = {
            "action": "withdraw_invitations",
            "_selected_action": [kept.pk, gone.pk],
        }

        text = client.post(page("invitation", "changelist"), data, follow=True)

        for each in (kept, gone):
            each.refresh_from_db()
        assert kept.state == Invitation.State.ACCEPTED
        assert gone.state == Invitation.State.WITHDRAWN
        assert "no longer open" in text.content.decode()

    def test_one_that_is_there_is_read_and_never_changed(self, client, curator):
        invitation, _token = invite("rita@example.org", "researcher", by=curator)
        one = page("invitation", "change", invitation.pk)
        assert client.get(one).status_code == 200

        client.post(one, {"email": "eve@example.org", "role": "curator"})

        invitation.refresh_from_db()
        assert (invitation.email, invitation.role) == ("rita@example.org", "researcher")
        assert len(arrived()) == 0

    def test_reviewers_invite_nobody(self, client):
        reviewer = make_user("reviewer", is_staff=True)
        client.force_login(reviewer)

        assert client.get(page("invitation", "add")).status_code == 403
