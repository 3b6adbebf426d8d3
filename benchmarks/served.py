"""Sites served as ``bin/run`` serves them, each on a free port, and what they use."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.place import ROOT

LONGEST_START = 60
WARMING = 6


def served_as():
    """The options that ``bin/run`` gives gunicorn, but for the address."""
    text = (ROOT / "bin" / "run").read_text(encoding="utf-8")
    command = text.partition("gunicorn icctracker.wsgi")[2].replace("\\\n", " ")
    words = shlex.split(re.sub(r"\$\{(\w+):-(\w+)\}", _given_or_default, command))
    place = words.index("--bind")
    return words[:place] + words[place + 2 :]


def _given_or_default(match):
    return os.environ.get(match[1]) or match[2]


class Server:
    """One application under gunicorn, with its own log; started when it is entered."""

    def __init__(self, app, environment, log, *, python=sys.executable, options=()):
        self.command = [python, "-m", "gunicorn", app, *served_as(), *options]
        self.environment, self.log = environment, Path(log)
        self.process = self.port = None
        self.known = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.stop()

    def start(self):
        self.port = self.port or free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own code
                [*self.command, "--bind", f"127.0.0.1:{self.port}"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        self._warm_up()

    def stop(self):
        """End it and its workers at once, whatever they are still working at."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            # The workers may outlive it for a moment, and would still be connected to.
            self._until(lambda: not self._is_listening())

    def restart(self):
        """Begin anew: a request that was given up would go on for its own sake."""
        self.stop()
        self.start()

    def _wait(self):
        self._until(lambda: self._is_listening() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise SystemExit(f"It did not start; see {self.log}.")

    def _warm_up(self):
        """Let every worker import what it answers with, which is nobody's page."""
        for _time in range(2):
            with ThreadPoolExecutor(WARMING) as pool:
                list(pool.map(self._ask_for_nothing, range(WARMING)))

    def _ask_for_nothing(self, _number):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_START)
        connection.request("GET", "/about/")
        connection.getresponse().read()
        connection.close()

    def _is_listening(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _until(self, happened):
        until = time.monotonic() + LONGEST_START
        while not happened():
            if time.monotonic() > until:
                raise SystemExit(f"It neither started nor ended; see {self.log}.")
            time.sleep(0.05)

    @property
    def workers(self):
        """The processes that answer."""
        if not self.known or not all(map(_lives, self.known)):
            self.known = children_of(self.process.pid)
        return self.known

    def memory(self):
        """The resident memory of all workers, in MiB."""
        return sum(_kilobytes(pid, "VmRSS") for pid in self.workers) / 1024

    def worked(self):
        """The seconds of processor time that all workers have used so far."""
        return sum(map(_worked, self.workers))

    def watch(self):
        """Begin to watch the peak of each worker; returns what they hold now."""
        for pid in self.workers:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return {pid: _kilobytes(pid, "VmRSS") for pid in self.workers}

    def grown(self, watched):
        """By how many MiB the worker that grew most has exceeded what it held."""
        peaks = [_kilobytes(pid, "VmHWM") - held for pid, held in watched.items()]
        return max(peaks, default=0) / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(parent):
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, which may hold anything: the state, then the parent.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _lives(pid):
    """Whether a process is there and has memory: what has ended may still be listed."""
    return _kilobytes(pid, "VmRSS") > 0


def _worked(pid):
    """In all its threads, in seconds; Linux counts it to the nanosecond."""
    spent = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            spent += int(path.read_text().split()[0])
        except OSError:
            continue
    return spent / 1e9


def _kilobytes(pid, name):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = status.partition(f"{name}:")[2].split()
    return int(found[0]) if found else 0
