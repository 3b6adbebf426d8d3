"""The text of a document as it is read: its paragraphs, aligned with another language.

With those that speak of the Court, and what rests on each; three queries in all,
however long the text is.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from icctracker.models import COURT_FAMILY, DocumentText, Finding, Paragraph
from icctracker.texts import pinpoints

from .terms import terms_of

Language = DocumentText.Language


@dataclass
class Row:
    """One paragraph, with the same in another language, and what rests on it."""

    paragraph: Paragraph | None
    beside: Paragraph | None = None
    terms: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    # Whether it is the first of an annex whose title stands nowhere in it.
    begins_annex: bool = False
    # What it was taken from, and which later text has nothing like it.
    step: object = None
    ends: list = field(default_factory=list)

    @property
    def any(self):
        """The paragraph of whichever text has it."""
        return self.paragraph or self.beside

    @property
    def indent(self):
        """How far it is set in; deeper than four nobody sees."""
        return min(self.any.level, 4)

    @property
    def on_the_court(self):
        """Whether its words speak of the Court."""
        return bool(self.terms)

    @property
    def terms_in_words(self):
        return [term.label for term in self.terms]


@dataclass
class TextShown:
    """The text of a document, as a page shows it."""

    text: DocumentText
    beside: DocumentText | None
    # The texts that can be read beside it.
    others: list
    rows: list

    @property
    def on_the_court(self):
        """The paragraphs that speak of the Court."""
        return [row for row in self.rows if row.on_the_court]

    @property
    def pinned(self):
        """How many findings rest on a paragraph of it."""
        return len({each.pk for row in self.rows for each in row.findings})

    @property
    def unmatched(self):
        """How many paragraphs only one of the two texts has."""
        if not self.beside:
            return 0
        return sum(
            not (row.paragraph and row.beside) for row in self.rows if row.any.label
        )


def text_of(document, beside="", entries=None, known_at=None):
    """The text of a document to be shown; None where none was imported.

    ``entries`` are the keys of the entries that readers are shown.
    """
    texts = _one_each(document.texts.shown().select_related("typed_by", "imported"))
    if not texts:
        return None
    text = texts.get(Language.ENGLISH) or next(iter(texts.values()))
    others = [each for each in texts.values() if each != text]
    other = next((each for each in others if each.language == beside), None)
    chosen = [each.pk for each in (text, other) if each]
    paragraphs = defaultdict(list)
    for each in Paragraph.objects.filter(text__in=chosen).order_by("text", "order"):
        paragraphs[each.text_id].append(each)
    rows = _aligned(paragraphs[text.pk], paragraphs[other.pk] if other else [])
    _mark(rows, text)
    _part(rows)
    if entries is not None:
        _pin(rows, entries, known_at)
    return TextShown(text, other, others, rows)


def _one_each(texts):
    """The texts by language: the official one before one that somebody typed."""
    found = {}
    for each in texts:
        found.setdefault(each.language, each)
    return found


def _aligned(paragraphs, beside):
    """Paragraphs with those of the same address; what only one has stands alone.

    Headings have no label: they are aligned where the same paragraph follows.
    """
    if not beside:
        return [Row(each) for each in paragraphs]
    places = {key: each for key, each in _by_place(beside)}
    rows, taken = [], set()
    for key, each in _by_place(paragraphs):
        other = places.get(key)
        rows.append(Row(each, other))
        taken.add(key)
    at = {id(row.beside): n for n, row in enumerate(rows) if row.beside}
    behind, missing = -1, defaultdict(list)
    for key, each in _by_place(beside):
        if key in taken:
            behind = at[id(each)]
        else:
            missing[behind].append(Row(None, each))
    merged = list(missing[-1])
    for n, row in enumerate(rows):
        merged += [row, *missing[n]]
    return merged


def _by_place(paragraphs):
    """Each paragraph by what it is aligned by: its address, or what follows it."""
    following, keyed, seen = "", [], Counter()
    for each in reversed(paragraphs):
        if each.label:
            following = each.anchor
            keyed.append((following, each))
        else:
            place = (each.place, each.is_heading, following)
            seen[place] += 1
            keyed.append(((*place, seen[place]), each))
    return reversed(keyed)


def _mark(rows, text):
    """Mark what speaks of the Court, by the words of the text that is shown."""
    shown = [row for row in rows if row.paragraph]
    found = terms_of((row.paragraph.words for row in shown), text.language)
    for row, terms in zip(shown, found, strict=True):
        if row.paragraph.label and not row.paragraph.is_heading:
            row.terms = [term for term in COURT_FAMILY if term in terms]


def _part(rows):
    """Say where an annex begins that does not itself begin with its title."""
    before = ""
    for row in rows:
        each = row.any
        row.begins_annex = each.annex not in (before, each.words)
        before = each.annex


def _pin(rows, entries, known_at):
    """Put the findings of entries beside the paragraphs that their pinpoints name."""
    findings = (
        Finding.objects.accepted(known_at)
        .filter(evidence__in=entries)
        .exclude(pinpoint="")
        .select_related("criterion__recommendation", "evidence")
        .order_by("criterion__recommendation__number", "criterion__code", "pk")
    )
    by_label = {
        row.any.label: row
        for row in rows
        if row.any.label and row.any.place != Paragraph.Place.ANNEX
    }
    for each in findings:
        for label in pinpoints.meant(each.pinpoint, by_label):
            by_label[label].findings.append(each)
