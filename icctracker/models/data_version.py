"""The version of all that readers are shown: it moves with every write they can see.

The Council's record has a version of its own beside it, which entries do not move.

Triggers of the database move it, so that no way of writing can forget to: the site, a
command, an import, a curator's shell. Answers that were worked out for one version are
good until the next (``web/kit/answers.py``).
"""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from .triggers import EVENTS, FAMILIES, Family, named

PREFIX = "shown_"
ALWAYS = "1 = 1"
_ON_SITE = "{row}.state IN ('published', 'withdrawn')"

# What readers are shown, and when a row of it shows: drafts and codes in hand do not.
# Sources, situations and actors of an entry are shown with an edition, whose insertion
# tells of them.
SHOWN = {
    "Evidence": _ON_SITE,
    "Finding": "{row}.accepted_at IS NOT NULL",
    "Recoding": "{row}.took_effect_at IS NOT NULL",
    "Response": ALWAYS,
    "User": ALWAYS,
} | dict.fromkeys(
    (
        "Actor Addressee Answer Assessment Ballot Codebook Coding CodingLine Criterion"
        " Descent DescentCorrection"
        " Dissent Document DocumentText Edition Gap Import Member Membership OtherValue"
        " Paragraph Passage PresentStanding Publication Recommendation Reconciliation"
        " ReconciledLine ReviewDecision Ruleset Sample Search Situation Sponsor"
        " StatusChange ValueOrigin Verdict Vote"
    ).split(),
    ALWAYS,
)
RECORD = frozenset(
    (
        "Ballot Descent DescentCorrection Document DocumentText Import Member"
        " Membership OtherValue Paragraph Passage Sponsor ValueOrigin Vote"
    ).split()
)
# Of a person only what others read; signing in writes to the same row.
COLUMNS = {"User": ("public_name", "show_name", "username", "closed_at")}
# Lists that belong to a row, and are written without it.
LISTS = (("Recommendation", "addressees"), ("Situation", "documents"))


@dataclass(frozen=True)
class Version:
    """How often what readers are shown has moved, and when it did last."""

    moves: int
    at: datetime | None
    # The same of the Council's record alone.
    record: "Version | None" = None

    def __str__(self):
        return f"{self.moves}-{self.at and self.at.timestamp()}"


class DataVersionManager(models.Manager):
    def current(self):
        """The version that stands; one query.

        The number and the instant together never come back: after a restore the number
        is an earlier one, and moves on from there at later instants.
        """
        # Each open page asks; of all and of a part at once it takes twice as long.
        of = models.Sum("moves"), models.Max("at")
        found = {
            part: Version(moves, at)
            for part, moves, at in self.values_list("part").annotate(*of)
        }
        return Version(
            sum(each.moves for each in found.values()),
            max((each.at for each in found.values()), default=None),
            found.get(DataVersion.Part.RECORD, Version(0, None)),
        )

    @transaction.atomic
    def fold(self):
        """One row of each part instead of many; the version stays what it is."""
        for part in DataVersion.Part.values:
            self._fold(self.filter(part=part))

    def _fold(self, rows):
        newest = rows.select_for_update().order_by("-at", "-pk").first()
        others = rows.filter(pk__lt=newest.pk) if newest else rows.none()
        before = others.aggregate(moves=models.Sum("moves"))["moves"]
        if before:
            others.delete()
            self.filter(pk=newest.pk).update(moves=models.F("moves") + before)


class DataVersion(models.Model):
    """That something which readers are shown was written.

    On PostgreSQL a row for each transaction, since a row that all share would make
    writers wait for each other; on SQLite, which has one writer at a time, one row.
    """

    class Part(models.TextChoices):
        RECORD = "record", _("the Council's record")
        REST = "", _("everything else")

    # Triggers of an older version of the code name no part.
    part = models.CharField(
        _("part"), max_length=10, choices=Part, blank=True, db_default=""
    )
    transaction = models.BigIntegerField(default=0)
    moves = models.BigIntegerField(default=1)
    at = models.DateTimeField(_("at"))

    objects = DataVersionManager()

    class Meta:
        verbose_name = _("version of the data")
        verbose_name_plural = _("versions of the data")
        constraints = [
            models.UniqueConstraint(
                name="data_version_once_per_transaction",
                fields=["transaction", "at", "part"],
            ),
            models.CheckConstraint(
                name="data_version_part_is_known",
                condition=models.Q(part__in=["record", ""]),
            ),
        ]

    def __str__(self):
        return str(Version(self.moves, self.at))


def _meant(connection):
    """Each trigger by its name, which holds a hash of what it does."""
    told = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    for part, table, condition, columns in _tables():
        for event in EVENTS:
            yield told(part, table, event, condition, columns)


def _tables():
    for noun, condition in SHOWN.items():
        table = apps.get_model("icctracker", noun)._meta.db_table
        part = DataVersion.Part.RECORD if noun in RECORD else DataVersion.Part.REST
        yield part, table, condition, COLUMNS.get(noun, ())
    for noun, field in LISTS:
        model = apps.get_model("icctracker", noun)
        table = getattr(model, field).through._meta.db_table
        yield DataVersion.Part.REST, table, ALWAYS, ()


def _event(event, columns):
    return f"UPDATE OF {', '.join(columns)}" if columns and event == "UPDATE" else event


def _when(event, condition):
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("NEW", "OLD")}[event]
    return " OR ".join(condition.format(row=row) for row in rows)


def _on_sqlite(part, table, event, condition, columns):
    # Of each part there is one row.
    key = 2 if part else 1
    sql = f"""
        AFTER {_event(event, columns)} ON "{table}" WHEN {_when(event, condition)}
        BEGIN
            INSERT INTO icctracker_dataversion (id, part, "transaction", moves, at)
            SELECT {key}, '{part}', 0, 0, ''
            WHERE NOT EXISTS (SELECT 1 FROM icctracker_dataversion WHERE id = {key});
            UPDATE icctracker_dataversion
            SET moves = moves + 1, at = strftime('%Y-%m-%d %H:%M:%f', 'now')
            WHERE id = {key};
        END"""  # noqa: S608
    name = named(PREFIX, table, event, sql)
    return name, f'CREATE TRIGGER "{name}" {sql}'


# One row for a transaction, however many rows it writes.
_MOVE = """
    CREATE OR REPLACE FUNCTION icctracker_data_version_moves() RETURNS trigger AS $$
    BEGIN
        INSERT INTO icctracker_dataversion (part, "transaction", moves, at)
        VALUES (TG_ARGV[0], txid_current(), 1, now()) ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$ LANGUAGE plpgsql;
"""


def _on_postgresql(part, table, event, condition, columns):
    sql = f"""
        AFTER {_event(event, columns)} ON "{table}"
        FOR EACH ROW WHEN ({_when(event, condition)})
        EXECUTE FUNCTION icctracker_data_version_moves('{part}')"""
    name = named(PREFIX, table, event, sql)
    return name, f'{_MOVE} CREATE TRIGGER "{name}" {sql}'


FAMILIES[PREFIX] = Family(_meant)
