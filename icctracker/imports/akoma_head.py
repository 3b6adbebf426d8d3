"""What a file in Akoma Ntoso says of its document, several times over.

Symbol, kind, language, day, meeting, vote: each stands in several places, which do not
always agree. One value is taken, by a rule, and the others are told.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from icctracker.texts import symbols
from icctracker.texts.dates import DateError
from icctracker.texts.dates import read as read_date

from .files import FileRefused

RESOLUTION, STATEMENT, DRAFT = "resolution", "statement", "draft"
# By the name of a statement: the kind of the document.
KINDS = {
    "resolution": RESOLUTION,
    "presidentialStatement": STATEMENT,
    "draftResolution": DRAFT,
}
LANGUAGES = {
    **{"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru", "ara": "ar"},
    **{"zho": "zh", "chi": "zh", "deu": "de", "ger": "de"},
}
# Where the words of a document stand; nothing of its head does.
OF_THE_TEXT = ("preamble", "mainBody", "attachments")
# The opening of a statement is among its first paragraphs.
LOOKED_AT = 6
WAYS = ("inFavour", "against", "abstaining")

_NAMES = (
    (r"S[_-]PRST[_-](?P<year>\d{4})[_-](?P<number>\d+)", "S/PRST/{year}/{number}"),
    (r"(?:S[_-]RES|SC)[_-](?P<number>\d+)(?:[_-](?P<year>\d{4}))?", "resolution"),
    (r"S[_-](?P<year>\d{4})[_-](?P<number>\d+)", "S/{year}/{number}"),
)
_TAILS = re.compile(r"[_-](Rev|Corr|Add)[._]?(\d+)", re.IGNORECASE)
_JOB = re.compile(r"(?:^|[-_])([N]?\d{7,8}[A-Z]?)$", re.IGNORECASE)
_OPENED = re.compile(r"At the (\d{1,5})(?:st|nd|rd|th) meeting.*?held on ([^,]+?\d{4})")
_ITEM = re.compile(r"item entitled “(.+?)”,? the President", re.DOTALL)
_COUNTED = re.compile(r"\b(\d{1,2})-(\d{1,2})-(\d{1,2})\b")
_MEETING = re.compile(r"(\d{1,5})(?:st|nd|rd|th) meeting")


@dataclass
class Head:
    """What one file says of its document, and where it says two things at once."""

    symbol: str
    kind: str
    language: str
    job: str = ""
    held_on: date | None = None
    meeting: str = ""
    agenda_item: str = ""
    drafts: list = field(default_factory=list)
    outcome: str = ""
    # In favour, against and abstaining, as far as the file counts them.
    counts: dict = field(default_factory=dict)
    voters: dict = field(default_factory=dict)
    # Names of fields with what else the file has for them.
    others: list = field(default_factory=list)

    @property
    def tally(self):
        """In favour, against, abstaining; None where the file does not count."""
        if not self.counts:
            return None
        return tuple(self.counts.get(way, 0) for way in WAYS)


class _Parts:
    """The elements of a file by their names; those of its text are left aside."""

    def __init__(self, statement):
        self.statement, self.found = statement, {}
        for part in statement:
            if part.name not in OF_THE_TEXT:
                self._note(part)

    def _note(self, node):
        self.found.setdefault(node.name, []).append(node)
        for each in node:
            self._note(each)

    def get(self, name):
        """An attribute of the statement itself."""
        return self.statement.get(name)

    def all(self, name):
        return self.found.get(name, [])

    def first(self, name):
        return next(iter(self.all(name)), None)

    def opening(self):
        """The words of the first paragraphs of the text."""
        body = self.statement.child("mainBody")
        found = body.all("p") if body is not None else ()
        return [_said(each) for each in islice(found, LOOKED_AT)]


def read_head(name, statement, today_year):
    """What a file says of its document; FileRefused, in words, if it says no such."""
    statement = _Parts(statement)
    kind = KINDS.get(statement.get("name"))
    if kind is None:
        text = _("A document of a kind that is not read here: “%s”.")
        raise FileRefused(text % statement.get("name")[:60])
    others = []
    symbol = _symbol(name, statement, kind, today_year, others)
    head = Head(symbol, kind, _language(statement), _job(name, statement))
    head.others = others
    if kind == STATEMENT:
        _read_opening(statement, head)
    head.held_on = head.held_on or _date(statement, head)
    head.meeting = head.meeting or _meeting(statement, head)
    head.agenda_item = head.agenda_item or _agenda_item(statement)
    _read_steps(statement, head)
    _read_votes(statement, head)
    return head


def _said(node):
    """All words in an element, on one line."""
    texts = [part if isinstance(part, str) else _said(part) for part in node.parts]
    return " ".join("".join(texts).split())


# Which document, and in which language.


def _symbol(name, statement, kind, today_year, others):
    """The symbol: that of the file's name, where anything in the file agrees.

    A name that the United Nations did not give says nothing; then what the file itself
    says most often counts, its printed cover first.
    """
    inside = [each for each in _symbols_inside(statement, kind, today_year) if each]
    named = _symbol_in_name(name, inside, today_year)
    _check_body(statement, inside, named)
    if named and inside and named not in inside and len(inside) > 1:
        if len(set(inside)) == 1:
            text = _(
                "The name of the file says %(named)s, but the file says %(inside)s"
                " throughout: it was not read."
            )
            raise FileRefused(text % {"named": named, "inside": inside[0]})
    chosen = named or (Counter(inside).most_common(1)[0][0] if inside else "")
    if not chosen:
        raise FileRefused(_("Neither the file nor its name gives a document symbol."))
    others += [("symbol", other) for other in dict.fromkeys(inside) if other != chosen]
    return chosen


def _check_body(statement, inside, named):
    """Refuse a document of another body."""
    for each in [*inside, *filter(None, [named])]:
        found = symbols.read(each)
        if found.body != symbols.SECURITY_COUNCIL:
            text = _("%(symbol)s is a document of another body: %(body)s.")
            raise FileRefused(text % {"symbol": each, "body": found.body})
    authors = {each.get("href") for each in statement.all("FRBRauthor")}
    if not inside and not authors & {"sc", "#sc", ""}:
        raise FileRefused(_("This is no document of the Security Council."))


def _symbols_inside(statement, kind, today_year):
    """The symbols that the file gives: on its cover, in its address, in its titles."""
    cover = statement.first("docNumber")
    if cover is not None:
        yield _official(_said(cover), today_year)
    for title in statement.all("docTitle"):
        if title.get("refersTo") == "#resolutionNumber":
            if found := re.search(r"(\d{1,4}) ?\((\d{4})\)", _said(title)):
                yield _official(f"S/RES/{found[1]}({found[2]})", today_year)
    address = statement.first("FRBRuri")
    if address is not None:
        yield _official(_in_address(address.get("value"), kind), today_year)
    for keyword in statement.all("keyword"):
        said = re.match(
            r"Security Council resolution (\d+) \((\d{4})\)", keyword.get("showAs")
        )
        if said and keyword.get("refersTo") == "title":
            yield _official(f"S/RES/{said[1]}({said[2]})", today_year)


def _in_address(value, kind):
    """The symbol in the address that a file gives its document."""
    last = value.rstrip("/").rpartition("/")[2]
    found = re.fullmatch(r"(\d+)-(\d+)(?:-(rev|corr|add)\.?(\d+))?", last, re.I)
    if not found:
        return ""
    tail = f"/{found[3].capitalize()}.{found[4]}" if found[3] else ""
    if kind == RESOLUTION:
        return f"S/RES/{found[1]}({found[2]})"
    series = "S/PRST" if kind == STATEMENT else "S"
    return f"{series}/{found[1]}/{found[2]}{tail}"


def _official(text, today_year):
    """A symbol as it is written officially; nothing if it cannot be read as one."""
    try:
        return symbols.read(text, today_year=today_year).official if text else ""
    except symbols.SymbolError:
        return ""


def _symbol_in_name(name, inside, today_year):
    """The symbol in the name of a file, where it is one that the UN gives files."""
    stem = re.split(r"[\\/]", name)[-1].rpartition(".")[0]
    for pattern, form in _NAMES:
        found = re.match(rf"{pattern}(?![0-9])", stem, re.IGNORECASE)
        if not found:
            continue
        number, year = int(found["number"]), found["year"]
        if form != "resolution":
            text = form.format(year=year, number=number)
            tails = _TAILS.findall(stem[found.end() :])
            text += "".join(f"/{kind.capitalize()}.{at}" for kind, at in tails)
            return _official(text, today_year)
        # The year follows from the number, or stands in what the file says.
        alike = [each for each in inside if each.startswith(f"S/RES/{number}(")]
        known = _official(f"S/RES/{number}", today_year)
        dated = _official(f"S/RES/{number}({year})", today_year) if year else ""
        return known or dated or next(iter(alike), "")
    return ""


def _language(statement):
    said = statement.first("FRBRlanguage")
    code = said.get("language") if said is not None else ""
    if code not in LANGUAGES:
        text = _("Its language is none that is read here: “%s”.")
        raise FileRefused(text % code[:20])
    return LANGUAGES[code]


def _job(name, statement):
    """The job number, which tells one text in two files; without its language."""
    printed = statement.first("docketNumber")
    found = re.search(r"\d{2}-?\d{5}", _said(printed)) if printed is not None else None
    if found:
        return found[0].replace("-", "")
    named = _JOB.search(re.split(r"[\\/]", name)[-1].rpartition(".")[0])
    return re.sub(r"\D", "", named[1]) if named else ""


# When, in which meeting, on what.


def _read_opening(statement, head):
    """Day, meeting and item of a statement are best read from what opens it."""
    for said in statement.opening():
        if found := _OPENED.search(said):
            head.held_on, head.meeting = _day(found[2]), f"S/PV.{found[1]}"
            item = _ITEM.search(said)
            head.agenda_item = item[1].strip() if item else ""
            break
    if head.held_on:
        days = dict.fromkeys(day for day in _days(statement) if day != head.held_on)
        head.others += [("date", day.isoformat()) for day in days]


def _date(statement, head):
    """The day that most places in the file give, the printed one before others."""
    days = list(_days(statement))
    if not days:
        return None
    counted = Counter(days)
    chosen = max(counted, key=lambda day: (counted[day], -days.index(day)))
    head.others += [("date", day.isoformat()) for day in counted if day != chosen]
    return chosen


def _days(statement):
    """The days that a file gives for its document, the printed one first."""
    for each in statement.all("docDate"):
        if each.get("refersTo") == "#adoptionDate":
            yield from filter(None, [_day(_said(each)), _day(each.get("date"))])
    for each in statement.all("FRBRdate"):
        if each.get("name") in ("adoption", "voting"):
            yield from filter(None, [_day(each.get("date"))])
    for step in statement.all("step"):
        if step.get("outcome").casefold() in ("adopted", "veto", "notadopted"):
            yield from filter(None, [_day(step.get("date"))])


def _day(text):
    """A day, if the text is one; the first of the year 1 stands for none."""
    try:
        return read_date(text) if text and not text.startswith("0001") else None
    except DateError:
        return None


def _meeting(statement, head):
    """The meeting that the cover gives, else that of the vote."""
    found = []
    for each in statement.all("inline"):
        if each.get("name") == "adoptionMeeting":
            number = re.search(r"\d{1,5}", each.get("title") or _said(each))
            found += [f"S/PV.{number[0]}"] if number else []
    for step in statement.all("step"):
        if re.fullmatch(r"S/PV\.\d+", step.get("as")):
            found.append(step.get("as"))
        if number := _MEETING.search(step.get("by")):
            found.append(f"S/PV.{number[1]}")
    if not found:
        return ""
    counted = Counter(found)
    chosen = max(counted, key=lambda each: (counted[each], -found.index(each)))
    head.others += [("meeting", each) for each in counted if each != chosen]
    return chosen


def _agenda_item(statement):
    for keyword in statement.all("keyword"):
        agenda = keyword.get("refersTo") == "agenda"
        if agenda and keyword.get("dictionary") == "S/":
            return " ".join(keyword.get("showAs").split()).rstrip(".")
    return ""


# What became of it.


def _read_steps(statement, head):
    for step in statement.all("step"):
        outcome = step.get("outcome")
        if outcome == "draftResolution" and step.get("as"):
            head.drafts += [part.strip() for part in step.get("as").split(";")]
        elif outcome in ("adopted", "veto", "Veto", "notAdopted"):
            head.outcome = outcome


def _read_votes(statement, head):
    for count in statement.all("count"):
        way, value = count.get("refersTo").lstrip("#"), count.get("value").strip()
        if way not in WAYS:
            continue
        names = [_said(each) for each in count.all("organization")]
        if value.isdecimal() and len(value) < 4:
            head.counts[way] = int(value)
        if names:
            head.voters[way] = names
    _check_votes(statement, head)


def _check_votes(statement, head):
    """Note where voters, counts and words do not agree."""
    for way, names in head.voters.items():
        counted = head.counts.get(way)
        if counted is not None and counted != len(names):
            head.others.append((f"count-{way}", str(len(names))))
    said = " ".join(step.get("by") for step in statement.all("step"))
    found = _COUNTED.search(said)
    if found and head.tally and tuple(map(int, found.groups())) != head.tally:
        head.others.append(("vote", found[0]))
