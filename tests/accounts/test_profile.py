"""One's own profile."""

import pytest
from django.urls import reverse

from icctracker.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = make_user("reviewer", username="ada")
    client.force_login(user)
    return user


class TestProfile:
    def test_it_shows_name_and_role(self, client, user):
        page = client.get(reverse("profile")).content.decode()

        assert "ada" in page and "Reviewer" in page

    def test_a_name_is_not_shown_unless_asked(self, client, user):
        client.post(reverse("profile"), {"public_name": "Ada L."})

        user.refresh_from_db()
        assert user.public_name == "Ada L."
        assert user.name_shown == ""

    def test_its_owner_may_have_it_shown(self, client, user):
        sent = {"public_name": "Ada L.", "show_name": "on"}

        response = client.post(reverse("profile"), sent, follow=True)

        user.refresh_from_db()
        assert user.name_shown == "Ada L."
        assert "Your profile is saved." in response.content.decode()

    def test_to_show_a_name_one_has_to_write_it(self, client, user):
        response = client.post(reverse("profile"), {"show_name": "on"})

        page = response.content.decode()
        assert "Write the name that is to be shown." in page
        assert 'href="#id_public_name"' in page
        user.refresh_from_db()
        assert not user.show_name

    @pytest.mark.parametrize("sent", [{"public_name": "x" * 121}])
    def test_bad_input_is_explained_and_kept(self, client, user, sent):
        page = client.post(reverse("profile"), sent).content.decode()

        assert 'role="alert"' in page
        assert next(iter(sent.values())) in page

    def test_nothing_else_can_be_set(self, client, user):
        sent = {"username": "eve", "is_superuser": "on", "email": "eve@example.org"}
        client.post(reverse("profile"), sent)

        user.refresh_from_db()
        assert (user.username, user.is_superuser, user.email) == ("ada", False, "")

    def test_it_is_always_ones_own(self, client, user):
        other = make_user("researcher")

        client.post(reverse("profile"), {"public_name": "Ada", "pk": other.pk})

        assert User.objects.get(public_name="Ada") == user

    def test_a_stranger_is_asked_to_sign_in(self, client):
        response = client.get(reverse("profile"))

        assert response.headers["Location"].startswith(reverse("sign-in"))
