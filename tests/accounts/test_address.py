"""Changing the address that a person is written to, and that opens the account."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.models import EmailChange, User
from tests.factories import make_user
from tests.postbox import arrived

from .second_step import PASSWORD, code_for, give_app, give_codes

pytestmark = pytest.mark.django_db

OLD, NEW = "ada@example.org", "ada@example.net"
CHANGE = "address-change"


@pytest.fixture
def ada():
    return make_user("researcher", username="ada", email=OLD)


@pytest.fixture
def desk(ada, sign_in, client):
    """Ada's browser, in which she has signed in this very moment."""
    sign_in(ada)
    arrived().clear()
    return client


def ask(client, email=NEW, proof=PASSWORD):
    return client.post(reverse(CHANGE), {"email": email, "proof": proof}, follow=True)


def messages_to(address):
    return [each for each in arrived() if each.to == [address]]


def link_in(message):
    return re.search(r"http://testserver(/account/\S+)", message.body)[1]


def confirm(browser, address=NEW):
    return browser.post(link_in(messages_to(address)[-1]), follow=True)


def undo(browser, address=OLD):
    told = [each for each in messages_to(address) if "/undo/" in each.body]
    return browser.post(link_in(told[-1]), follow=True)


def email_of(person):
    return User.objects.get(pk=person.pk).email


class TestTheTakeoverOfADeskLeftUnlocked:
    """Somebody sits down at it, a moment after its owner has signed in."""

    THEIRS = "eve@example.com"

    def test_fails(self, desk, ada):
        for proof in ("", "wrong", "ada", "000000", OLD):
            ask(desk, self.THEIRS, proof)
        desk.post(reverse("profile"), {"email": self.THEIRS, "public_name": "Ada"})
        Client().post(reverse("password-reset"), {"email": self.THEIRS})

        assert email_of(ada) == OLD
        assert not EmailChange.objects.exists()
        assert not EmailAddress.objects.filter(email=self.THEIRS).exists()
        # Of an account that nobody has, and of no link.
        assert not [each for each in messages_to(self.THEIRS) if "reset/" in each.body]

    def test_fails_though_its_owner_has_just_confirmed_something(self, desk, ada):
        desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        ask(desk, self.THEIRS, "")

        assert not EmailChange.objects.exists()

    def test_leaves_nothing_that_the_owner_would_confirm_with_something_else(
        self, desk, ada
    ):
        ask(desk, self.THEIRS, "")

        desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        assert not EmailChange.objects.exists() and not arrived()

    def test_fails_at_the_admin_too(self, client, sign_in):
        curator = make_user("curator", email=OLD)
        sign_in(curator)
        other = make_user("reviewer", email="rita@example.org")
        for person in (curator, other):
            path = reverse("admin:icctracker_user_change", args=[person.pk])
            data = {"username": person.username, "email": self.THEIRS, "groups": []}
            client.post(path, data)

            assert email_of(person) == person.email

    def test_by_somebody_who_knows_the_password_is_undone(self, desk, ada):
        """Eve even confirms, and adds a second step of her own."""
        ask(desk, self.THEIRS)
        eve = Client()
        confirm(eve, self.THEIRS)
        give_app(ada)
        assert email_of(ada) == self.THEIRS

        page = undo(Client()).content.decode()

        assert "The change is undone" in page
        assert email_of(ada) == OLD
        assert not desk.get(reverse("profile")).wsgi_request.user.is_authenticated
        assert not Authenticator.objects.filter(user=ada).exists()
        for name in (self.THEIRS, "ada", OLD):
            signing = {"login": name, "password": PASSWORD}
            answer = Client().post(reverse("sign-in"), signing)
            assert not answer.wsgi_request.user.is_authenticated
        reset = messages_to(OLD)[-1]
        assert "/password/reset/" in reset.body
        assert Client().get(link_in(reset), follow=True).status_code == 200


class TestAsking:
    def test_nothing_changes_until_the_new_address_confirms(self, desk, ada):
        page = ask(desk).content.decode()

        assert email_of(ada) == OLD
        assert f"A message is on its way to {NEW}" in page
        assert f"Waiting for {NEW} to be confirmed" in page

        assert f"Your address is {NEW} from now on." in confirm(desk).content.decode()
        assert email_of(ada) == NEW

    def test_the_old_address_is_told_at_once_with_a_way_to_undo_it(self, desk):
        ask(desk)

        told = messages_to(OLD)[0]
        assert "/account/email/undo/" in told.body and NEW in told.body

    def test_and_once_more_when_it_holds(self, desk):
        ask(desk)
        confirm(Client())

        assert "has changed" in messages_to(OLD)[-1].subject

    def test_a_code_will_do_instead_of_the_password(self, desk, ada):
        secret = give_app(ada)

        assert "is not right" in ask(desk, proof="000000").content.decode()
        ask(desk, proof=code_for(secret))

        assert EmailChange.objects.waiting().get().email == NEW

    def test_so_will_a_recovery_code_once(self, desk, ada):
        give_app(ada)
        code = give_codes(ada)[0]

        ask(desk, proof=code)
        ask(desk, "other@example.net", proof=code)

        assert EmailChange.objects.get().email == NEW

    def test_guesses_are_counted(self, desk):
        for _number in range(10):
            ask(desk, proof="wrong")

        answer = ask(desk)

        assert answer.status_code == 429 and not EmailChange.objects.exists()

    @pytest.mark.parametrize("spelt", ["grace@example.org", "Grace@Example.ORG"])
    def test_the_address_of_another_account_cannot_be_taken(self, desk, spelt):
        make_user(email="grace@example.org")

        page = ask(desk, spelt).content.decode()

        assert "Another account has this address." in page
        assert not EmailChange.objects.exists() and not arrived()

    def test_nor_one_that_is_the_name_of_another_account(self, desk):
        make_user(username="grace@example.org")

        assert "Another account" in ask(desk, "grace@example.org").content.decode()

    def test_nor_one_that_another_account_got_meanwhile(self, desk, ada):
        ask(desk)
        make_user(email=NEW)

        answer = confirm(Client())

        assert "Another account has this address." in answer.content.decode()
        assert email_of(ada) == OLD

    def test_a_stranger_learns_nothing_of_addresses(self, client):
        answer = client.post(reverse(CHANGE), {"email": OLD, "proof": "x"})

        assert answer.url.startswith(reverse("sign-in"))

    @pytest.mark.parametrize(
        ("email", "said"),
        [(OLD, "This is your address already."), ("no address", "valid email")],
    )
    def test_what_cannot_be_is_explained(self, desk, email, said):
        page = ask(desk, email).content.decode()

        assert said in page and 'role="alert"' in page
        assert PASSWORD not in page

    def test_a_later_one_takes_the_place_of_an_earlier(self, desk, ada):
        ask(desk)
        ask(desk, "third@example.net")

        assert confirm(Client()).status_code == 404
        confirm(Client(), "third@example.net")
        assert email_of(ada) == "third@example.net"

    def test_it_can_be_taken_back(self, desk, ada):
        ask(desk)
        page = desk.post(reverse(CHANGE), {"take_back": "1"}, follow=True)

        assert "Your address stays as it is." in page.content.decode()
        assert confirm(Client()).status_code == 404
        assert email_of(ada) == OLD

    def test_somebody_without_an_address_gets_one_in_the_same_way(
        self, client, sign_in
    ):
        person = make_user()
        sign_in(person)

        ask(client)
        confirm(client)

        assert email_of(person) == NEW
        assert {to for each in arrived() for to in each.to} == {NEW}


class TestTheLinks:
    @pytest.mark.parametrize("address", [OLD, NEW])
    def test_opening_one_changes_nothing(self, desk, ada, address):
        """Programmes that look through mail open every link."""
        ask(desk)

        answer = Client().get(link_in(messages_to(address)[0]))

        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert email_of(ada) == OLD
        assert EmailChange.objects.waiting().exists()

    @pytest.mark.parametrize(
        ("address", "days", "works"),
        [(NEW, 2, True), (NEW, 4, False), (OLD, 13, True), (OLD, 15, False)],
    )
    def test_they_work_for_some_days(self, desk, address, days, works):
        ask(desk)
        path = link_in(messages_to(address)[0])

        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert Client().get(path).status_code == (200 if works else 404)
            assert (Client().post(path).status_code != 404) is works

    @pytest.mark.parametrize("act", [confirm, undo])
    def test_they_work_once(self, desk, act):
        ask(desk)
        act(Client())

        answer = act(Client())

        assert answer.status_code == 404
        assert "does nothing any more" in answer.content.decode()

    def test_what_was_undone_cannot_be_confirmed(self, desk, ada):
        ask(desk)
        undo(Client())

        assert confirm(Client()).status_code == 404
        assert email_of(ada) == OLD

    def test_the_first_owner_undoes_a_whole_chain(self, desk, ada):
        ask(desk)
        confirm(Client())
        ask(desk, "third@example.net")
        confirm(Client(), "third@example.net")

        undo(Client())

        assert email_of(ada) == OLD
        assert not EmailChange.objects.standing().exists()

    def test_only_digests_of_them_are_kept(self, desk):
        ask(desk)
        change = EmailChange.objects.get()

        kept = {str(value) for value in vars(change).values()}
        tokens = {link_in(each).split("/")[-2] for each in arrived()}
        assert len(tokens) == 2 and not tokens & kept

    def test_whoever_is_forgotten_is_forgotten_here_too(self, desk, ada):
        ask(desk)
        desk.post(reverse("account-close"), {"drafts": 0, "sure": "on"})

        assert User.objects.get(pk=ada.pk).closed_at
        assert not EmailChange.objects.exists()
