"""Odd requests to the admin's own paths: answered in words, on both databases."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from icctracker.admin.lists import AskedRightly
from icctracker.admin.registry import site as curation
from icctracker.models import Actor, Evidence
from tests.test_bad_requests import LONG, NUL, ODD, STORED, make_site

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

# What a list of Django's reads beside its filters, and what none knows.
GENERIC = (
    "q o p e all _popup _to_field _changelist_filters _facets id id__exact pk__in"
    " id__gte id__isnull unknown unknown__exact"
).split()
ASKED = (
    "e export file_format format next term app_label model_name field_name unknown"
    " unknown__exact"
).split()
DIGITS = str(10**30)
# What a database chokes on where a list is asked for it.
BEYOND = ("nul inside", "large", "very negative", "zero", "after time")


@pytest.fixture
def site(kept, council):
    return kept(make_site)


@pytest.fixture
def curator(site):
    client = Client()
    client.force_login(site["curator"])
    return client


def odd(names=STORED):
    return {what: ODD[what] for what in names if ODD[what]}


def routes(resolver=None, before=""):
    """Every address of the admin, as it is written down."""
    for each in (resolver or get_resolver()).url_patterns:
        at = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, at)
        elif at.startswith("admin/"):
            yield at


PLACE = re.compile(r"<[^>]+>|\(\[\^/\]\+\)")
OF_ONE = sorted({each for each in routes() if PLACE.search(each)})
OF_NONE = sorted({each for each in routes() if not PLACE.search(each)})
LISTS = list(curation._registry)


def list_of(model):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def asked_of(model):
    """The parameters of a list: those of any, and of its own filters in each form."""
    admin, names = curation._registry[model], ["q", "id__exact", "unknown"]
    for each in admin.list_filter:
        own = each[0] if isinstance(each, tuple) else each
        names.append(own if isinstance(own, str) else own.parameter_name)
    names += [f"{name}__{how}" for name in names for how in ("exact", "id__exact")]
    if day := admin.date_hierarchy:
        names += [f"{day}__{part}" for part in ("year", "month", "day", "gte")]
    return names


def check(answer, sent):
    assert answer.status_code < 500, sent
    if answer.status_code == 400:
        assert "You can go on from here" in answer.content.decode(), sent


class Following:
    """Asks for lists; each page that a refusal leads to is read once a test.

    Where it leads says nothing of what was asked, so the page is the same each time.
    """

    def __init__(self, client):
        self._client, self._read = client, set()

    def check(self, path, asked, sent):
        answer = self._client.get(path, asked)
        check(answer, sent)
        leads_to = answer.headers.get("Location")
        if leads_to and leads_to not in self._read:
            self._read.add(leads_to)
            check(self._client.get(leads_to, follow=True), sent)
        # What it is to say would else be carried along, each time more.
        self._client.cookies.pop(settings.MESSAGES_COOKIE_NAME, None)


def test_no_list_is_without_the_check(db):
    assert all(isinstance(each, AskedRightly) for each in curation._registry.values())


class TestAddresses:
    @pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
    def test_a_list_may_be_asked_for_anything(self, curator, model):
        path, lists = list_of(model), Following(curator)

        for name in asked_of(model):
            for what, value in odd(BEYOND).items():
                lists.check(path, {name: value}, f"{path}?{name}: {what}")

    def test_a_list_is_asked_for_all_that_is_odd(self, curator):
        path, lists = list_of(Evidence), Following(curator)

        for what, value in odd(ODD).items():
            names = [*GENERIC, *asked_of(Evidence)]
            lists.check(path, dict.fromkeys(names, value), what)
            for name in GENERIC:
                lists.check(path, {name: value}, f"{name}: {what}")

    @pytest.mark.parametrize("path", OF_ONE)
    def test_what_is_not_there_is_said(self, curator, path):
        for what, value in odd(BEYOND).items():
            end = quote(value[:2_000], safe="")
            full = "/" + PLACE.sub(lambda _found, end=end: end, path)
            check(curator.get(full.replace("^", "").replace("$", "")), what)

    @pytest.mark.parametrize("path", OF_NONE)
    def test_a_page_that_reads_parameters_may_be_given_any(self, curator, path):
        for name in ASKED:
            for what in ("nul inside", "beyond 64 bits", "large", "long"):
                answer = curator.get(f"/{path}", {name: ODD[what]})
                check(answer, f"{path}?{name}: {what}")


@pytest.mark.parametrize(
    "asked", [{"unknown__exact": "1"}, {"occurred_on__gte": "never"}]
)
class TestAListThatCannotBe:
    def test_is_shown_whole_and_says_so(self, curator, asked):
        answer = curator.get(list_of(Evidence), asked, follow=True)

        assert answer.status_code == 200
        assert "asks for what cannot be. All are shown." in answer.content.decode()

    def test_is_not_said_to_be_a_fault_of_the_database(self, curator, asked):
        answer = curator.get(list_of(Evidence), asked | {"e": "1"})

        assert answer.status_code == 400
        check(answer, asked)

    def test_is_not_exported_either(self, curator, asked):
        path = reverse("admin:icctracker_evidence_export")
        for method in (curator.get, curator.post):
            address = f"{path}?{'&'.join(f'{k}={v}' for k, v in asked.items())}"
            answer = method(address, follow=True)
            assert "asks for what cannot be" in answer.content.decode()


def rows(prefix, **management):
    return {f"{prefix}-{name}": value for name, value in management.items()}


# The counts of rows that a form says it sends.
COUNTS = ["99999999", DIGITS, "9" * 5_000, "-1", "1.5", "NaN", "", NUL, "٣", LONG]


class TestForms:
    def test_counts_of_rows_may_be_anything(self, curator, site):
        entry = {"occurred_on": "2014-05-22", "kind": "statement", "title": "A title"}
        for count in COUNTS:
            data = entry | rows("sources", TOTAL_FORMS=count, INITIAL_FORMS="0")
            data |= rows("findings", TOTAL_FORMS=count, INITIAL_FORMS=count)
            for path in pages_with_rows(site):
                answer = curator.post(path, data)
                check(answer, f"{path} {count[:20]}")
                # Rows that nobody wrote are not made because somebody says so.
                assert len(answer.content) < 2_000_000, f"{path} {count[:20]}"
        for path in pages_with_rows(site):
            check(curator.post(path, entry), f"{path} without counts")

    def test_every_field_may_hold_what_no_text_can(self, curator, site):
        actor = Actor.objects.get(name="China")
        for model in (m for m, admin in curation._registry.items()):
            meta = model._meta
            path = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
            names = [field.name for field in (*meta.fields, *meta.many_to_many)]
            for what in ("nul inside", "large", "long", "beyond 64 bits"):
                answer = curator.post(path, dict.fromkeys(names, ODD[what]))
                check(answer, f"{path}: {what}")
        actor.refresh_from_db()
        assert actor.name == "China"

    def test_an_action_may_be_asked_for_on_anything(self, curator):
        for what, value in odd().items():
            for action in (
                "withdraw_entries",
                "delete_selected",
                "export_admin_action",
            ):
                data = {"action": action, "_selected_action": value, "index": value}
                check(curator.post(list_of(Evidence), data, follow=True), what)
            data = {"action": value, "_selected_action": "1", "select_across": value}
            check(curator.post(list_of(Evidence), data, follow=True), what)

    def test_an_export_may_be_asked_for_anything(self, curator):
        path = reverse("admin:icctracker_evidence_export")
        for what, value in odd().items():
            data = {"format": value, "resource": value, "export_items": value}
            check(curator.post(path, data), what)
            good = {"format": "0", "resource": "0"}
            check(curator.post(path, good | {"export_items": value}), what)
            check(curator.post(path, good | {"unknown": value}), what)


def pages_with_rows(site):
    """Pages whose forms have rows, of the admin and of the desk."""
    entry = site["published"].pk
    return [
        reverse("admin:icctracker_evidence_add"),
        reverse("admin:icctracker_evidence_change", args=[entry]),
        reverse("admin:icctracker_actor_changelist"),
        reverse("evidence-create"),
        reverse("evidence-correct", args=[entry]),
    ]
