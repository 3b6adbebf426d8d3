"""Cells of files read as values: symbols, dates, counts, titles; or the fault."""

import re
from datetime import timedelta

from django.utils.translation import gettext as _

from icctracker.models.vocabulary import Seats
from icctracker.readings.days import two_days
from icctracker.texts import dates, symbols

from .files import Faulty
from .given import given

MOST_DAYS = 7
LONGEST_TITLE = 500
_CUT = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\.\.\.|…)\]?\s*$")
_WRAPPED = re.compile(
    r"(?:security council )?resolution \d+ ?\(\d{4}\)\s*(.*)", re.IGNORECASE | re.DOTALL
)
_CASTS = {
    **dict.fromkeys(("yes", "in favour", "in favor", "for", "oui"), "Y"),
    **dict.fromkeys(("no", "against", "non", "contre"), "N"),
    **dict.fromkeys(("abstain", "abstained", "abstention", "abstaining"), "A"),
    **dict.fromkeys(("nv", "non-voting", "not voting", "did not vote", "absent"), "X"),
}
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


def read_days(text, line, column, context):
    """When a vote was held, by field: a day, or several and how they are written."""
    try:
        days = dates.read_span(text, context.order)
    except dates.Ambiguous as either:
        asked = _(
            "This is either %(day_first)s or %(month_first)s. Say whether the day or"
            " the month comes first in this file: --dates day-first or --dates"
            " month-first, or the choice below the file in the form."
        )
        raise Faulty(line, column, text, asked % two_days(either)) from either
    except dates.DateError as fault:
        wrong = _("This is not a date. %s") % _(str(fault))
        raise Faulty(line, column, text, wrong) from fault
    if days.last > context.today:
        raise Faulty(line, column, text, _("This day is still to come."))
    if days.first.year < symbols.FIRST_YEAR:
        raise Faulty(line, column, text, _("The Council did not exist yet."))
    if days.first == days.last:
        return {"held_on": days.first}
    if days.last - days.first >= timedelta(MOST_DAYS):
        wrong = _("No vote takes more than %d days.") % MOST_DAYS
        raise Faulty(line, column, text, wrong)
    return {"held_within": days, "dated": " ".join(text.split())}


def read_cast(text):
    """How a member voted, as a letter, whether written as one or as a word."""
    said = " ".join(text.casefold().split())
    return _CASTS.get(said, said.upper())


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
    text = given(text.strip())
    if len(text) > LONGEST_TITLE - 1:
        text, is_cut = text[: LONGEST_TITLE - 1].rstrip(), True
    text = text[:1].upper() + text[1:]
    return (f"{text}…", True) if is_cut and text else (text, False)


def read_agenda(text):
    """An agenda item, without the stop that catalogues end it with."""
    return " ".join(given(text.strip().removesuffix(".")).split())


def read_drafts(text):
    """The symbols of drafts; a text without any names none."""
    return read_symbols(text)[0]


def read_meeting(text):
    """The symbols of the meeting record; a bare number is that of a meeting."""
    text = text.strip()
    if re.fullmatch(r"\d{1,5}", text):
        text = f"S/PV.{text}"
    return read_symbols(text)[0]


def _closes(text):
    return text.endswith("]") and text.count("[") == text.count("]")


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
