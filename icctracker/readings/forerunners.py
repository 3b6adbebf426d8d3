"""Which paragraphs texts on record were taken from, by the rule; reads only.

The same rule as that of the table which ships, on the English texts that were imported:
each paragraph of what is traced beside all paragraphs of the texts before it in its
series. What the index knows of terms is taken from it; elsewhere the words decide.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Min, Q

from icctracker.models import (
    COURT_FAMILY,
    Ballot,
    Descent,
    Document,
    DocumentText,
    Paragraph,
    Passage,
    Term,
)
from icctracker.texts.kinship import Kept, Measured, words_of

from .descent import (
    ADAPTED,
    CLOSER,
    LIKE,
    LONG_AGO,
    LONG_ENOUGH,
    LONGEST,
    SAME,
    TEXTS_BACK,
    YEARS,
)
from .terms import terms_of

Change, Kind, Series = Descent.Change, Descent.Kind, Document.Series
COURT = frozenset(map(str, COURT_FAMILY))
# What is traced from text to text.
TRACED = COURT | {
    *(Term.NON_PARTY.value, Term.DEFERRAL.value, Term.COSTS.value),
    *(Term.AMNESTY.value, Term.SANCTIONS_GROUND.value),
}
SINCE = 2000
# By what in its title a resolution is told to be on sanctions.
_SANCTIONS = re.compile(
    r"sanction|embargo|arms|panel of experts|group of experts"
    r"|committee (?:established|concerning)|travel ban|assets",
    re.IGNORECASE,
)
# What missions and committees are known by: (UNAMID), resolution 1533 (2004).
_MISSION = re.compile(r"\(([A-Z]{4,})\)")
_REGIME = re.compile(r"\b(\d{3,4}) \(\d{4}\)")
_COMMITTEE = re.compile(r"Committee|Panel of Experts|Group of Experts")
_KINDS = {
    Series.STATEMENT: Kind.STATEMENT,
    Series.VETOED: Kind.DRAFT,
    Series.FAILED: Kind.DRAFT,
}


@dataclass
class Said:
    """One paragraph, by its words."""

    label: str
    words: list
    terms: tuple = ()
    counts: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.counts = Counter(self.words)


@dataclass
class Text:
    """A document, and its paragraphs where its English text is on record."""

    document: Document
    series: str
    kind: str
    key: int | None = None
    said: list = field(default_factory=list)

    @property
    def day(self):
        return self.document.held_on or LONG_AGO

    @property
    def length(self):
        return sum(len(each.words) for each in self.said)

    @property
    def mission(self):
        """What tells whether two texts are on one mission, or on one regime."""
        if self.kind == Kind.MANDATE:
            return set(_MISSION.findall(self.document.title))
        if self.kind != Kind.SANCTIONS:
            return set()
        bodies = [b for b in self.document.body_terms if _COMMITTEE.search(b)]
        return set(_REGIME.findall(" ".join([self.document.title, *bodies])))


def computed(of=None):
    """What follows from the texts on record, as rows of Descent that are unsaved.

    With the keys of the documents of which it is all. ``of`` are keys of documents:
    then only of the series that they are in.
    """
    keys, found, documents = _texts(), [], set()
    if not keys and of is None:
        return [], None
    every = list(_by_series(keys))
    newest = max((texts[-1].day for texts in every), default=LONG_AGO)
    for texts in every:
        within = {each.document.pk for each in texts}
        if of is None or not within.isdisjoint(of):
            documents |= within
            if any(each.key for each in texts):
                _read(texts)
                found += _of_series(texts, newest)
                for each in texts:
                    each.said.clear()
    return found, None if of is None else documents | set(of)


def _texts():
    """The English text of each document, the official one before a typed one."""
    rows = DocumentText.objects.filter(language="en").order_by(
        F("typed_by").desc(nulls_last=True), "pk"
    )
    return dict(rows.values_list("document", "pk"))


def _by_series(keys):
    """The documents whose text can be known, in order, series by series."""
    shipped = Descent.objects.filter(imported__isnull=False).order_by("pk")
    items, kinds = {}, {}
    for item, series, document, kind, label in shipped.values_list(
        "document__text_item", "series", "document", "kind", "label"
    ):
        if item:
            items[item] = series
        if label:
            kinds[document] = kind
    found = defaultdict(list)
    for each in _documents(keys):
        recent = each.held_on and each.held_on.year >= SINCE
        if each.pk in keys or (recent and "en" in each.languages.split()):
            item = each.text_item or each.agenda_item or each.symbol
            series = items.get(item) or item
            kind = kinds.get(each.pk) or _kind_of(each)
            found[series].append(Text(each, series, kind, keys.get(each.pk)))
    return found.values()


def _documents(keys):
    """Those that have an English text somewhere, by their days; two queries."""
    days = Ballot.objects.order_by().values_list("document").annotate(Min("held_on"))
    days = dict(days)
    read = Q(languages__contains="en") | Q(texts__pk__in=keys.values())
    names = "symbol series number title agenda_item text_item bodies languages"
    found = (
        Document.objects.exclude(symbol="").filter(read).only(*names.split()).distinct()
    )
    for each in found:
        each.held_on = days.get(each.pk)
    return sorted(
        found,
        key=lambda each: (each.held_on or LONG_AGO, each.number or 0, each.symbol),
    )


def _kind_of(document):
    if document.series in _KINDS:
        return _KINDS[document.series]
    return Kind.SANCTIONS if _SANCTIONS.search(document.title) else Kind.MANDATE


def _read(texts):
    """Read the paragraphs of some texts; two queries."""
    keys = {each.key for each in texts if each.key}
    documents = [each.document.pk for each in texts if each.key]
    index = {
        (document, label): tuple(terms.split())
        for document, label, terms in Passage.objects.filter(document__in=documents)
        .order_by("-place")
        .values_list("document", "label", "terms")
    }
    rows = Paragraph.objects.filter(text__in=keys, is_heading=False)
    rows = rows.exclude(label="").order_by("text", "order")
    paragraphs = defaultdict(dict)
    for text, label, words in rows.values_list("text", "label", "words"):
        # Two paragraphs of one number: the first is meant.
        paragraphs[text].setdefault(label, words)
    for each in texts:
        labelled = paragraphs.get(each.key, {})
        indexed = "en" in each.document.languages.split()
        by_words = [()] * len(labelled) if indexed else terms_of(labelled.values())
        for (label, words), terms in zip(labelled.items(), by_words, strict=True):
            known = index.get((each.document.pk, label)) or tuple(map(str, terms))
            each.said.append(Said(label, words_of(words), known))


def _of_series(texts, newest):
    for place, text in enumerate(texts):
        if text.key:
            before = texts[max(0, place - TEXTS_BACK) : place]
            here = [each for each in reversed(before) if each.key]
            counted = {"compared": len(here), "comparable": len(before)}
            for said in text.said:
                if not TRACED.isdisjoint(said.terms) and len(said.words) <= LONGEST:
                    yield _descent(text, said, here, counted)
            yield from _ends(text, texts[place + 1 :], newest)


def _descent(text, said, before, counted):
    """A paragraph with its forerunner: of the latest text, or a closer older one."""
    measured, best = Measured(said.words), None
    for earlier in before:
        least = best[0].similarity + CLOSER if best else LIKE
        found = _closest(measured, earlier.said, least)
        if found:
            best = (*found, earlier)
    row = Descent(
        **{"series": text.series, "kind": text.kind, "document": text.document},
        **{"text_id": text.key, "label": said.label, "change": Change.NEW},
        **{"words": len(said.words), "terms": " ".join(said.terms)},
        **counted,
    )
    if best:
        kept, forerunner, earlier = best
        row.previous, row.previous_label = earlier.document, forerunner.label
        row.similarity, row.change = round(kept.similarity, 4), _change(kept)
        row.words_added, row.words_removed = kept.added, kept.removed
        row.terms_added = _without(said.terms, forerunner.terms)
        row.terms_removed = _without(forerunner.terms, said.terms)
    return row


def _closest(measured, paragraphs, least) -> tuple[Kept, Said] | None:
    """Of some paragraphs the one that most was kept of, if that is enough."""
    best = None
    for each in paragraphs:
        if measured.may_reach(each.counts, len(each.words), least):
            kept = measured.kept_from(each.words)
            if kept.similarity >= least:
                best, least = (kept, each), kept.similarity + 1e-9
    return best


def _change(kept):
    if kept.similarity >= SAME:
        return Change.SAME
    return Change.ADAPTED if kept.similarity >= ADAPTED else Change.REWORKED


def _without(terms, others):
    return " ".join(sorted(set(terms) - set(others)))


def _ends(text, later, newest):
    """What the next long text of the same mission has nothing like; or none followed.

    Nothing is said where the text of one that followed is not on record.
    """
    mission, until = text.mission, _years_on(text.day)
    follow = [
        each
        for each in later
        if each.kind == text.kind and each.day <= until and mission & each.mission
    ]
    for number, each in enumerate(follow, start=1):
        if not each.key:
            return
        if each.length >= LONG_ENOUGH * text.length:
            yield from _gone(text, each, Change.DROPPED, number)
            return
    if follow and newest >= until:
        yield from _gone(text, follow[0], Change.ENDED, len(follow))


def _gone(text, after, change, compared):
    for said in text.said:
        if COURT.isdisjoint(said.terms) or len(said.words) > LONGEST:
            continue
        if _closest(Measured(said.words), after.said, LIKE):
            continue
        yield Descent(
            **{"series": text.series, "kind": text.kind, "document": after.document},
            **{"text_id": after.key, "previous": text.document, "change": change},
            **{"previous_label": said.label, "words_removed": len(said.words)},
            **{"terms_removed": " ".join(sorted(said.terms))},
            **{"compared": compared, "comparable": compared},
        )


def _years_on(day):
    return date(day.year + YEARS, day.month, min(day.day, 28))


COMPARED = (
    *("series", "kind", "change", "previous_id", "similarity", "words"),
    *("words_added", "words_removed", "terms", "terms_added", "terms_removed"),
    *("text_id", "compared", "comparable"),
)


def key_of(row):
    """What tells a computed row from all others."""
    if row.label:
        return row.document_id, row.label
    return row.previous_id, row.previous_label, "end"


def difference(of=None):
    """Rows that are to be written, and those on record that no longer follow."""
    found, documents = computed(of)
    rows = Descent.objects.filter(imported=None)
    if documents is not None:
        rows = rows.filter(document__in=documents)
    stored, meant = ({key_of(row): row for row in each} for each in (rows, found))
    missing = [row for key, row in meant.items() if not _alike(stored.get(key), row)]
    wrong = [row for key, row in stored.items() if not _alike(meant.get(key), row)]
    return missing, wrong


def _alike(one, other):
    names = (*COMPARED, "document_id", "label", "previous_label")
    return one is not None and all(
        getattr(one, name) == getattr(other, name) for name in names
    )
