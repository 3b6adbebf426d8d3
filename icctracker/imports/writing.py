"""Writes what a comparison found into the record: all of it, in one transaction."""

from datetime import date
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from icctracker.imports.records import FileRefused
from icctracker.models import Ballot, Document, OtherValue, ValueOrigin, Vote

BATCH = 500
TALLY = ("yes", "no", "abstain", "non_voting")


@transaction.atomic
def write(findings, imported, members):
    """Write findings, each with what it says is to be written, as of one import."""
    imported.save()
    writer = _Writer(imported, members)
    findings = iter(findings)
    try:
        while batch := list(islice(findings, BATCH)):
            writer.batch([each.write for each in batch if each.write])
    except IntegrityError as clash:
        raise FileRefused(_changed()) from clash


class _Writer:
    def __init__(self, imported, members):
        self.imported, self.members = imported, members
        # New texts by name: later ballots of the file may be on the same text.
        self.documents = {}

    def batch(self, writes):
        by_op = {op: [w for w in writes if w["op"] == op] for op in _OPS}
        self._new(by_op["new"])
        for each in by_op["set"]:
            self._set(each)
        for each in by_op["complete"]:
            self._complete(each)
        for each in by_op["votes"]:
            self._votes(each)
        others = [
            OtherValue(
                document_id=each["document"],
                field=each["field"],
                says=each["says"],
                standing=each["standing"],
                imported=self.imported,
            )
            for each in by_op["other"]
        ]
        # Two lines of a file may say the same: it is kept once.
        OtherValue.objects.bulk_create(others, ignore_conflicts=True)

    def _new(self, writes):
        documents, ballots, votes = [], [], []
        for each in writes:
            facts = each["ballot"] | {
                "held_on": date.fromisoformat(each["ballot"]["held_on"])
            }
            ballot = Ballot(**facts, imported=self.imported)
            key = self._key(each)
            if each["document"]:
                ballot.document_id = each["document"]
            else:
                if key not in self.documents:
                    document = Document(**each["facts"], imported=self.imported)
                    documents.append(document)
                    self.documents[key] = document
                ballot.document = self.documents[key]
            ballots.append(ballot)
            votes += self._cast(ballot, each["votes"])
        Document.objects.bulk_create(documents)
        Ballot.objects.bulk_create(ballots)
        Vote.objects.bulk_create(votes, batch_size=2000)

    def _key(self, each):
        facts = each["facts"]
        day = "" if facts["symbol"] else each["ballot"]["held_on"]
        return facts["series"], facts["symbol"] or facts["drafts"], day

    def _set(self, each):
        model = Ballot if each["ballot"] else Document
        pk = each["ballot"] or each["document"]
        as_read = {"pk": pk, each["field"]: each["before"]}
        changed = model.objects.filter(**_lookups(as_read)).update(
            **{each["field"]: each["value"]}, **each["also"]
        )
        if not changed:
            raise FileRefused(_changed())
        self._origin(each, each["field"], each["before"])

    def _complete(self, each):
        tally = dict(zip(TALLY, each["tally"], strict=True))
        unknown = Ballot.objects.filter(pk=each["ballot"], yes__isnull=True)
        if not unknown.update(**tally, seats=sum(each["tally"])):
            raise FileRefused(_changed())
        self._origin(each, "tally", None)
        self._votes(each)

    def _votes(self, each):
        ballot = Ballot.objects.get(pk=each["ballot"])
        ballot.votes.all().delete()
        Vote.objects.bulk_create(self._cast(ballot, each["votes"]))
        self._origin(each, "votes", each["before"])

    def _cast(self, ballot, votes):
        return [
            Vote(ballot=ballot, member=self.members[code], cast=cast)
            for code, cast in votes.items()
        ]

    def _origin(self, each, name, before):
        ValueOrigin.objects.create(
            document_id=each["document"],
            ballot_id=each["ballot"],
            field=name,
            before="" if before is None else str(before),
            imported=self.imported,
        )


_OPS = ("new", "set", "complete", "votes", "other")


def _lookups(values):
    """Lookups that find a record with these values, empty ones included."""
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in values.items()
    }


def _changed():
    return _("The record was changed meanwhile. Compare the file again.")
