"""MARCXML of the UN Digital Library: records of resolutions, and of votes on them.

Read a piece at a time. A document type declaration is refused before any of it is
read: with it go entity bombs and external entities, which these records never need.
"""

import re
from xml.sax import SAXException, SAXParseException, make_parser
from xml.sax.handler import (
    feature_external_ges,
    feature_external_pes,
    feature_namespaces,
    property_lexical_handler,
)

from django.utils.translation import gettext as _
from pymarc.marcxml import MARC_XML_NS, XmlHandler

from icctracker import symbols
from icctracker.imports.cells import (
    check_tally,
    read_council_resolution,
    read_count,
    read_day,
    read_meeting,
    read_title,
    seats_in,
)
from icctracker.imports.records import (
    Fault,
    Faulty,
    FileRefused,
    PassedOver,
    Statement,
)
from icctracker.imports.seats import NotSitting

LONGEST_TEXT = 100_000
MOST_FIELDS = 2_000
_TALLY = re.compile(r"adopted (?:by )?(\d{1,2})-(\d{1,2})-(\d{1,2})\b", re.IGNORECASE)
_MEETING = re.compile(r"(\d{1,5})(?:st|nd|rd|th) meeting", re.IGNORECASE)
_CASTS = {"Y": "Y", "N": "N", "A": "A", "X": "X", "": "X"}


def read(file, context):
    """Statements on Council resolutions; other records are passed over."""
    for line, record in _records(file):
        try:
            yield _statement(line, record, context)
        except Faulty as fault:
            yield fault.fault


def is_marc(start):
    """Whether the first bytes of a file are those of MARCXML."""
    return MARC_XML_NS.encode() in start and re.search(
        rb"<(\w+:)?(collection|record)", start
    )


class _Collector(XmlHandler):
    """Gathers records with the lines they begin on, within limits."""

    def __init__(self, parser):
        super().__init__(strict=True)
        self.parser, self._line, self._size = parser, 1, 0

    def startElementNS(self, name, qname, attrs):
        super().startElementNS(name, qname, attrs)
        self._size = 0
        if name[1] == "record":
            self._line = self.parser.getLineNumber()
        elif self._record and len(self._record.fields) > MOST_FIELDS:
            raise FileRefused(_("A record has more fields than any of the Library."))

    def characters(self, content):
        self._size += len(content)
        if self._size > LONGEST_TEXT:
            raise FileRefused(_("A field is longer than any of the Library."))
        super().characters(content)

    def process_record(self, record):
        self.records.append((self._line, record))


class _NoDeclarations:
    """Refuses a document type declaration."""

    def startDTD(self, *args):
        text = _("This XML declares a document type, which is not read for safety.")
        raise FileRefused(text)

    def ignore(self, *args):
        """Comments and marked sections say nothing."""

    endDTD = startEntity = endEntity = startCDATA = endCDATA = comment = ignore


def _records(file):
    parser = make_parser()  # noqa: S317 - declarations are refused, see above
    handler = _Collector(parser)
    parser.setContentHandler(handler)
    parser.setProperty(property_lexical_handler, _NoDeclarations())
    parser.setFeature(feature_namespaces, True)
    for feature in (feature_external_ges, feature_external_pes):
        parser.setFeature(feature, False)
    try:
        for piece in file.chunks():
            parser.feed(piece)
            yield from handler.records
            handler.records.clear()
        parser.close()
    except SAXParseException as fault:
        text = _("The XML is broken at line %(line)d: %(fault)s.")
        values = {"line": fault.getLineNumber(), "fault": fault.getMessage()}
        raise FileRefused(text % values) from fault
    except (SAXException, KeyError, ValueError, AttributeError) as fault:
        raise FileRefused(_("The XML cannot be read as MARC.")) from fault
    yield from handler.records


def _statement(line, record, context):
    is_vote = bool(record.get_fields("791"))
    tag = "791" if is_vote else "191"
    text = _first(record, tag, "a")
    passed = _not_ours(line, text)
    if passed:
        return passed
    symbol = read_council_resolution(text, line, f"{tag}$a", context.today)
    outcome = _first(record, "996", "a")
    if re.match(r"(not adopted|vetoed)", outcome, re.I):
        return PassedOver(
            line, symbol.official, _("The record says it was not adopted.")
        )
    title, is_cut = read_title(" ".join(_all(record, "245", "abc")))
    tally, without_vote = _tally(line, record, outcome, symbol.year)
    votes, doubts = {}, ()
    if is_vote:
        votes, doubts = _votes(line, record, symbol.year, context)
    if without_vote:
        votes = dict.fromkeys(context.seats.of(symbol.year), "X")
    elif tally and not votes and not doubts and tally[0] == sum(tally):
        votes = dict.fromkeys(context.seats.of(symbol.year), "Y")
    if not doubts:
        _check(line, tally, votes)
    number = _number(line, record)
    return Statement(
        line=line,
        symbol=symbol.official,
        series="resolution",
        number=symbol.number,
        held_on=_date(line, record, context.today),
        title=title,
        title_is_cut=is_cut,
        agenda_item="; ".join(_all(record, "991", "d")).removesuffix("."),
        drafts="; ".join(t for t in _all(record, "993", "a") if "/PV" not in t),
        meeting=_meeting(record, outcome),
        tally=tally,
        without_vote=without_vote,
        votes=votes,
        doubts=doubts,
        vote_record=number if is_vote else None,
        document_record=None if is_vote else number,
    )


def _not_ours(line, text):
    """Why a record is not for the Council's record, if so."""
    if not text:
        return PassedOver(line, "", _("The record has no document symbol."))
    try:
        symbol = symbols.read(text)
    except symbols.SymbolError:
        return None
    if symbol.body != symbols.SECURITY_COUNCIL:
        reason = _("Not a document of the Security Council, but of the %s.")
        return PassedOver(line, symbol.official, reason % symbol.body)
    if symbol.series != symbols.RESOLUTION:
        return PassedOver(line, symbol.official, _("Not a resolution."))
    return None


def _tally(line, record, outcome, year):
    """The tally, and whether there was no vote; nothing if the record does not say."""
    counts = [_first(record, "996", code) for code in "bcde"]
    seats = seats_in(year)
    if re.match(r"adopted without (a )?vote", outcome, re.IGNORECASE):
        return (0, 0, 0, seats), True
    if any(counts[:3]):
        values = zip("bcde", counts, strict=True)
        tally = [read_count(text or "0", line, f"996${code}") for code, text in values]
        if not counts[3]:
            tally[3] = max(0, seats - sum(tally))
        total = _first(record, "996", "f")
        check_tally(
            tally, read_count(total or str(seats), line, "996$f"), line, "996$f"
        )
        return tuple(tally), not any(tally[:3])
    if found := _TALLY.match(outcome):
        tally = [int(count) for count in found.groups()]
        tally.append(max(0, seats - sum(tally)))
        check_tally(tally, seats, line, "996$a")
        return tuple(tally), False
    if outcome.casefold().startswith("adopted unanimously"):
        return (seats, 0, 0, 0), False
    return None, False


def _votes(line, record, year, context):
    votes, doubts = {}, []
    for field in record.get_fields("967"):
        code, cast = field.get("c", ""), (field.get("d") or "").strip().upper()
        if cast not in _CASTS:
            raise Faulty(line, "967$d", cast, _("A vote is Y, N or A."))
        try:
            member = context.seats.by_code(code, year)
        except NotSitting as absent:
            doubts.append(Fault(line, "967$c", code, str(absent)))
            continue
        except KeyError:
            text = _("No Council member has this code.")
            raise Faulty(line, "967$c", code, text) from None
        if member in votes:
            text = _("The same member stands here twice.")
            raise Faulty(line, "967$c", code, text)
        votes[member] = _CASTS[cast]
    return votes, tuple(doubts)


def _check(line, tally, votes):
    counted = tuple(list(votes.values()).count(cast) for cast in "YNAX")
    if tally and votes and counted != tally:
        text = _("The tally is %(tally)s, but the members count %(counted)s.")
        shown = ["-".join(map(str, each)) for each in (tally, counted)]
        values = {"tally": shown[0], "counted": shown[1]}
        raise Faulty(line, "967$d", shown[0], text % values)


def _date(line, record, today):
    for tag in ("992", "269"):
        if text := _first(record, tag, "a"):
            return read_day(text, line, f"{tag}$a", today)
    return None


def _meeting(record, outcome):
    named = _first(record, "952", "a")
    named = named or next((t for t in _all(record, "993", "a") if "/PV" in t), "")
    found = _MEETING.search(outcome)
    return read_meeting(named or (found[1] if found else ""))


def _number(line, record):
    text = record["001"].data if record.get_fields("001") else ""
    return read_count(text, line, "001") if text and text.strip() else None


def _first(record, tag, code):
    return next(iter(_all(record, tag, code)), "")


def _all(record, tag, codes):
    """The texts of the subfields of all fields with a tag."""
    fields = [field for field in record.get_fields(tag) if not field.control_field]
    found = (text for field in fields for text in field.get_subfields(*codes))
    return [" ".join(text.split()) for text in found if text and text.strip()]
