"""However many days of the past are asked for, most of the site goes on answering.

Counted, never timed: how many are worked out at once, and what the others are told.
"""

from threading import Event, Semaphore, Thread

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory

from icctracker.web.kit import answers, turns
from icctracker.web.kit.turns import AT_A_TIME, Turn, TurnsMiddleware
from tests import test_routes as routes
from tests.contracts.browser import close
from tests.factories import make_criterion, make_evidence, make_user
from tests.test_three_pasts import WITHOUT_PAST, open_to_all

pytestmark = pytest.mark.django_db

PAST = {"as_of": "2015-12-31"}


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence(by=make_user("researcher"))


@pytest.fixture
def all_taken():
    """As many are being worked out as may be."""
    taken = [Turn() for _number in range(AT_A_TIME)]
    assert all(taken)
    yield
    for turn in taken:
        turn.end()


def free():
    """How many turns can be taken."""
    taken = list(filter(None, [Turn() for _number in range(AT_A_TIME + 1)]))
    for turn in taken:
        turn.end()
    return len(taken)


def free_after(path, query=PAST, method="get"):
    answer = getattr(Client(), method)(path, query)
    if answer.streaming:
        b"".join(answer.streaming_content)
        close(answer)
    return answer.status_code, free()


class TestAllAreTaken:
    def test_every_page_of_the_past_says_when_to_come_again(
        self, kept, council, all_taken
    ):
        entry = kept(routes.make_site).entries["published"]
        for name in sorted(open_to_all() - set(WITHOUT_PAST)):
            is_of_entry = name in routes.ENTRY
            path = (
                routes.entry_address(name, entry)
                if is_of_entry
                else routes.address(name)
            )
            answer = Client().get(path, PAST)

            assert answer.status_code == 503, name
            assert answer["Retry-After"] == "5", name
            assert answer["Cache-Control"] == "no-store", name
            assert "Try again in five seconds." in answer.content.decode(), name

    @pytest.mark.parametrize(
        "path", ["/", "/recommendations/", "/recommendations/r7/", "/evidence/"]
    )
    def test_the_pages_of_today_are_there(self, entry, all_taken, path):
        assert Client().get(path).status_code == 200
        assert Client().get(path, {"as_of": ""}).status_code == 200

    def test_whoever_is_signed_in_waits_like_everybody(self, entry, all_taken, client):
        client.force_login(entry.submitted_by)

        assert client.get("/", PAST).status_code == 503
        assert client.get("/desk/").status_code == 200

    def test_so_does_what_is_worked_out_whenever_it_is_asked_for(
        self, entry, all_taken
    ):
        for path in ("/methodology/try/", "/recommendations/r7/record/votes/"):
            assert Client().get(path).status_code == 503

    @pytest.mark.django_db(transaction=True)
    def test_a_day_that_somebody_has_just_read_is_there(self, entry, settings):
        settings.KEEP_ANSWERS = True
        first = Client().get("/recommendations/r7/", PAST)
        taken = [Turn() for _number in range(AT_A_TIME)]

        again = Client().get("/recommendations/r7/", PAST)
        other = Client().get("/recommendations/r7/", {"as_of": "2015-12-30"})

        for turn in taken:
            turn.end()
        caches[answers.ALIAS].clear()
        assert (first.status_code, again.content) == (200, first.content)
        assert other.status_code == 503


class TestATurnEnds:
    @pytest.mark.parametrize(
        ("path", "query", "status"),
        [
            ("/recommendations/r7/", PAST, 200),
            ("/recommendations/r99/", PAST, 404),
            ("/", {"as_of": "never"}, 400),
            ("/evidence.csv", PAST, 200),
            ("/evidence.csv", PAST | {"kind": "coup"}, 400),
        ],
    )
    def test_with_its_answer(self, entry, path, query, status):
        assert free_after(path, query) == (status, AT_A_TIME)

    def test_with_an_answer_that_nobody_reads(self, entry):
        assert free_after("/evidence.csv", method="head") == (200, AT_A_TIME)

        begun = Client().get("/evidence.csv", PAST)
        next(iter(begun.streaming_content))
        assert free() == AT_A_TIME - 1
        close(begun)
        assert free() == AT_A_TIME

    def test_with_a_fault(self, entry, monkeypatch):
        def fails(*args, **kwargs):
            raise ZeroDivisionError

        monkeypatch.setattr("icctracker.web.public.recommendations.past_of", fails)
        client = Client(raise_request_exception=False)

        assert client.get("/recommendations/r7/", PAST).status_code == 500
        assert free() == AT_A_TIME

    def test_however_many_days_are_asked_for_in_a_row(self, entry):
        days = [f"2015-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 11)]

        told = {free_after("/recommendations/r7/", {"as_of": day}) for day in days}

        assert told == {(200, AT_A_TIME)}


def test_many_who_come_together_are_not_worked_out_together(monkeypatch):
    inside, go_on = Semaphore(0), Event()

    def works(request):
        inside.release()
        go_on.wait()
        return HttpResponse("worked out")

    def asked(request):
        return middleware.process_view(request, None, (), {}) or works(request)

    monkeypatch.setattr(turns, "_is_worked_out", lambda request, view: True)
    monkeypatch.setattr(
        turns, "_come_again", lambda request: HttpResponse("come again", status=503)
    )
    middleware = TurnsMiddleware(asked)
    requests = [RequestFactory().get("/", PAST) for _n in range(AT_A_TIME)]
    workers = [Thread(target=middleware, args=[each]) for each in requests]
    for worker in workers:
        worker.start()
        inside.acquire()

    told = [middleware(RequestFactory().get("/", PAST)).status_code for _n in range(20)]

    go_on.set()
    for worker in workers:
        worker.join()
    assert told == [503] * 20
    assert middleware(RequestFactory().get("/", PAST)).status_code == 200
    assert free() == AT_A_TIME
