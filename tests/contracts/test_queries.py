"""No page takes more queries because there is more on the site.

Every address of the map that can be read, on a small site and on the same site three
times as large.
"""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from icctracker.imports.first_record import load_council_record
from icctracker.models import Document, Evidence, Response
from tests import test_routes as routes
from tests import test_routes_of_objects as objects
from tests.contracts.growing import grow

pytestmark = pytest.mark.django_db

# Addresses that show no page: they lead elsewhere, or are for somebody signing in.
NO_PAGE = {"invitation", "evidence-submit"} | routes.NOT_THERE
# Pages with a past are read as they were known, too.
PAST = [
    *("home", "recommendation-list", "recommendation-detail", "evidence-list"),
    *("recommendation-history", "change-list", "evidence-download", "situation-detail"),
    "recommendation-record",
    *("evidence-detail", "evidence-history", "situation-list"),
]


# In which state of what it is of a page has most to show; else the first of its states.
FULLEST = ["published", "submitted", "returned", "waiting", "differs", "open"]

# Addresses of those who work here.
CLOSED = ("/desk/", "/review/", "/admin/", "/account/")
# So many queries an open page takes of whoever is not the first to read it.
MOST = 5
# Save these.
DEARER = {
    "recommendation-record": "all that its status was worked out from, worked out anew",
    "evidence-download": "a file that is read in pieces, and no page",
}
PARTS_ARE_KEPT = {
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "parts of the sweep",
    }
}


def pages(site):
    """Who reads which address: pairs by the name of the route."""
    for name, roles in routes.PAGES.items():
        yield name, (best(roles), routes.address(name))
    for name, states in routes.ENTRY.items():
        if role := best(states):
            entry = site.entries[fullest(states[role])]
            yield name, (role, routes.entry_address(name, entry))
    for name, (_allowed, states) in routes.OBJECTS.items():
        role = best(states)
        thing = site.objects[name][fullest(states[role])]
        yield name, (role, objects.object_address(name, thing))
    for name in ("coding-list", "desk", "reconcile-list"):
        yield f"{name} of its author", ("author", reverse(name))
    submitted = site.entries["submitted"]
    for name in ("desk-evidence", "review-evidence"):
        path = routes.entry_address(name, submitted)
        yield f"{name} while it waits", ("curator", path)
    yield "evidence-download csv", ("stranger", routes.download("csv"))
    yield from admin_pages()


def fullest(states):
    return next((state for state in FULLEST if state in states), min(states))


def best(roles):
    """Who sees most of a page, of those it is for."""
    order = ["curator", "author", "reviewer", "coder", "researcher", "stranger"]
    return next((role for role in order if role in roles), None)


def admin_pages():
    """The lists of the admin, and a page with all that hangs on a record."""
    yield "admin:index", ("curator", reverse("admin:index"))
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{base}_changelist", ("curator", reverse(f"{base}_changelist"))
        if model in (Document, Evidence):
            first = model.objects.order_by("pk").last()
            yield (
                f"{base}_change",
                ("curator", reverse(f"{base}_change", args=[first.pk])),
            )


@pytest.fixture(scope="module")
def counts(standing_database, council_folder):
    """The queries of each page: on the small site, and on that three times as large."""
    load_council_record(council_folder)
    site = routes.make_site()
    site.document = Document.objects.get(symbol="S/2014/348")
    site.objects = site_objects(site)
    grow(site)
    paths = dict(pages(site))
    count(site, paths)  # What is read once for all is read by now.
    small = count(site, paths)
    for _time in range(2):
        grow(site)
    large = count(site, paths)
    return SimpleNamespace(small=small, large=large, open=of_strangers(paths))


def site_objects(site):
    codings, dissents = objects.make_codings(site), objects.make_dissents(site)
    return {
        "coding-detail": codings,
        "reconcile-detail": codings,
        "dissent-detail": dissents,
        "dissent-review": dissents,
        "finding-dissent": {
            state: entry.findings.first() for state, entry in site.entries.items()
        },
        "response-answer": {
            outcome or "waiting": Response.objects.get(reference=reference)
            for reference, outcome in routes.RESPONSES.items()
        },
        "proposal-review": objects.make_proposals(),
    }


# Lists that tell codes: whoever reads one for the first time has it noted, once.
NOTED = {"admin:icctracker_finding_changelist"}


def count(site, paths):
    """The status and the number of queries of each page."""
    clients = {role: routes.client_of(site, role) for role in routes.ROLES}
    known_at = timezone.now().isoformat()
    found = {}
    for name, (role, path) in paths.items():
        if name in NOTED:
            clients[role].get(path)
        found[name] = queries(clients[role], path)
        if route(name) in PAST:
            past = queries(clients[role], path, {"known_at": known_at})
            found[f"{name} as known"] = past
    return found


def queries(client, path, query=None):
    with CaptureQueriesContext(connection) as made:
        response = client.get(path, query)
        if response.streaming:
            b"".join(response.streaming_content)
    return response.status_code, len(made)


def of_strangers(paths):
    """The queries of each open page, once its parts were made for somebody else."""
    found = {}
    with override_settings(CACHES=settings.CACHES | PARTS_ARE_KEPT):
        for name, (_role, path) in paths.items():
            if path.startswith(CLOSED):
                continue
            for _reader in range(2):
                found[name] = queries(Client(), path)
    return found


def route(name):
    """The name of the route in the name of a page."""
    return name.split()[0]


def test_every_page_of_the_map_is_read(counts):
    read = {
        route(name) for name, (status, _made) in counts.small.items() if status == 200
    }
    named = {*routes.PAGES, *routes.ENTRY, *routes.OBJECTS} - NO_PAGE

    assert named - read == set()


def test_they_do_not_grow(counts):
    grown = {
        name: (made, counts.large[name][1])
        for name, (_status, made) in counts.small.items()
        if counts.large[name][1] > made
    }

    assert not grown, grown


def test_open_pages_take_few(counts):
    read = {name: made for name, (status, made) in counts.open.items() if status == 200}
    dearer = {name: made for name, made in read.items() if made > MOST}

    assert {route(name) for name in dearer} == DEARER.keys(), dearer
