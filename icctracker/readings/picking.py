"""The paragraphs that a finding can be pinned to, likely ones for its criterion first.

An aid to reading, never a coder: it orders paragraphs by words, or by terms of the
index where no text was imported, and says how often that finds what people found.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from django.db.models import Exists, F, OuterRef

from icctracker.models import (
    Document,
    DocumentText,
    Evidence,
    Finding,
    Paragraph,
    Passage,
    Term,
)
from icctracker.texts import pinpoints
from icctracker.texts.folding import fold

from .passages import BEARS_ON
from .words import WORDS, found_in

ENGLISH = DocumentText.Language.ENGLISH
# So many likely paragraphs are offered; whoever wants others reads on in the text.
MOST_LIKELY = 10


@dataclass(frozen=True)
class Offer:
    """One paragraph: how it is cited, where it stands, and its words or its terms."""

    pinpoint: str
    label: str
    anchor: str
    words: str = ""
    terms: tuple = ()
    # The words or terms by which it is offered for a criterion.
    by: tuple = ()

    @property
    def terms_in_words(self):
        return [Term(each).label for each in self.terms if each in Term.values]

    @property
    def is_long(self):
        """Whether it is so long that only its beginning is shown at first."""
        return len(self.words.split()) > 80

    @cached_property
    def folded(self):
        return fold(self.words)


@dataclass
class Offered:
    """What can be picked of one document, in the order of its text."""

    document: Document
    text: DocumentText | None = None
    offers: list = field(default_factory=list)

    @property
    def by_words(self):
        """Whether the words decide: an English text was imported."""
        return bool(self.text) and self.text.language == ENGLISH

    def likely(self, criterion):
        """The likely ones for the key of a criterion, those with most words first."""
        ranked = []
        for place, offer in enumerate(self.offers):
            count, by = self._counted(offer, criterion)
            if count:
                ranked.append((-count, place, replace(offer, by=by)))
        return [offer for _count, _place, offer in sorted(ranked, key=lambda r: r[:2])]

    def in_order(self, criterion):
        """All of them as they are offered: the likely ones, then the others."""
        likely = self.likely(criterion)
        taken = {each.anchor for each in likely}
        return likely + [each for each in self.offers if each.anchor not in taken]

    def _counted(self, offer, criterion):
        if self.by_words:
            return found_in(offer.folded, criterion)
        bearing = [term for term in offer.terms if criterion in BEARS_ON.get(term, ())]
        return len(bearing), tuple(Term(each).label for each in bearing)

    def at(self, anchor):
        """The one at an address of the page, or None."""
        return next((each for each in self.offers if each.anchor == anchor), None)


def has_a_list(criterion):
    """Whether words are published for the key of a criterion."""
    return criterion in WORDS


def offered(document):
    """What can be picked of a document; three queries, however long its text is.

    From its text, the English and the official one before others; without any, from
    the index.
    """
    texts = list(document.texts.shown())
    text = next((each for each in texts if each.language == ENGLISH), None)
    text = text or next(iter(texts), None)
    terms, found = {}, Offered(document, text)
    if not found.by_words:
        passages = list(document.passages.order_by("place"))
        terms = {each.pinpoint: tuple(each.term_list) for each in passages}
    if text:
        rows = _paragraphs(text=text)
        found.offers = [_of_paragraph(each, terms) for each in rows]
    else:
        found.offers = [_of_passage(each) for each in passages]
    return found


def _paragraphs(**wanted):
    """Paragraphs that can be cited, of one text or of several."""
    named = Paragraph.objects.filter(is_heading=False, **wanted).exclude(label="")
    columns = "text_id", "order", "label", "anchor", "annex", "place", "words"
    return named.only(*columns).order_by("text", "order")


def _of_paragraph(each, terms):
    # An annex may have no title.
    annex = (each.annex or "annex") if each.place == Paragraph.Place.ANNEX else ""
    label = pinpoints.label(each.label, annex)
    pinned = pinpoints.cited(each.label, annex)
    return Offer(pinned, label, each.anchor, each.words, terms.get(label, ()))


def _of_passage(each):
    pinned = pinpoints.cited(each.label, each.annex)
    return Offer(pinned, each.pinpoint, each.anchor, terms=tuple(each.term_list))


# Findings that nobody has pinned to a paragraph yet.


def unpinned(person):
    """Accepted findings without a pinpoint where paragraphs of the document are known.

    The newest first; none whose codes the person may not be told.
    """
    texts = DocumentText.objects.filter(document=OuterRef("pk"))
    passages = Passage.objects.filter(document=OuterRef("pk"))
    known = Document.objects.filter(symbol=OuterRef("evidence__symbol"))
    known = known.filter(Exists(passages) | Exists(texts))
    entries = Evidence.objects.codes_open_to(person).published()
    found = Finding.objects.accepted().filter(
        Exists(known), pinpoint="", evidence__in=entries.order_by().values("pk")
    )
    found = found.exclude(evidence__symbol="")
    return found.order_by(F("event_date").desc(), "-pk")


# How often the picker finds what people found.

DEPTHS = (3, 5, 10)
# So many of the newest pinned findings are looked at.
MOST_PINNED = 1000


@dataclass
class Recall:
    """For one criterion: how many pinned findings, and how many were offered early."""

    code: str
    pinned: int = 0
    among: dict = field(default_factory=lambda: dict.fromkeys(DEPTHS, 0))

    def note(self, place):
        """Count a finding whose paragraph stands at a place, from 0; None for none."""
        self.pinned += 1
        for depth in DEPTHS:
            self.among[depth] += place is not None and place < depth

    @property
    def counts(self):
        return list(self.among.values())


def recall(as_of, known_at=None):
    """A Recall for each criterion, and one of all; four queries.

    Looked at are findings pinned to single paragraphs, on documents of which paragraphs
    are known. One of several pinpoints is enough.
    """
    pinned = _pinned(as_of, known_at)
    wanted = {symbol for symbol, _key, _labels in pinned}
    places, rows = defaultdict(list), {}
    for symbol, key, labels in pinned:
        places[symbol].append((key, labels))
    for found in _each_offered(wanted):
        for key, labels in places[found.document.symbol]:
            row = rows.setdefault(key, Recall(key))
            row.note(_place(found.in_order(key), labels))
    everything = Recall("")
    for row in rows.values():
        everything.pinned += row.pinned
        for depth in DEPTHS:
            everything.among[depth] += row.among[depth]
    order = {code: place for place, code in enumerate(WORDS)}
    ordered = sorted(rows, key=lambda key: (order.get(key, len(order)), key))
    return [rows[key] for key in ordered], everything


def _place(offers, labels):
    """Where the first of the paragraphs that a finding names stands, from 0."""
    for place, offer in enumerate(offers):
        if any(pinpoints.touches(label, offer.label) for label in labels):
            return place
    return None


def _pinned(as_of, known_at):
    """The newest pinned findings: symbol, key of the criterion, paragraphs named."""
    documents = Document.objects.filter(symbol=OuterRef("evidence__symbol"))
    texts = DocumentText.objects.filter(document=OuterRef("pk"))
    passages = Passage.objects.filter(document=OuterRef("pk"))
    documents = documents.filter(Exists(passages) | Exists(texts))
    findings = (
        Finding.objects.accepted(known_at)
        .filter(Exists(documents), event_date__lte=as_of)
        .filter(evidence__in=Evidence.objects.public().order_by().values("pk"))
        .exclude(pinpoint="")
        .exclude(evidence__symbol="")
        .order_by("-event_date", "-pk")
    )
    within = "criterion__recommendation__within"
    rows = findings.values_list(
        "evidence__symbol", within, "criterion__code", "pinpoint"
    )
    found = []
    for symbol, publication, code, text in rows[:MOST_PINNED]:
        key = f"{publication}:{code}" if publication else code
        # The preamble as a whole is no paragraph.
        labels = [each for each in pinpoints.read(text) if each != pinpoints.PREAMBLE]
        if labels:
            found.append((symbol, key, labels))
    return found


def _each_offered(wanted):
    """What is offered of each of the documents, by their symbols; three queries."""
    texts = DocumentText.objects.shown().filter(document__symbol__in=wanted)
    chosen, documents = {}, {}
    for text in texts.select_related("document"):
        before = chosen.get(text.document_id)
        if before is None or (before.language != ENGLISH and text.language == ENGLISH):
            chosen[text.document_id] = text
    terms, listed = defaultdict(dict), defaultdict(list)
    passages = Passage.objects.filter(document__symbol__in=wanted)
    for each in passages.select_related("document").order_by("document", "place"):
        documents[each.document_id] = each.document
        listed[each.document_id].append(each)
        terms[each.document_id][each.pinpoint] = tuple(each.term_list)
    for key, document in documents.items():
        if key not in chosen:
            yield Offered(document, None, [_of_passage(each) for each in listed[key]])
    of_text = {text.pk: text for text in chosen.values()}
    rows = _paragraphs(text__in=of_text).iterator()
    for key, paragraphs in groupby(rows, key=lambda each: each.text_id):
        text = of_text[key]
        known = terms[text.document_id]
        offers = [_of_paragraph(each, known) for each in paragraphs]
        yield Offered(text.document, text, offers)


def lists():
    """For readers: of each criterion the words, and the terms of the index."""
    terms = defaultdict(list)
    for term, criteria in BEARS_ON.items():
        for code in criteria:
            terms[code].append(term.label)
    return [
        (code, ", ".join(words.first), ", ".join(words.further), terms[code])
        for code, words in WORDS.items()
    ]
