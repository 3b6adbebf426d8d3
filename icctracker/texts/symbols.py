"""Document symbols: reading every way people write them, in one official form.

Pure functions of their text: no clock, no network, nothing of ours, no Django.
Errors and warnings are English sentences for a researcher; callers translate.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote, unquote

from .typed import typed

SECURITY_COUNCIL = "Security Council"
GENERAL_ASSEMBLY = "General Assembly"
HUMAN_RIGHTS_COUNCIL = "Human Rights Council"
UNITED_NATIONS = "United Nations"
PRESS_SERVICE = "United Nations press service"
CRIMINAL_COURT = "International Criminal Court"
STATES_PARTIES = "Assembly of States Parties"

RESOLUTION = "resolution"
PRESIDENTIAL_STATEMENT = "presidential statement"
MEETING_RECORD = "meeting record"
DOCUMENT = "document"
PRESS_RELEASE = "press release"
COURT_RECORD = "court record"

# Number of the first Council resolution of each year from 1946, taken from the
# catalogue (council_resolutions.csv), which ends with resolution 2825 of June 2026.
# fmt: off
FIRST_RESOLUTIONS = (
    1, 16, 38, 67, 79, 90, 97, 99, 104, 106, 111, 122, 127, 132, 133, 161, 171, 178,
    186, 200, 220, 233, 245, 263, 276, 292, 308, 325, 345, 367, 385, 403, 423, 444,
    462, 485, 500, 529, 546, 560, 581, 594, 607, 627, 647, 684, 726, 800, 893, 970,
    1036, 1093, 1147, 1220, 1285, 1335, 1387, 1455, 1522, 1581, 1652, 1739, 1795,
    1860, 1908, 1967, 2033, 2086, 2133, 2196, 2260, 2337, 2398, 2452, 2504, 2561,
    2618, 2672, 2722, 2768, 2812,
)
# fmt: on
FIRST_YEAR = 1946
LAST_YEAR = FIRST_YEAR + len(FIRST_RESOLUTIONS) - 1
LAST_RESOLUTION = 2825
# The busiest year, 1993, had 93 resolutions.
MOST_IN_A_YEAR = 100
HIGHEST_PLAUSIBLE = 5000
# Council documents and statements carry the year since 1994.
YEARS_IN_SYMBOLS = 1994
# Addresses of press releases are made of their year and number since then.
PRESS_BY_NUMBER = 2002
_LATEST_YEAR = 2100

# What begins like this is meant as a symbol, and is at fault if it cannot be read.
_MEANT = re.compile(
    r"\W*(?:(?:s|a|e|st|sc|sg|ga)\s*/|icc\s*-|(?:un)?scr\b|resolution\s*\d|https?:)",
    re.IGNORECASE,
)
LONGEST_TEXT = 120
LONGEST_ADDRESS = 400


class SymbolError(ValueError):
    """A text that cannot be a document symbol; its message says why."""


class UnknownSymbol(SymbolError):
    """A text with the shape of a symbol, of a kind that is not known here."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One document symbol, in its official form, and what the symbol itself tells."""

    official: str
    body: str
    series: str
    number: int | None = None
    year: int | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()


def read(text: str, *, today_year: int | None = None) -> Symbol:
    """The symbol a text stands for; SymbolError, with the reason, if there is none."""
    spaced = _file_name(_symbol_in_address(_fold(text)))
    if cited := _CITED.fullmatch(spaced):
        return _cited(cited["before"], cited["symbol"], today_year)
    if len(spaced) > LONGEST_TEXT:
        raise SymbolError("This is too long for a document symbol; write it alone.")
    remark = _REMARK.search(spaced)
    if remark is None:
        return _read_folded(spaced, today_year)
    symbol = _read_folded(spaced[: remark.start()], today_year)
    warning = f"Left out, as it is not part of the symbol: {remark[0].strip()}."
    return replace(symbol, warnings=(*symbol.warnings, warning))


def _cited(before: str, symbol: str, today: int | None) -> Symbol:
    """The symbol at the end of a citation, whose year may stand before it alone."""
    found = None
    try:
        found = read(before, today_year=today)
        named = read(symbol, today_year=today)
    except SymbolError:
        if found and found.official.startswith(_fold(symbol).upper()):
            return found
        return read(symbol, today_year=today)
    if found.series == named.series and found.official != named.official:
        raise SymbolError("Write one document symbol at a time.")
    return named


def _file_name(text: str) -> str:
    """The symbol in the name of a file of the UN Digital Library."""
    name = _FILE.fullmatch(text)
    return name["symbol"].replace("_", "/") if name else text


def link(text: str) -> str | None:
    """The official address of a document, if its symbol alone leads there."""
    try:
        return read(text).url
    except SymbolError:
        return None


def uri(text: str) -> str:
    """The address that names a document, whatever its language; none if none does."""
    address = link(text) or ""
    return address.replace("undocs.org/en/", "undocs.org/", 1)


def is_meant_as_one(text: str) -> bool:
    """Whether a text begins as symbols do; other references are no fault."""
    return bool(_MEANT.match(text))


def normalise(text: str) -> str:
    """The official form if the text can be read, else the text with single spaces.

    A NUL, which no database takes as text, counts as a space.
    """
    try:
        return read(text).official
    except SymbolError:
        return " ".join(text.replace("\0", " ").split())


def _fold(text: str) -> str:
    """The text without differences that mean nothing: width, dashes, invisible marks.

    The length is checked first and last, because compatibility forms can expand.
    """
    if len(text) <= LONGEST_ADDRESS:
        text = "".join(map(typed, unicodedata.normalize("NFKC", text)))
        text = " ".join(text.split()).strip(" .,;:*\"'“”‘’<>/")
    if len(text) > LONGEST_ADDRESS:
        raise SymbolError("This is too long for a document symbol; write it alone.")
    if not text:
        raise SymbolError("Write a document symbol, such as S/RES/1593(2005).")
    return text


def _symbol_in_address(text: str) -> str:
    """What an official web address says about its document; other text as it is."""
    address = _ADDRESS.fullmatch(text)
    if address is None:
        return text
    for pattern, symbol in _ADDRESSES:
        if found := pattern.match(address["place"]):
            return _fold(unquote(found.expand(symbol)))
    raise SymbolError(
        "This web address does not contain a document symbol; write the symbol "
        "itself, such as S/RES/1593(2005)."
    )


def _read_folded(spaced: str, today: int | None) -> Symbol:
    """Read folded text; of its spaces, only those between two numbers mean anything."""
    compact = re.sub(r"(?<![0-9]) | (?![0-9])", "", spaced.upper())
    compact = _LOOSE_TAIL.sub("/", _PREFIX.sub("", compact))
    for pattern, reader in _READERS:
        if found := pattern.fullmatch(compact):
            return reader(found, today)
    for pattern, hint in _HINTS:
        if pattern.match(compact):
            raise SymbolError(hint)
    if _SHAPED.fullmatch(compact):
        raise UnknownSymbol(
            "This has the form of a document symbol, but of a kind that is not known "
            "here. It is kept as it is written; check it."
        )
    raise SymbolError(
        "This is not a document symbol that can be read here; write it as printed on "
        "the document, such as S/RES/1593(2005), S/2014/348 or S/PV.7180."
    )


def _council_resolution(found: re.Match[str], today: int | None) -> Symbol:
    number = _number(found)
    if number > HIGHEST_PLAUSIBLE:
        raise SymbolError(
            f"The Security Council is far from having adopted resolution {number}; "
            "check the number."
        )
    known = _year_of_resolution(number)
    year = _year(found, today) if found["year"] else known
    if year is None:
        raise SymbolError(
            f"Add the year of resolution {number} in brackets; it is too recent to be "
            "filled in."
        )
    official = f"S/RES/{number}({year}){_printed(found['tail'])}"
    warnings = _misfit(number, year, known)
    return _symbol(official, SECURITY_COUNCIL, RESOLUTION, number, year, *warnings)


def _by_year(found: re.Match[str], today: int | None) -> Symbol:
    """A Council resolution with a slash between its number and year, or year first."""
    first, second = int(found["first"]), int(found["number"])
    turned = not FIRST_YEAR <= second <= _LATEST_YEAR
    if _year_of_resolution(second) == first and _year_of_resolution(first) != second:
        turned = True
    number, year = (second, first) if turned else (first, second)
    symbol = _read_folded(f"S/RES/{number}({year})", today)
    if not turned:
        return symbol
    warning = f"Read as resolution {number} of {year}; the number goes first."
    return replace(symbol, warnings=(*symbol.warnings, warning))


def _year_of_resolution(number: int) -> int | None:
    if number > LAST_RESOLUTION:
        return None
    return FIRST_YEAR - 1 + bisect_right(FIRST_RESOLUTIONS, number)


def _misfit(number: int, year: int, known: int | None) -> tuple[str, ...]:
    """The warning that a Council resolution cannot be of that year, if so."""
    if known is not None and known != year:
        return (f"Resolution {number} was adopted in {known}, not in {year}.",)
    years_beyond = max(0, year - LAST_YEAR + 1)
    if number > LAST_RESOLUTION + MOST_IN_A_YEAR * years_beyond:
        return (f"The number {number} is too high for a resolution of {year}.",)
    return ()


def _as_printed(
    found: re.Match[str], today: int | None, *, body: str, series: str
) -> Symbol:
    """A symbol whose parts stand in the order and form in which they are typed."""
    parts, warnings = found.groupdict(), ()
    number = _number(found) if "number" in parts else None
    year = _year(found, today) if "year" in parts else None
    if parts.get("session"):
        _check_session(parts["session"], body, today)
    if year and year < YEARS_IN_SYMBOLS:
        warnings = ("Council symbols of this form begin in 1994; check the year.",)
    return _symbol(_printed(found[0]), body, series, number, year, *warnings)


def _council_meeting(found: re.Match[str], today: int | None) -> Symbol:
    number, piece = _number(found), ""
    if found["piece"]:
        count = (found["count"] or "").lstrip("0")
        name = f"{found['piece'].capitalize()} {count}".strip()
        piece = f" ({name})"
    official = f"S/PV.{number}{piece}{_printed(found['tail'])}"
    return _symbol(official, SECURITY_COUNCIL, MEETING_RECORD, number)


def _assembly_resolution(found: re.Match[str], today: int | None) -> Symbol:
    number, session, warnings = _number(found), found["session"], ()
    _check_session(session, GENERAL_ASSEMBLY, today)
    if session.isdigit() and int(session) <= len(_ROMAN_SESSIONS):
        warnings = (
            "Resolutions up to session 30 carry the number first and the session in "
            "Roman numerals, such as A/RES/377(V).",
        )
    official = _printed(f"A/RES/{session}/{found['rest']}")
    return _symbol(official, GENERAL_ASSEMBLY, RESOLUTION, number, None, *warnings)


def _early_assembly_resolution(found: re.Match[str], today: int | None) -> Symbol:
    number, session = _number(found), found["session"]
    if session not in _ROMAN_SESSIONS:
        raise SymbolError(
            "Write the session of an early Assembly resolution as a Roman numeral from "
            "I to XXX, such as A/RES/377(V)."
        )
    part = found["part"] or found["late_part"]
    official = f"A/RES/{number}({session})" + (f"[{part}]" if part else "")
    return _symbol(
        official + _printed(found["tail"]), GENERAL_ASSEMBLY, RESOLUTION, number
    )


def _joint(found: re.Match[str], today: int | None) -> Symbol:
    """One document issued under two symbols; it belongs to the first body."""
    first, second = (_read_folded(found[half], today) for half in ("first", "second"))
    if first.series != DOCUMENT or second.series != DOCUMENT:
        raise SymbolError("Write one document symbol at a time.")
    official = f"{first.official}-{second.official}"
    year = first.year or second.year
    warnings = first.warnings + second.warnings
    return _symbol(official, first.body, DOCUMENT, first.number, year, *warnings)


def _press_release(found: re.Match[str], today: int | None) -> Symbol:
    number, url = _number(found), None
    year = _year(found, today) if found["year"] else None
    official = f"{found['desk']}/{number}"
    # Earlier ones have the day in their address, which the symbol does not tell.
    if year and year >= PRESS_BY_NUMBER:
        name = official.replace("/", "").lower()
        url = f"https://press.un.org/en/{year}/{name}.doc.htm"
    return Symbol(official, PRESS_SERVICE, PRESS_RELEASE, number, year, url)


def _court_record(found: re.Match[str], today: int | None) -> Symbol:
    number = _number(found)
    for opened in re.findall(r"/(\d\d)", found["case"]):
        if not 2 <= int(opened) <= ((today or 2099) - 2000):
            raise SymbolError(
                f"The Court, at work since 2002, opened nothing in 20{opened}; check "
                "the case number."
            )
    suffix = re.sub(r"-T(?=[A-Z]{3}\b)", "-t", found["suffix"])
    suffix = re.sub("-(?:RED|CORR|CONF|EXP|ANX)", lambda word: word[0].title(), suffix)
    official = f"{found['case']}-{found['kind'] or ''}{number}{suffix}"
    url = f"https://www.icc-cpi.int/court-record/{official.lower()}"
    return Symbol(official, CRIMINAL_COURT, COURT_RECORD, number, None, url)


def _symbol(
    official: str,
    body: str,
    series: str,
    number: int | None = None,
    year: int | None = None,
    *warnings: str,
) -> Symbol:
    """A symbol with its address; the Assembly of States Parties offers none."""
    url = None
    if body != STATES_PARTIES:
        url = "https://undocs.org/en/" + quote(official, safe="/()")
    return Symbol(official, body, series, number, year, url, warnings)


def _number(found: re.Match[str]) -> int:
    number = int(found["number"])
    if number == 0:
        raise SymbolError("Documents are numbered from 1; there is no number 0.")
    return number


def _year(found: re.Match[str], today: int | None) -> int:
    year = int(found["year"])
    if year < FIRST_YEAR:
        raise SymbolError(
            f"The year {year} is too early; United Nations documents begin in 1946."
        )
    if today is not None and year > today:
        raise SymbolError(f"The year {year} is still to come; check the year.")
    return year


def _check_session(session: str, body: str, today: int | None) -> None:
    """Refuse a session that cannot have been; S- and ES- mark the special ones."""
    special, _, count = session.rpartition("-")
    if int(count) == 0:
        raise SymbolError("Sessions are numbered from 1; there is no session 0.")
    before_first, a_year = _SESSIONS[body]
    if today and not special and int(count) > (today - before_first) * a_year:
        raise SymbolError(
            f"Session {int(count)} is still to come; check the session, which stands "
            "before the number."
        )


def _printed(words: str) -> str:
    """Capitals, stops and numbers as on the document: /Add.1, /Corr.1, Res.6, PV.1."""
    words = re.sub(r"(?<![0-9])0+(?=[0-9])", "", words)
    words = re.sub(r"PV\.?(?=[0-9])", "PV.", words)
    return _WORDS.sub(lambda word: word[1].capitalize() + ".", words)


# For each body, the year before its first session and its sessions in a year.
_SESSIONS = {
    GENERAL_ASSEMBLY: (1945, 1),
    HUMAN_RIGHTS_COUNCIL: (2005, 3),
    STATES_PARTIES: (2001, 1),
}
_WORDS = re.compile(r"\b(ADD|AMEND|CORR|DECL|RES|REV|SUB)\.?(?=[0-9])")
_UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN_SESSIONS = (*(t + u for t in ("", "X", "XX") for u in _UNITS), "XXX")[1:]

_REMARK = re.compile(
    r"(?: ?\((?:OR|PRST|closed|as amended|as corrected|meeting held in [a-z ]+)\)"
    r"| closed| ?\+ ?corr\.? ?\d{1,2}| OA ?\d{0,2})+$",
    re.IGNORECASE | re.ASCII,
)
_PREFIX = re.compile(
    r"(?:(?:U\.?N\.?)?DOC(?:UMENT)?\.?|(?:DRAFT)?RESOLUTION|PRESSRELEASE|NO\.?):?"
    r"(?=[A-Z]+[/-])"
)
# What is appended to a symbol and stands behind it without a stroke.
_LOOSE_TAIL = re.compile(
    r"(?<=[0-9)]),?(?=(?:ADD|AMEND|CORR|REV)\.?[0-9]{1,3}(?![0-9]))"
)
# A body, and parts of which one has a number.
_SHAPED = re.compile(
    # In the series that are known here nothing else is right.
    r"(?!S/(?:[0-9]|RES|PRST|PV)|A/(?:[0-9]|RES|PV|HRC))(?=.*[0-9])(?:A|S|E|T|ST|TD|DP|CCPR|CERD|CAT|CEDAW|CRC|HRI|UNEP)"
    r"(?:/[A-Z0-9][A-Z0-9.()-]*)+"
)
_FILE = re.compile(
    r"(?:.*/)?(?P<symbol>[A-Z]{1,4}_[^/]+?)(?:-(?:AR|EN|ES|FR|RU|ZH))?\.(?:pdf|docx?)",
    re.IGNORECASE | re.ASCII,
)
# As OSCOLA and Bluebook cite: what it is, and its symbol behind “UN Doc”.
_CITED = re.compile(
    r"(?P<before>\W*\w.*?),? \(?U\.? ?N\.? Doc(?:ument)?s?\.? (?P<symbol>[A-Z]+/.+)",
    re.IGNORECASE | re.ASCII,
)
_ADDRESS = re.compile(
    r"(?:https?://(?:www\.)?|www\.|(?=[a-z0-9.-]+\.(?:org|int|com)/))(?P<place>.*)",
    re.IGNORECASE | re.ASCII,
)
_LANGUAGE = r"(?:(?:ar|en|es|fr|ru|zh)/)?"


def _address(pattern: str, symbol: str) -> tuple[re.Pattern[str], str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII), symbol


_PRESS = (
    rf"(?:press\.un\.org|un\.org/(?:news/)?press(?:/docs)?)/{_LANGUAGE}"
    r"(\d{4})/(?:\d{8}\.)?"
)
# What follows the host in addresses people paste, and the symbol it stands for.
_ADDRESSES = (
    _address(
        r"(?:[a-z-]+\.)?(?:un|undocs)\.org/[^?]*\?(?:[^#]*&)?"
        r"(?:symbol|finalsymbol|ds)=([^&#]+)",
        r"\1",
    ),
    _address(
        rf"(?:main\.)?un\.org/securitycouncil/{_LANGUAGE}(s/res/\d+)-([^/?#]+)",
        r"\1\2",
    ),
    _address(rf"(?:undocs|docs\.un)\.org/{_LANGUAGE}([^?#]+)", r"\1"),
    _address(rf"{_PRESS}(sc|ga|hr)(\d+)\.", r"\2/\3 (\1)"),
    _address(rf"{_PRESS}(dsg|sg|ga|hr)([a-z]{{1,3}})(\d+)\.", r"\2/\3/\4 (\1)"),
    _address(r"digitallibrary\.un\.org/record/\d+/files/([^?#]+)", r"\1"),
    _address(rf"icc-cpi\.int/{_LANGUAGE}court-record/([^?#]+)", r"\1"),
    _address(rf"unscr\.com/{_LANGUAGE}resolutions/(?:doc/)?(\d+)", r"resolution \1"),
)

_N = r"(?P<number>\d{1,6})"
_TAIL = r"(?P<tail>(?:/(?:ADD|AMEND|CORR|REV)\.?\d{1,3}){0,5})"
_DATED = r"(?P<year>\d{4})"
_YEAR = (
    r"(?:(?:[ /(,-]|OF){1,3}(?:\d{1,2}[A-Z]{3,9}\.?|[A-Z]{3,9}\.?\d{1,2},)?"
    rf"{_DATED}\)?)"
)
# The day that citations put behind a symbol; the symbol has it not.
_DAY = r"(?:,?OF\d{1,2}[A-Z]{3,9}\d{4})?"
_SESSION = r"(?P<session>\d{1,3}|E?S-\d{1,2})"
# The word in English, French and Spanish.
_NAMED = r"(?:R[EÉ]SOLU(?:TION|CI[OÓ]N)|RES\.?)(?:NO\.?)?"
_UN = r"(?:U\.?N\.?|UNITEDNATIONS)?"
_COUNCIL = rf"(?:S/?RES[/.]?|(?:UN)?SCR|{_UN}(?:SECURITYCOUNCIL|S\.?C\.?)?{_NAMED})"
_ASSEMBLY = rf"(?:A/?RES[/.]?|{_UN}(?:GENERALASSEMBLY|G\.?A\.?){_NAMED})"
_CASE = r"(?P<case>ICC-\d\d/\d\d(?:-\d\d/\d\d)?)"
_PIECE = r"(?:[/(]{0,2}(?P<piece>RESUMPTION|PART)(?P<count>\d{1,2}|[IVX]{1,4})?\)?)?"
_SUBSIDIARY = (
    r"(?:[AES]/(?:AC|C|CN|CONF|INF)|ST/(?:AI|SGB)|E(?=/\d{4}/))(?:\.\d{1,3})?"
    r"(?:/(?:[A-Z]{1,4}\.)?\d{1,5}){1,4}"
)
_DESK = r"(?P<desk>(?:SC|GA|SG|DSG|HR)(?:/[A-Z]{1,3})?)"

_TYPED = (
    # Documents numbered without their year ended in 1993, below S/27000.
    (rf"S/(?!2[7-9]\d{{3}}|[3-9]\d{{4}}|\d{{6}}){_N}", SECURITY_COUNCIL, DOCUMENT),
    (rf"S/{_DATED}/{_N}", SECURITY_COUNCIL, DOCUMENT),
    (rf"S/PRST/{_DATED}/{_N}", SECURITY_COUNCIL, PRESIDENTIAL_STATEMENT),
    (rf"A/{_N}", GENERAL_ASSEMBLY, DOCUMENT),
    (rf"A/{_SESSION}/(?:L\.|INF/)?{_N}", GENERAL_ASSEMBLY, DOCUMENT),
    (rf"A/(?:{_SESSION}/)?PV\.?{_N}", GENERAL_ASSEMBLY, MEETING_RECORD),
    (rf"A/HRC/RES/{_SESSION}/{_N}", HUMAN_RIGHTS_COUNCIL, RESOLUTION),
    (rf"A/HRC/{_SESSION}/(?:CRP\.|L\.|NGO/)?{_N}", HUMAN_RIGHTS_COUNCIL, DOCUMENT),
    (rf"ICC-ASP/{_SESSION}/RES\.?{_N}", STATES_PARTIES, RESOLUTION),
    # Those of the Review Conference of 2010, in Kampala.
    (rf"RC/RES\.?{_N}", STATES_PARTIES, RESOLUTION),
    (rf"RC/DECL\.?{_N}", STATES_PARTIES, DOCUMENT),
    (rf"ICC-ASP/{_SESSION}/(?:DECL\.?)?{_N}", STATES_PARTIES, DOCUMENT),
    (_SUBSIDIARY, UNITED_NATIONS, DOCUMENT),
)
_WRITTEN = (
    (r"S/?RES/(?P<first>\d{4})/(?P<number>\d{1,4})", _by_year),
    (rf"{_COUNCIL}{_N}{_YEAR}?{_DAY}{_TAIL}", _council_resolution),
    (rf"{_N}\({_DATED}\)(?P<tail>)", _council_resolution),
    (rf"S/?PV[./]?{_N}{_PIECE}{_TAIL}", _council_meeting),
    (rf"{_ASSEMBLY}{_SESSION}/(?P<rest>{_N}[A-Z]?{_TAIL})", _assembly_resolution),
    (
        rf"{_ASSEMBLY}{_N}(?P<part>[A-Z])?\((?P<session>[IVXLC]{{1,7}})\)"
        rf"(?:\[?(?P<late_part>[A-Z])\]?)?{_TAIL}",
        _early_assembly_resolution,
    ),
    (r"(?P<first>[AS]/.+)-(?P<second>[AS]/.+)", _joint),
    (rf"{_DESK}/{_N}{_YEAR}?", _press_release),
    (
        rf"{_CASE}-(?P<kind>T-)?{_N}(?P<suffix>(?:-[A-Z0-9]{{1,8}}){{0,4}})",
        _court_record,
    ),
)
_READERS = (
    *(
        (re.compile(stem + _TAIL), partial(_as_printed, body=body, series=series))
        for stem, body, series in _TYPED
    ),
    *((re.compile(pattern), reader) for pattern, reader in _WRITTEN),
)
_HINTS = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (r".*[0-9)](?:[;,&]|AND|[A-Z]{1,4}/)", "Write one document symbol at a time."),
        (
            r"S/\d{5,6}",
            "Council documents since 1994 carry the year before the number, such as "
            "S/2014/348.",
        ),
        (
            _CASE + "$",
            "This is the number of a case; add that of the record, such as "
            "ICC-02/05-01/09-302.",
        ),
        (
            r"\d+$",
            "Say what the number stands for, such as S/RES/1593 or SC/10812.",
        ),
        (
            r"(?:RESOLUTION|RES\.?)?\d+/\d+$",
            "Say which body adopted the resolution, such as A/RES/76/262 or "
            "A/HRC/RES/53/24.",
        ),
    )
)
