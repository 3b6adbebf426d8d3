"""Asking a server, over one kept connection, and how long each answer took."""

import gzip
import time
from http.client import HTTPConnection, HTTPException
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

# Sent with every form, in the cookie and in a field: that is all the site compares.
TOKEN = "synthetic" * 3 + "token"  # noqa: S105 - guards nothing
CHUNK = 65_536


class GaveUp(Exception):
    """The answer did not come within the time that anybody would wait."""


class Answer(NamedTuple):
    """Its status, when it began and ended (in seconds), its bytes sent and packed."""

    status: int
    began: float
    seconds: float
    size: int
    packed: int
    headers: dict

    @property
    def etag(self):
        return self.headers.get("etag", "")


class Line:
    """A connection that stays open; whoever asks waits no longer than ``patience``."""

    def __init__(self, server, patience):
        self.server, self.patience = server, patience
        self.connection = None

    def get(self, path, headers=()):
        return self._ask("GET", path, None, dict(headers))

    def post(self, path, data, cookies):
        """Send a form as a browser does."""
        body = urlencode(data | {"csrfmiddlewaretoken": TOKEN})
        cookie = "; ".join(f"{k}={v}" for k, v in (cookies | _csrf()).items())
        kind = "application/x-www-form-urlencoded"
        headers = {"Cookie": cookie, "Content-Type": kind}
        return self._ask("POST", path, body, headers)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _ask(self, method, path, body, headers):
        """Ask once more where the server had closed a connection idle for long."""
        headers = {"Accept-Encoding": "gzip"} | headers
        try:
            try:
                return self._once(method, path, body, headers)
            except (HTTPException, ConnectionError):
                self.close()
                return self._once(method, path, body, headers)
        except TimeoutError:
            self.close()
            raise GaveUp from None

    def _once(self, method, path, body, headers):
        if self.connection is None:
            self.connection = HTTPConnection(
                "127.0.0.1", self.server.port, timeout=self.patience
            )
            self.connection.connect()
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        began = time.perf_counter() - start
        size, packed = self._read(response, start + self.patience)
        taken = time.perf_counter() - start
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, began, taken, size, packed, found)

    def _read(self, response, until):
        """The bytes of the answer, and what they come to when compressed."""
        size, first = 0, b""
        while chunk := response.read(CHUNK):
            size += len(chunk)
            first = first or chunk
            if time.perf_counter() > until:
                raise TimeoutError
        if response.getheader("Content-Encoding") == "gzip" or size > CHUNK:
            return size, size
        return size, len(gzip.compress(first))


def _csrf():
    return {"csrftoken": TOKEN}


def signed_in(sheet, who):
    """The cookies of one of the people of a load."""
    return {sheet["cookie"]: sheet["people"][who]["session"]}


def percentile(values, share):
    """The smallest of the values that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(seconds):
    """The middle and the 95th percentile, in milliseconds, and how many there were."""
    return {
        "p50": round(median(seconds) * 1000, 2),
        "p95": round(percentile(seconds, 0.95) * 1000, 2),
        "n": len(seconds),
    }
