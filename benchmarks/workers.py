"""Which of gunicorn's kinds of worker to take: answers, and with whom one has to wait.

    .venv/bin/python -m benchmarks.workers sqlite:////tmp/site.sqlite3 postgres://…

Each address is a database that ``setup_site`` has filled. Eight readers ask for pages
one after another, each of which is built anew; then again while as many others send
their request a byte a second, as over a bad line or on purpose.
"""

import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.served import Server

KINDS = {
    "sync, 2": ["--worker-class", "sync", "--workers", "2", "--threads", "1"],
    "sync, 4": ["--worker-class", "sync", "--workers", "4", "--threads", "1"],
    "gthread, 1 × 8": ["--workers", "1", "--threads", "8"],
    "gthread, 2 × 4": ["--workers", "2", "--threads", "4"],
    "gthread, 2 × 8": ["--workers", "2", "--threads", "8"],
    "gthread, 4 × 4": ["--workers", "4", "--threads", "4"],
}
READERS = SLOW = 8
SECONDS = 6
PATIENCE = 10
PAGES = ("/evidence/", "/about/", "/evidence/?kind=resolution", "/", "/council/")


def main(databases):
    if not databases:
        sys.exit(__doc__)
    print("| engine | workers | slow clients | answers a second | p50 ms | p95 ms |")
    print("| --- | --- | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as folder:
        for database in databases:
            for kind, options in KINDS.items():
                measure(database, kind, options, Path(folder))


def measure(database, kind, options, folder):
    """Print a row for a kind of worker without, and one with slow clients."""
    environment = os.environ | {
        "DATABASE_URL": database,
        "KEEP_ANSWERS": "0",
        "SECRET_KEY": "for-measuring-only",
        "SITE_URL": "http://127.0.0.1",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }
    log = folder / "log"
    with Server("icctracker.wsgi", environment, log, options=options) as server:
        for slow in (0, SLOW):
            taken = readers(server.port, slow)
            tenths = statistics.quantiles(taken, n=20) if len(taken) > 1 else [0] * 19
            print(
                f"| {database.partition(':')[0]} | {kind} | {slow}"
                f" | {len(taken) / SECONDS:.1f} | {1000 * tenths[9]:.0f}"
                f" | {1000 * tenths[18]:.0f} |",
                flush=True,
            )


def readers(port, slow):
    """The seconds that each answer took to all readers."""
    taken, over = [], threading.Event()
    crowd = [threading.Thread(target=_dawdle, args=(port, over)) for _ in range(slow)]
    crowd += [
        threading.Thread(target=_read, args=(port, over, taken, number))
        for number in range(READERS)
    ]
    for each in crowd:
        each.start()
    time.sleep(SECONDS)
    over.set()
    for each in crowd:
        each.join()
    return taken


def _read(port, over, taken, number):
    while not over.is_set():
        number += 1
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", PAGES[number % len(PAGES)])
            if connection.getresponse().read() and not over.is_set():
                taken.append(time.monotonic() - began)
        except (OSError, HTTPException):
            taken.append(time.monotonic() - began)
        finally:
            connection.close()


def _dawdle(port, over):
    while not over.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
                for byte in b"GET /about/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n":
                    line.sendall(bytes([byte]))
                    if over.wait(1):
                        break
        except OSError:
            continue


if __name__ == "__main__":
    main(sys.argv[1:])
