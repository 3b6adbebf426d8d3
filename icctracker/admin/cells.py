"""Cells of a spreadsheet: lists as lines, lines as parts, formulas made harmless."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from icctracker.models import Vote

# What a spreadsheet takes for the start of a formula, and what keeps it a text.
_FORMULA_STARTS = tuple("=+-@\t\r")
_GUARD = "'"
_BAR = " | "

SOURCE_HELP = gettext_lazy(
    "One on a line, the one the entry rests on first: address | what it is | official |"
    " archived copy. The last two may be left out."
)
FINDING_HELP = gettext_lazy(
    "One on a line: criterion | effect from -2 to 2 | form | occasion | pinpoint | why"
    " this form | reason. The four in the middle may stay empty between their bars;"
    " the kind then proposes the form."
)
VOTE_HELP = gettext_lazy(
    "Optional. How each member of the Council voted, one on a line, as in CHN | N: its"
    " code | Y in favour, N against, A abstained, X did not vote, U not certain. The"
    " three totals and, of a veto, the actors follow from it and may then stay empty."
)


def safe_cell(value):
    """A cell that no spreadsheet will run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return _GUARD + value
    return value


def plain_cell(value):
    """A cell as text: dates as in 2014-05-22, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\x00", "")
    guarded = text.startswith(_GUARD) and text[1:].startswith(_FORMULA_STARTS)
    return text[1:] if guarded else text


def lines_of(cell):
    """The lines of a cell that say something."""
    return [line.strip() for line in cell.splitlines() if line.strip()]


def source_line(source):
    """A source as one line of a cell."""
    official = "official" if source.official else ""
    return _line(source.url, source.label, official, source.archived_url)


def read_source(line):
    """The fields of a source, as typed on one line."""
    url, label, official, archived = _parts(line, 4)
    return {
        "url": url,
        "label": label,
        "official": official.lower() in ("official", "yes", "true"),
        "archived_url": archived,
    }


def vote_line(code, cast):
    """How a member voted, as one line of a cell."""
    return _line(code, cast)


def read_vote(line):
    """The code of a member and its vote, as typed on one line; words will do too."""
    code, cast = _parts(line, 2)
    words = {label.casefold(): value for value, label in Vote.Cast.choices}
    return code.upper(), words.get(cast.casefold(), cast.upper())


def finding_line(finding):
    """A finding as one line of a cell."""
    return _line(
        finding.criterion.code,
        finding.effect,
        finding.form,
        "occasion" if finding.occasion else "",
        finding.pinpoint,
        finding.form_reason,
        finding.rationale,
    )


def read_finding(line):
    """The fields of a finding, as typed on one line; the reason may hold bars."""
    names = "criterion effect form occasion pinpoint form_reason rationale".split()
    found = dict(zip(names, _parts(line, 7), strict=True))
    found["occasion"] = found["occasion"].lower() in ("occasion", "yes", "true")
    return found


def _line(*parts):
    texts = [" ".join(str(part).split()) for part in parts]
    texts = [text.replace("|", "/") for text in texts[:-1]] + texts[-1:]
    return _BAR.join(texts).rstrip(" |")


def _parts(line, count):
    parts = [part.strip() for part in line.split("|", count - 1)]
    return parts + [""] * (count - len(parts))
