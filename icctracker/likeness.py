"""Guesses by likeness: shown as guesses, and never a reason to refuse anything."""

import re
from collections import Counter

from icctracker.models import Evidence, Situation

# So many entries, and so large a part of them, make a guess worth showing.
LIKE_ENTRIES, LIKE_SHARE = 2, 0.75


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
