"""The paragraphs of a document beside the findings of a form, to be picked.

An aid to reading: a button fills the pinpoint of one finding, and nothing else.
"""

from functools import cached_property

from django.utils.translation import gettext as _

from icctracker.models import Document, Finding
from icctracker.readings.picking import MOST_LIKELY, has_a_list, offered
from icctracker.texts import pinpoints, symbols
from icctracker.web.kit.forms import limit, whole_number

# Opens the paragraphs beside a finding; fills in, or takes out, one of them.
BUTTONS = ("pick", "pin")
AT_A_TIME = 50
LONGEST = limit(Finding, "pinpoint")


def document_of(symbol):
    """The document of a symbol that somebody typed, or None; one query at most."""
    symbol = symbols.normalise(symbol) if symbol else ""
    return Document.objects.filter(symbol=symbol).first() if symbol else None


class Picker:
    """What can be picked of one document, open beside one finding of a form.

    ``asked`` is what was posted: ``pick`` or ``picker`` with the number of a finding
    and, behind a dot, which of the parts of the text is to be read.
    """

    def __init__(self, document, rows, asked=None, row=None, read=None, note=""):
        self.document, self.rows = document, list(rows)
        # What was read already while one request is answered, by document.
        self.read = {} if read is None else read
        self.row, self.part = self._asked(asked or {}, row)
        self.note = note

    def _asked(self, asked, row):
        number, _dot, part = (asked.get("pick") or asked.get("picker") or "").partition(
            "."
        )
        number, part = whole_number(number), whole_number(part) or 0
        if number is not None and number < len(self.rows):
            return number, part
        return (self._without_pinpoint() if row is None else row), 0

    def _without_pinpoint(self):
        """The first finding that is not pinned yet: the one that is being coded."""
        bare = (n for n, form in enumerate(self.rows) if not form["pinpoint"].value())
        return next(bare, None)

    @property
    def offered(self):
        """What can be picked, read once for each document."""
        if self.document.pk not in self.read:
            self.read[self.document.pk] = offered(self.document)
        return self.read[self.document.pk]

    @property
    def known(self):
        """How many paragraphs of the document are known."""
        return len(self.offered.offers)

    @property
    def open_at(self):
        """The finding beside which they stand open, as its form has its number."""
        return "" if self.row is None else str(self.row)

    @property
    def form(self):
        return self.rows[self.row]

    @property
    def criterion(self):
        """The criterion that is chosen in that finding, or None."""
        return self.form.guidance

    @property
    def has_a_list(self):
        return bool(self.criterion) and has_a_list(self.criterion.key)

    @cached_property
    def likely(self):
        """The likely paragraphs for the criterion, as far as they are offered first."""
        if not self.criterion:
            return []
        found = self.offered.likely(self.criterion.key)[:MOST_LIKELY]
        return [(each, self._is_in(each)) for each in found]

    @property
    def parts(self):
        """The parts of the text: number, first and last paragraph."""
        count = self.known
        starts = range(0, count, AT_A_TIME)
        return [
            (number, start + 1, min(start + AT_A_TIME, count))
            for number, start in enumerate(starts, 1)
        ]

    @property
    def reads_on(self):
        """Whether all stand there in their order: asked for, or none is likely."""
        return bool(self.part) or not self.likely

    @cached_property
    def shown(self):
        """The paragraphs of the part that is read, each with whether it is picked."""
        part = min(max(self.part, 1), max(len(self.parts), 1))
        start = (part - 1) * AT_A_TIME
        found = self.offered.offers[start : start + AT_A_TIME]
        return [(each, self._is_in(each)) for each in found]

    @property
    def part_shown(self):
        return min(max(self.part, 1), len(self.parts))

    def _is_in(self, offer):
        return offer.label in pinpoints.read(self.form["pinpoint"].value() or "")

    def pinned(self, anchor, typed):
        """The pinpoint with a paragraph added, or taken out if it is in it already.

        What cannot be added leaves it as it was; ``note`` then says why.
        """
        offer = self.offered.at(anchor)
        if offer is None:
            self.note = _("That paragraph is not there any more. Choose it again.")
            return typed
        typed = " ".join((typed or "").split())
        parts = [part.strip() for part in typed.split(";") if part.strip()]
        others = [part for part in parts if pinpoints.read(part) != (offer.label,)]
        if len(others) < len(parts):
            return "; ".join(others)
        if offer.label in pinpoints.read(typed):
            self.note = _("%s is named in the field already.") % offer.pinpoint
            return typed
        together = "; ".join([*parts, offer.pinpoint])
        if len(together) > LONGEST:
            told = {"most": LONGEST, "pinpoint": offer.pinpoint}
            text = _("There is no room for %(pinpoint)s: at most %(most)d characters.")
            self.note = text % told
            return typed
        return together


def pin(picker, pressed, findings):
    """Fill a paragraph into one of the findings of a form, as its button says."""
    number, _dot, anchor = pressed.partition(".")
    number = whole_number(number)
    if picker is None or number is None or number >= len(findings):
        return None
    row = findings[number]
    row["pinpoint"] = picker.pinned(anchor, row.get("pinpoint"))
    return number
