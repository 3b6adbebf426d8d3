"""The releases of the data, and where they put the recommendations.

The first release is told by the second and by what that says it has changed. In
``expected.json`` are ten statuses on five dates, worked out independently of our code.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

TRACKER = settings.BASE_DIR / "fixtures" / "tracker"
EXPECTED = Path(__file__).parent / "expected.json"
# What the first release had searched for and the second no longer has.
SEARCHED_AT_FIRST = {
    "2a": ["Council product that answers a finding of non-compliance by the Court"],
    "5a": [
        "Council wording on the Congolese amnesty law in resolution 2147 (2014)",
        "Bangui Forum language on amnesty in Council mandates for the Central African"
        " Republic",
        "Mali's national understanding law and the Council",
    ],
}


@cache
def _text(path):
    return path.read_text(encoding="utf-8")


def read(name, folder=TRACKER):
    """A file of the second release."""
    return json.loads(_text(folder / f"{name}.json"))


def expected():
    return json.loads(_text(EXPECTED))


def first_evidence():
    """The entries as the first release had them."""
    rows = {row["slug"]: row for row in read("evidence")}
    changes = read("changes-1.1")
    for slug in changes["entries_added"]:
        del rows[slug]
    for change in changes["entries_changed"]:
        row = rows[change["slug"]]
        row |= {name: each["old"] for name, each in change["fields"].items()}
        later = {each["criterion"] for each in change["findings_added"]}
        row["findings"] = [f for f in row["findings"] if f["criterion"] not in later]
        said = {finding["criterion"]: finding for finding in row["findings"]}
        for each in change["findings_changed"]:
            _put_back(said[each["criterion"]], each["old"])
    return list(rows.values())


def _put_back(finding, old):
    for name, value in old.items():
        if value is None:
            del finding[name]
        else:
            finding[name] = value


def first_searches():
    """The searches as the first release had them, but for their outcomes."""
    kept = [row for row in read("searches") if row["date"] == "2026-11-23"]
    where = kept[0]["where"]
    return kept + [
        {
            "criterion": code,
            "date": "2026-11-23",
            "where": where,
            "query": query,
            "outcome": "No usable text found.",
        }
        for code, queries in SEARCHED_AT_FIRST.items()
        for query in queries
    ]


def write_first(folder):
    """The files of the first release, as far as the second tells of them."""
    folder = Path(folder)
    used = {slug for row in first_evidence() for slug in row["situations"]}
    files = {
        "codebook": read("codebook"),
        "evidence": first_evidence(),
        "searches": first_searches(),
        "situations": [row for row in read("situations") if row["slug"] in used],
        "gaps": [row for row in read("gaps") if row["noted_on"] == "2026-11-23"],
    }
    for name, rows in files.items():
        text = json.dumps(rows, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder
