"""While nothing can be written, nothing that was typed is lost.

Each route that writes is sent to a database that refuses to be written, and then once
more from the page that said so.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from icctracker.imports.first_record import load_council_record
from tests.contracts.browser import fields_of, text_of
from tests.contracts.test_writing_twice import everything, has_words, numbers, opened
from tests.contracts.writing import WORDS, WRITES, make_site
from tests.unwritable import read_only_database

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"


@pytest.fixture(scope="module")
def site(standing_database, council_folder):
    load_council_record(council_folder)
    return make_site()


def forgiving(client):
    """Shows the page that a fault leads to, as a server does."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", WRITES)
def test_whoever_writes_gets_back_what_was_typed_and_may_send_it_again(site, name):
    client, path, data = opened(site, WRITES[name])
    before = everything()

    with read_only_database():
        answer = forgiving(client).post(path, data)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "What you sent was not saved" in text_of(answer)
    assert not has_words(data) or WORDS in text_of(answer)
    assert everything() == before
    again = fields_of(answer)
    if WITH_PASSWORDS.isdisjoint(data):
        client.post(path, again)
        assert numbers(everything()) != numbers(before) or everything() != before
    else:
        assert not again


WITH_PASSWORDS = {"password1"}


class TestProvingWhoOneIs:
    def test_a_sign_in_is_told_that_the_site_is_busy(self, site):
        client = forgiving(Client())
        person = site.people["author"]
        data = {"login": person.username, "password": PASSWORD}

        with read_only_database():
            answer = client.post(reverse("sign-in"), data)

        assert answer.status_code == 503 and answer["Retry-After"]
        assert "The site is busy" in text_of(answer)
        assert PASSWORD not in answer.content.decode()
        assert "failed too often" not in text_of(answer)

    def test_what_another_site_has_sent_is_not_offered_to_be_sent_again(self, site):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(site.people["author"])

        with read_only_database():
            answer = client.post(reverse("search-create"), {"query": "of another"})

        assert answer.status_code == 403
        assert not fields_of(answer)


class TestTheAdmin:
    @pytest.fixture
    def curator(self, site):
        client = forgiving(Client())
        client.force_login(site.people["curator"])
        return client

    def test_gives_back_what_was_typed_as_well(self, curator):
        path = reverse("admin:icctracker_situation_add")
        data = fields_of(curator.get(path)) | {"name": WORDS, "slug": "words"}

        with read_only_database():
            answer = curator.post(path, data)

        assert answer.status_code == 503
        assert WORDS in text_of(answer)
        assert fields_of(answer)["name"] == [WORDS]

    def test_asks_for_a_file_anew(self, curator):
        path = reverse("admin:icctracker_importrun_add")
        file = SimpleUploadedFile("votes.csv", b"a,b\n1,2\n")

        with read_only_database():
            answer = curator.post(path, {"file": file})

        assert answer.status_code == 503
        assert "Choose your file anew" in text_of(answer)
        assert not fields_of(answer)
