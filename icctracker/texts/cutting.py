"""A text that somebody pasted, cut into paragraphs; and paragraphs as such a text.

Paragraphs stand apart by blank lines, or begin with a number. Lines that a page has
broken are joined. A line that begins with # is a heading.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .legible import legible
from .numbering import FIGURE, read
from .passages import (
    ANNEX,
    HEADING,
    OPENING,
    OPERATIVE,
    PREAMBLE,
    STATEMENT,
    Labelled,
    Piece,
    label,
)

# What begins a line that begins a paragraph: a number, apart from its words.
_NUMBERED = re.compile(
    r"(?:(OP|PP|PARA) ?)?(\d{1,3}(?:\.|\)| ?[-–](?=\s))|\(?[a-z]{1,5}\)|\([أ-ي]ـ?\)"
    r"|[㈠-㈩]|[•▪●○–—]|(?<=P )\d{1,3}[:.]?|(?<=PARA )\d{1,3}[:.]?)\s+(?=\S)"
)
_OPENS = re.compile(
    r"(?:The Security Council|Le Conseil de sécurité|El Consejo de Seguridad"
    r"|Совет Безопасности|إن مجلس الأمن|安全理事会|Der Sicherheitsrat)\s*[,،，]\s*"
)
_STATEMENT = re.compile(r"following statement", re.IGNORECASE)
# What pages print at their edges.
_EDGES = re.compile(
    r"\d{1,3}/\d{1,3}|\d{2}-\d{5}(?: ?\([A-Z]\))?|\*\d{7}\*|S/[\w/]+(?: ?\(\d{4}\))?"
    r"|(?:\d{2}-\d{5}(?: ?\([A-Z]\))? )?\d{1,3}(?:/\d{1,3})?(?: \d{2}-\d{5})?"
    r"|Please recycle.*"
)
_NAMES = re.compile(
    r"S/RES/(\d{1,4}) ?\((\d{4})\)|Resolution (\d{1,4}) ?\((\d{4})\)"
    r"|(S/PRST/\d{4}/\d+)|(S/\d{4}/\d+)"
    # Those of other bodies: A/RES/71/248, ICC-ASP/18/Res.6.
    r"|\b((?:A|E|ICC-ASP)/(?:\w+[./])*\d+)",
    re.IGNORECASE,
)
_HYPHEN = re.compile(r"\w-$")
# So much above the opening words is looked at for the name of the document.
HEAD = 1_500


@dataclass
class Cut:
    """What became of a pasted text: its passages, and the lines left out above."""

    labelled: Labelled
    above: list = field(default_factory=list)

    @property
    def passages(self):
        return self.labelled.passages


def cut(text, *, statement=False):
    """Cut a text into paragraphs, each under its label."""
    blocks = list(_blocks(legible(text)))
    begins, blocks = _from_opening(blocks, statement)
    above, blocks = blocks[:begins], blocks[begins:]
    place = STATEMENT if statement else OPERATIVE
    return Cut(label(_placed(blocks, place)), [words for _number, words in above])


def names_in(text):
    """The symbols that stand above the opening words of a text."""
    head = legible(text)[:HEAD]
    opening = _OPENS.search(head)
    found = []
    for each in _NAMES.finditer(head[: opening.start()] if opening else head[:200]):
        number, year = each[1] or each[3], each[2] or each[4]
        if number:
            found.append(f"S/RES/{number}({year})")
        else:
            found.append(each[7] or each[0].upper())
    return list(dict.fromkeys(found))


def as_typed(passages):
    """Paragraphs as a text that is cut into the same ones again."""
    lines, annex = [], ""
    for each in passages:
        if each.annex != annex and each.annex != each.words:
            lines.append(f"# {each.annex}")
        annex = each.annex
        words = each.words.replace("\n", " ")
        lines.append(f"{_typed_number(each)}{words}")
    return "\n\n".join(lines)


def _typed_number(each):
    if each.is_heading:
        return "# "
    last = each.label.rpartition(" ")[2]
    if each.level:
        return "• " if last.startswith("[") else f"{last} "
    if (
        each.place in (OPERATIVE, ANNEX)
        and last.isdigit()
        and "para " not in each.label
    ):
        return f"{last}. "
    return ""


def _blocks(text):
    """Pairs of number and words, each a paragraph on one line."""
    number, words, apart = "", [], True
    for line in text.split("\n"):
        line = " ".join(line.split())
        if not line or _EDGES.fullmatch(line):
            apart = apart or not line
            continue
        begins = _NUMBERED.match(line)
        if begins or apart or line.startswith("# ") or _is_new(words, line):
            if words:
                yield number, _joined(words)
            number, words = "", []
        if begins:
            number, line = _number(begins), line[begins.end() :]
        words.append(line)
        apart = False
    if words:
        yield number, _joined(words)


def _number(begins):
    kind, number = begins[1], begins[2].rstrip(":.") if begins[1] else begins[2]
    if kind == "PP":
        return "PP"
    return f"{number}." if kind == "OP" else number


def _is_new(words, line):
    """Whether a line begins another paragraph of a preamble, or ends a heading."""
    if not words or words[-1].startswith("# "):
        return bool(words)
    if _OPENS.fullmatch(line) or _OPENS.fullmatch(words[-1]) or line[0] == "“":
        return True
    return (
        words[-1].endswith((",", "،", "，", ";"))
        and (line[0].isupper() and words[0][0].isupper() and len(words[-1]) < 90)
        and line.split()[0].casefold().endswith(("ing", "ant", "ed", "ando", "endo"))
    )


def _joined(words):
    """Lines as one; a word that was broken at its hyphen keeps it."""
    parts = [words[0]]
    for before, line in pairwise(words):
        broken = _HYPHEN.search(before[-2:]) and line[0].islower()
        parts.append(line if broken else f" {line}")
    return "".join(parts)


def _from_opening(blocks, statement):
    """Where the text begins: at its opening words; the rest of their line follows."""
    for n, (number, words) in enumerate(blocks):
        if statement and _STATEMENT.search(words) and not words.startswith("“"):
            return n, blocks
        opening = None if statement or number else _OPENS.match(words)
        if opening:
            rest = words[opening.end() :].strip()
            split = [("", opening[0].strip()), *([("", rest)] if rest else [])]
            return n, [*blocks[:n], *split, *blocks[n + 1 :]]
    return 0, blocks


def _placed(blocks, place):
    numbered = any(_is_figure(number) for number, _words in blocks)
    in_preamble = place == OPERATIVE and numbered
    for n, (number, words) in enumerate(blocks):
        in_preamble = in_preamble and not _is_figure(number)
        where = PREAMBLE if in_preamble else place
        if n == 0 and (_OPENS.fullmatch(words) or _is_opening(words, place)):
            yield Piece(OPENING, words)
        elif words.startswith("# "):
            yield Piece(where, words[2:], mark=HEADING)
        else:
            yield Piece(where, words, "" if number == "PP" else number)


def _is_figure(number):
    return any(each.style == FIGURE for each in read(number))


def _is_opening(words, place):
    return place == STATEMENT and bool(_STATEMENT.search(words))
