"""Looking a document up in the Council's record: by symbol, number, day or words."""

import re
from dataclasses import dataclass, field

from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker import symbols
from icctracker.models import Ballot, Document

from .fields import MEANT_AS_SYMBOL, DayField

MOST_SHOWN, MOST_WORDS = 8, 8
_NUMBER = re.compile(r"\d{1,5}")


@dataclass
class Found:
    """What a look-up came to: votes in the record, a symbol outside it, or neither."""

    text: str = ""
    ballots: list = field(default_factory=list)
    total: int = 0
    symbol: symbols.Symbol | None = None
    refusal: str = ""
    # A good symbol that what was found is near to, but not of.
    near_to: symbols.Symbol | None = None

    @property
    def more(self):
        return self.total - len(self.ballots)

    @property
    def exact(self):
        """The one vote on the one document of a symbol, if that is what was found."""
        return self.ballots[0] if self.symbol and self.total == 1 else None

    @property
    def in_parts(self):
        """Whether all of these are votes on one text."""
        return self.total > 1 and len({b.document_id for b in self.ballots}) == 1

    @property
    def outside(self):
        """Whether the symbol is a good one that the record does not have."""
        return bool(self.symbol and not self.ballots)

    @property
    def misnamed(self):
        """Whether the record has a resolution of that number, but of another year."""
        return bool(self.near_to and _misfits(self.near_to))


def look_up(text):
    """What the record has for a symbol in any spelling, a number, a day or words."""
    text = " ".join(text.split())
    if not text:
        return Found()
    if len(text) > symbols.LONGEST_ADDRESS:
        return Found(text, refusal=_("This is too long to look up; write less."))
    if day := _day(text):
        return _found(text, Q(held_on=day))
    if _NUMBER.fullmatch(text):
        ending = Q(document__symbol__endswith=f"/{text}")
        return _found(text, Q(document__number=int(text)) | ending)
    return _by_symbol(text) or _by_words(text)


def ballot_of(key):
    """The ballot of a key, with its document, or None."""
    if key is None:
        return None
    return Ballot.objects.filter(pk=key).select_related("document").first()


def read_document(**wanted):
    """A document with all that ``prefill`` wants, or None."""
    documents = Document.objects.with_votes().select_related("imported")
    return documents.filter(**wanted).first()


def _day(text):
    try:
        return DayField(in_future="").to_python(text)
    except forms.ValidationError:
        return None


def _by_symbol(text):
    """Votes on the document of a symbol, or at its meeting; None if it is no symbol."""
    try:
        symbol = symbols.read(text, today_year=timezone.localdate().year)
    except symbols.SymbolError as fault:
        begun = _found(text, Q(document__symbol__istartswith=text))
        if begun.ballots or not MEANT_AS_SYMBOL.match(text):
            return begun if begun.ballots else None
        return Found(text, refusal=_(str(fault)))
    official = symbol.official
    found = _found(text, Q(document__symbol=official))
    if found.ballots:
        found.symbol = symbol
        return found
    near = Q(document__drafts__contains=official) | Q(meeting__contains=official)
    near |= Q(document__symbol__istartswith=official)
    if _misfits(symbol):
        near |= Q(document__series="resolution", document__number=symbol.number)
    found = _found(text, near)
    if found.ballots:
        found.near_to = symbol
    else:
        found.symbol = symbol
    return found


def outside_the_record(text):
    """What a good symbol alone comes to, whatever the record has that is near it."""
    try:
        symbol = symbols.read(text, today_year=timezone.localdate().year)
    except symbols.SymbolError:
        return Found(text)
    return Found(text, symbol=symbol)


def _misfits(symbol):
    """Whether it is that of a Council resolution, but its year is doubtful."""
    council = symbol.body == symbols.SECURITY_COUNCIL
    return council and symbol.series == symbols.RESOLUTION and bool(symbol.warnings)


def _by_words(text):
    words = re.findall(r"[\w.'’-]+", text)[:MOST_WORDS]
    wanted = Q()
    for word in words:
        wanted &= (
            Q(document__title__icontains=word)
            | Q(document__agenda_item__icontains=word)
            | Q(agenda_item__icontains=word)
        )
    return _found(text, wanted) if words else Found(text)


def _found(text, wanted):
    ballots = Ballot.objects.filter(wanted).select_related("document")
    ballots = ballots.order_by("-held_on", F("document__number").desc(), "item")
    shown = list(ballots[: MOST_SHOWN + 1])
    total = ballots.count() if len(shown) > MOST_SHOWN else len(shown)
    # Of one text, voted on in parts, all parts are shown.
    if total > MOST_SHOWN and len({each.document_id for each in shown}) == 1:
        shown = list(ballots)
        return Found(text, shown, total)
    return Found(text, shown[:MOST_SHOWN], total)
