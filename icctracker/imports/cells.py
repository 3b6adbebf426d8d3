"""Cells of files read as values: symbols, dates, counts, titles; or the fault."""

import re
from datetime import date

from django.utils.translation import gettext as _

from icctracker import symbols
from icctracker.models.vocabulary import Seats

from .files import Faulty

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
LONGEST_TITLE = 500
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]00:00.*)?")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})\.?(?: (\d{1,2}),?)? (\d{4})"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CUT = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\.\.\.|…)\]?\s*$")
_WRAPPED = re.compile(
    r"(?:security council )?resolution \d+ ?\(\d{4}\)\s*(.*)", re.IGNORECASE | re.DOTALL
)
# How catalogues end the title of a resolution, whatever it is called.
_STATED = re.compile(r"\s*(?::\s*resolution\s*)?/\s*adopted by the .*", re.I | re.S)
_ADOPTED = re.compile(r"[/,:;]?\s*adopted by the security council.*", re.I | re.DOTALL)
_SYMBOL = re.compile(r"S/[^\s,;()]+(?: ?\((?:Part|Resumption) ?\w+\))?", re.IGNORECASE)


def read_council_resolution(text, line, column, today):
    """The symbol of a Council resolution."""
    symbol = read_symbol(text, line, column, today)
    if (symbol.body, symbol.series) != (symbols.SECURITY_COUNCIL, symbols.RESOLUTION):
        wrong = _("This is not the symbol of a Security Council resolution.")
        raise Faulty(line, column, text, wrong)
    if symbol.warnings:
        raise Faulty(line, column, text, symbol.warnings[0])
    return symbol


def read_symbol(text, line, column, today):
    """A document symbol, however it is written."""
    try:
        return symbols.read(text, today_year=today.year)
    except symbols.SymbolError as fault:
        raise Faulty(line, column, text, str(fault)) from fault


def read_day(text, line, column, today, order=""):
    """A day as in 2014-05-22 or 22 May 2014; as in 5/22/2014 if the order is told."""
    text = " ".join(text.split())
    try:
        day = _day(text, order)
    except ValueError as fault:
        wrong = _("There is no such day.")
        raise Faulty(line, column, text, wrong) from fault
    except LookupError as fault:
        wrong = _("Say whether the day or the month comes first in this file.")
        raise Faulty(line, column, text, wrong) from fault
    if day is None:
        wrong = _("This is not a date such as 2014-05-22.")
        raise Faulty(line, column, text, wrong)
    if day > today:
        raise Faulty(line, column, text, _("This day is still to come."))
    if day.year < symbols.FIRST_YEAR:
        raise Faulty(line, column, text, _("The Council did not exist yet."))
    return day


def read_count(text, line, column):
    """A whole number, also as in 15.0."""
    found = re.fullmatch(r"\s*(\d{1,9})(?:\.0+)?\s*", text)
    if not found:
        raise Faulty(line, column, text, _("This is not a whole number."))
    return int(found[1])


def check_tally(tally, seats, line, column):
    """A vote must add up to the seats of the Council."""
    shown = "-".join(map(str, tally))
    if sum(tally) != seats:
        text = _("The vote adds up to %(sum)d; the Council has %(seats)d members.")
        raise Faulty(line, column, shown, text % {"sum": sum(tally), "seats": seats})
    if seats not in (11, 15):
        text = _("The Council had 11 members to 1965 and has 15 since.")
        raise Faulty(line, column, str(seats), text)


def seats_in(year):
    """How many members the Council had."""
    return Seats.COUNCIL.in_year(year)


def read_title(text):
    """The subject in a title, and whether the source cut it short.

    “Security Council resolution 541 (1983) [on …]” is about what stands in brackets;
    “Resolution 1593 (2005) / adopted by …” says nothing of its subject, and “On a new
    matter : resolution / adopted by …” only in its first words.
    """
    text = " ".join(text.split())
    is_cut = bool(_CUT.search(text))
    text = _STATED.sub("", _CUT.sub("", text))
    if wrapped := _WRAPPED.fullmatch(text):
        text = _ADOPTED.sub("", wrapped[1]).strip(" /:;,")
    if text.startswith("["):
        text = text[1:].removesuffix("]") if _closes(text) else text[1:]
    text = text.strip()
    if len(text) > LONGEST_TITLE - 1:
        text, is_cut = text[: LONGEST_TITLE - 1].rstrip(), True
    text = text[:1].upper() + text[1:]
    return (f"{text}…", True) if is_cut and text else (text, False)


def read_meeting(text):
    """The symbols of the meeting record; a bare number is that of a meeting."""
    text = text.strip()
    if re.fullmatch(r"\d{1,5}", text):
        text = f"S/PV.{text}"
    return read_symbols(text)[0]


def _closes(text):
    return text.endswith("]") and text.count("[") == text.count("]")


def _day(text, order):
    """The day; None if it is none, LookupError if its order is not known."""
    if found := _ISO.fullmatch(text):
        return date(*map(int, found.groups()))
    if found := _NUMERIC.fullmatch(text):
        first, second, year = map(int, found.groups())
        if not order:
            raise LookupError
        month, day = (second, first) if order == DAY_FIRST else (first, second)
        return date(year, month, day)
    found = _WORDS.fullmatch(text.casefold())
    if found and found[2][:3] in _MONTHS and bool(found[1]) != bool(found[3]):
        month = _MONTHS.index(found[2][:3]) + 1
        return date(int(found[4]), month, int(found[1] or found[3]))
    return None


def read_symbols(text):
    """The symbols in a text, joined by semicolons, and what was left out of them."""
    if not text:
        return "", ""
    given = f"The source gives the meeting as “{text}”"
    try:
        symbol = symbols.read(text)
    except symbols.SymbolError:
        found = "; ".join(map(symbols.normalise, _SYMBOL.findall(text)))
        return found, "" if found else f"{given}, which is no symbol."
    return symbol.official, f"{given}." if symbol.warnings else ""


# Agenda items beside each other; each source shortens them in its own way.

# A word and a form of it, such as Syria and Syrian, share as many letters at least.
SHORTEST_STEM = 4
# Words that one source writes and another leaves out.
EMPTY = set("a and between concerning for in of on question situation the to".split())


def alike(one, other):
    """Whether they have the same words in the same order."""
    return _words(one) == _words(other)


def says_the_same(one, other):
    """Whether the longer has all words of the shorter that tell it, or their forms."""
    telling = [set(_words(one)) - EMPTY, set(_words(other)) - EMPTY]
    shorter, longer = sorted(telling, key=len)
    return all(any(_akin(word, each) for each in longer) for word in shorter)


def _words(text):
    return re.findall(r"\w+", text.casefold())


def _akin(one, other):
    shorter, longer = sorted([one, other], key=len)
    return one == other or (
        len(shorter) >= SHORTEST_STEM and longer.startswith(shorter)
    )
