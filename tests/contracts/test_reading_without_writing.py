"""While nothing can be written, readers notice nothing."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.imports.first_record import load_council_record
from icctracker.web.accounts.middleware import LastSeenMiddleware, SessionEndMiddleware
from tests import test_routes as routes
from tests.contracts.test_queries import pages, site_objects
from tests.unwritable import read_only_database

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def open_pages(standing_database, council_folder):
    load_council_record(council_folder)
    site = routes.make_site()
    site.objects = site_objects(site)
    found = {
        name: path
        for name, (_role, path) in pages(site)
        if Client().get(path).status_code == 200
        and not path.startswith(("/desk/", "/review/", "/admin/"))
    }
    return site, found


def test_strangers_notice_nothing(open_pages):
    _site, found = open_pages

    with read_only_database():
        told = {name: Client().get(path).status_code for name, path in found.items()}

    assert {name for name, code in told.items() if code != 200} == {"readyz"}


def test_neither_does_whoever_is_signed_in_and_due_to_be_noted(open_pages):
    site, found = open_pages
    client = Client()
    client.force_login(site.people["curator"])
    client.get(reverse("home"))
    seen_long_ago(client)

    with read_only_database():
        told = {
            name: client.get(path).status_code
            for name, path in found.items()
            if not path.startswith("/account/") and name != "readyz"
        }
        page = client.get(reverse("home"))

    assert set(told.values()) <= {200, 302}
    assert page.context["user"] == site.people["curator"]


def test_a_session_that_has_lasted_too_long_has_ended_all_the_same(open_pages):
    site, _found = open_pages
    client = Client()
    client.force_login(site.people["curator"])
    session = client.session
    session[SessionEndMiddleware.key] = 1
    session.save()

    with read_only_database():
        page = client.get(reverse("home"))

    assert page.status_code == 200
    assert not page.context["user"].is_authenticated


def seen_long_ago(client):
    before = timezone.now() - timedelta(days=1)
    session = client.session
    session[LastSeenMiddleware.key] = before.timestamp()
    session.save()
    UserSession.objects.update(last_seen_at=before)
