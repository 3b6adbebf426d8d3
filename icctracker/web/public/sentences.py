"""Sentences that a reader can quote."""

from collections import Counter

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from icctracker.readings.saying import days_in_words, listed
from icctracker.readings.standing import in_words, years_in_words

# In the order in which a sentence names them: for one, and for several.
PHRASES = {
    "followed": ngettext_lazy("%(n)s is followed", "%(n)s are followed", "count"),
    "substantial": ngettext_lazy(
        "%(n)s is largely followed", "%(n)s are largely followed", "count"
    ),
    "limited": ngettext_lazy(
        "%(n)s is followed to a limited extent",
        "%(n)s are followed to a limited extent",
        "count",
    ),
    "not-followed": ngettext_lazy(
        "%(n)s is not followed", "%(n)s are not followed", "count"
    ),
    "insufficient": ngettext_lazy(
        "%(n)s has too little evidence to say",
        "%(n)s have too little evidence to say",
        "count",
    ),
    "not-assessed": ngettext_lazy(
        "%(n)s has not yet been assessed", "%(n)s have not yet been assessed", "count"
    ),
    "overtaken": ngettext_lazy(
        "%(n)s has been overtaken by events",
        "%(n)s have been overtaken by events",
        "count",
    ),
    "not-testable": ngettext_lazy(
        "%(n)s cannot be tested as worded", "%(n)s cannot be tested as worded", "count"
    ),
}


def state_of_all(standings, moment):
    """How many recommendations have which status, in one sentence."""
    counts = Counter(row.status.code for row in standings)
    phrases = [
        phrase % {"count": counts[code], "n": in_words(counts[code])}
        for code, phrase in PHRASES.items()
        if counts[code]
    ]
    return _("On %(day)s, of %(total)s recommendations %(list)s.") % {
        "total": in_words(len(standings)),
        "day": date_format(moment.as_of),
        "list": listed(phrases),
    }


_PARTS = {75: "¾", 50: "½", 25: "¼"}


def rule_in_words(rule):
    """The values of a rule as the methodology page says them."""
    tenth = rule.trend_movement == 10
    occasions = ngettext("%(n)s occasion", "%(n)s occasions", rule.enough_occasions)
    return {
        "search": _("a year")
        if rule.search_years == 1
        else years_in_words(rule.search_years),
        "occasions": capfirst(occasions % {"n": in_words(rule.enough_occasions)}),
        "kept": _PARTS.get(rule.part_kept, f"{rule.part_kept} %"),
        "departed": _PARTS.get(rule.part_departed, f"{rule.part_departed} %"),
        "movement": _("a tenth") if tenth else f"{rule.trend_movement} %",
        "findings": in_words(rule.enough_findings),
        "publishers": in_words(rule.enough_publishers),
        "untested": years_in_words(rule.untested_years),
        "held": days_in_words(rule.held_days),
    }


def filtered(described, count, *, more=False):
    """What a list of entries shows, in words; ``more`` if it is cut off there."""
    entries = ngettext("One entry", "%(n)s entries", count) % {"n": count}
    if more:
        entries = _("More than %(n)s entries") % {"n": count}
    return _filtered(described, entries)


def reach(extent):
    """How far a long list goes that is put together as it is read; None to its end."""
    if extent and extent.cut_off:
        return _(
            "In this order only the first %(n)s of them are listed: choose a filter,"
            " two dates, or another order to see the others."
        ) % {"n": extent.count}
    if extent and extent.passed_over:
        return _(
            "There are so many entries that only those from %(since)s until %(until)s"
            " were looked at: choose other dates to see others."
        ) % {"since": date_format(extent.since), "until": date_format(extent.until)}
    return None


def documents_filtered(described, count):
    """What a list of documents shows, in words."""
    documents = ngettext("One document", "%(n)s documents", count) % {"n": count}
    return _filtered(described, documents)


def passages_filtered(described, count):
    """What a list of passages shows, in words."""
    passages = ngettext("One paragraph", "%(n)s paragraphs", count) % {"n": count}
    if not described:
        text = _("%(passages)s on the Court, its Statute or its Prosecutor.")
        return text % {"passages": passages}
    return _filtered(described, passages)


def changes_filtered(described, count):
    """What a list of changes shows, in words."""
    changes = ngettext("One change", "%(n)s changes", count) % {"n": count}
    return _filtered(described, changes)


def _filtered(described, entries):
    if not described:
        return _("%(entries)s.") % {"entries": entries}
    parts = [
        f"{label}: {date_format(value) if hasattr(value, 'isoformat') else value}"
        for label, value in described
    ]
    return _("%(entries)s with %(filters)s.") % {
        "entries": entries,
        "filters": "; ".join(capfirst(part) for part in parts),
    }
