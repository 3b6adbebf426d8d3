"""An open page is good until the data moves: never older, and never somebody's own."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.review import withdraw
from icctracker.models import Actor, DataVersion, Evidence, Import, Situation
from icctracker.models.data_version import Version
from icctracker.models.triggers import install_triggers
from icctracker.web.kit import answers, fragments
from tests.factories import make_criterion, make_evidence, make_situation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_answers(settings):
    """As on a site: tests build every page anew."""
    settings.KEEP_ANSWERS = True
    yield caches[answers.ALIAS]
    caches[answers.ALIAS].clear()


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence(by=make_user("researcher"), situations=[make_situation()])


class TestTheVersion:
    def moved(self, write):
        """Whether writing moves the version; each write is a moment after the last."""
        before = DataVersion.objects.current()
        write()
        return DataVersion.objects.current() != before

    @pytest.mark.django_db(transaction=True)
    def test_moves_with_what_readers_see(self, entry):
        assert self.moved(lambda: Situation.objects.update(name="Another name"))
        assert self.moved(lambda: Evidence.objects.update(title="Another title"))
        assert self.moved(lambda: Actor.objects.create(name="The Council"))
        assert self.moved(Actor.objects.all().delete)

    @pytest.mark.django_db(transaction=True)
    def test_stands_while_only_drafts_are_written(self, entry):
        assert not self.moved(lambda: make_evidence("draft"))

    @pytest.mark.django_db(transaction=True)
    def test_stands_while_people_sign_in(self, entry):
        assert not self.moved(lambda: Client().force_login(entry.submitted_by))

    @pytest.mark.django_db(transaction=True)
    def test_stays_what_it_is_when_its_rows_are_folded(self, entry):
        for name in ("One", "Two"):
            Situation.objects.update(name=name)
        before = DataVersion.objects.current()

        DataVersion.objects.fold()

        assert DataVersion.objects.current() == before
        assert DataVersion.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_the_record_moves_with_the_record_alone(self, entry):
        def of_the_record():
            return str(DataVersion.objects.current().record)

        before, all_of_it = of_the_record(), str(DataVersion.objects.current())
        Situation.objects.update(name="Another name")
        assert of_the_record() == before
        assert str(DataVersion.objects.current()) != all_of_it

        Import.objects.create(source="A file", credit="Somebody")
        DataVersion.objects.fold()

        assert of_the_record() != before

    def test_never_comes_back_after_a_restore(self):
        """The number begins again where the copy was made, at later instants."""
        now = timezone.now()

        assert str(Version(3, now)) != str(Version(3, now + timedelta(milliseconds=1)))

    def test_its_triggers_are_made_again_where_a_migration_lost_them(self, entry):
        with connection.cursor() as cursor:
            cursor.execute(_all_triggers())
            name, table = cursor.fetchone()
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f'DROP TRIGGER "{name}"{on}')

        install_triggers()

        with connection.cursor() as cursor:
            cursor.execute(_all_triggers())
            assert (name, table) in cursor.fetchall()


def _all_triggers():
    if connection.vendor == "sqlite":
        return "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    return (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE tgname LIKE 'shown%'"
    )


@pytest.mark.django_db(transaction=True)
class TestKept:
    def test_the_second_reader_is_given_what_was_built_for_the_first(
        self, kept_answers, entry
    ):
        first = Client().get(reverse("evidence-list"))

        with CaptureQueriesContext(connection) as asked:
            second = Client().get(reverse("evidence-list"))

        assert second.content == first.content
        assert dict(second.headers) == dict(first.headers)
        assert len(asked) == 1

    def test_nobody_is_given_what_was_before_a_write(self, kept_answers, entry):
        path = entry.get_absolute_url()
        assert "Withdrawn" not in Client().get(path).content.decode()

        withdraw(entry, by=make_user("curator"), reason="It did not happen.")

        assert "It did not happen." in Client().get(path).content.decode()

    def test_somebody_signed_in_is_answered_anew(self, kept_answers, entry, client):
        Client().get(reverse("home"))
        client.force_login(entry.submitted_by)

        answer = client.get(reverse("home"))

        assert "Sign out" in answer.content.decode()
        assert "private" in answer["Cache-Control"] and not answer.has_header("ETag")
        assert "Sign out" not in Client().get(reverse("home")).content.decode()

    def test_a_page_with_a_token_is_kept_for_nobody(self, kept_answers, entry):
        answer = Client().get(reverse("respond"))

        assert not answer.has_header("ETag")
        assert "public" not in answer.headers.get("Cache-Control", "")

    def test_each_address_is_its_own(self, kept_answers, entry):
        every = Client().get(reverse("evidence-list")).content
        vetoes = Client().get(reverse("evidence-list"), {"kind": "statement"}).content

        assert every != vetoes

    def test_what_is_refused_is_not_kept(self, kept_answers, entry):
        path = f"{reverse('home')}?as_of=never"

        for _time in range(2):
            answer = Client().get(path)
            assert answer.status_code == 400 and not answer.has_header("ETag")

    @pytest.mark.parametrize("told", ['W/"x"', '"', "nonsense", "W/", "é", '""'])
    def test_nonsense_is_answered_with_the_page(self, kept_answers, entry, told):
        answer = Client().get(reverse("home"), headers={"If-None-Match": told})

        assert answer.status_code == 200

    def test_another_day_is_another_answer(self, kept_answers, entry, monkeypatch):
        before = Client().get(reverse("home"))
        tomorrow = timezone.localdate() + timedelta(days=1)
        monkeypatch.setattr(answers.timezone, "localdate", lambda: tomorrow)

        after = Client().get(reverse("home"))

        assert after["ETag"] != before["ETag"]

    def test_a_cache_that_is_gone_costs_no_answer(
        self, kept_answers, entry, monkeypatch
    ):
        def gone(*args):
            raise ConnectionError("Redis is full")

        monkeypatch.setattr(type(kept_answers), "get", gone)
        monkeypatch.setattr(type(kept_answers), "set", gone)

        assert Client().get(reverse("home")).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestParts:
    """What many pages show alike is made once, and anew once the data has moved."""

    @pytest.fixture(autouse=True)
    def kept_parts(self, settings):
        settings.CACHES = settings.CACHES | {
            "fragments": settings.CACHES["answers"] | {"LOCATION": "fragments"}
        }
        yield
        caches[fragments.ALIAS].clear()

    def listed(self, query=None):
        with CaptureQueriesContext(connection) as asked:
            page = Client().get(reverse("evidence-list"), query).content.decode()
        return page, len(asked)

    def test_a_row_costs_no_query_once_it_was_shown(self, entry):
        first, many = self.listed()
        second, few = self.listed()

        assert first == second and entry.title in second
        # The version alone: which entries stand on the page is kept as well.
        assert few == 1 < many

    def test_another_filter_shows_the_same_row_and_its_own_form(self, entry):
        self.listed()

        page, _queries = self.listed({"kind": "veto"})

        assert entry.title in page
        assert '<option value="veto" selected>' in page
        assert '<option value="veto" selected>' not in self.listed()[0]

    def test_what_was_written_since_is_shown(self, entry):
        self.listed()
        Evidence.objects.update(title="Another title")

        assert "Another title" in self.listed()[0]

    def test_what_went_since_its_key_was_read_is_left_out(self, entry):
        parts = fragments.each_once("1", "entry", [1, 2], lambda keys: {1: "<li>One"})

        assert parts == {1: "<li>One"}
