"""Every page that strangers read says what it is good for, and is sent but once."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from icctracker.imports.first_record import load_council_record
from icctracker.models.data_version import LISTS, SHOWN
from tests import test_routes as routes

from .test_queries import pages, site_objects

pytestmark = pytest.mark.django_db

# Open pages that are not kept: each holds a token, or tells of the process itself.
OWN = {
    *("respond", "recommendation-respond", "healthz", "readyz", "mail-off"),
    *("password-reset", "account_reset_password", "account_inactive"),
    *("account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "sign-in", "account_login"),
    *("mfa_login_webauthn", "evidence-respond"),
}


@pytest.fixture(scope="module")
def open_pages(standing_database, council_folder):
    """What each open page answers a stranger, with the tables that it asked."""
    load_council_record(council_folder)
    site = routes.make_site()
    site.objects = site_objects(site)
    found = {}
    for name, (_role, path) in pages(site):
        if path.startswith(("/desk/", "/review/", "/admin/", "/account/")):
            continue
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(path)
        if answer.status_code == 200:
            tables = set(re.findall(r'"(icctracker_\w+)"', str(asked.captured_queries)))
            found[name] = path, answer, tables
    return found


class TestEveryOpenPage:
    def test_says_what_it_is_good_for(self, open_pages):
        unlabelled = {
            name
            for name, (_path, answer, _tables) in open_pages.items()
            if not answer.has_header("ETag")
        }

        assert unlabelled == OWN & set(open_pages)

    def test_is_not_sent_again_while_nothing_moves(self, open_pages):
        for name, (path, answer, _tables) in open_pages.items():
            if name in OWN:
                continue
            with CaptureQueriesContext(connection) as asked:
                again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
            assert again.status_code == 304, name
            assert not again.content, name
            assert len(asked) == 1, name

    def test_is_for_any_cache_that_asks_each_time(self, open_pages):
        for name, (_path, answer, _tables) in open_pages.items():
            if name not in OWN:
                told = answer["Cache-Control"]
                assert {"public", "max-age=0", "must-revalidate"} == set(
                    told.split(", ")
                ), name
                assert "Cookie" in answer["Vary"], name
                assert not answer.cookies, name

    def test_shows_nothing_whose_writing_would_not_be_noticed(self, open_pages):
        """Each table that a page is made from moves the version, or an edition does."""
        asked = set().union(*(tables for _path, _answer, tables in open_pages.values()))
        meta = {model._meta.db_table for model in _models(SHOWN)}
        meta |= {_through(noun, field) for noun, field in LISTS}
        # Written in one transaction with a row that tells.
        with_another = {
            *("icctracker_source", "icctracker_editionsource"),
            *(_through("Evidence", "situations"), _through("Evidence", "actors")),
            "icctracker_historicalrecommendation",
            "icctracker_exportline",
            *("icctracker_listing", "icctracker_listingcount"),
            *("icctracker_listing", "icctracker_listingcount"),
            *(_through("Edition", "situations"), _through("Edition", "actors")),
        }

        assert asked - meta - with_another == {"icctracker_dataversion"}


def _models(nouns):
    return [apps.get_model("icctracker", noun) for noun in nouns]


def _through(noun, field):
    (model,) = _models([noun])
    return getattr(model, field).through._meta.db_table
