"""The files of deploy/ agree with one another, with bin/run and with the settings.

That they work is shown by tests/faults/, but for compose.yaml, which needs containers.
"""

import re
import shlex

import pytest
import yaml
from django.conf import settings

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def read(*path):
    return settings.BASE_DIR.joinpath(*path).read_text(encoding="utf-8")


def options_of_gunicorn(command):
    """What gunicorn is told, but for the address."""
    words = shlex.split(command.partition("icctracker.wsgi")[2])
    place = words.index("--bind")
    return words[:place] + words[place + 2 :]


@pytest.fixture
def compose():
    return yaml.safe_load(read("deploy", "compose.yaml"))["services"]


def test_every_way_of_starting_the_site_is_the_one_that_was_measured():
    run = read("bin", "run").replace("\\\n", " ").replace("${WEB_CONCURRENCY:-2}", "2")
    unit = read("deploy", "systemd", "icctracker@.service")
    line = re.search(r"^ExecStart=(.+)$", unit, re.M)[1]
    container = re.search(r"^CMD (.+)$", read("deploy", "Containerfile"), re.M)[1]

    told = options_of_gunicorn(line)

    assert told == options_of_gunicorn(run.partition("exec ")[2])
    assert told == options_of_gunicorn(" ".join(yaml.safe_load(container)))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_no_service_may_do_more_than_it_has_to(unit):
    text = unit.read_text(encoding="utf-8")

    for line in ("User=icctracker", "NoNewPrivileges=true", "ProtectSystem=strict"):
        assert line in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_command_of_a_service_is_there(unit):
    commands = re.findall(r"manage\.py (\w+)", unit.read_text(encoding="utf-8"))

    ours = settings.BASE_DIR / "icctracker" / "management" / "commands"
    assert all((ours / f"{each}.py").exists() for each in set(commands) - BY_DJANGO)


BY_DJANGO = {"clearsessions"}


def test_nobody_records_what_readers_read():
    nginx = read("deploy", "nginx.conf")

    assert nginx.count("server {") == nginx.count("access_log off;") == 2
    # Any message below "crit" names the address of a reader.
    assert re.search(r"error_log \S+ crit;", nginx)


def test_only_recommended_versions_of_tls_are_spoken():
    assert "ssl_protocols       TLSv1.2 TLSv1.3;" in read("deploy", "nginx.conf")


def test_every_setting_of_compose_is_one_of_ours(compose):
    listed = set(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.M))

    assert set(compose["one"]["environment"]) <= listed


def test_compose_uses_files_that_are_there_and_texts_that_stand_in_them(compose):
    for service in compose.values():
        command = " ".join(service.get("command", []))
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if not source.startswith("./"):
                continue
            text = (DEPLOY / source).read_text(encoding="utf-8")
            for pattern in re.findall(r"'s([#/])(.+?)\1", command):
                assert pattern[1] in text, (source, pattern)


def test_no_door_of_nginx_records_what_readers_read():
    doors = read("deploy", "nginx.conf").split("\nserver {")[1:]

    assert len(doors) == 2
    for door in doors:
        assert re.search(r"^ +access_log off;$", door, re.M)
        # Messages below "crit" name the address that a request came from.
        assert re.search(r"^ +error_log \S+ crit;$", door, re.M)
        assert re.search(r"^ +server_tokens off;$", door, re.M)
