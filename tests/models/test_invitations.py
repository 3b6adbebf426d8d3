from datetime import timedelta

import pytest
from django.utils import timezone

from icctracker.models import Invitation, User
from tests.factories import make_user

from .refusals import refused_by

State = Invitation.State


class TestState:
    def test_it_follows_from_what_happened(self):
        now = timezone.now()
        later, past = now + timedelta(days=1), now - timedelta(days=1)

        assert Invitation(expires_at=later).state == State.OPEN
        assert Invitation(expires_at=past).state == State.EXPIRED
        assert Invitation(expires_at=past, accepted_at=past).state == State.ACCEPTED
        assert Invitation(expires_at=past, withdrawn_at=past).state == State.WITHDRAWN


@pytest.mark.django_db
class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("invitation_role_is_known", {"role": "owner"}),
            ("invitation_accepted_by_somebody", {"accepted_at": timezone.now()}),
        ],
    )
    def test_the_database_refuses_it(self, name, values):
        invitation = self.invited()

        with refused_by(name):
            Invitation.objects.filter(pk=invitation.pk).update(**values)

    def test_one_that_was_accepted_is_not_withdrawn(self):
        invitation = self.invited()
        now = timezone.now()

        with refused_by("invitation_accepted_or_withdrawn"):
            Invitation.objects.filter(pk=invitation.pk).update(
                accepted_at=now, accepted_by=make_user(), withdrawn_at=now
            )

    def invited(self):
        return Invitation.objects.create(
            email="rita@example.org", invited_by=make_user("curator")
        )


class TestNames:
    def test_an_invitation_is_called_without_its_address(self):
        invitation = Invitation(email="rita@example.org", role="reviewer")

        assert "rita" not in str(invitation)

    def test_an_address_is_written_in_one_way(self):
        user = User(username="rita", email="Rita@Example.ORG")

        user.clean()

        assert user.email == "rita@example.org"
