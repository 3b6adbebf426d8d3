"""Open pages are read from a replica that has all they show, and from no other."""

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.models.query import QuerySet
from django.test import Client
from django.urls import reverse

from icctracker.models import DataVersion, Evidence
from icctracker.models.data_version import DataVersionManager, Version
from icctracker.web.kit import replica
from tests.factories import make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    make_criterion()
    return make_evidence(by=make_user("researcher"))


@pytest.fixture
def read_from(entry, monkeypatch):
    """A replica over the connection of the test; the databases that lists came from."""
    asked = []
    fetch = QuerySet._fetch_all

    def noting(queryset):
        # Which version stands is asked of both, before anything is read.
        if queryset.model is not DataVersion:
            asked.append(queryset.db)
        return fetch(queryset)

    monkeypatch.setitem(connections.settings, replica.ALIAS, connection.settings_dict)
    monkeypatch.setattr(connections._connections, replica.ALIAS, connection, False)
    monkeypatch.setattr(QuerySet, "_fetch_all", noting)
    monkeypatch.setitem(replica._left_alone, "until", 0)
    return asked


def tell_otherwise(monkeypatch, answer):
    """Have the replica answer for its version as told."""
    current = DataVersionManager.current

    def told(manager):
        return answer() if manager.db == replica.ALIAS else current(manager)

    monkeypatch.setattr(DataVersionManager, "current", told)


class TestAStranger:
    def test_reads_an_open_page_from_the_replica(self, read_from, client, entry):
        page = client.get(reverse("evidence-list"))

        assert entry.title in page.content.decode()
        assert set(read_from) == {replica.ALIAS}

    def test_gets_a_download_from_it_to_the_end(self, read_from, client, entry):
        address = reverse("evidence-download", args=["csv"])

        sent = b"".join(client.get(address).streaming_content)

        assert entry.title in sent.decode()
        assert replica.ALIAS in read_from
        # Whatever this thread does next, it does on the primary.
        assert Evidence.objects.all().db == DEFAULT_DB_ALIAS

    def test_reads_the_primary_if_the_replica_is_behind(
        self, read_from, client, entry, monkeypatch
    ):
        tell_otherwise(monkeypatch, lambda: Version(0, None))

        page = client.get(reverse("evidence-list"))

        assert entry.title in page.content.decode()
        assert set(read_from) == {DEFAULT_DB_ALIAS}

    def test_is_not_kept_waiting_by_a_replica_that_is_gone(
        self, read_from, client, entry, monkeypatch
    ):
        asked = []

        def gone():
            asked.append(1)
            raise OperationalError("the connection was refused")

        tell_otherwise(monkeypatch, gone)
        statuses = [client.get(reverse("evidence-list")).status_code for _ in range(3)]

        assert statuses == [200, 200, 200]
        assert len(asked) == 1

    def test_is_answered_by_the_primary_if_the_replica_fails_meanwhile(
        self, read_from, client, entry, monkeypatch
    ):
        fetch = QuerySet._fetch_all

        def failing(queryset):
            if queryset.db == replica.ALIAS:
                raise OperationalError("terminating connection")
            return fetch(queryset)

        monkeypatch.setattr(QuerySet, "_fetch_all", failing)

        assert client.get(reverse("evidence-list")).status_code == 200


class TestWhoeverIsSignedIn:
    def test_reads_the_primary(self, read_from, client, entry):
        client.force_login(entry.submitted_by)

        client.get(reverse("evidence-list"))

        assert set(read_from) == {DEFAULT_DB_ALIAS}


class TestTheRouter:
    def test_writes_go_to_the_primary_even_of_what_was_read_elsewhere(self):
        router = replica.Router()

        with replica.read():
            assert router.db_for_read(Evidence) == replica.ALIAS
            assert router.db_for_write(Evidence) == DEFAULT_DB_ALIAS
        assert router.db_for_read(Evidence) == DEFAULT_DB_ALIAS
        assert not router.allow_migrate(replica.ALIAS, "icctracker")


class TestThePrimaryThatIsGone:
    """What may have changed meanwhile is not shown, whatever the replica has."""

    def test_is_told_with_503_in_plain_words(self, monkeypatch):
        def gone(manager):
            raise OperationalError("the connection was refused")

        monkeypatch.setattr(DataVersionManager, "current", gone)

        answer = Client(raise_request_exception=False).get(reverse("evidence-list"))

        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert "cannot reach its records" in answer.content.decode()

    def test_another_fault_is_still_a_500(self, monkeypatch):
        def broken(manager):
            raise ZeroDivisionError

        monkeypatch.setattr(DataVersionManager, "current", broken)

        answer = Client(raise_request_exception=False).get(reverse("evidence-list"))

        assert answer.status_code == 500
        assert "wrong on our side" in answer.content.decode()


def test_the_version_can_be_asked_of_the_replica_alone(read_from, entry):
    assert replica.has(DataVersion.objects.current())
