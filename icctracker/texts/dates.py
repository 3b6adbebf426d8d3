"""Days as people write them, read by one rule wherever a day is typed or filed.

Pure functions of their text: no clock, nothing of ours, no Django. Errors are English
sentences for whoever wrote the text; callers translate them and quote the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from .typed import typed

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
LONGEST = 80
# Two figures stand for one year alone since then: nothing read here is older.
EARLIEST_YEAR = 1945

_MONTHS = (
    ("january", "janvier"),
    ("february", "fevrier"),
    ("march", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juin"),
    ("july", "juillet"),
    ("august", "aout"),
    ("september", "septembre"),
    ("october", "octobre"),
    ("november", "novembre"),
    ("december", "decembre"),
)
SHORTEST_NAME = 3

UNREAD = "Write it like 22 May 2014 or 2014-05-22."
NO_SUCH_DAY = "There is no such day on the calendar."
SHORT_YEAR = "Write the year with four digits, as in 1986."
NO_DAY = "The day is missing: a date has day, month and year, as in 22 May 2014."
NO_YEAR = "The year is missing: a date has day, month and year, as in 22 May 2014."
A_NUMBER = (
    "It is a number, as programs keep dates; write it like 22 May 2014 or 2014-05-22."
)
BACKWARDS = "Its first day is after its last."
NO_INSTANT = "Write an instant like 2014-05-22T10:30, or a day alone."
EITHER_ORDER = "Either the day or the month can come first; write the month as a word."
A_SPAN = "It names several days; give the one on which it happened."


class DateError(ValueError):
    """A text that is not one day; its message says why."""


class Ambiguous(DateError):
    """Figures that are two days: the day first, or the month first."""

    def __init__(self, day_first: date, month_first: date):
        super().__init__(EITHER_ORDER)
        self.day_first, self.month_first = day_first, month_first


class Several(DateError):
    """A text that names a span of days."""

    def __init__(self, span: Span):
        super().__init__(A_SPAN)
        self.span = span


@dataclass(frozen=True, slots=True)
class Span:
    """All days from the first to the last; one day, if they are the same."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read(text: str, order: str = "") -> date:
    """The day that a text names; DateError, with the reason, if it names none.

    ``order`` says which comes first where figures do not, as in 5/6/2014.
    """
    span = read_span(text, order)
    if span.first != span.last:
        raise Several(span)
    return span.first


def read_span(text: str, order: str = "") -> Span:
    """The day or the days that a text names."""
    plain = folded(text) if len(text) <= LONGEST else ""
    if found := _one_day(plain, order):
        return Span(found, found)
    if found := _days(plain, order):
        if found.last < found.first:
            raise DateError(BACKWARDS)
        return found
    raise DateError(_why_not(plain))


def read_instant(text: str) -> datetime:
    """The instant that a text names; a day alone means its end, all of it over."""
    try:
        # A plus sign in an address arrives as a space.
        instant = datetime.fromisoformat(re.sub(r"(?<=:\d\d) (?=\d\d:)", "+", text))
    except ValueError as fault:
        if _TIME.search(folded(text)):
            raise DateError(NO_INSTANT) from fault
        return datetime.combine(read(text), time.max)
    is_a_day = not re.search(r"\d[T ]\d", text)
    return datetime.combine(instant, time.max) if is_a_day else instant


def folded(text: str) -> str:
    """A text without what is not seen or means nothing: marks, accents, brackets."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(typed(each, ("Cf", "Mn")) for each in text).casefold()
    text = re.sub(r"(?<=[a-z])\.", " ", text)
    text = " ".join(text.split()).replace(" ,", ",").strip(" .,;:[]()\"'")
    return _WEEKDAY.sub("", text)


def _one_day(text: str, order: str) -> date | None:
    text = _TIME.sub("", text)
    for pattern in (_YEAR_FIRST, _COMPACT):
        if found := pattern.fullmatch(text):
            return _day(found["year"], found["month"], found["day"])
    if found := _FIGURES.fullmatch(text):
        return _by_order(*found.group("first", "second", "year"), order)
    for pattern in _IN_WORDS:
        if (found := pattern.fullmatch(text)) and _month(found["month"]):
            return _day(found["year"], _month(found["month"]), found["day"])
    # As spreadsheets shorten it, which nobody does in prose.
    if (found := _SHORTENED.fullmatch(text)) and _month(found["month"]):
        return _day(_whole_year(found["year"]), _month(found["month"]), found["day"])
    return None


def _by_order(first: str, second: str, year: str, order: str) -> date:
    if order:
        return _day(year, *((second, first) if order == DAY_FIRST else (first, second)))
    if int(first) > 12 or first == second or int(second) > 12:
        day, month = (second, first) if int(second) > 12 else (first, second)
        return _day(year, month, day)
    raise Ambiguous(_day(year, second, first), _day(year, first, second))


def _days(text: str, order: str) -> Span | None:
    """The span that a text names, each half of which may leave out what it shares."""
    text = re.sub(r"^(?:from|du|between|entre le) ", "", text)
    for pattern in _SPANS:
        found = pattern.fullmatch(text)
        named = found.groupdict() if found else {}
        months = [name for key, name in named.items() if "month" in key and name]
        if not found or not all(map(_month, months)):
            continue
        year, last_month = named["year"], named.get("last_month") or named["month"]
        return Span(
            _day(named.get("first_year") or year, _month(named["month"]), named["day"]),
            _day(year, _month(last_month), named["last"]),
        )
    for joint in _JOINT.finditer(text):
        halves = text[: joint.start()], text[joint.end() :]
        days = [_one_day(half.strip(), order) for half in halves]
        if all(days):
            return Span(*days)
    return None


def _day(year, month, day) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as fault:
        raise DateError(NO_SUCH_DAY) from fault


def _month(name: str) -> int:
    """The number of a month by its name or the beginning of it, or 0."""
    if len(name) < SHORTEST_NAME:
        return 0
    found = [
        number
        for number, names in enumerate(_MONTHS, start=1)
        if any(each.startswith(name) for each in names) or (name, number) == ("sept", 9)
    ]
    return found[0] if len(found) == 1 else 0


def _whole_year(year: str) -> int:
    return EARLIEST_YEAR + (int(year) - EARLIEST_YEAR) % 100


def _why_not(text: str) -> str:
    """Why a text is no date, as far as that can be seen."""
    if re.fullmatch(r"[0-9]{4}(?:[-/.][0-9]{1,2})?|[0-9]{1,2}[-/.][0-9]{4}", text):
        return NO_DAY
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        return A_NUMBER
    if re.fullmatch(r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1'?[0-9]{2}", text):
        return SHORT_YEAR
    words = re.findall(r"[a-z]+", text)
    if [bool(_month(word)) for word in words].count(True) != 1:
        return UNREAD
    figures = re.findall(r"[0-9]+", text)
    if len(figures) == 2 and all(len(each) <= 2 for each in figures):
        return SHORT_YEAR
    if len(figures) == 1:
        return NO_DAY if len(figures[0]) == 4 else NO_YEAR
    return UNREAD


_WEEKDAY = re.compile(
    r"^(?:on |le )?(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche),? (?:le )?)?"
)
_D, _Y, _M = "[0-9]{1,2}", "[0-9]{4}", "[a-z]{3,9}"
# What stands behind a number in a date, and what may stand between its parts.
_NTH = r"(?: ?(?:st|nd|rd|th|er))?"
_APART = r"(?:, ?| ?[-/] ?| (?:of |de )?|\. ?)"
_GAP = rf"{_APART}?"
# The time of day, which says nothing of the day that a person sees.
_TIME = re.compile(
    r"(?:t|,? )(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?[ap] ?m)?(?: ?(?:z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}))?$"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>{_Y})([-/.])(?P<month>{_D})\2(?P<day>{_D})(?:z|[+-][0-9]{{2}}:[0-9]{{2}})?"
)
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_FIGURES = re.compile(rf"(?P<first>{_D})([-/.])(?P<second>{_D})\2(?P<year>{_Y})")
_IN_WORDS = (
    re.compile(rf"(?P<day>{_D}){_NTH}{_GAP}(?P<month>{_M}){_GAP}(?P<year>{_Y})"),
    re.compile(rf"(?P<month>{_M}){_GAP}(?P<day>{_D}){_NTH}{_APART}(?P<year>{_Y})"),
    re.compile(rf"(?P<year>{_Y}){_GAP}(?P<month>{_M}){_GAP}(?P<day>{_D}){_NTH}"),
    re.compile(rf"(?P<year>{_Y}){_APART}(?P<day>{_D}){_NTH}{_GAP}(?P<month>{_M})"),
)
_SHORTENED = re.compile(r"(?P<day>[0-9]{1,2})-(?P<month>[a-z]{3})-(?P<year>[0-9]{2})")
_TO = r" ?(?:-|/|&|\bto\b|\band\b|\bet\b|\bau\b|\ba\b) ?"
_JOINT = re.compile(_TO)
_SPANS = (
    # 14-15 December 2001; 30 November-1 December 2001; 31 December 2000-1 January 2001
    re.compile(
        rf"(?P<day>{_D}){_NTH}{_TO}(?P<last>{_D}){_NTH}{_GAP}"
        rf"(?P<month>{_M}){_GAP}(?P<year>{_Y})"
    ),
    re.compile(
        rf"(?P<day>{_D}){_NTH} (?P<month>{_M})(?: (?P<first_year>{_Y}))?{_TO}"
        rf"(?P<last>{_D}){_NTH} (?P<last_month>{_M}) (?P<year>{_Y})"
    ),
    # December 14-15, 2001; November 30 - December 1, 2001
    re.compile(
        rf"(?P<month>{_M}) (?P<day>{_D}){_NTH}(?:, (?P<first_year>{_Y}))?{_TO}"
        rf"(?:(?P<last_month>{_M}) )?(?P<last>{_D}){_NTH}{_APART}(?P<year>{_Y})"
    ),
)
