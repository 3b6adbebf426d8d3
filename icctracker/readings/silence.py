"""Of the texts that could have spoken of the Court, which do: the denominators.

A text could have spoken if four things hold, and nowhere else is it said which:

- it is a resolution, or a statement by the President. In a draft that was not adopted
  the Council did not speak;
- the words of a situation find it, by its title or agenda item (``Situation.finder``).
  What an entry alone ties to a situation is told beside it and not counted: whoever
  logs what speaks would raise the share;
- it was adopted after the situation came before the Court (``Beginning``);
- its English text was read, paragraph by paragraph. Where it was not, nothing is said.

A text speaks if the index of passages has a paragraph in it that bears one of the terms
asked for. That no paragraph does is what is called silence.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
)

from icctracker.models import (
    COURT_FAMILY,
    Ballot,
    Document,
    Evidence,
    Finding,
    Kind,
    Passage,
    Situation,
)

from .passages import BEARS_ON, recommendation_of

# The Rome Statute was adopted on this day; before it there was no Court to speak of.
BEGINNING = date(1998, 7, 17)
# In these the Council speaks.
SPOKEN_IN = (Document.Series.RESOLUTION, Document.Series.STATEMENT)
# What is asked for where no criterion is: the Court, its Statute or its Prosecutor.
COURT = ""

# By criterion of the first publication, the words that whoever compiled the first data
# searched texts for, before a text was coded as silent. Offered where an omission is
# coded; what was searched is for whoever searched to say.
SEARCHED_FOR = {
    "2b": (
        "“International Criminal Court”, “ICC”, “Rome Statute”, “the Statute”,"
        " “the Court”, “Prosecutor”, in the whole text"
    ),
}


def terms_of(*codes):
    """The terms that bear on criteria; where none is named, those of the Court."""
    return [
        term
        for term, criteria in BEARS_ON.items()
        if any(code in criteria for code in codes)
        or (COURT in codes and term in COURT_FAMILY)
    ]


def criteria_with_terms():
    """The criteria of the first publication on which a term of the index bears."""
    return sorted({code for criteria in BEARS_ON.values() for code in criteria})


def choices():
    """The criteria to choose from, each with its terms in words."""
    return [
        (code, f"{code}: {'; '.join(map(str, words_of(code)))}")
        for code in criteria_with_terms()
    ]


def codes_of(recommendation):
    """Those of a recommendation; another publication's have no terms."""
    if recommendation.within:
        return []
    return [
        code
        for code in criteria_with_terms()
        if recommendation_of(code) == recommendation.code
    ]


# From when on a text of a situation could have spoken.


@dataclass(frozen=True)
class Beginning:
    """The day after which a situation's texts could have spoken, and what says so.

    ``referral`` is the symbol of the Council's own referral; without one it is the year
    since when the situation is tracked that counts.
    """

    situation: Situation
    after: date
    referral: str = ""

    @property
    def first_year(self):
        """The year of the first day that counts."""
        return (self.after + timedelta(days=1)).year


def beginnings(as_of, known_at=None, situations=None):
    """A Beginning for each situation that has one, by its key; two queries."""
    if situations is None:
        situations = Situation.objects.all()
    referred = {}
    entries = Evidence.objects.known(as_of, known_at).filter(kind=Kind.REFERRAL)
    for key, day, symbol in entries.order_by("-occurred_on").values_list(
        "situations", "occurred_on", "symbol"
    ):
        referred[key] = (day, symbol)
    found = {}
    for each in situations:
        if each.pk in referred:
            day, symbol = referred[each.pk]
            found[each.pk] = Beginning(each, max(day, BEGINNING), symbol)
        elif each.since:
            last = date(each.since - 1, 12, 31)
            found[each.pk] = Beginning(each, max(last, BEGINNING))
    return found


# The texts themselves.


def texts_of(starts, as_of):
    """Pairs of a situation and a text that could have spoken, had it been read.

    ``starts`` are Beginnings; of each pair ``held_on`` is the day of the text.
    """
    links = Situation.documents.through.objects.order_by()
    after = Q(pk__in=[])
    for each in starts:
        after |= Q(situation=each.situation, held_on__gt=each.after)
    first = Ballot.objects.filter(document=OuterRef("document")).order_by("held_on")
    links = links.annotate(held_on=Subquery(first.values("held_on")[:1]))
    kept = {"document__series__in": SPOKEN_IN, "held_on__lte": as_of}
    return links.filter(after, **kept)


def documents_of(start, as_of):
    """The texts of one situation, as documents with their day; read or not."""
    pairs = texts_of([start], as_of)
    return Document.objects.dated().filter(pk__in=pairs.values("document"))


def marked(documents, codes, as_of, known_at=None):
    """Each with whether it was ``read``, ``speaks``, and whether it is ``logged``."""
    return documents.annotate(
        read=_as_value(READ),
        speaks=_as_value(READ & speaking_of(*codes)),
        logged=_as_value(logged_in(as_of, known_at)),
    )


def _as_value(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


def tied_by_entries(start, as_of, known_at=None):
    """Texts that published entries alone tie to a situation: told, and not counted."""
    entries = Evidence.objects.known(as_of, known_at).order_by()
    entries = entries.filter(situations=start.situation).exclude(symbol="")
    documents = Document.objects.dated().filter(
        symbol__in=entries.values("symbol"),
        series__in=SPOKEN_IN,
        held_on__gt=start.after,
        held_on__lte=as_of,
    )
    return documents.exclude(situations=start.situation)


READ = ~Q(languages="")


def speaking_of(*codes):
    """A condition on documents: that one speaks of what criteria ask for."""
    passages = Passage.objects.speaking_of(terms_of(*codes))
    return Q(Exists(passages.filter(document=OuterRef("pk"))))


def logged_in(as_of, known_at=None):
    """A condition on documents: that a published entry is about one."""
    entries = Evidence.objects.known(as_of, known_at).order_by()
    about = entries.filter(symbol=OuterRef("symbol")).exclude(symbol="")
    return Q(Exists(about))


@dataclass(frozen=True)
class Spoken:
    """Texts of a situation, or of several, as sets of documents.

    ``texts`` could have spoken; ``speaking`` do. What was not read is in ``unread``
    alone.
    """

    texts: frozenset = frozenset()
    speaking: frozenset = frozenset()
    unread: frozenset = frozenset()
    start: Beginning | None = None

    @property
    def silent(self):
        return self.texts - self.speaking


def together(rows):
    """What several situations have, each text counted once."""
    rows = list(rows)
    none = frozenset()
    return Spoken(
        none.union(*(row.texts for row in rows)),
        none.union(*(row.speaking for row in rows)),
        none.union(*(row.unread for row in rows)),
    )


def spoken_in(as_of, known_at=None, codes=(COURT,), situations=None):
    """By criterion and by key of situation what is Spoken; three queries.

    A situation without a beginning, or without a text, is not among them.
    """
    starts = beginnings(as_of, known_at, situations)
    documents = Document.objects.filter(pk=OuterRef("document")).order_by()
    pairs = texts_of(starts.values(), as_of).annotate(
        read=Exists(documents.filter(READ)),
        **{
            f"speaks_{place}": Exists(documents.filter(speaking_of(code)))
            for place, code in enumerate(codes)
        },
    )
    names = [f"speaks_{place}" for place, _code in enumerate(codes)]
    found = {}
    for key, document, read, *speaks in pairs.values_list(
        "situation", "document", "read", *names
    ):
        for code, does in zip(codes, speaks, strict=True):
            sets = found.setdefault(code, {}).setdefault(key, ([], [], []))
            if not read:
                sets[2].append(document)
                continue
            sets[0].append(document)
            if does:
                sets[1].append(document)
    return {
        code: {
            key: Spoken(*map(frozenset, sets), starts[key])
            for key, sets in of_it.items()
        }
        for code, of_it in found.items()
    }


def counted(documents):
    """How many of some marked texts were read, speak, are silent, and are logged."""
    read, speaks, logged = Q(read=True), Q(speaks=True), Q(logged=True)
    return documents.order_by().aggregate(
        texts=Count("pk", filter=read),
        speaking=Count("pk", filter=speaks),
        silent=Count("pk", filter=read & ~speaks),
        unread=Count("pk", filter=~read),
        speaking_logged=Count("pk", filter=speaks & logged),
        silent_logged=Count("pk", filter=read & ~speaks & logged),
    )


# What a recommendation's page says.


@dataclass(frozen=True)
class CriterionSpoken:
    """What a criterion's situations could have said, and in words of what."""

    code: str
    terms: tuple
    rows: list
    total: Spoken


def of_recommendation(recommendation, as_of, known_at=None):
    """A CriterionSpoken for each criterion on which terms bear; a few queries.

    Its situations are those in which anything is coded as an occasion under it.
    """
    concerned = {
        code: _situations_of(recommendation, code, as_of, known_at)
        for code in codes_of(recommendation)
    }
    concerned = {code: keys for code, keys in concerned.items() if keys}
    if not concerned:
        return []
    spoken = spoken_in(as_of, known_at, tuple(concerned))
    found = []
    for code, keys in concerned.items():
        of_it = spoken.get(code, {})
        rows = [of_it[key] for key in of_it if key in keys]
        rows.sort(key=lambda row: row.start.situation.name)
        if rows:
            found.append(CriterionSpoken(code, words_of(code), rows, together(rows)))
    return found


def words_of(code):
    """The terms of a criterion, in words."""
    return tuple(term.label for term in terms_of(code))


def _situations_of(recommendation, code, as_of, known_at):
    """The keys of the situations in which a criterion has an occasion."""
    entries = Evidence.objects.known(as_of, known_at).order_by()
    occasions = Finding.objects.accepted(known_at).filter(
        # At a past instant what is known are editions of entries.
        evidence=OuterRef("evidence" if known_at else "pk"),
        criterion__recommendation=recommendation,
        criterion__code=code,
        occasion=True,
    )
    found = entries.filter(Exists(occasions), situations__isnull=False)
    return set(found.values_list("situations", flat=True).distinct())
