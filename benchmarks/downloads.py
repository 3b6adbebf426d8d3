"""Measure the downloads of the evidence list: first byte, seconds, memory, bytes.

    .venv/bin/python benchmarks/downloads.py [--old CHECKOUT] [ENTRIES …]

Fills a temporary database with synthetic entries (1,000, 10,000 and 100,000 unless
told), the same on every run, and reads each download as a server would, in a process
of its own. With another checkout (``git worktree add``) its code reads the same
database too, and what follows are ratios and whether the bytes are the same.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_DAY, DAYS = date(1946, 1, 17), 27_000
WORDS = (
    "ba be bi bo da de di do fa fe ga go ka ke la le ma me na ne ra re sa se".split()
)
BATCH = 5_000
SIZES = [1_000, 10_000, 100_000]
DOWNLOADS = {
    "CSV": "/evidence.csv",
    "JSON": "/evidence.json",
    "CSV, as known": "/evidence.csv?known_at=2021-01-01",
    "CSV, by title": "/evidence.csv?sort=title",
    "CSV, one kind": "/evidence.csv?kind=debate",
}

# Rows, in bulk and with a seed. Each text says that it is synthetic.


def fill(entries):
    """As many more synthetic entries as there are too few, with all that is theirs."""
    from icctracker import models

    present = models.Evidence.objects.count()
    if not present:
        make_catalogue(models)
    lists = [
        list(model.objects.order_by("pk"))
        for model in (models.Situation, models.Actor, models.Criterion)
    ]
    for start in range(present, entries, BATCH):
        chance = random.Random(start)  # noqa: S311 - synthetic on purpose
        add_batch(models, chance, range(start, min(start + BATCH, entries)), lists)


def make_catalogue(models):
    """Situations, actors, and four criteria for each of ten recommendations."""
    models.Situation.objects.bulk_create(
        models.Situation(slug=f"synthetic-{n}", name=f"Synthetic place {n}")
        for n in range(20)
    )
    models.Actor.objects.bulk_create(
        models.Actor(name=f"Synthetic actor {n}") for n in range(200)
    )
    day = date(2013, 3, 6)
    publication = models.Publication.objects.create(
        slug="synthetic", title="Synthetic", publisher="Nobody", published_on=day
    )
    codebook = models.Codebook.objects.create(
        publication=publication, version="1.0", published_on=day
    )
    for number in range(1, 11):
        make_recommendation(models, publication, codebook, number)


def make_recommendation(models, publication, codebook, number):
    recommendation = models.Recommendation.objects.create(
        publication=publication,
        number=number,
        code=f"R{number}",
        short_title="Synthetic",
        text="Synthetic.",
    )
    models.Criterion.objects.bulk_create(
        models.Criterion(
            codebook=codebook,
            recommendation=recommendation,
            code=f"{number}{letter}",
            kind="sustain",
            statement="Synthetic.",
            counts="Synthetic.",
        )
        for letter in "abcd"
    )


def add_batch(models, chance, numbers, lists):
    """Some entries, as they are now and as an edition that stands since 2020."""
    told = [facts(chance, number) for number in numbers]
    entries = models.Evidence.objects.bulk_create(
        models.Evidence(
            slug=f"synthetic-{number}",
            state="published",
            verification="verified",
            submitted_at=AT,
            published_at=AT,
            **fact,
        )
        for number, fact in zip(numbers, told, strict=True)
    )
    editions = models.Edition.objects.bulk_create(
        models.Edition(evidence=entry, number=1, at=AT, **fact)
        for entry, fact in zip(entries, told, strict=True)
    )
    parts = [drawn(chance, lists) for _entry in entries]
    add_findings(models, entries, parts)
    sources = models.Source, models.EditionSource
    for owner, owners, source in zip(
        ("evidence", "edition"), (entries, editions), sources, strict=True
    ):
        add_subjects(owner, owners, parts)
        add_sources(source, owner, owners, parts)


def facts(chance, number):
    kind = chance.choice(["resolution", "statement", "report", "briefing", "debate"])
    votes = kind == "resolution"
    return {
        "occurred_on": FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
        "kind": kind,
        "tier": chance.choice("AAAB"),
        "symbol": f"SYNTHETIC/{number}" if votes else "",
        "title": f"Synthetic {words(chance, 8)} {number}",
        "summary": f"Synthetic: “{words(chance, 40)}”, {words(chance, 30)}.",
        "votes_yes": 13 if votes else None,
        "votes_no": 0 if votes else None,
        "votes_abstain": 2 if votes else None,
    }


def words(chance, many):
    return " ".join("".join(chance.choices(WORDS, k=3)) for _word in range(many))


def drawn(chance, lists):
    """Situations, actors and criteria of one entry, and how many sources it has."""
    situations, actors, criteria = lists
    return {
        "situations": chance.sample(situations, chance.choice([1, 1, 2])),
        "actors": chance.sample(actors, chance.choice([0, 1, 2])),
        "criteria": chance.sample(criteria, chance.choice([1, 1, 2])),
        "sources": chance.choice([1, 1, 2]),
    }


def add_subjects(owner, owners, parts):
    for subject, column in (("situations", "situation"), ("actors", "actor")):
        through = getattr(type(owners[0]), subject).through
        through.objects.bulk_create(
            through(**{owner: each, column: chosen})
            for each, part in zip(owners, parts, strict=True)
            for chosen in part[subject]
        )


def add_sources(model, owner, owners, parts):
    model.objects.bulk_create(
        model(
            **{owner: each},
            position=place,
            url=f"https://synthetic.invalid/{each.occurred_on}/{place}",
            label="Synthetic",
            publisher="synthetic.invalid",
        )
        for each, part in zip(owners, parts, strict=True)
        for place in range(part["sources"])
    )


def add_findings(models, entries, parts):
    models.Finding.objects.bulk_create(
        models.Finding(
            evidence=entry,
            criterion=criterion,
            effect=1,
            form="formal",
            occasion=True,
            pinpoint="OP 1",
            rationale=f"Synthetic: as “{entry.title[:40]}” shows.",
            event_date=entry.occurred_on,
            tier=entry.tier,
            accepted_at=AT,
        )
        for entry, part in zip(entries, parts, strict=True)
        for criterion in part["criteria"]
    )


# Reading, in a process of its own and with the code of any checkout.

READER = """
import io, json, sys, time, zlib
from pathlib import Path
from django.core.wsgi import get_wsgi_application

def memory(what):
    # Not getrusage: its peak counts that of the process it was started from.
    return int(Path("/proc/self/status").read_text().split(what)[1].split()[0]) / 1024

def begin(status, headers):
    assert status == "200 OK", status

def pieces(address):
    path, _mark, query = address.partition("?")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"}
    environ |= {"wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http"}
    answer = application(environ, begin)
    yield from answer
    answer.close()

application = get_wsgi_application()
# What is read and imported once for all is there by now.
for _piece in pieces(sys.argv[1].partition("?")[0] + "?q=no-such-word"):
    pass
before, began, used = memory("VmRSS:"), time.perf_counter(), time.process_time()
first, size, check = None, 0, 0
for piece in pieces(sys.argv[1]):
    first = first or time.perf_counter() - began
    size += len(piece)
    check = zlib.crc32(piece, check)
print(json.dumps({
    "first_byte_ms": round(first * 1000, 1),
    "seconds": round(time.perf_counter() - began, 2),
    "cpu_seconds": round(time.process_time() - used, 2),
    "grown_MiB": round(memory("VmHWM:") - before, 1),
    "MB": round(size / 1e6, 1),
    "check": f"{check:08x}",
}))
"""


def read(address, checkout=ROOT):
    """What it takes to read a download with the code of a checkout."""
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", READER, address],
        capture_output=True,
        text=True,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
    )
    if ran.returncode:
        raise SystemExit(ran.stdout[-2000:] + ran.stderr[-2000:])
    return json.loads(ran.stdout.splitlines()[-1])


def prepare(folder):
    """A database of its own, with its tables."""
    os.environ |= {"SECRET_KEY": "benchmark", "DEBUG": "0", "LOG_LEVEL": "ERROR"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "icctracker.settings"}
    os.environ |= {"VAR_DIR": str(folder), "SITE_URL": "http://127.0.0.1:8000"}
    os.environ.setdefault("DATABASE_URL", "")
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings
    from django.core.management import call_command

    from icctracker.settings import files

    django.setup()
    files.make(settings.DATABASES["default"])
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def report(entries, old):
    for what, address in DOWNLOADS.items():
        now = read(address)
        print(json.dumps({"what": what, "entries": entries} | now), flush=True)
        if old:
            then = read(address, old)
            print(json.dumps({"what": f"{what}, before", "entries": entries} | then))
            compare(then, now)


def compare(then, now):
    times = then["seconds"] / max(now["seconds"], 0.01)
    same = "the same bytes" if then["check"] == now["check"] else "OTHER BYTES"
    print(f"  {times:.1f} times as fast, {same}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("entries", nargs="*", type=int, default=SIZES)
    parser.add_argument("--old", type=Path, help="another checkout, to compare with")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        for entries in sorted(told.entries):
            fill(entries)
            report(entries, told.old)


if __name__ == "__main__":
    main()
