"""In which lists each published entry stands, and how many stand in each.

Everything here follows from entries and accepted findings. Triggers of the database
keep it so, whoever writes, and ``manage.py rebuild`` makes it anew. A list is read in
the order of an index, by whatever it is filtered, and counted without being read.
"""

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from . import sums
from .codings import Coding, CodingLine
from .evidence import Evidence
from .findings import Finding
from .triggers import EVENTS, FAMILIES, Family, named

PREFIX = "listed_"
# The list of every entry, and what others are lists of.
ALL = "all"
MARKS = "kind tier situation actor recommendation criterion effect form".split()
# Not a list for readers: what two people coded of one criterion, to be counted.
COMPARED = "compared:"


def mark(name, value):
    """What a list is called: of all entries that have a value, as ``kind:veto``."""
    return f"{name}:{getattr(value, 'pk', value)}"


class Listing(models.Model):
    """That a published entry stands in a list, on its day."""

    pk = models.CompositePrimaryKey("mark", "day", "evidence")
    mark = models.CharField(max_length=160)
    day = models.DateField()
    # Its triggers take the row away with the entry, in whatever way that goes.
    evidence = models.ForeignKey(
        Evidence, on_delete=models.DO_NOTHING, related_name="listings"
    )

    def __str__(self):
        return f"{self.mark} {self.day} {self.evidence_id}"


def listed(rows, name):
    """Those after whom a list is called that has entries, as actors after ``actor``."""
    called = Concat(Value(f"{name}:"), Cast(OuterRef("pk"), models.CharField()))
    return rows.filter(Exists(Listing.objects.filter(mark=called)))


class ListingCountManager(models.Manager):
    def fold(self):
        """One row for each list and month again, where transactions had their own."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_FOLD)


class ListingCount(models.Model):
    """How many entries a list has in a month; the sum, where there are several rows.

    Of what is counted without being listed (``models/sums.py``) it is the number in a
    month, a year or ever.

    On PostgreSQL each transaction has rows of its own until they are folded, since
    writers of one row would wait for each other; on SQLite there is one writer.
    """

    pk = models.CompositePrimaryKey("mark", "month", "transaction")
    mark = models.CharField(max_length=160)
    month = models.DateField()
    transaction = models.BigIntegerField(default=0)
    number = models.BigIntegerField()

    objects = ListingCountManager()

    class Meta:
        # Of what has no time there are marks that nobody can name beforehand.
        indexes = [models.Index(fields=["month", "mark"], name="listing_count_month")]

    def __str__(self):
        return f"{self.mark} {self.month}: {self.number}"


# Each list that an entry stands in. What an entry shows is what was accepted of it.
_OF_ENTRY = 'FROM "icctracker_evidence" e'
_OF_FINDING = """FROM "icctracker_finding" f
    JOIN "icctracker_evidence" e ON e.id = f.evidence_id
    JOIN "icctracker_criterion" c ON c.id = f.criterion_id
    JOIN "icctracker_recommendation" r ON r.id = c.recommendation_id"""
_WITH = """FROM "{table}" m JOIN "icctracker_evidence" e ON e.id = m.evidence_id"""
_SITUATIONS = Evidence.situations.through._meta.db_table
_ACTORS = Evidence.actors.through._meta.db_table
_STANDS = "e.state = 'published'"
_ACCEPTED = f"{_STANDS} AND f.accepted_at IS NOT NULL AND f.retired_at IS NULL"
# Two codings of an entry, by how they came about, and what each of them says of one
# criterion. Another pair of the same entry that says the same counts again.
_CODINGS, _LINES = Coding._meta.db_table, CodingLine._meta.db_table
_OF_PAIR = f"""FROM "{_CODINGS}" k
    JOIN "icctracker_evidence" e ON e.id = k.evidence_id
    JOIN "{_LINES}" l ON l.coding_id IN (k.id, k.against_id)
    LEFT JOIN "{_LINES}" one
        ON one.coding_id = k.against_id AND one.criterion_id = l.criterion_id
    LEFT JOIN "{_LINES}" two
        ON two.coding_id = k.id AND two.criterion_id = l.criterion_id"""
_COMPARED = f"{_STANDS} AND k.state = 'done' AND k.against_id IS NOT NULL"
_SAID = """COALESCE('' || {line}.effect || ':'
    || CASE WHEN {line}.occasion THEN '1' ELSE '0' END, ':')"""
_PAIR = f"""'{COMPARED}' || (
        SELECT count(*) FROM "{_CODINGS}" before
        WHERE before.evidence_id = k.evidence_id AND before.id < k.id
        AND before.state = 'done' AND before.against_id IS NOT NULL
    ) || ':' || CASE
        WHEN k.sample_id IS NOT NULL THEN '' || k.sample_id
        WHEN e.published_at <= k.done_at THEN 'open' ELSE 'blind'
    END || ':' || l.criterion_id || ':' || {_SAID.format(line="one")}
    || ':' || {_SAID.format(line="two")}"""  # noqa: S608
_LISTS = (
    (f"'{ALL}'", _OF_ENTRY, _STANDS),
    ("'kind:' || e.kind", _OF_ENTRY, _STANDS),
    ("'tier:' || e.tier", _OF_ENTRY, _STANDS),
    ("'situation:' || m.situation_id", _WITH.format(table=_SITUATIONS), _STANDS),
    ("'actor:' || m.actor_id", _WITH.format(table=_ACTORS), _STANDS),
    ("'recommendation:' || c.recommendation_id", _OF_FINDING, _ACCEPTED),
    (
        "'criterion:' || CASE r.within WHEN '' THEN '' ELSE r.within || ':' END"
        " || c.code",
        _OF_FINDING,
        _ACCEPTED,
    ),
    ("'effect:' || f.effect", _OF_FINDING, _ACCEPTED),
    ("'form:' || f.form", _OF_FINDING, _ACCEPTED),
    (_PAIR, _OF_PAIR, _COMPARED),
)


def _meant_rows(entry=None):
    """The rows that follow from one entry, named in SQL, or from all."""
    of_one = f" AND e.id = {entry}" if entry else ""
    return " UNION ".join(
        f"SELECT {called} AS mark, e.occurred_on AS day, e.id AS evidence_id"  # noqa: S608
        f" {source} WHERE {condition}{of_one}"
        for called, source, condition in _LISTS
    )


_ADD = """INSERT INTO "icctracker_listing" (mark, day, evidence_id)
    SELECT mark, day, evidence_id FROM ({meant}) AS meant WHERE true
    ON CONFLICT DO NOTHING"""


def _put_in_line(connection, entry):
    """What a trigger does about one entry: only rows that are wrong are written."""
    meant = _meant_rows(entry)
    if connection.vendor == "postgresql":
        # Two who write about one entry come one by one, and the second sees the first.
        yield (
            'PERFORM 1 FROM "icctracker_evidence"'  # noqa: S608
            f" WHERE id = {entry} FOR NO KEY UPDATE"
        )
    yield f"""DELETE FROM "icctracker_listing" WHERE evidence_id = {entry}
        AND (mark, day) NOT IN (SELECT mark, day FROM ({meant}) AS meant)"""  # noqa: S608
    yield _ADD.format(meant=meant)


def _period(connection, row=""):
    """The month of a row; pairs of codings are many and alike, and counted for ever."""
    ever = sums.first_of(connection, "ever", f"{row}day")
    month = sums.first_of(connection, "month", f"{row}day")
    is_pair = f"substr({row}mark, 1, {len(COMPARED)}) = '{COMPARED}'"
    return f"CASE WHEN {is_pair} THEN {ever} ELSE {month} END"


def _count(connection, row, step):
    """What a trigger does about the number of a list; ``step`` is 1 or -1."""
    month, own = _period(connection, f"{row}."), sums.own(connection)
    if step < 0 and connection.vendor == "sqlite":
        # There is one row, unless all are being deleted, which leaves none behind.
        return f"""UPDATE "icctracker_listingcount" SET number = number - 1
            WHERE mark = {row}.mark AND month = {month}"""  # noqa: S608
    return f"""INSERT INTO "icctracker_listingcount"
        (mark, month, "transaction", number) VALUES ({row}.mark, {month}, {own}, {step})
        ON CONFLICT (mark, month, "transaction")
        DO UPDATE SET number = "icctracker_listingcount".number + {step}"""  # noqa: S608


_FOLD = """
    WITH folded AS (
        DELETE FROM icctracker_listingcount WHERE "transaction" <> 0
        RETURNING mark, month, number
    )
    INSERT INTO icctracker_listingcount (mark, month, "transaction", number)
    SELECT mark, month, 0, sum(number) FROM folded GROUP BY mark, month
    ON CONFLICT (mark, month, "transaction")
    DO UPDATE SET number = icctracker_listingcount.number + excluded.number"""

# What an entry's lists follow from: its table, its key in it, which columns tell of
# them (all, where none is named), and when a row of it matters.
_FOLLOWS_FROM = (
    (
        Evidence._meta.db_table,
        "id",
        ("state", "occurred_on", "kind", "tier", "published_at"),
        "{row}.state = 'published'",
    ),
    (_SITUATIONS, "evidence_id", (), "1 = 1"),
    (_ACTORS, "evidence_id", (), "1 = 1"),
    (Finding._meta.db_table, "evidence_id", (), "{row}.accepted_at IS NOT NULL"),
    (_CODINGS, "evidence_id", (), "{row}.against_id IS NOT NULL"),
    (_LINES, "coding_id", (), "1 = 1"),
)
_ENTRY = {
    "coding_id": f'(SELECT evidence_id FROM "{_CODINGS}" WHERE id = {{row}}.coding_id)'  # noqa: S608
}


def _meant(connection):
    for table, key, columns, condition in _FOLLOWS_FROM:
        for event in EVENTS:
            rows = sums.ROWS[event]
            # The key of an entry never changes; what belongs to one may be moved.
            told = rows[-1:] if key == "id" else rows
            entries = [
                _ENTRY.get(key, f"{{row}}.{key}").format(row=row) for row in told
            ]
            does = [sql for each in entries for sql in _put_in_line(connection, each)]
            when = " OR ".join(condition.format(row=row) for row in rows)
            of = f" OF {', '.join(columns)}" if columns and event == "UPDATE" else ""
            yield _trigger(connection, table, event, of, when, does)
    for event, row, step in (("INSERT", "NEW", 1), ("DELETE", "OLD", -1)):
        does = [_count(connection, row, step)]
        table = Listing._meta.db_table
        yield _trigger(connection, table, event, "", "1 = 1", does)
    for parts in sums.triggers(connection):
        yield _trigger(connection, *parts)


def _trigger(connection, table, event, of, when, does):
    body = ";\n".join([*does, ""])
    after = f'AFTER {event}{of} ON "{table}"'
    name = named(PREFIX, table, event, f"{after} {when} {body}")
    if connection.vendor == "sqlite":
        return name, f'CREATE TRIGGER "{name}" {after} WHEN {when} BEGIN {body} END'
    function = f"""CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger AS $$
        BEGIN {body} RETURN NULL; END $$ LANGUAGE plpgsql"""
    return (
        name,
        f"""{function}; CREATE TRIGGER "{name}" {after}
        FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION "{name}"()""",
    )


# Making all of it anew, and telling where it is wrong.

_LISTED = 'SELECT mark, day, evidence_id FROM "icctracker_listing"'
_COUNTED = """SELECT mark, month, count(*) AS number FROM (
    SELECT mark, {month} AS month FROM "icctracker_listing" UNION ALL {rows}
    ) AS counting GROUP BY 1, 2"""
_SUMMED = """SELECT mark, month, sum(number) AS number FROM "icctracker_listingcount"
    GROUP BY 1, 2 HAVING sum(number) <> 0"""


def _counted(connection):
    month, rows = _period(connection), sums.counted_rows(connection)
    return _COUNTED.format(month=month, rows=rows)


def rebuild_listings(connection=connection):
    """Make all rows anew from entries and findings; returns how many there are."""
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                'LOCK TABLE "icctracker_listing" IN SHARE ROW EXCLUSIVE MODE'
            )
        # Few are wrong: to look each row up among all would take their square.
        cursor.execute(f"""DELETE FROM "icctracker_listing"
            WHERE (mark, day, evidence_id) IN (
                {_LISTED} EXCEPT SELECT * FROM ({_meant_rows()}) AS meant
            )""")  # noqa: S608
        cursor.execute(_ADD.format(meant=_meant_rows()))
        cursor.execute('DELETE FROM "icctracker_listingcount"')
        cursor.execute(f"""INSERT INTO "icctracker_listingcount"
            (mark, month, "transaction", number)
            SELECT mark, month, 0, number
            FROM ({_counted(connection)}) AS counted""")  # noqa: S608
        return Listing.objects.using(connection.alias).count()


def wrongly_listed(connection=connection):
    """Pairs of a list and how many entries it has too many, too few or miscounted."""
    meant, counted = _meant_rows(), _counted(connection)
    pairs = ((_LISTED, meant), (meant, _LISTED), (_SUMMED, counted), (counted, _SUMMED))
    found = {}
    with connection.cursor() as cursor:
        for one, other in pairs:
            cursor.execute(f"""SELECT mark, count(*) FROM (
                SELECT * FROM ({one}) AS one EXCEPT SELECT * FROM ({other}) AS other
                ) AS differing GROUP BY mark""")  # noqa: S608
            for name, number in cursor.fetchall():
                found[name] = found.get(name, 0) + number
    return sorted(found.items())


FAMILIES[PREFIX] = Family(_meant, anew=rebuild_listings)
