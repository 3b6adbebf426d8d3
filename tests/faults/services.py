"""Starts the parts of a site on loopback, and kills and mends them one by one."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.faults import rendered

PATIENCE = 60
NAME = "icctracker"
PASSWORD = "on-loopback-only"
SECRET = "for-tests-of-faults-only"


def programs():
    """Where Debian has the programs of PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def missing():
    """What is not installed of that which the test needs, by Debian's names."""
    found = {
        "postgresql": programs(),
        "pgbouncer": shutil.which("pgbouncer"),
        "redis-server": shutil.which("redis-server"),
        "nginx": shutil.which("nginx") or Path("/usr/sbin/nginx").exists(),
    }
    return [name for name, path in found.items() if not path]


def free_ports(number):
    """Ports that nobody listens on; held together, so that they differ."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def until(happened, what):
    """Wait for something that has to happen soon."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {PATIENCE} s")
        time.sleep(0.05)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Site:
    """Everything that a site stands on, each part a process that is known by name."""

    def __init__(self, folder):
        self.folder, self.bin = folder, programs()
        names = "primary replica pgbouncer redis one two nginx http".split()
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.processes, self.codes = {}, {}
        # PostgreSQL and PgBouncer refuse to run as root.
        root = os.geteuid() == 0
        self.user = {"user": "postgres", "group": "postgres"} if root else {}
        self.data = folder / "postgresql"
        self.data.mkdir()
        folder.chmod(0o755)
        if root:
            owner = pwd.getpwnam("postgres")
            os.chown(self.data, owner.pw_uid, owner.pw_gid)

    @property
    def address(self):
        return "127.0.0.1", self.ports["nginx"]

    def start(self, name, command, port, **options):
        """Start a part and wait until it listens."""
        self.begin(name, command, **options)
        until(lambda: listens(port), f"the start of {name}")

    def begin(self, name, command, **options):
        """Start a part, which is then known by its name."""
        with (self.folder / f"{name}.out").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - Debian's, and ours
                [str(word) for word in command],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **{"cwd": self.folder} | options,
            )

    def kill(self, name):
        """End a part, and what it has started, without warning."""
        process = self.processes.pop(name)
        # PostgreSQL ends its own processes at once; killed, it would leave them behind.
        database = name in ("primary", "replica")
        os.killpg(process.pid, signal.SIGQUIT if database else signal.SIGKILL)
        process.wait(PATIENCE)

    def stop(self, name):
        """End a part as systemd does, which lets it end what it is at."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(PATIENCE)

    def end(self):
        """End whatever still runs, by its id, each in turn."""
        for name in reversed(list(self.processes)):
            if self.processes[name].poll() is None:
                self.kill(name)

    # Databases.

    def start_databases(self):
        self._as_postgres("initdb", "-D", self.data / "primary", *INITDB)
        self._configure("primary", rendered.primary())
        self.start_database("primary")
        for sql in (
            f"CREATE ROLE {NAME} LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE DATABASE {NAME} OWNER {NAME}",
        ):
            self.ask(sql, database="postgres")

    def start_replica(self):
        at = ("-h", self.data, "-p", self.ports["primary"])
        copy = self.data / "replica"
        self._as_postgres("pg_basebackup", *at, "-D", copy, "-c", "fast")
        self._configure("replica", rendered.replica(self.data, self.ports["primary"]))
        (copy / "standby.signal").touch()
        self.start_database("replica")

    def start_database(self, name):
        port = self.ports[name]
        options = ["-p", port, "-k", self.data, "-c", "listen_addresses=127.0.0.1"]
        command = [self.bin / "postgres", "-D", self.data / name, *options]
        self.start(name, [*command, "-c", "fsync=off"], port, **self.user)
        answers = partial(self.ask, "SELECT 1", name, database="postgres")
        until(lambda: answers() == "1", f"an answer of the {name}")

    def ask(self, sql, name="primary", database=NAME):
        """What a database answers, asked by its own socket; empty while it cannot."""
        words = ["-h", self.data, "-p", self.ports[name], "-U", "postgres", "-Atqc"]
        command = [self.bin / "psql", *words, sql, database]
        return self._run(command).stdout.strip()

    def _configure(self, name, text):
        path = self.data / name / "postgresql.conf"
        with path.open("a", encoding="utf-8") as conf:
            conf.write(text)

    def _as_postgres(self, program, *words):
        self._run([self.bin / program, *words], check=True)

    def _run(self, command, check=False):
        return subprocess.run(  # noqa: S603 - Debian's programs
            [str(word) for word in command],
            cwd=self.data,
            capture_output=True,
            text=True,
            check=check,
            **self.user,
        )

    # What stands between the databases and the site, and before it.

    def start_pgbouncer(self):
        users = self.folder / "userlist.txt"
        users.write_text(f'"{NAME}" "{PASSWORD}"\n', encoding="utf-8")
        # As postgres it writes where postgres may.
        conf = self.folder / "pgbouncer.ini"
        text = rendered.pgbouncer(
            self.data, self.ports["pgbouncer"], self.ports["primary"]
        )
        text = text.replace(str(self.data / "userlist.txt"), str(users))
        conf.write_text(text, encoding="utf-8")
        command = [shutil.which("pgbouncer"), conf]
        self.start("pgbouncer", command, self.ports["pgbouncer"], **self.user)

    def start_redis(self):
        conf = self.folder / "redis.conf"
        conf.write_text(rendered.redis(self.folder, self.ports["redis"]))
        self.start("redis", ["redis-server", conf], self.ports["redis"])

    @contextmanager
    def set_aside(self, name):
        """Within it nginx sends an instance nothing, as docs/deploy.md tells how.

        An instance that ends answers what it has accepted. What was still to be
        accepted is lost with its port, and nginx sends no form twice.
        """
        server = f"127.0.0.1:{self.ports[name]} max_fails=0"
        self._tell_nginx(f"{server};", f"{server} down;")
        yield
        self._tell_nginx(f"{server} down;", f"{server};")

    def _tell_nginx(self, stands, instead):
        """Change its configuration, and wait until nobody works by the old one."""
        conf = self.folder / "nginx.conf"
        text = conf.read_text(encoding="utf-8")
        assert stands in text
        conf.write_text(text.replace(stands, instead), encoding="utf-8")
        before = set(self.workers_of("nginx"))
        self.processes["nginx"].send_signal(signal.SIGHUP)

        def are_new():
            now = set(self.workers_of("nginx"))
            return now and not now & before

        until(are_new, "the end of nginx's old workers")

    def start_nginx(self):
        conf = self.folder / "nginx.conf"
        instances = self.ports["one"], self.ports["two"]
        conf.write_text(
            rendered.nginx(
                self.folder, self.ports["nginx"], self.ports["http"], instances
            )
        )
        command = ["/usr/sbin/nginx", "-c", conf, "-e", self.folder / "nginx.log"]
        self.start("nginx", command, self.ports["nginx"])

    # The site itself.

    def environment(self, code=rendered.ROOT, *, pooled=True):
        """The settings of an instance; not pooled, as code of before knew them."""
        host = f"postgres://{NAME}:{PASSWORD}@127.0.0.1"
        ports = self.ports
        beyond = f"{host}:{ports['pgbouncer']},127.0.0.1:{ports['primary']}/{NAME}"
        own = {
            "SECRET_KEY": SECRET,
            "SITE_URL": f"http://127.0.0.1:{ports['nginx']}",
            "BEHIND_PROXY": "1",
            "VAR_DIR": str(self.folder / "var"),
            # Shared: a page of the code of before finds its files until the end.
            "STATIC_ROOT": str(self.folder / "static"),
            "EMAIL_URL": "dummymail://",
            "WORKER": "1",
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
            "DATABASE_URL": f"{beyond}?pgbouncer=1"
            if pooled
            else f"{host}:{ports['primary']}/{NAME}",
            "DATABASE_REPLICA_URL": f"{host}:{ports['replica']}/{NAME}",
            "CACHE_URL": f"redis://127.0.0.1:{ports['redis']}/1",
        }
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        return own | {name: os.environ[name] for name in kept if name in os.environ}

    def start_instance(self, name, code=rendered.ROOT, *, pooled=True):
        command = rendered.command_of("icctracker@.service", self.ports[name])
        environment = self.environment(code, pooled=pooled)
        self.start(name, command, self.ports[name], cwd=code, env=environment)
        self.codes[name] = code

    def start_worker(self):
        command = rendered.command_of("icctracker-worker.service")
        self.begin("worker", command, cwd=rendered.ROOT, env=self.environment())

    def manage(self, *words, code=rendered.ROOT, pooled=True):
        """Run a command of the site; what it printed."""
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, *words],
            cwd=code,
            env=self.environment(code, pooled=pooled),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def workers_of(self, name):
        """The processes that answer for an instance, or for nginx."""
        parent = self.processes[name].pid
        path = Path(f"/proc/{parent}/task/{parent}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]


INITDB = ["-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres"]
INITDB += ["--auth-local=trust", "--auth-host=scram-sha-256"]


@contextmanager
def folder():
    """A folder that is removed again, though some of it is another's."""
    made = Path(tempfile.mkdtemp(prefix="icctracker-faults-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
