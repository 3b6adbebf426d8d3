"""What nobody has logged yet: documents of the Council's record worth a look.

A document is suggested if it mentions the Court, was vetoed, or lies in a tracked
situation, and neither an entry is about it nor has anybody set it aside.
"""

from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import (
    Ballot,
    Dismissal,
    Document,
    Evidence,
    Finding,
    Kind,
    Situation,
    Vote,
)

# The Rome Statute was adopted on this day; before it there was no Court to mention.
BEGINNING = date(1998, 7, 17)
COURT, VETOED, SITUATION = "court", "vetoed", "situation"
REASONS = {
    COURT: gettext_lazy("Mentions the Court"),
    VETOED: gettext_lazy("Was vetoed"),
    SITUATION: gettext_lazy("Lies in a tracked situation"),
}
_TAKEN = [Evidence.State.PUBLISHED, Evidence.State.SUBMITTED]


def coded(as_of=None, known_at=None):
    """Published entries with an accepted finding: what the numbers call coded."""
    entries, key = Evidence.objects.published(), "pk"
    if as_of:
        entries = Evidence.objects.known(as_of, known_at)
        # At a past instant what is known are editions of entries.
        key = "evidence" if known_at else "pk"
    findings = Finding.objects.accepted(known_at).filter(evidence=OuterRef(key))
    return entries.filter(Exists(findings))


def taken(user):
    """Entries that make logging again needless: published, under review, one's own.

    A draft of somebody else is not among them: nothing may tell that it is there.
    """
    own = Q(state__in=Evidence.EDITABLE, submitted_by=user)
    return Evidence.objects.filter(Q(state__in=_TAKEN) | own)


def about(entries):
    """A condition on documents: that one of these entries is about it.

    As ``Evidence.objects.citing`` has it: by the symbol, or by the day of the veto.
    """
    symbols = entries.exclude(symbol="").values("symbol")
    vetoes = entries.filter(symbol="", kind=Kind.VETO)
    nameless = Ballot.objects.filter(
        document__symbol="", held_on__in=vetoes.values("occurred_on")
    )
    return Q(symbol__in=symbols) | Q(symbol="", pk__in=nameless.values("document"))


def lying_in(situation):
    """A condition on documents: found by its words, or cited by an entry on it."""
    entries = Evidence.objects.published().filter(situations=situation)
    linked = Situation.documents.through.objects.filter(situation=situation)
    return Q(pk__in=linked.values("document")) | about(entries)


def suggested(user, *, earlier=False):
    """Documents worth a look that are neither taken nor set aside, newest first.

    Unless ``earlier`` ones are wanted too, from the day of the Rome Statute, and in a
    situation from the year in which its tracking begins.
    """
    documents = (
        Document.objects.dated()
        .exclude(about(taken(user)))
        .exclude(pk__in=Dismissal.objects.standing().values("document"))
    )
    found = because(COURT) | because(VETOED) | tracked(earlier=earlier)
    if not earlier:
        documents = documents.filter(held_on__gte=BEGINNING)
    return documents.filter(found).order_by(F("held_on").desc(), "-number", "symbol")


def because(reason, *, earlier=False):
    """The condition behind one reason."""
    if reason == COURT:
        return Q(court_mentions__gt=0)
    if reason == VETOED:
        return Q(series=Document.Series.VETOED)
    return tracked(earlier=earlier)


def tracked(situation=None, *, earlier=False):
    """A condition on documents: found by the words of a situation, or of this one."""
    links = Situation.documents.through.objects
    if situation:
        links = links.filter(situation=situation)
    if not earlier:
        links = links.filter(
            Q(situation__since__isnull=True)
            | Q(document__ballots__held_on__year__gte=F("situation__since"))
        )
    return Q(pk__in=links.values("document"))


def unread():
    """Resolutions whose text was not available: what they mention is not known."""
    return Document.objects.filter(
        series=Document.Series.RESOLUTION, court_mentions__isnull=True
    )


def with_reasons(documents):
    """The documents with what ``reasons`` reads, in a handful of queries."""
    vetoes = Vote.objects.vetoes().select_related("member").order_by("member__name")
    ballots = Ballot.objects.prefetch_related(
        Prefetch("votes", vetoes, to_attr="vetoes")
    )
    return documents.prefetch_related("situations", Prefetch("ballots", ballots))


def reasons(document):
    """Why a document is suggested, in words; wants it read ``with_reasons``."""
    found = []
    if count := document.court_mentions:
        words = ngettext(
            "mentions the Court once", "mentions the Court %(count)d times", count
        )
        found.append(words % {"count": count})
    if document.series == Document.Series.VETOED:
        found.append(_vetoed_by(document))
    names = ", ".join(each.name for each in document.situations.all())
    if names:
        found.append(_("on %(situations)s") % {"situations": names})
    return found


def _vetoed_by(document):
    members = {
        vote.member.name: None
        for ballot in document.ballots.all()
        for vote in ballot.vetoes
    }
    *others, last = members or [""]
    if not last:
        return _("vetoed")
    names = _("%(first)s and %(last)s") % {"first": ", ".join(others), "last": last}
    return _("vetoed by %(members)s") % {"members": names if others else last}
