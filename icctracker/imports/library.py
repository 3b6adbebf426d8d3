"""The UN Digital Library's Security Council voting file: a row per member and vote."""

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

from icctracker.texts import symbols

from .cells import (
    check_tally,
    read_agenda,
    read_cast,
    read_council_resolution,
    read_count,
    read_days,
    read_drafts,
    read_meeting,
    read_title,
    seats_in,
)
from .files import Fault, Faulty, FileRefused, PassedOver, Statement, check_cells
from .given import given
from .seats import NotSitting

# MARCXML of the UN Digital Library: records of resolutions, and of votes on them.
#
# Read a piece at a time. A document type declaration is refused before any of it is
# read: with it go entity bombs and external entities, which these records never need.

LONGEST_TEXT = 100_000
MOST_FIELDS = 2_000
_TALLY = re.compile(r"adopted (?:by )?(\d{1,2})-(\d{1,2})-(\d{1,2})\b", re.IGNORECASE)
_MEETING = re.compile(r"(\d{1,5})(?:st|nd|rd|th) meeting", re.IGNORECASE)
_CASTS = {"Y": "Y", "N": "N", "A": "A", "X": "X", "": "X"}


def read_marc(file, context):
    """Statements on Council resolutions; other records are passed over."""
    for line, record in _records(file):
        try:
            yield _marc_statement(line, record, context)
        except Faulty as fault:
            yield fault.fault


def is_marc(start):
    """Whether the first bytes of a file are those of MARCXML, named as such or not."""
    named = MARC_XML_NS.encode() in start or re.search(
        rb"<(data|control)field\b", start
    )
    return named and re.search(rb"<(\w+:)?(collection|record)", start)


class _Collector(XmlHandler):
    """Gathers records with the lines they begin on, within limits."""

    def __init__(self, parser):
        super().__init__()
        self.parser, self._line, self._size = parser, 1, 0

    def startElementNS(self, name, qname, attrs):
        if name[0] not in (None, MARC_XML_NS):
            return
        super().startElementNS(name, qname, attrs)
        self._size = 0
        if name[1] == "record":
            self._line = self.parser.getLineNumber()
        elif self._record and len(self._record.fields) > MOST_FIELDS:
            raise FileRefused(_("A record has more fields than any of the Library."))

    def endElementNS(self, name, qname):
        if name[0] in (None, MARC_XML_NS):
            super().endElementNS(name, qname)

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


def _marc_statement(line, record, context):
    is_vote = bool(record.get_fields("791"))
    tag = "791" if is_vote else "191"
    text = _first(record, tag, "a")
    if passed := _not_ours(line, text):
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
        votes, doubts = _marc_votes(line, record, symbol.year, context)
    if everybody := _cast_by_all(tally, without_vote, known=votes or doubts):
        votes = dict.fromkeys(context.seats.of(symbol.year), everybody)
    if not doubts:
        _check(line, tally, votes)
    number = _number(line, record)
    return Statement(
        line=line,
        symbol=symbol.official,
        series="resolution",
        number=symbol.number,
        **_date(line, record, context),
        title=title,
        title_is_cut=is_cut,
        agenda_item=read_agenda("; ".join(_all(record, "991", "d"))),
        drafts=_drafts(record),
        meeting=_meeting(record, outcome),
        tally=tally,
        without_vote=without_vote,
        votes=votes,
        doubts=doubts,
        vote_record=number if is_vote else None,
        document_record=None if is_vote else number,
    )


def _cast_by_all(tally, without_vote, *, known):
    """How every member voted where the record need not say it one by one, or ""."""
    if without_vote:
        return "X"
    unanimous = tally and not known and tally[0] == sum(tally)
    return "Y" if unanimous else ""


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


def _marc_votes(line, record, year, context):
    votes, doubts = {}, []
    for field in record.get_fields("967"):
        code, cast = field.get("c", ""), read_cast(given(field.get("d") or ""))
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


def _date(line, record, context):
    for tag in ("992", "269"):
        if text := _first(record, tag, "a"):
            return read_days(text, line, f"{tag}$a", context)
    return {}


def _drafts(record):
    named = [text for text in _all(record, "993", "a") if "/PV" not in text]
    return read_drafts("; ".join(named))


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
    return [" ".join(text.split()) for text in found if text and given(text)]


REQUIRED = (
    "ms_code ms_vote date resolution total_yes total_no total_abstentions"
    " total_non_voting total_ms modality"
).split()
SHARED = (
    "date resolution draft meeting description agenda modality total_yes total_no"
    " total_abstentions total_non_voting total_ms undl_id"
).split()
TEXTS = ("description", "agenda", "draft", "meeting", "vote_note")
TOTALS = ("total_yes", "total_no", "total_abstentions", "total_non_voting")
CASTS = "YNAX"
MOST_ROWS = 30
# More than there have been, and than fit in the memory of a small server.
MOST_UNFINISHED = 10_000


def read_voting(table, context):
    """Statements and faults; the rows of a resolution may stand anywhere."""
    gathered, last = {}, None
    for row in table:
        if not isinstance(row, tuple):
            yield row
            continue
        name = row[1]["resolution"].strip()
        if name != last and last in gathered and gathered[last].is_whole:
            yield _told(gathered.pop(last), context)
        if name not in gathered:
            gathered[name] = _Rows(*row)
        else:
            gathered[name].add(*row)
        if len(gathered) > MOST_UNFINISHED:
            text = _("The rows of more than %d resolutions are scattered in this file.")
            raise FileRefused(text % MOST_UNFINISHED)
        last = name
    for rows in gathered.values():
        yield _told(rows, context)


class _Rows:
    """The rows of one resolution: the first, and of others what is their own."""

    def __init__(self, line, cells):
        self.line = line
        self.first = {n: cells.get(n, "") for n in (*REQUIRED, *SHARED, *TEXTS)}
        self.others = []

    def add(self, line, cells):
        """Keep the vote in a row, and where it differs from the first."""
        other = [n for n in SHARED if cells.get(n, "").strip() != self.first[n].strip()]
        differs = [(name, cells.get(name, "")) for name in other[:1]]
        if len(self.others) < MOST_ROWS:
            self.others.append((line, cells["ms_code"], cells["ms_vote"], differs))

    @property
    def is_whole(self):
        """Whether there are as many rows as the Council is said to have members."""
        seats = self.first["total_ms"].strip().partition(".")[0]
        return str(len(self.others) + 1) == seats


def _told(rows, context):
    try:
        return _voting_statement(rows, context)
    except Faulty as fault:
        return fault.fault


def _voting_statement(rows, context):
    line, first = rows.line, rows.first
    check_cells(line, first, TEXTS)
    symbol = read_council_resolution(
        first["resolution"], line, "resolution", context.today
    )
    when = read_days(first["date"], line, "date", context)
    tally = tuple(read_count(first[column], line, column) for column in TOTALS)
    seats = read_count(first["total_ms"], line, "total_ms")
    without_vote = _without_vote(first["modality"], line)
    # Without a vote the totals may be those of nobody, or all of one kind.
    if without_vote and sum(tally) in (0, seats):
        tally = (0, 0, 0, seats)
    check_tally(tally, seats, line, "total_ms")
    votes, doubts = _voting_votes(rows, symbol.year, context)
    tally = _agreed(line, tally, votes, doubts, without_vote)
    if without_vote:
        votes = dict.fromkeys(votes, "X")
    title, is_cut = read_title(first["description"])
    return Statement(
        line=line,
        symbol=symbol.official,
        series="resolution",
        number=symbol.number,
        **when,
        title=title,
        title_is_cut=is_cut,
        agenda_item=read_agenda(first["agenda"]),
        drafts=read_drafts(first["draft"]),
        meeting=read_meeting(first["meeting"]),
        tally=tally,
        without_vote=without_vote,
        votes=votes,
        doubts=doubts,
        vote_record=_record(first["undl_id"], line),
        note=_note(first["vote_note"], without_vote),
    )


def _voting_votes(rows, year, context):
    """Who voted how; all rows must agree on everything else."""
    votes, doubts, first = {}, [], rows.first
    _vote(votes, doubts, rows.line, first["ms_code"], first["ms_vote"], year, context)
    for count, (at, code, cast, differs) in enumerate(rows.others, start=2):
        if count > MOST_ROWS:
            text = _("More rows for one resolution than the Council has members.")
            raise Faulty(at, "resolution", first["resolution"], text)
        for column, value in differs:
            text = _("The rows of one resolution differ here; line %d has “%s”.")
            raise Faulty(at, column, value, text % (rows.line, first[column]))
        _vote(votes, doubts, at, code, cast, year, context)
    return votes, tuple(doubts)


def _vote(votes, doubts, line, member, said, year, context):
    """Add the vote of one row, or the doubt about it."""
    cast = read_cast(said)
    if cast not in CASTS or not cast:
        raise Faulty(line, "ms_vote", said, _("A vote is Y, N, A or X."))
    try:
        code = context.seats.by_code(member, year)
    except NotSitting as absent:
        doubts.append(Fault(line, "ms_code", member, str(absent)))
        return
    except KeyError:
        text = _("No Council member has this code.")
        raise Faulty(line, "ms_code", member, text) from None
    if code in votes:
        text = _("The same member stands here twice.")
        raise Faulty(line, "ms_code", member, text)
    votes[code] = cast


def _agreed(line, tally, votes, doubts, without_vote):
    """The tally, once rows and totals agree; without a vote nobody voted."""
    seats = sum(tally)
    if len(votes) + len(doubts) != seats:
        text = _("%(rows)d rows stand here for %(seats)d members.")
        counts = {"rows": len(votes) + len(doubts), "seats": seats}
        raise Faulty(line, "resolution", "", text % counts)
    if without_vote:
        return (0, 0, 0, seats)
    counted = tuple(list(votes.values()).count(cast) for cast in CASTS)
    if counted != tally and not doubts:
        text = _("The totals say %(tally)s, but the rows count %(counted)s.")
        shown = ["-".join(map(str, each)) for each in (tally, counted)]
        values = {"tally": shown[0], "counted": shown[1]}
        raise Faulty(line, "total_yes", shown[0], text % values)
    return tally


def _without_vote(text, line):
    modality = text.strip().casefold()
    if modality not in ("vote", "without vote"):
        wrong = _("The modality is Vote or Without Vote.")
        raise Faulty(line, "modality", text, wrong)
    return modality == "without vote"


def _record(text, line):
    return read_count(text, line, "undl_id") if text.strip() else None


def _note(text, without_vote):
    said = re.fullmatch(r"adopted without (?:a )?vote\.?", text.strip(), re.I)
    return "" if without_vote and said else text.strip()
