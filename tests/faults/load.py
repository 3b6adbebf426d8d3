"""Readers and writers at a bounded rate, who remember what they were told.

A writer notes a known gap of the data, and remembers it once the site has said that it
is saved. From that instant on no reader may be shown the page of gaps without it.
"""

import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKEN = "underload" * 3 + "token"
GAPS = "/methodology/"
ADD = "/admin/icctracker/gap/add/"
PAGES = (GAPS, "/", "/evidence/?page={number}", GAPS, "/evidence.csv")
READERS, WRITERS = 3, 1
# Between two requests of one reader, and of one writer.
PAUSE_OF_A_READER, PAUSE_OF_A_WRITER = 0.1, 0.25
PATIENCE = 15
STYLESHEET = re.compile(r'href="(/static/[^"]+\.css)"')


@dataclass
class Told:
    """One request: from when till when, and what came of it (0: nothing)."""

    path: str
    began: float
    ended: float
    status: int
    fault: str = ""

    @property
    def failed(self):
        return self.status not in (200, 302, 304)

    def was_in_flight(self, instants):
        """Whether it had been sent and not been answered when something was killed."""
        return any(self.began <= instant <= self.ended for instant in instants)


@dataclass
class Load:
    """What all readers and writers of a site have seen so far."""

    address: tuple
    cookies: dict
    reads: list = field(default_factory=list)
    writes: list = field(default_factory=list)
    saved: list = field(default_factory=list)
    stale: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    killed: list = field(default_factory=list)

    @contextmanager
    def running(self):
        """Within it, people read and write."""
        over = threading.Event()
        crowd = [
            threading.Thread(target=_until, args=(over, pause, each))
            for pause, number, kind in (
                (PAUSE_OF_A_READER, READERS, Reader),
                (PAUSE_OF_A_WRITER, WRITERS, Writer),
            )
            for each in (kind(self) for _ in range(number))
        ]
        for each in crowd:
            each.start()
        try:
            yield self
        finally:
            over.set()
            for each in crowd:
                each.join()

    def note_kill(self):
        """Something is killed now."""
        self.killed.append(time.monotonic())

    @property
    def failed_reads(self):
        """Reads that failed, and were not in flight when something was killed."""
        return [
            told
            for told in self.reads
            if told.failed and not told.was_in_flight(self.killed)
        ]

    @property
    def failed_writes(self):
        return [
            told
            for told in self.writes
            if told.failed and not told.was_in_flight(self.killed)
        ]


def nobody_noticed(site, load):
    """Every page came, and a current one; whatever was saved is there."""
    there = set(site.ask("SELECT text FROM icctracker_gap").splitlines())

    assert load.failed_reads == []
    assert load.failed_writes == []
    assert load.refused == []
    assert load.stale == []
    assert [each for each in load.saved if each not in there] == []
    # Else nothing was shown by it.
    assert len(load.reads) > 20
    assert len(load.saved) > 2


def _until(over, pause, somebody):
    while not over.wait(pause):
        somebody.act()


def _title(text):
    found = re.search(r"<title>\s*(.*?)\s*</title>", text, re.S)
    return found[1] if found else text[:80]


class _Somebody:
    numbers = iter(range(10_000_000))

    def __init__(self, load):
        self.load, self.number = load, 0

    def ask(self, kept, method, path, body=None, headers=()):
        """Ask once, and note what came of it; (status, headers, text)."""
        began = time.monotonic()
        connection = HTTPConnection(*self.load.address, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            text = answer.read().decode()
            found = answer.status, dict(answer.headers), text
            told = Told(path, began, time.monotonic(), answer.status, _title(text))
        except (OSError, HTTPException) as fault:
            found = 0, {}, ""
            told = Told(path, began, time.monotonic(), 0, repr(fault))
        finally:
            connection.close()
        kept.append(told)
        return found


class Reader(_Somebody):
    """A stranger, whose browser keeps the page of gaps and asks whether it is good."""

    etag, has = "", ""

    def act(self):
        self.number += 1
        path = PAGES[self.number % len(PAGES)].format(number=self.number % 4 + 1)
        if path == GAPS:
            return self._read_gaps()
        _status, _headers, text = self.ask(self.load.reads, "GET", path)
        if sheet := STYLESHEET.search(text):
            self.ask(self.load.reads, "GET", sheet[1])

    def _read_gaps(self):
        must = list(self.load.saved)
        again = {"If-None-Match": self.etag} if self.number % 3 == 0 else {}
        status, headers, text = self.ask(
            self.load.reads, "GET", GAPS, headers=again if self.etag else {}
        )
        if status == 200:
            self.etag, self.has = headers["ETag"], text
        if status in (200, 304):
            lacks = [each for each in must if each not in self.has]
            if lacks:
                self.load.stale.append((time.monotonic(), status, lacks))


class Writer(_Somebody):
    """A curator, who sends each gap once."""

    def act(self):
        name = f"under-load-{next(self.numbers)}-{time.monotonic_ns()}"
        data = {
            "slug": name,
            "text": f"Synthetic gap {name}.",
            "noted_on": "2026-01-01",
            "csrfmiddlewaretoken": TOKEN,
        }
        cookies = self.load.cookies | {"csrftoken": TOKEN}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items()),
        }
        status, headers, _text = self.ask(
            self.load.writes, "POST", ADD, urlencode(data), headers
        )
        if status == 302 and headers["Location"] == ADD.removesuffix("add/"):
            self.load.saved.append(f"Synthetic gap {name}.")
        elif status == 302:
            self.load.refused.append(headers["Location"])
