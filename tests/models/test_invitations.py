from datetime import timedelta

import pytest
from django.utils import timezone

from icctracker.models import Invitation, User

State = Invitation.State


class TestState:
    def test_it_follows_from_what_happened(self):
        now = timezone.now()
        later, past = now + timedelta(days=1), now - timedelta(days=1)

        assert Invitation(expires_at=later).state == State.OPEN
        assert Invitation(expires_at=past).state == State.EXPIRED
        assert Invitation(expires_at=past, accepted_at=past).state == State.ACCEPTED
        assert Invitation(expires_at=past, withdrawn_at=past).state == State.WITHDRAWN


class TestNames:
    def test_an_invitation_is_called_without_its_address(self):
        invitation = Invitation(email="rita@example.org", role="reviewer")

        assert "rita" not in str(invitation)

    @pytest.mark.django_db
    def test_an_address_is_written_in_one_way(self):
        user = User(username="rita", email="Rita@Example.ORG")

        user.clean()

        assert user.email == "rita@example.org"
