"""What the record has, beside what files of texts say of their documents; reads only.

Read once for a whole import, in a handful of queries.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from icctracker.models import Ballot, Document, DocumentText, OtherValue, Vote

from .compare import CONFLICT, DOUBT, KNOWN, Finding
from .seats import code_of

Field = OtherValue.Field
SOURCE = "UN machine-readable file"
MOST_SAID = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that is kept already."""

    pk: int
    digest: str
    job: str


class TextRecord:
    """The documents by symbol, their votes, and the texts that are kept."""

    def __init__(self):
        rows = Document.objects.exclude(symbol="").order_by()
        self.documents = dict(rows.values_list("symbol", "pk"))
        self.drafts = dict(rows.exclude(drafts="").values_list("pk", "drafts"))
        self.ballots = defaultdict(list)
        for row in Ballot.objects.order_by("held_on", "item").values(*BALLOT):
            self.ballots[row["document"]].append(row)
        self.casts = self._casts()
        rows = OtherValue.objects.order_by().values_list("document", "field", "says")
        self.others = set(rows)
        self.texts = {
            (document, language): Kept(pk, digest, job)
            for document, language, pk, digest, job in DocumentText.objects.official()
            .order_by()
            .values_list("document", "language", "pk", "digest", "job")
        }

    def _casts(self):
        """Who voted against and who abstained, by ballot."""
        casts = defaultdict(set)
        rows = Vote.objects.filter(cast__in="NA").order_by()
        for ballot, cast, code in rows.values_list("ballot", "cast", "member__code"):
            casts[ballot, cast].add(code)
        return casts

    def differences(self, file, line):
        """What a file says otherwise than the record, or than itself."""
        told = _Told(self, file, line)
        yield from told.symbol()
        yield from told.date()
        yield from told.meeting()
        yield from told.drafts()
        yield from told.votes()


BALLOT = ("pk", "document", "held_on", "meeting", "yes", "no", "abstain")


class _Told:
    """Puts what one file says otherwise into findings."""

    def __init__(self, record, file, line):
        self.record, self.file, self.line = record, file, line
        self.head = file.head
        self.document = record.documents[self.head.symbol]
        self.held = record.ballots[self.document]
        self.ballot = self.held[0] if len(self.held) == 1 else None

    def symbol(self):
        for other in self._others("symbol"):
            named = DocumentText.Language(self.head.language).name.capitalize()
            says = f"{SOURCE} in {named} gives the symbol {other}"
            yield self._other(Field.OTHER, says, self.head.symbol, other)

    def date(self):
        yield from self._odd("date", _("The file gives several days."))
        ours = {row["held_on"] for row in self.held}
        theirs = self.head.held_on
        if ours and theirs and theirs not in ours:
            says = f"{SOURCE} dates it {theirs.isoformat()}"
            shown = ", ".join(sorted(day.isoformat() for day in ours))
            yield self._other(Field.DATE, says, shown, theirs.isoformat())

    def meeting(self):
        yield from self._odd("meeting", _("The file gives several meetings."))
        ours = {part for row in self.held for part in row["meeting"].split("; ")}
        ours.discard("")
        theirs = self.head.meeting
        if ours and theirs and not any(_is_of(each, theirs) for each in ours):
            says = f"{SOURCE}, meeting: {theirs}"
            yield self._other(Field.MEETING, says, ", ".join(sorted(ours)), theirs)

    def drafts(self):
        ours = set(filter(None, self.record.drafts.get(self.document, "").split("; ")))
        theirs = set(self.head.drafts)
        if ours and theirs and not ours & theirs:
            shown = "; ".join(sorted(theirs))
            says = f"{SOURCE}, draft: {shown}"
            yield self._other(Field.OTHER, says, "; ".join(sorted(ours)), shown)

    def votes(self):
        for name, value in self.head.others:
            if name == "vote" or name.startswith("count-"):
                message = _("Voters, counts and words of the file do not agree.")
                yield self._finding(DOUBT, "vote", theirs=value, message=message)
        if not self.ballot or self.ballot["yes"] is None:
            return
        ours = tuple(self.ballot[name] for name in ("yes", "no", "abstain"))
        # Nobody voted where a text was adopted without a vote.
        if self.head.tally and any(ours) and self.head.tally != ours:
            theirs = "-".join(map(str, self.head.tally))
            says = f"{SOURCE} counts {theirs}"
            shown = "-".join(map(str, ours))
            yield self._other(Field.VOTE, says, shown, theirs)
        elif self.head.tally:
            yield from self._voters()

    def _voters(self):
        """Who voted otherwise than the record has it, by the file."""
        for way, cast, words in (
            ("against", "N", "against"),
            ("abstaining", "A", "abstaining"),
        ):
            names = self.head.voters.get(way, [])
            theirs = {code_of(name) for name in names}
            ours = self.record.casts.get((self.ballot["pk"], cast), set())
            if names and None not in theirs and theirs != ours:
                shown = ", ".join(sorted(names))
                says = f"{SOURCE}, {words}: {shown}"
                yield self._other(Field.VOTE, says, ", ".join(sorted(ours)), shown)

    def _others(self, name):
        return [value for field, value in self.head.others if field == name]

    def _odd(self, name, message):
        if values := self._others(name):
            shown = ", ".join(values)
            yield self._finding(DOUBT, name, theirs=shown, message=message)

    def _other(self, field, says, ours, theirs):
        says = says[:MOST_SAID]
        known = (self.document, str(field), says) in self.record.others
        write = {"document": self.document, "field": str(field), "says": says}
        return self._finding(
            KNOWN if known else CONFLICT,
            str(field),
            ours=ours,
            theirs=theirs,
            write={} if known else write,
        )

    def _finding(self, kind, field, **values):
        return Finding(kind, self.line, self.head.symbol, field, **values)


def _is_of(ours, theirs):
    """Whether two symbols are of one meeting, resumed or not."""
    return ours == theirs or ours.startswith((f"{theirs} ", f"{theirs}/"))
