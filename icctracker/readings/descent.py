"""How paragraphs on the Court went from text to text: chains of descent; reads only.

A chain begins with a paragraph that was taken from none, and goes on with all that
were taken from it, and from these. Which row stands where several speak of one
paragraph: a reviewer's correction; what was computed with all texts that it is to be
compared with; the table that ships; what was computed with some of them.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Subquery

from icctracker.models import (
    Ballot,
    Descent,
    DescentCorrection,
    Document,
    DocumentText,
    Paragraph,
    Term,
)
from icctracker.ruleset.wording import compare
from icctracker.texts import passages, pinpoints

Change, Kind = Descent.Change, Descent.Kind
# So much alike, by the share of words kept in order, is which change.
SAME, ADAPTED, LIKE = 0.985, 0.80, 0.55
# An older text is the forerunner only if it is so much closer.
CLOSER = 0.15
# With so many texts before it in its series a paragraph is compared.
TEXTS_BACK = 14
# Words are gone if the next text that is so long, within so many years, has none.
LONG_ENOUGH, YEARS = 2 / 5, 3
# Longer paragraphs are not compared.
LONGEST = 900
LONG_AGO = date(1945, 1, 1)


def terms_in_words(text):
    """Terms as the index has them, in words, the Court first."""
    known = [Term(each) for each in text.split() if each in Term.values]
    return [each.label for each in sorted(known, key=list(Term).index)]


@dataclass
class Step:
    """One paragraph of a chain; or, without a label, that a text no longer has it."""

    document: Document
    label: str
    previous: Document | None = None
    previous_label: str = ""
    # The row that speaks of it; none if it is known as a forerunner alone.
    row: Descent | None = None
    correction: DescentCorrection | None = None
    # What other rows say of it.
    others: list = field(default_factory=list)
    later: list = field(default_factory=list)
    # The words compared, where both texts are on record.
    pieces: list = field(default_factory=list)
    said: str = ""
    # Of an end: whether its chain goes on after it all the same.
    goes_on: bool = False

    @property
    def key(self):
        return self.document.pk, self.label

    @property
    def before(self):
        """The key of its forerunner, or None."""
        return (self.previous.pk, self.previous_label) if self.previous else None

    @property
    def held_on(self):
        return self.document.held_on

    @property
    def is_end(self):
        return not self.label

    @property
    def change(self):
        """How it differs from its forerunner; unknown where a person named that."""
        return "" if self.correction or not self.row else self.row.change

    @property
    def gained(self):
        return [] if self.correction else terms_in_words(self.row_terms("terms_added"))

    @property
    def lost(self):
        if self.correction:
            return []
        return terms_in_words(self.row_terms("terms_removed"))

    def row_terms(self, name):
        return getattr(self.row, name) if self.row else ""

    @property
    def terms(self):
        return terms_in_words(self.row_terms("terms"))

    @property
    def percent(self):
        """The share of words kept, in hundredths."""
        known = self.row and not self.correction and self.row.similarity is not None
        return round(self.row.similarity * 100) if known else None

    @property
    def anchor(self):
        return anchor_of(self.label)

    @property
    def cited(self):
        return f"{self.document.symbol}, {self.label}"

    @property
    def previous_cited(self):
        return f"{self.previous.symbol}, {self.previous_label}"

    @property
    def place(self):
        """Where the paragraph stands on the page of its document."""
        return place_of(self.document, self.label)

    @property
    def previous_place(self):
        return place_of(self.previous, self.previous_label)


def anchor_of(label):
    """What the address of a chain ends with."""
    return passages.anchor_of(label)


def place_of(document, label):
    """The address of a paragraph; with its text on the page, as the text has it."""
    has_text = getattr(document, "has_text", False)
    anchor = anchor_of(label) if has_text else pinpoints.anchor(label)
    return f"{document.get_absolute_url()}#{anchor}"


@dataclass
class Chain:
    """All that goes back to one paragraph, in the order of its days."""

    root: Step
    steps: list
    ends: list
    # All corrections of its links, those that were taken back, too.
    corrections: list

    @cached_property
    def series(self):
        rows = [each.row for each in (*self.steps, *self.ends) if each.row]
        return rows[0].series if rows else ""

    @property
    def kinds(self):
        rows = [each.row for each in (*self.steps, *self.ends) if each.row]
        return {each.kind for each in rows}

    @property
    def is_alone(self):
        return len(self.steps) + len(self.ends) == 1

    @property
    def last(self):
        return self.steps[-1]

    @property
    def forks(self):
        """Paragraphs from which several were taken."""
        return [each for each in self.steps if len(each.later) > 1]

    @property
    def tips(self):
        """Paragraphs from which nothing on record was taken, nor said to be gone."""
        gone = {each.before for each in self.ends}
        return [s for s in self.steps if not s.later and s.key not in gone]

    @property
    def gained(self):
        return [each for each in self.steps if each.gained]

    @property
    def lost(self):
        return [each for each in self.steps if each.lost]

    @property
    def corrected(self):
        return [each for each in self.steps if each.correction]

    def shows(self, what):
        """Whether anything was gained or lost, dropped or ended, or corrected in it."""
        if what in ("gained", "lost", "corrected"):
            return bool(getattr(self, what))
        return any(each.change == what for each in self.ends)


class Lines:
    """All steps on record, and the chains that they make; three queries."""

    def __init__(self):
        self.steps, self.ends = {}, []
        by_key, by_end = defaultdict(list), defaultdict(list)
        rows = list(Descent.objects.order_by("pk"))
        corrections = list(DescentCorrection.objects.all())
        documents = self._documents = _documents_of([*rows, *corrections])
        for each in (*rows, *corrections):
            each.document = documents[each.document_id]
            each.previous = documents.get(each.previous_id)
        # All that reviewers ever said of a paragraph, the newest first.
        self.corrections, standing = defaultdict(list), {}
        for each in corrections:
            key = each.document_id, each.label
            self.corrections[key].append(each)
            if each.withdrawn_at is None:
                standing[key] = each
        for row in rows:
            if row.label:
                by_key[row.document_id, row.label].append(row)
            else:
                by_end[row.previous_id, row.previous_label].append(row)
        for key in by_key.keys() | standing.keys():
            self.steps[key] = self._step(key, by_key[key], standing.get(key))
        self._join(by_end)

    def _step(self, key, rows, correction):
        """A step as what stands of it says; the other rows beside."""
        rows = sorted(rows, key=_weight)
        stands = correction or rows[0]
        return Step(
            self._documents[key[0]],
            key[1],
            self._documents.get(stands.previous_id),
            stands.previous_label,
            rows[0] if rows else None,
            correction,
            rows if correction else rows[1:],
        )

    def _join(self, by_end):
        for step in list(self.steps.values()):
            if step.previous:
                self._at(step.before).later.append(step)
        for key, rows in by_end.items():
            self._at(key)
            end = self._step((min(rows, key=_weight).document_id, ""), rows, None)
            # Whatever was taken from it into the same text is no loss.
            if all(each.document != end.document for each in self.steps[key].later):
                self.ends.append(end)
        for step in self.steps.values():
            step.later.sort(key=_in_order)

    def _at(self, key):
        if key not in self.steps:
            self.steps[key] = Step(self._documents[key[0]], key[1])
        return self.steps[key]

    def chains(self):
        """Every chain, by series and by the day on which it begins."""
        roots = [each for each in self.steps.values() if not each.previous]
        found = [self._chain(root) for root in sorted(roots, key=_in_order)]
        return sorted(found, key=lambda chain: chain.series)

    def chain_of(self, symbol, anchor):
        """The chain that has a paragraph, and its step; or nothing."""
        for step in self.steps.values():
            if step.document.symbol == symbol and step.anchor == anchor:
                root = step
                while root.previous:
                    root = self.steps[root.before]
                return self._chain(root), step
        return None, None

    def _chain(self, root):
        steps, waiting = [], [root]
        while waiting:
            steps.append(waiting.pop())
            waiting += steps[-1].later
        keys = {each.key for each in steps}
        ends = [each for each in self.ends if each.before in keys]
        for end in ends:
            end.goes_on = any(_in_order(each) > _in_order(end) for each in steps)
        steps.sort(key=_in_order)
        said = [each for step in steps for each in self.corrections[step.key]]
        return Chain(root, steps, sorted(ends, key=_in_order), said)

    def by_paragraph(self):
        """The texts that have nothing like a paragraph, by its key."""
        ends = defaultdict(list)
        for end in self.ends:
            ends[end.before].append(end)
        return ends


def _weight(row):
    """Which row stands: the smaller comes first."""
    if row.is_shipped:
        return 1
    return 0 if row.is_whole else 2


def _in_order(step):
    """By day and document; preamble before operative part, numbers by their size."""
    document, label = step.document, step.label
    numbers = [int(number) for number in re.findall(r"\d+", label)]
    within = not label.startswith("PP"), numbers, label
    return step.held_on or LONG_AGO, document.number or 0, document.symbol, within


def _documents_of(rows):
    """The documents of rows by their keys, with their days; one query."""
    keys = {row.document_id for row in rows} | {row.previous_id for row in rows}
    first = Ballot.objects.filter(document=OuterRef("pk")).order_by("held_on")
    english = DocumentText.objects.filter(document=OuterRef("pk"))
    found = Document.objects.filter(pk__in=keys - {None}).annotate(
        held_on=Subquery(first.values("held_on")[:1]), has_text=Exists(english)
    )
    return {each.pk: each for each in found}


def compare_words(steps):
    """Put the words of steps beside those of their forerunners; one query."""
    asked = {each.key for each in steps} | {each.before for each in steps}
    words = words_at(asked - {None})
    for each in steps:
        if each.before and each.label and {each.key, each.before} <= words.keys():
            each.pieces = compare(words[each.before], words[each.key])
        elif each.key in words:
            each.said = words[each.key]


def words_at(keys):
    """English words of paragraphs, by document and label; the official ones first."""
    documents = {document for document, _label in keys}
    rows = (
        Paragraph.objects.filter(
            text__document__in=documents,
            text__language="en",
            label__in={label for _document, label in keys},
        )
        # What a person typed comes first, and gives way.
        .order_by(F("text__typed_by").desc(nulls_last=True), "-order")
        .values_list("text__document", "label", "words")
    )
    found = {(document, label): words for document, label, words in rows}
    return {key: words for key, words in found.items() if key in keys}


def labels_of(document):
    """Labels of its paragraphs by how they are named; and whether they are all."""
    texts = Paragraph.objects.filter(text__document=document, text__language="en")
    texts = texts.exclude(label="").exclude(place=Paragraph.Place.ANNEX)
    labels = list(texts.values_list("label", flat=True))
    has_text = bool(labels)
    labels += document.passages.filter(annex="").values_list("label", flat=True)
    labels += document.descendants.values_list("previous_label", flat=True)
    return {pinpoints.label(each): each for each in reversed(labels)}, has_text


def beside(passages):
    """Put beside passages of the index what each was taken from; three queries."""
    passages, lines = list(passages), Lines()
    ends = lines.by_paragraph()
    for each in passages:
        key = each.document_id, each.label
        each.step, each.ends = lines.steps.get(key), ends[key]


def beside_words(document, rows):
    """Put beside the paragraphs of a text what each was taken from; four queries.

    With the words of the forerunner, where its text is on record, too.
    """
    lines = Lines()
    ends, steps = lines.by_paragraph(), []
    for row in rows:
        key = document.pk, row.any.label
        if row.any.label and row.any.place != Paragraph.Place.ANNEX:
            row.step, row.ends = lines.steps.get(key), ends[key]
            steps += [row.step] if row.step else []
    if any(each.previous for each in steps):
        compare_words(steps)
