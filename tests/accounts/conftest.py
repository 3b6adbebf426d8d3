"""What tests of accounts share."""

import pytest
from django.urls import reverse

from .second_step import PASSWORD


@pytest.fixture
def two_factor_required(settings):
    """The site as it is, not as most tests have it."""
    settings.REQUIRE_TWO_FACTOR = True


@pytest.fixture
def sign_in(client):
    """Signs somebody in by the form, as a person does."""

    def post(user, password=PASSWORD, client=client, **extra):
        data = {"login": user.username, "password": password} | extra
        return client.post(reverse("sign-in"), data)

    return post
