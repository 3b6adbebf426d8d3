"""The public stream of changes: what happened on the site, by whoever's doing.

Each kind of change says which rows it has; the stream puts them into one order in the
database and reads only those of the page that is shown. A new kind is one more row in
``KINDS``.
"""

from collections import defaultdict, namedtuple
from datetime import UTC, datetime, time

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Min,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from icctracker.models import (
    Assessment,
    Codebook,
    Evidence,
    ReviewDecision,
    StatusChange,
)

Outcome = ReviewDecision.Outcome
# ``together``: how many records changed in one and the same act.
Told = namedtuple("Told", "kind at together record")


def _status(recommendation):
    """Changes of the status shown; the first on record is not one."""
    rows = StatusChange.objects.exclude(cause=StatusChange.Cause.FIRST)
    return _of(rows, recommendation, "recommendation")


def _decisions(outcome, **extra):
    def rows(recommendation):
        found = ReviewDecision.objects.filter(outcome=outcome, **extra)
        if recommendation:
            entries = Evidence.objects.public().filter(
                findings__accepted_at__isnull=False,
                findings__criterion__recommendation=recommendation,
            )
            found = found.filter(evidence__in=entries)
        return found

    return rows


def _assessments(recommendation):
    return _of(Assessment.objects.all(), recommendation, "recommendation")


def _codebooks(recommendation):
    day = Cast("published_on", output_field=DateTimeField())
    rows = Codebook.objects.published().annotate(instant=Coalesce("published_at", day))
    if recommendation:
        versions = recommendation.criteria.values("codebook")
        rows = rows.filter(pk__in=versions)
    return rows


def _of(rows, recommendation, name):
    return rows.filter(**{name: recommendation}) if recommendation else rows


Kind = namedtuple("Kind", "label rows at")
KINDS = {
    "status": Kind(_("Status changes"), _status, "at"),
    "publish": Kind(_("Publications"), _decisions(Outcome.PUBLISH), "decided_at"),
    "correct": Kind(
        _("Corrections"),
        _decisions(Outcome.CORRECT, edition__restores__isnull=True),
        "decided_at",
    ),
    "restore": Kind(
        _("Restorations"),
        _decisions(Outcome.CORRECT, edition__restores__isnull=False),
        "decided_at",
    ),
    "withdraw": Kind(_("Withdrawals"), _decisions(Outcome.WITHDRAW), "decided_at"),
    "assess": Kind(_("Assessments"), _assessments, "recorded_at"),
    "codebook": Kind(_("Codebook changes"), _codebooks, "instant"),
}


def stream(known_at, *, kind="", recommendation=None, since=None, to=None):
    """Rows of kind, instant, number of records and key of one; newest first.

    Nothing later than ``known_at``; what was published at one instant is one row.
    """
    last = min(known_at, _end_of(to)) if to else known_at
    parts = []
    for code, known in KINDS.items():
        if kind not in ("", code):
            continue
        rows = known.rows(recommendation).filter(**{f"{known.at}__lte": last})
        if since:
            rows = rows.filter(**{f"{known.at}__gte": _start_of(since)})
        parts.append(_row(rows, code, known.at))
    first, *rest = parts
    return first.union(*rest, all=True).order_by("-instant_of", "-rank_of", "-key_of")


def _row(rows, code, at):
    """The same columns for every kind; publications of one instant as one.

    Of what happened at one instant the rank puts a change of status last: it followed.
    """
    each = rows.order_by()
    columns = {
        "kind_of": Value(code, output_field=CharField()),
        "rank_of": Value(list(KINDS).index(code), output_field=IntegerField()),
        "instant_of": F(at),
    }
    if code == "publish":
        each = each.values(**columns)
        return each.annotate(together_of=Count("pk"), key_of=Min("pk"))
    one = Value(1, output_field=IntegerField())
    return each.values(**columns, together_of=one, key_of=F("pk"))


def _start_of(day):
    return datetime.combine(day, time.min, UTC)


def _end_of(day):
    return datetime.combine(day, time.max, UTC)


def told(rows):
    """A Told for each row, with its record; a fixed number of queries."""
    keys = defaultdict(set)
    for row in rows:
        keys[_table(row["kind_of"])].add(row["key_of"])
    records = {
        table: TABLES[table]().filter(pk__in=chosen).in_bulk()
        for table, chosen in keys.items()
    }
    return [
        Told(
            row["kind_of"],
            row["instant_of"],
            row["together_of"],
            records[_table(row["kind_of"])][row["key_of"]],
        )
        for row in rows
    ]


def _table(kind):
    return kind if kind in TABLES else "decision"


TABLES = {
    "status": lambda: StatusChange.objects.select_related(
        "recommendation", "decision__evidence"
    ),
    "decision": lambda: ReviewDecision.objects.select_related(
        "evidence", "reviewer", "edition__restores"
    ),
    "assess": lambda: Assessment.objects.select_related(
        "recommendation", "assessed_by"
    ),
    "codebook": lambda: Codebook.objects.all(),
}
