"""Loads the Council's own record; adds what is missing and changes nothing.

Three CSV files compiled from public records, described in ``fixtures/council``. A
document that exists already is left as it is, with its ballots and votes.
"""

import csv
from collections import Counter
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from icctracker.imports.agenda_items import alike
from icctracker.imports.council_names import PRESENT_NAMES, Names, seat
from icctracker.imports.council_rows import read_resolution, read_vetoed
from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    Vote,
)

MEMBERS, RESOLUTIONS, VETOES = "members.csv", "resolutions.csv", "vetoes.csv"
CREDITS = {
    MEMBERS: "Wikipedia, list of Council members (CC BY-SA 4.0), by the UNSC members"
    " API (MIT)",
    RESOLUTIONS: "United Nations (Dag Hammarskjöld Library; DGACM machine-readable"
    " resolutions); Sciences Po, UNSC votes since 1946; CR-UNSC",
    VETOES: "United Nations (Dag Hammarskjöld Library; DGACM machine-readable"
    " resolutions); Sciences Po, UNSC votes since 1946",
}
BATCH = 2000


class CouncilRecordError(ValueError):
    """A row that cannot be right; the message names the file and the line."""


def load_council_record(folder):
    """Load members, resolutions and vetoes from a folder of CSV files.

    Returns a Counter of what was added, by noun. All rows or none: any error undoes
    the whole.
    """
    added = Counter()
    with transaction.atomic():
        members = sorted(_rows(folder, MEMBERS), key=lambda row: row["year"])
        _load_members(members, added)
        names = Names(members)
        for file, read in ((RESOLUTIONS, read_resolution), (VETOES, read_vetoed)):
            _load_ballots(file, _read(folder, file, read, names), added)
    return +added


def _rows(folder, file):
    with (Path(folder) / file).open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _read(folder, file, read, names):
    """Each row, read; an error says where."""
    for line, row in enumerate(_rows(folder, file), start=2):
        try:
            yield read(row, names)
        except KeyError as missing:
            raise CouncilRecordError(
                f"{file}, line {line}: no member of that year or column {missing}."
            ) from missing
        except ValueError as fault:
            raise CouncilRecordError(f"{file}, line {line}: {fault}.") from fault


def _load_members(rows, added):
    """Members, and the years they sat; the newest name of a seat is its present one."""
    present = set(Member.objects.values_list("code", flat=True))
    names = {seat(row["iso3"]): row["name"] for row in rows} | PRESENT_NAMES
    permanent = {seat(row["iso3"]) for row in rows if row["permanent"] == "1"}
    new = [
        Member(
            code=code,
            name=names[code],
            slug=slugify(names[code]),
            permanent=code in permanent,
        )
        for code in {seat(row["iso3"]): None for row in rows}
        if code not in present
    ]
    Member.objects.bulk_create(new)
    members = {member.code: member for member in Member.objects.all()}
    sat = set(Membership.objects.values_list("member__code", "year"))
    imported = Import(source=MEMBERS, credit=CREDITS[MEMBERS])
    years = [
        Membership(
            member=members[seat(row["iso3"])],
            year=int(row["year"]),
            code=row["iso3"],
            name=row["name"],
            regional_group=row["regional_group"],
            imported=imported,
        )
        for row in rows
        if (seat(row["iso3"]), int(row["year"])) not in sat
    ]
    if years:
        imported.save()
    Membership.objects.bulk_create(years, batch_size=BATCH)
    added["Council members"] += len(new)
    added["years of membership"] += len(years)


def _load_ballots(file, rows, added):
    """Documents that are not there yet, with their ballots, votes and other values."""
    known = set(Document.objects.exclude(symbol="").values_list("symbol", flat=True))
    known |= {
        str(day)
        for day in Ballot.objects.filter(document__symbol="").values_list(
            "held_on", flat=True
        )
    }
    members = {member.code: member for member in Member.objects.all()}
    imported = Import(source=file, credit=CREDITS[file])
    documents, ballots, votes, others = {}, [], [], []
    items = Counter()
    for row in rows:
        if row.key in known:
            continue
        document = documents.get(row.key)
        if document is None:
            document = Document(**row.document, imported=imported)
            documents[row.key] = document
        # Items are counted in the order of the file: drafts can share a symbol.
        items[row.key, row.ballot["held_on"]] += 1
        item = items[row.key, row.ballot["held_on"]]
        ballot = Ballot(**row.ballot, item=item, document=document, imported=imported)
        if not alike(row.document["agenda_item"], document.agenda_item):
            ballot.agenda_item = row.document["agenda_item"]
        ballots.append(ballot)
        votes += [
            Vote(ballot=ballot, member=members[code], cast=cast)
            for code, cast in row.votes.items()
        ]
        others += [
            OtherValue(
                document=document,
                field=field,
                says=says,
                standing=standing,
                imported=imported,
            )
            for field, says, standing in row.other_values
        ]
    if not documents:
        return
    imported.save()
    for model, found in (
        (Document, list(documents.values())),
        (Ballot, ballots),
        (OtherValue, others),
        (Vote, votes),
    ):
        model.objects.bulk_create(found, batch_size=BATCH)
    added["resolutions" if file == RESOLUTIONS else "vetoed texts"] += len(documents)
    added["ballots"] += len(ballots)
    added["votes"] += len(votes)
