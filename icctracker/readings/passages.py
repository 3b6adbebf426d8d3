"""Which paragraphs speak of what: for which years that is known, and what is logged.

The index of passages ships with the site and holds no words of a document. A paragraph
is logged if an accepted finding of a published entry on its document is pinned to it.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from icctracker.models import (
    COURT_FAMILY,
    Ballot,
    Document,
    Evidence,
    Finding,
    Passage,
    Sponsor,
    Term,
)
from icctracker.models.passages import speaks_of_the_court
from icctracker.texts import pinpoints, states

from .years import YearOf

# What the terms say of the recommendations: by term, the criteria of the first
# publication that a paragraph with it may bear on. Printed on the page of passages. It
# helps to find paragraphs; what one shows is for whoever reads it.

BEARS_ON = {
    Term.COURT: ("2b",),
    Term.ROME_STATUTE: ("2b",),
    Term.PROSECUTOR: ("2b", "9a"),
    Term.COOPERATION: ("2a", "2b", "4b"),
    Term.SURRENDER: ("2b",),
    Term.ARREST_WARRANT: ("2b",),
    Term.REFERRAL: ("1b", "1c"),
    Term.DEFERRAL: ("4a",),
    Term.NON_PARTY: ("4a", "4b"),
    Term.COSTS: ("4c",),
    Term.CORE_CRIMES: ("1a",),
    Term.ACCOUNTABILITY: ("1a",),
    Term.IMPUNITY: ("1a",),
    Term.AMNESTY: ("5a",),
    Term.IMMUNITY: ("5a",),
    Term.SANCTIONS_GROUND: ("3a", "3b"),
    Term.INQUIRY: ("1a",),
    Term.TRIBUNAL: ("1c",),
    Term.WORKING_GROUP: ("6a",),
    Term.VICTIMS_FUND: ("2b",),
}


def recommendation_of(criterion):
    """The code of the recommendation of a criterion: R4 of 4a."""
    return f"R{criterion.rstrip('abcdefgh')}"


def by_recommendation():
    """The terms that bear on each recommendation, by its code."""
    found = defaultdict(list)
    for term, criteria in BEARS_ON.items():
        for code in dict.fromkeys(map(recommendation_of, criteria)):
            found[code].append(term)
    return dict(sorted(found.items()))


def mapping():
    """For readers: each term in words, and the criteria that it bears on."""
    return [(term.label, ", ".join(criteria)) for term, criteria in BEARS_ON.items()]


def terms_asked(terms, recommendations):
    """The terms that a filter means; none chosen is the Court's family, or all of a
    recommendation.
    """
    mapped = by_recommendation()
    bearing = [term for code in recommendations for term in mapped.get(code, ())]
    if not terms:
        return bearing or list(COURT_FAMILY)
    return [term for term in terms if not recommendations or term in bearing]


# What is logged.


@dataclass(frozen=True)
class Pinned:
    """The entries on a document, and where their findings say they were read."""

    entries: tuple = ()
    pinpoints: tuple = ()

    def at(self, passage):
        """The slugs of the entries with a finding pinned to a paragraph."""
        place = passage.pinpoint
        found = (
            slug
            for slug, pinned in self.pinpoints
            if any(pinpoints.touches(each, place) for each in pinned)
        )
        return list(dict.fromkeys(found))


NOTHING = Pinned()


@dataclass(frozen=True)
class Logged:
    """What is logged of one paragraph: entries pinned to it, and others beside it."""

    here: tuple = ()
    elsewhere: tuple = ()

    @classmethod
    def of(cls, passage, pinned):
        """Given what is logged on documents, by their symbols."""
        on = pinned.get(passage.document.symbol, NOTHING)
        here = on.at(passage)
        return cls(tuple(here), tuple(e for e in on.entries if e not in here))


def in_words(passage):
    """What a paragraph speaks of, each term in words, the Court first."""
    known = [Term(each) for each in passage.term_list if each in Term.values]
    return [each.label for each in sorted(known, key=list(Term).index)]


def pinned(symbols, as_of, known_at=None):
    """What is logged on documents, by their symbols; two queries.

    As of a day and, where an instant is given, as it was known then.
    """
    entries = Evidence.objects.known(as_of, known_at).order_by("pk")
    # At a past instant what is known are editions of entries.
    key, slug = ("evidence_id", "evidence__slug") if known_at else ("pk", "slug")
    rows = entries.filter(symbol__in=symbols).values_list(key, "symbol", slug)
    named = {entry: (symbol, slug) for entry, symbol, slug in rows}
    found = defaultdict(lambda: ([], []))
    for symbol, slug in named.values():
        found[symbol][0].append(slug)
    findings = Finding.objects.accepted(known_at).filter(evidence__in=named)
    findings = findings.exclude(pinpoint="").order_by("pk")
    for entry, text in findings.values_list("evidence_id", "pinpoint"):
        symbol, slug = named[entry]
        found[symbol][1].append((slug, pinpoints.read(text)))
    return {symbol: Pinned(*map(tuple, both)) for symbol, both in found.items()}


def logged(as_of, known_at=None):
    """The keys of all paragraphs that a finding is pinned to; three queries."""
    known = Passage.objects.exclude(document__symbol="").order_by()
    symbols = Document.objects.filter(Exists(known.filter(document=OuterRef("pk"))))
    found = pinned(symbols.values("symbol"), as_of, known_at)
    passages = known.filter(document__symbol__in=found).select_related("document")
    return [each.pk for each in passages if found[each.document.symbol].at(each)]


def of_document(document, as_of, known_at=None):
    """The passages of a document with what each speaks of and what is logged of it.

    First those on the Court, then the others, by what they speak of first.
    """
    on = pinned([document.symbol], as_of, known_at)
    court, others = [], defaultdict(list)
    for passage in document.passages.order_by("place"):
        passage.document = document
        terms = in_words(passage)
        row = (passage, terms, Logged.of(passage, on))
        if passage.speaks_of_the_court:
            court.append(row)
        else:
            others[terms[0] if terms else ""].append(row)
    return court, sorted(others.items(), key=lambda row: -len(row[1]))


# For which years and kinds the text was read.


@dataclass(frozen=True)
class Read:
    """The documents of one kind: how many, of how many, and of which years."""

    series: str
    first: int
    last: int
    texts: int
    documents: int

    @property
    def missing(self):
        return self.documents - self.texts


@dataclass
class YearRead:
    """One year: documents on record, texts read, and those that name the Court."""

    year: int
    documents: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    naming: int = 0
    logged: int = 0

    @property
    def waiting(self):
        return self.naming - self.logged


_IN_KINDS = {
    Document.Series.RESOLUTION: "resolution",
    Document.Series.STATEMENT: "statement",
    Document.Series.VETOED: "draft",
    Document.Series.FAILED: "draft",
}
KINDS = ("resolution", "statement", "draft")


def years_read():
    """A YearRead for each year in which a text was read, the newest first; one query.

    A document counts in the year of each of its votes.
    """
    has_text = ~Q(document__languages="")
    rows = Ballot.objects.order_by().values_list(YearOf("held_on"), "document__series")
    found = {}
    for year, series, documents, texts in rows.annotate(
        documents=Count("document", distinct=True),
        texts=Count("document", distinct=True, filter=has_text),
    ):
        row, kind = found.setdefault(year, YearRead(year)), _IN_KINDS[series]
        row.documents[kind] = row.documents.get(kind, 0) + documents
        row.texts[kind] = row.texts.get(kind, 0) + texts
    read = [row for row in found.values() if any(row.texts.values())]
    return sorted(read, key=lambda row: -row.year)


def coverage(years):
    """A Read for each kind, over the years in which any text of it was read."""
    found = []
    for kind in KINDS:
        having = [row for row in years if row.texts.get(kind)]
        if having:
            first, last = having[-1].year, having[0].year
            texts = sum(row.texts[kind] for row in having)
            documents = sum(row.documents[kind] for row in having)
            found.append(Read(kind, first, last, texts, documents))
    return found


def naming_the_court(years, as_of, known_at=None):
    """Count, in each year, documents that name the Court and those that are logged."""
    by_year = {row.year: row for row in years}
    naming = Document.objects.filter(speaks_of_the_court()).dated()
    entries = Evidence.objects.known(as_of, known_at).order_by()
    about = entries.filter(symbol=OuterRef("symbol")).exclude(symbol="")
    for day, is_logged in naming.annotate(is_logged=Exists(about)).values_list(
        "held_on", "is_logged"
    ):
        if day and (row := by_year.get(day.year)):
            row.naming += 1
            row.logged += is_logged
    return years


def all_years(years):
    """What the years have together, as a YearRead without a year."""
    total = YearRead(0)
    for row in years:
        for kind in KINDS:
            for sums, of_year in (
                (total.documents, row.documents),
                (total.texts, row.texts),
            ):
                sums[kind] = sums.get(kind, 0) + of_year.get(kind, 0)
        total.naming += row.naming
        total.logged += row.logged
    return total


def sponsoring_states():
    """Whoever sponsored anything: pairs of the code and the present name."""
    codes = Sponsor.objects.exclude(code="").order_by()
    known = states.every()
    found = [
        (code, known[code].name if code in known else code)
        for code in codes.values_list("code", flat=True).distinct()
    ]
    return sorted(found, key=lambda row: row[1])
