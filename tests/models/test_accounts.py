import pytest
from django.utils import timezone

from icctracker.models import User
from tests.factories import make_user

from .refusals import refused_by


class TestUser:
    def test_a_name_is_private_unless_its_owner_shows_it(self):
        private = User(username="anna", public_name="Anna Example")
        shown = User(username="anna", public_name="Anna Example", show_name=True)
        nameless = User(username="anna", show_name=True)

        assert private.name_shown == ""
        assert shown.name_shown == "Anna Example"
        assert nameless.name_shown == ""

    @pytest.mark.django_db
    def test_a_closed_account_names_nobody(self):
        user = make_user(email="anna@example.org")

        with refused_by("closed_account_names_nobody"):
            User.objects.filter(pk=user.pk).update(closed_at=timezone.now())
