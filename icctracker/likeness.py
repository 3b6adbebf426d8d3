"""Guesses by likeness: shown as guesses, and never a reason to refuse anything."""

import re
from collections import Counter, namedtuple
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from icctracker.models import Evidence, Situation

# So many entries, and so large a part of them, make a guess worth showing.
LIKE_ENTRIES, LIKE_SHARE = 2, 0.75
# How near another entry has to be, and how much of two titles has to be the same.
DAYS_APART, DAYS_OF_SITUATION, WORDS_SHARED = 3, 30, 0.5

Near = namedtuple("Near", "entry reasons")


def near(entries, *, day, situations, title):
    """Entries that may be about the same event, the likeliest first; two queries.

    They lie within three days, or within a month in the same situation, or have a
    title much like this one.
    """
    if not day and not title:
        return []
    wanted = Q(pk__in=_alike_in_title(entries, title))
    if day:
        wanted |= _within(day, DAYS_APART)
        of_situation = Q(situations__slug__in=situations)
        wanted |= _within(day, DAYS_OF_SITUATION) & of_situation
    found = entries.filter(wanted).distinct().prefetch_related("situations")
    rows = [Near(each, _reasons(each, day, situations, title)) for each in found]
    return sorted(rows, key=lambda row: (-len(row.reasons), -row.entry.pk))


def _within(day, days):
    span = timedelta(days=days)
    return Q(occurred_on__gte=day - span, occurred_on__lte=day + span)


def _alike_in_title(entries, title):
    if not title:
        return []
    titles = entries.values_list("pk", "title")
    return [pk for pk, other in titles if words_shared(title, other) >= WORDS_SHARED]


def _reasons(entry, day, situations, title):
    reasons = []
    if day and entry.occurred_on:
        apart = abs((entry.occurred_on - day).days)
        if apart == 0:
            reasons.append(_("the same day"))
        elif apart <= DAYS_APART:
            reasons.append(_("within three days"))
    if {each.slug for each in entry.situations.all()} & set(situations):
        reasons.append(_("the same situation"))
    if words_shared(title, entry.title) >= WORDS_SHARED:
        reasons.append(_("a similar title"))
    return reasons


def words_shared(one, other):
    """How much of two titles is the same: 1 if they have all their words in common."""
    one, other = set(_plain(one).split()), set(_plain(other).split())
    return len(one & other) / len(one | other) if one and other else 0


def situations_of(document):
    """The situations a document may concern: a guess, to be checked.

    By the words of its title, else as most published entries on documents of the same
    agenda item have it, else by the words of the agenda item.
    """
    everything = list(Situation.objects.all())
    return (
        _named_in(document.title, everything)
        or _as_like_entries(document, everything)
        or _named_in(document.agenda_item, everything)
    )


def _named_in(text, situations):
    """Those named in a text; none if it also has a name that several bear."""
    names = [(each, phrase) for each in situations for phrase in _phrases(each)]
    bearers = Counter(phrase for _each, phrase in names)
    words = f" {_plain(text)} "
    found = []
    # The longer name first: South Sudan is not Sudan.
    for each, phrase in sorted(names, key=lambda row: -len(row[1])):
        if f" {phrase} " in words:
            words = words.replace(f" {phrase} ", " · ")
            if bearers[phrase] > 1:
                return []
            found.append(each)
    return [each for each in situations if each in found]


def _phrases(situation):
    """The names of a situation: the parts of its name, and a slug that is a word."""
    parts = [*re.split(r"[/()]", situation.name), situation.slug]
    return {phrase for phrase in map(_plain, parts) if len(phrase) > 3}


def _plain(text):
    """Its words in small letters, with single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _as_like_entries(document, situations):
    if not document.agenda_item:
        return []
    like = type(document).objects.filter(agenda_item=document.agenda_item)
    entries = Evidence.objects.published().filter(
        symbol__in=like.exclude(symbol="").values("symbol")
    )
    found = Counter(entries.values_list("situations", flat=True))
    enough = max(LIKE_ENTRIES, LIKE_SHARE * found.total())
    return [each for each in situations if found[each.pk] >= enough]
