"""Small files in the layouts of the Council's sources, made of plain values."""

import csv
import io
import json

VOTING = (
    "undl_id ms_code ms_name permanent_member ms_vote date resolution draft meeting"
    " description agenda subjects vote_note total_yes total_no total_abstentions"
    " total_non_voting total_ms modality undl_link"
).split()
IN_2005 = "CHN FRA RUS GBR USA DZA ARG BEN BRA DNK GRC JPN PHL ROU TZA".split()
IN_2026 = "CHN FRA RUS GBR USA BHR COL COD DNK GRC LVA LBR PAK PAN SOM".split()
SCIENCES_PO = (
    "Vote in the DB,UN classification,Vote outcome,Vote outcome typology-Observable,"
    "Resolution number,Date,Official full title,Title-Observable,Yes,No,Abstentions,"
    "Non-Voting,Total,(of which veto)"
).split(",")
MARC = "http://www.loc.gov/MARC21/slim"


def as_csv(rows, columns=None, **options):
    """Rows as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def voting_rows(symbol="S/RES/1593(2005)", casts="", members=IN_2005, **values):
    """The rows of one resolution: all in favour but for the casts, as in “CHN:A”."""
    said = dict.fromkeys(members, "Y") | dict(cast.split(":") for cast in casts.split())
    counts = [list(said.values()).count(cast) for cast in "YNAX"]
    shared = dict.fromkeys(VOTING, "") | {
        "date": "2005-03-31",
        "resolution": symbol,
        "meeting": "S/PV.5158",
        "total_yes": counts[0],
        "total_no": counts[1],
        "total_abstentions": counts[2],
        "total_non_voting": counts[3],
        "total_ms": len(said),
        "modality": "Vote",
    }
    return [
        shared | {"ms_code": code, "ms_vote": cast} | values
        for code, cast in said.items()
    ]


def new_resolution(**values):
    """The rows of a resolution that no record has yet."""
    said = {
        "undl_id": "4099999",
        "date": "2026-07-30",
        "draft": "S/2026/500",
        "meeting": "S/PV.10200",
        "description": "Security Council resolution 2826 (2026) [on a new matter]",
        "agenda": "A new matter.",
    }
    return voting_rows("S/RES/2826(2026)", members=IN_2026, **said | values)


def roll_call(symbol, outcome, day, votes, title="", total=15, **values):
    """A row in the layout of Sciences Po; votes by the names of its columns."""
    counts = [list(votes.values()).count(cast) for cast in ("Y", "N", "A", "NV")]
    row = dict.fromkeys(SCIENCES_PO, "") | {
        "UN classification": symbol,
        "Vote outcome": outcome,
        "Date": day,
        "Official full title": title,
        "Yes": counts[0],
        "No": counts[1],
        "Abstentions": counts[2],
        "Non-Voting": counts[3],
        "Total": total,
    }
    return row | votes | values


def roll_calls(*rows):
    """Rows in the layout of Sciences Po as a file; a column for each country."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return as_csv(rows, columns, restval="")


def dppa(*rows, form="csv"):
    """Vetoes in the layout of the political department, as CSV or JSON."""
    members = "china russian_federation_ussr france united_states united_kingdom"
    blank = dict.fromkeys(members.split(), "0")
    rows = [
        {"id": str(at), "last_update": "2025-01-01"} | blank | row
        for at, row in enumerate(rows, start=1)
    ]
    return as_csv(rows) if form == "csv" else json.dumps(rows).encode()


def marc(*records):
    """MARCXML of records; a record is pairs of field and value, as in ("191a", …)."""
    text = "".join(_record(record) for record in records)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{MARC}">\n'
    return f"{head}{text}</collection>\n".encode()


def _record(fields):
    parts = []
    for name, value in fields:
        if name == "001":
            parts.append(f'<controlfield tag="001">{value}</controlfield>')
            continue
        subfields = value if isinstance(value, dict) else {name[3:]: value}
        inner = "".join(
            f'<subfield code="{code}">{text}</subfield>'
            for code, text in subfields.items()
        )
        tag = f'<datafield tag="{name[:3]}" ind1=" " ind2=" ">'
        parts.append(f"{tag}{inner}</datafield>")
    return f"<record>\n{''.join(parts)}\n</record>\n"
