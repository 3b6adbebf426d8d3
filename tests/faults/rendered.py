"""The files of ``deploy/`` with ports and folders of a test in the place of a server's.

Whatever is to be replaced has to stand there: a file that has changed fails the test.
"""

import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"

AROUND_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def text_of(name, places=()):
    """A file of deploy/ with other texts in the place of these."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for stands, instead in dict(places).items():
        assert stands in text, f"deploy/{name} no longer says “{stands}”"
        text = text.replace(stands, str(instead))
    return text


def nginx(folder, port, http, instances):
    """nginx without its certificate; else as on a server."""
    places = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "ssl_certificate     /etc/ssl/tracker/fullchain.pem;": "",
        "ssl_certificate_key /etc/ssl/tracker/key.pem;": "",
        "ssl_protocols       TLSv1.2 TLSv1.3;": "",
        "/var/log/nginx/icctracker.log": folder / "nginx-site.log",
        "127.0.0.1:8001": f"127.0.0.1:{instances[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{instances[1]}",
    }
    site = text_of("nginx.conf", places=places)
    return AROUND_NGINX.format(folder=folder, site=site)


def pgbouncer(folder, port, database):
    return text_of(
        "pgbouncer.ini",
        places={
            "host=127.0.0.1 port=5432": f"host=127.0.0.1 port={database}",
            "listen_port = 6432": f"listen_port = {port}",
            "/etc/pgbouncer/userlist.txt": folder / "userlist.txt",
            "/var/log/postgresql/pgbouncer.log": folder / "pgbouncer.log",
            "/var/run/postgresql/pgbouncer.pid": folder / "pgbouncer.pid",
        },
    )


def redis(folder, port):
    return text_of(
        "redis.conf", places={"port 6379": f"port {port}", "/var/lib/redis": folder}
    )


def replica(socket, port):
    whole = "host=primary.example.org port=5432 user=replication"
    local = f"host={socket} port={port} user=postgres"
    return text_of("postgresql/replica.conf", places={whole: local})


def primary():
    return text_of("postgresql/primary.conf")


def command_of(unit, instance=""):
    """What a unit of systemd starts, by the Python that runs this test."""
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    line = re.search(r"^ExecStart=(.+)$", text, re.M)[1].replace("%i", str(instance))
    python, *words = shlex.split(line)
    assert python == "/srv/icctracker/app/.venv/bin/python", unit
    assert "Restart=always" in text, unit
    return [sys.executable, *words]
