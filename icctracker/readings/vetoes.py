"""Vetoes that count against a criterion, and texts let through: how many, and by whom.

The cases are those that the rule counts, in its window; who cast a veto is read from
the votes in the Council's record. Other vetoes of that time are told apart.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import Ballot, Criterion, Finding, Kind, Vote
from icctracker.ruleset import minus_years, weigh
from icctracker.texts.folding import fold

from .grounds import parts_of
from .history import as_known
from .saying import listed
from .standing import in_words, years_in_words

VETOES, THROUGH, OTHERS = "vetoes", "through", "others"
# What the rows of a list are, in the order in which a sentence has them.
WHICH = {
    VETOES: gettext_lazy("Vetoes that count against it"),
    THROUGH: gettext_lazy("Texts let through"),
    OTHERS: gettext_lazy("Other vetoes of that time in the Council's record"),
}


@dataclass
class Row:
    """One veto or one text let through: an entry, a document of the record, or both."""

    which: str
    day: date
    evidence: object = None
    ballots: list = field(default_factory=list)

    @property
    def documents(self):
        return [ballot.document for ballot in self.ballots]

    @property
    def members(self):
        """Who cast the veto, by the votes on record; none where these do not tell."""
        cast = {vote.member for ballot in self.ballots for vote in ballot.votes.all()}
        return sorted(cast, key=lambda member: member.name)


@dataclass
class Vetoes:
    """The vetoes and texts of a span of years, on one criterion."""

    code: str
    # The day after which they are counted, the last day, and if that is the day asked.
    since: date
    until: date
    years: int
    is_now: bool
    rows: list

    def of(self, which):
        return [row for row in self.rows if row.which == which]

    @property
    def by_member(self):
        """Pairs of member and number, those with most first."""
        counts = Counter(m for row in self.of(VETOES) for m in row.members)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))

    @property
    def jointly(self):
        """Pairs of how many members cast a veto together, and how many vetoes."""
        sizes = Counter(len(row.members) for row in self.of(VETOES))
        return sorted((size, n) for size, n in sizes.items() if size > 1)

    def chosen(self, which="", member=""):
        """The rows of a list: of one kind, or the vetoes of one member."""
        rows = self.of(which) if which in WHICH else self.rows
        if not member:
            return rows
        return [row for row in rows if any(m.slug == member for m in row.members)]


def is_on_vetoes(criterion):
    """Whether a criterion asks to avoid the veto, by its own words."""
    avoids = criterion.kind == Criterion.CriterionKind.REFRAIN
    return avoids and "veto" in fold(criterion.statement)


def vetoes_of(standing, criteria, parameters, known_at=None):
    """A Vetoes for each criterion that asks to avoid them; two queries for each."""
    parts = {part.code: part.result for part in parts_of(standing)}
    return [
        _vetoes(each, parts[each.code], standing.as_of, parameters, known_at)
        for each in criteria
        if each.code in parts and is_on_vetoes(each)
    ]


def _vetoes(criterion, result, as_of, parameters, known_at):
    until = result.tested_on or as_of
    since = minus_years(until, parameters.window_years)
    cases = _cases(criterion, since, until, parameters, known_at)
    ballots = _vetoed(since, until)
    rows = [row for row in map(_row_of(ballots), cases) if row]
    named = {ballot.pk for row in rows for ballot in row.ballots}
    rows += [
        Row(OTHERS, ballot.held_on, None, [ballot])
        for ballot in ballots
        if ballot.pk not in named
    ]
    rows.sort(key=lambda row: row.day, reverse=True)
    years, is_now = parameters.window_years, until == as_of
    return Vetoes(criterion.code, since, until, years, is_now, rows)


def _cases(criterion, since, until, parameters, known_at):
    """The findings that the rule counts, with their entries as they were known."""
    found = Finding.objects.accepted(known_at).filter(
        criterion__recommendation=criterion.recommendation_id,
        criterion__code=criterion.code,
        criterion__meaning=criterion.meaning,
        event_date__gt=since,
        event_date__lte=until,
        occasion=True,
    )
    found = found.exclude(effect=0).select_related("evidence", "criterion")
    found = [f for f in found if weigh(f.form, f.tier, parameters) > 0]
    if known_at:
        as_known(found, known_at)
    return found


def _vetoed(since, until):
    """The ballots of the record that ended in a veto, with the votes that did it."""
    cast = Prefetch("votes", Vote.objects.vetoes().select_related("member"))
    vetoed = Ballot.objects.filter(
        outcome=Ballot.Outcome.VETOED, held_on__gt=since, held_on__lte=until
    )
    return list(vetoed.select_related("document").prefetch_related(cast))


def _row_of(ballots):
    """Makes the row of a finding: a veto, or a text let through; else nothing."""
    by_place = {}
    for ballot in ballots:
        by_place.setdefault((ballot.document.symbol, ballot.held_on), []).append(ballot)

    def make(finding):
        entry = finding.evidence
        if finding.effect > 0:
            return Row(THROUGH, finding.event_date, entry)
        if entry.kind != Kind.VETO:
            return None
        cast = by_place.get((entry.symbol, finding.event_date), [])
        return Row(VETOES, finding.event_date, entry, cast)

    return make


# In words; each figure leads to its list.


def in_a_sentence(vetoes, address=None):
    """How many vetoes by whom, and how many texts let through, in one sentence."""
    link = _linking(address)
    said = {
        "vetoes": link(_number_of(vetoes), VETOES),
        "span": _span(vetoes),
        "members": listed_by(vetoes, link),
        "through": link(_through(len(vetoes.of(THROUGH))), THROUGH),
    }
    if not vetoes.by_member:
        return _filled(_("%(vetoes)s in %(span)s, %(through)s."), said)
    return _filled(_("%(vetoes)s in %(span)s (%(members)s), %(through)s."), said)


def _number_of(vetoes):
    number = len(vetoes.of(VETOES))
    if not number:
        return _("No veto")
    return ngettext("%(n)s veto", "%(n)s vetoes", number) % {"n": number}


def _through(number):
    if not number:
        return _("no text let through")
    return ngettext("%(n)s text let through", "%(n)s texts let through", number) % {
        "n": number
    }


def _span(vetoes):
    years = years_in_words(vetoes.years)
    if vetoes.is_now:
        return years
    text = _("the %(years)s up to %(day)s")
    return text % {"years": years, "day": date_format(vetoes.until)}


def listed_by(vetoes, link):
    """By whom they were cast, and how many by several together or by nobody known."""
    by_member = [
        link(f"{member} {number}", VETOES, member.slug)
        for member, number in vetoes.by_member
    ]
    parts = [_joined(", ", by_member)]
    together = [
        ngettext("%(n)s by %(size)s members", "%(n)s by %(size)s members", number)
        % {"n": in_words(number), "size": in_words(size)}
        for size, number in vetoes.jointly
    ]
    if together:
        parts.append(listed(together))
    if unknown := sum(not row.members for row in vetoes.of(VETOES)):
        text = ngettext(
            "of %(n)s the record does not tell by whom",
            "of %(n)s the record does not tell by whom",
            unknown,
        )
        parts.append(text % {"n": in_words(unknown)})
    return _joined("; ", parts)


def what_is_counted(vetoes, address=None):
    """Which vetoes these are, and how many more the record has of that time."""
    said = {
        "code": vetoes.code,
        "since": date_format(vetoes.since),
        "until": date_format(vetoes.until),
    }
    text = _filled(
        _(
            "Counted are the votes after %(since)s and up to %(until)s that are"
            " evidence on %(code)s here; who cast a veto is read from the Council's"
            " record."
        ),
        said,
    )
    number = len(vetoes.of(OTHERS))
    if not number:
        return text
    more = ngettext(
        "%(others)s of that time is on record and not among them.",
        "%(others)s of that time are on record and not among them.",
        number,
    )
    others = ngettext("%(n)s more veto", "%(n)s more vetoes", number) % {"n": number}
    others = {"others": _linking(address)(others, OTHERS)}
    return _joined(" ", [text, _filled(more, others)])


def _linking(address):
    """What makes a link of words to their list; without an address only words."""

    def link(words, which, member=""):
        if not address:
            return words
        return format_html('<a href="{}">{}</a>', address(which, member), words)

    return link


def _filled(text, said):
    """A sentence with its figures; as markup where one of them is a link."""
    if not any(hasattr(each, "__html__") for each in said.values()):
        return text % said
    pieces = {name: conditional_escape(each) for name, each in said.items()}
    return mark_safe(conditional_escape(text) % pieces)  # noqa: S308


def _joined(between, pieces):
    """Words one after the other; as markup where one of them is a link."""
    if not any(hasattr(each, "__html__") for each in pieces):
        return between.join(pieces)
    return format_html_join(between, "{}", ((each,) for each in pieces))
