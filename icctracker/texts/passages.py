"""The paragraphs of a text in reading order, each under the label it is cited by.

A reader of files, or of a text that somebody pasted, cuts it into pieces; the labels
are rebuilt here from the numbers alone, since how files nest their lists tells little:
``OP 6``, ``OP 30 (f) (i)``, ``OP 4 [2]`` for a bullet, ``PP 4``, ``PARA 9``,
``section B, OP 19``, in an annex ``3`` or ``para 7``.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from .legible import legible
from .numbering import BULLET, FIGURE, LETTER, ROMAN, Number, read

OPENING, PREAMBLE, OPERATIVE, STATEMENT, ANNEX = (
    *("opening", "preamble", "operative", "statement", "annex"),
)
# So far the next number of a point is looked for.
LOOKED_AHEAD = 50
# How a piece was marked: the others are found by their numbers.
HEADING, SECTION = "heading", "section"
LONGEST_LABEL, LONGEST_TITLE, LONGEST_ANCHOR = 80, 300, 100
# What in a heading says that an annex begins.
_ANNEX = re.compile(
    r"(?:the )?(?:annex(?:e|es)?|anexo|anlage|приложение|المرفق|مرفق|附件)(?![^\W\d_])",
    re.IGNORECASE,
)
# What an annex is called that gives the words of others.
_OF_OTHERS = re.compile(
    r"\b(?:letters?|agreements?|accords?|communiqu[eé]s?|declarations?|statutes?"
    r"|protocols?|memorand(?:um|a)|treaty|convention|charter|road ?map"
    r"|(?:comprehensive|peace|settlement) plan|joint (?:statement|communiqu[eé])"
    r"|rules of procedure|constitution|concept of operations)\b",
    re.IGNORECASE,
)
_QUOTES = '“«„"'
# Four texts have the number left in the words.
_LEFT_IN_WORDS = re.compile(r"(\d{1,3})[.\s]\s*(?=[^\W\d_a-z])")
_ENDS_PREAMBULAR = (",", "،", "，", "、")


class Piece(NamedTuple):
    """A part of a text as it was found: where, its number if any, and its words."""

    place: str
    words: str
    number: str = ""
    # Marked as a heading, or the beginning of a section.
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, or one heading, of a text."""

    place: str
    label: str
    anchor: str
    words: str
    level: int = 0
    section: str = ""
    annex: str = ""
    is_heading: bool = False
    is_quotation: bool = False


class Remark(NamedTuple):
    """Something odd about the numbers of a text: what, and where."""

    what: str
    where: str


@dataclass
class Labelled:
    """The passages of a text, and what is odd about it."""

    passages: list = field(default_factory=list)
    remarks: list = field(default_factory=list)


def anchor_of(label, annex=0):
    """The address of a label within its page: ``OP 30 (f) (i)`` is ``op-30-f-i``."""
    text = re.sub(r"\[(\d+)\]", r"no-\1", label.casefold())
    text = "-".join(re.findall(r"[a-z0-9]+", text))
    return f"annex-{annex}-{text}" if annex else text


def label(pieces):
    """Put each piece under its label; what has none belongs to what stands before."""
    return _Labeller(list(pieces)).labelled()


class _Labeller:
    def __init__(self, pieces):
        self.pieces = pieces
        self.rows, self.remarks = [], []
        self.section, self.annex, self.annexes = "", "", 0
        self.quotes = False
        self.preambular = self.counted = 0
        self.figure = None
        self.base, self.stack = "", []
        self.numbered = self._has_figures()

    def labelled(self):
        for at, piece in enumerate(self.pieces):
            if words := " ".join(legible(piece.words).split()):
                self._take(piece._replace(words=words), at)
        self._check_length()
        return Labelled(self._anchored(), self.remarks)

    def _has_figures(self):
        """Whether any operative paragraph bears a number, before the first annex."""
        for piece in self.pieces:
            if piece.place == ANNEX or _begins_annex(piece):
                break
            if any(each.style == FIGURE for each in read(piece.number)):
                return True
        return False

    def _take(self, piece, at):
        if piece.place == ANNEX and piece.mark == SECTION:
            self._begin_annex(piece.words)
        elif piece.mark == SECTION:
            self._begin_section(piece)
        elif piece.place == OPERATIVE and _begins_annex(piece):
            self._begin_annex(piece.words)
            self._add(piece, "", heading=True)
        elif piece.mark == HEADING:
            self._add(piece, "", heading=True)
        elif piece.place == OPENING:
            self._add(piece, "")
        else:
            self._paragraph(piece, at)

    def _begin_annex(self, title):
        self.annex, self.annexes = title[:LONGEST_TITLE], self.annexes + 1
        self.section, self.figure = "", None
        self.base, self.stack, self.counted = "", [], 0
        self.quotes = bool(_OF_OTHERS.search(title))

    def _begin_section(self, piece):
        self.section = piece.number.strip(" .)(")[:20]
        self._add(piece, "", heading=True)

    def _paragraph(self, piece, at):
        readings = read(piece.number)
        if not readings and piece.number:
            # A number in no style that is known stays in the words.
            piece = piece._replace(words=f"{piece.number} {piece.words}", number="")
        if not readings:
            piece, readings = self._number_in_words(piece)
        if not readings:
            self._unnumbered(piece)
        elif piece.place == STATEMENT and readings[0].style == BULLET and self.base:
            self._belongs(piece)
        elif readings[0].style == FIGURE and piece.place != STATEMENT:
            self._figured(piece, readings[0])
        else:
            self._below(piece, readings, at)

    def _number_in_words(self, piece):
        """The number that was left in the words, where it is the next."""
        found = _LEFT_IN_WORDS.match(piece.words)
        due = (self.figure or 0) + 1
        if piece.place == OPERATIVE and found and int(found[1]) == due > 1:
            words = piece.words[found.end() :]
            return piece._replace(words=words), read(f"{found[1]}.")
        return piece, []

    def _figured(self, piece, number):
        if piece.place == PREAMBLE:
            piece = piece._replace(place=OPERATIVE)
        if self.figure is not None and number.value != self.figure + 1:
            again = number.value <= self.figure
            # In an annex numbers begin anew below each heading.
            if not (self.annexes and number.value == 1):
                what = "out of order" if again else "gap"
                self.remarks.append(Remark(what, number.shown))
        elif self.figure is None and number.value > 1 and not self.annexes:
            self.remarks.append(Remark("gap", number.shown))
        self.figure, self.stack = number.value, []
        named = number.shown if self.annexes else f"OP {number.shown}"
        self._open(piece, named)

    def _open(self, piece, named):
        self.base = f"section {self.section}, {named}" if self.section else named
        self.stack = []
        self._add(piece, self.base)

    def _unnumbered(self, piece):
        if self.annexes:
            self._unnumbered_in_annex(piece)
        elif piece.place == PREAMBLE or self._is_late_preambular(piece):
            self.preambular += 1
            self._open(piece._replace(place=PREAMBLE), f"PP {self.preambular}")
        elif piece.place == STATEMENT:
            self.counted += 1
            self._open(piece, f"PARA {self.counted}")
        elif self.figure is not None or (self.numbered and self.stack):
            self._belongs(piece)
        elif self.numbered:
            self._add(piece, "", heading=True)
        else:
            self.counted += 1
            self._open(piece, f"OP [{self.counted}]")

    def _unnumbered_in_annex(self, piece):
        if piece.words[0] in _QUOTES:
            self.quotes = True
        if self.figure is not None:
            self._belongs(piece)
        else:
            self.counted += 1
            self._open(piece, f"para {self.counted}")

    def _is_late_preambular(self, piece):
        return (
            piece.place == OPERATIVE
            and self.figure is None
            and not self.counted
            and piece.words.endswith(_ENDS_PREAMBULAR)
        )

    def _belongs(self, piece):
        """To the paragraph before, on a line of its own."""
        row = self.rows[-1]
        if row["is_heading"] or row["place"] == OPENING:
            self._add(piece, "")
        else:
            row["words"] += f"\n{piece.words}"

    def _below(self, piece, readings, at):
        """A point of the paragraph that stands open, at the level that it continues."""
        if not self.base and not self.annexes:
            self.base = "PARA" if piece.place == STATEMENT else "OP"
        self._stand(readings, self._following(at))
        shown = " ".join(_in_brackets(each) for each in self.stack)
        if piece.place == PREAMBLE and not self.base.startswith("PP"):
            piece = piece._replace(place=OPERATIVE)
        elif piece.place == OPERATIVE and self.base.startswith("PP"):
            piece = piece._replace(place=PREAMBLE)
        self._add(piece, f"{self.base} {shown}".strip(), level=len(self.stack))

    def _stand(self, readings, following):
        """Where a number belongs: the level it continues, else one below."""
        first = readings[0]
        if first.style == BULLET:
            self._bullet(first)
            return
        for depth in reversed(range(len(self.stack))):
            for number in readings:
                above = self.stack[depth]
                goes_on = (above.style, above.value + 1) == number[:2]
                if goes_on and not _opens_roman(number, readings, following):
                    self.stack[depth:] = [number]
                    return
        opening = [each for each in readings if each.value == 1]
        number = (opening or readings)[0]
        same = [n for n, each in enumerate(self.stack) if each.style == number.style]
        if same and (not opening or same[-1] == len(self.stack) - 1):
            self.stack[same[-1] :] = [number]
        else:
            self.stack.append(number)

    def _bullet(self, bullet):
        kind = f"{BULLET} {bullet.shown}"
        for depth in reversed(range(len(self.stack))):
            if self.stack[depth].style == kind:
                value = self.stack[depth].value + 1
                self.stack[depth:] = [Number(kind, value, f"[{value}]")]
                return
        self.stack.append(Number(kind, 1, "[1]"))

    def _following(self, at):
        """The ways to read the next number of a point."""
        for piece in self.pieces[at + 1 : at + 1 + LOOKED_AHEAD]:
            if found := read(piece.number):
                if found[0].style != BULLET:
                    return found
        return []

    def _add(self, piece, named, heading=False, level=0):
        place = ANNEX if self.annexes else piece.place
        if place == ANNEX and piece.words[0] in _QUOTES:
            self.quotes = True
        words = piece.words
        if heading and piece.number:
            words = f"{piece.number.strip()} {words}".strip()
        self.rows.append(
            {
                "place": place,
                "label": named[:LONGEST_LABEL],
                "words": words,
                "level": level,
                "section": self.section,
                "annex": self.annex,
                "number_of_annex": self.annexes,
                "is_heading": heading,
                "is_quotation": self.annexes and self.quotes,
            }
        )
        if heading and self.annexes and _OF_OTHERS.search(words):
            self.quotes = True

    def _check_length(self):
        def length(of_annex):
            rows = (row for row in self.rows if (row["place"] == ANNEX) == of_annex)
            return sum(len(row["words"].split()) for row in rows)

        if length(True) > length(False) > 0:
            self.remarks.append(Remark("long annex", self.annex))

    def _anchored(self):
        """The passages, each with an address that no other of the text has."""
        quoting = {r["number_of_annex"] for r in self.rows if r["is_quotation"]}
        used, found, seen = set(), [], Counter()
        for order, row in enumerate(self.rows, start=1):
            number = row.pop("number_of_annex")
            anchor = anchor_of(row["label"], number) if row["label"] else f"p-{order}"
            anchor = anchor[:LONGEST_ANCHOR]
            plain, times = anchor, max(1, seen[anchor])
            while anchor in used:
                times += 1
                anchor = f"{plain}-again-{times}" if times > 2 else f"{plain}-again"
            seen[plain] = times
            if times > 1 and not number:
                self.remarks.append(Remark("twice", row["label"]))
            used.add(anchor)
            row["is_quotation"] = number in quoting
            found.append(Passage(anchor=anchor, **row))
        return found


def _in_brackets(number):
    return f"({number.shown})" if number.style == FIGURE else number.shown


def _opens_roman(number, readings, following):
    """Whether (i) after (h) is no ninth letter, since (ii) follows."""
    is_letter = number.style == LETTER and len(readings) > 1 and number.value == 9
    return is_letter and any(each[:2] == (ROMAN, 2) for each in following)


def _begins_annex(piece):
    """Whether a piece of the text itself is the title of an annex."""
    if piece.place != OPERATIVE or piece.number or len(piece.words) > 200:
        return False
    return bool(_ANNEX.match(piece.words.strip())) and (
        piece.mark == HEADING or not piece.words.rstrip().endswith((".", ",", ";", ":"))
    )
