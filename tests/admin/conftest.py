"""What tests of the admin share."""

import pytest

from tests.factories import make_user


@pytest.fixture
def curator(db):
    return make_user("curator")


@pytest.fixture
def curator_client(client, curator):
    client.force_login(curator)
    return client


@pytest.fixture
def told(client):
    """What the messages on the next page say."""

    def read(answer):
        return [str(message) for message in answer.context["messages"]]

    return read
