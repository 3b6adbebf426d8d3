"""What is said of a status, in whole sentences: the one home of these words.

A page, a list, a file and a reviewer's preview say the same. Whoever is said something
of is a Standing or a PresentStanding, which have ``grounds`` alike.
"""

from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from icctracker.models import ImplementationStatus
from icctracker.ruleset.records import LAPSED, MISSED, UNDONE

from .grounds import parts_of
from .standing import LEVELS, in_words, years_in_words

STANDS = {
    "followed": gettext_lazy("is followed"),
    "substantial": gettext_lazy("is largely followed"),
    "limited": gettext_lazy("is followed to a limited extent"),
    "not-followed": gettext_lazy("is not followed"),
    "insufficient": gettext_lazy("cannot be judged: there is too little evidence"),
    "not-assessed": gettext_lazy("has not yet been assessed"),
    "overtaken": gettext_lazy("has been overtaken by events"),
    "not-testable": gettext_lazy("cannot be tested as worded"),
}


def listed(parts):
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(parts[:-1]),
        "last": parts[-1],
    }


# Where it stands, and for what reason.

# A reason of *not followed*, or what there was all the same where no action is found.
REASONS = {
    "contrary practice": gettext_lazy("contrary practice"),
    "no action found": gettext_lazy("no action found"),
    LAPSED: gettext_lazy("a step was taken, but it lapsed"),
    UNDONE: gettext_lazy("what was done has been undone"),
    MISSED: gettext_lazy("not done when it could have been"),
}


def stands(standing):
    """Where one recommendation stands, in one sentence with its date."""
    status = standing.status
    words = str(STANDS[status.code])
    if status.reason:
        words = _("%(status)s: %(reason)s") % {
            "status": words,
            "reason": reason(standing),
        }
    return _("On %(day)s recommendation %(number)s %(stands)s.") % {
        "day": date_format(standing.as_of),
        "number": standing.recommendation.number,
        "stands": words,
    }


def reason(standing):
    """Why it is not followed; of steps that were taken, when they were."""
    status, parts = standing.status, _main(standing)
    if status.reason == "contrary practice":
        return _("there is contrary practice")
    for trace, words in ((LAPSED, lapse), (UNDONE, undoing), (MISSED, missing)):
        found = [part for part in parts if part.result.trace == trace]
        if status.trace == trace and found:
            return words(max(found, key=lambda part: part.result.last_on))
    return _("no action was found")


def lapse(part):
    return _("a step was taken in %(year)s and lapsed in %(lapsed)s") % {
        "year": part.result.last_on.year,
        "lapsed": part.result.lapsed_on.year,
    }


def undoing(part):
    text = _("a step was taken in %(year)s and has been undone since")
    return text % {"year": part.result.last_on.year}


def missing(part):
    return ngettext(
        "it was kept to in %(kept)s of %(n)s case",
        "it was kept to in %(kept)s of %(n)s cases",
        part.result.occasions,
    ) % {
        "kept": in_words(part.result.complied),
        "n": in_words(part.result.occasions),
    }


def since(standing):
    """Since when it stands so; nothing where that is not the rule's to say."""
    if standing.differs_from_the_rule:
        return ""
    if standing.since_the_start:
        text = _("That has been so since %(month)s, when the recommendation was made.")
        return text % {"month": date_format(standing.since, "F Y")}
    text = _("That has been so since %(day)s.")
    return text % {"day": date_format(standing.since)}


def holding(parameters):
    """How long a change has to hold to count, if that is asked at all."""
    if not parameters.held_days:
        return ""
    text = _("A change of the status counts once it has held for %(span)s.")
    return text % {"span": days_in_words(parameters.held_days)}


def days_in_words(number):
    """A number of days, as prose has it."""
    if number in (180, 182, 183):
        return _("half a year")
    if number in (365, 366):
        return _("a year")
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": in_words(number)}


# Why: how the main parts are met.

WHY = {
    "followed": ngettext_lazy(
        "The only main part is met in full: %(parts)s.",
        "Every main part is met in full: %(parts)s.",
        "count",
    ),
    "substantial": ngettext_lazy(
        "The only main part is largely met: %(parts)s.",
        "No main part is met less than largely: %(parts)s.",
        "count",
    ),
    "limited": ngettext_lazy(
        "The only main part is met in part: %(parts)s.",
        "Some main part is met, but not every one at least largely: %(parts)s.",
        "count",
    ),
    "not-followed": ngettext_lazy(
        "The only main part is not met: %(parts)s.",
        "No main part is met: %(parts)s.",
        "count",
    ),
    "insufficient": ngettext_lazy(
        "The only main part cannot be judged: %(parts)s.",
        "Not every main part can be judged, and none that can is met: %(parts)s.",
        "count",
    ),
    "not-assessed": gettext_lazy(
        "Nothing is on record yet on its main parts: %(parts)s."
    ),
}
THE_RULE = gettext_lazy(
    "Followed, if every main part is met in full; largely followed, if none is met less"
    " than largely; followed to a limited extent, if some main part is met; not"
    " followed, if none is."
)
# What a status would be if there were no other main part.
ALONE = {3: "followed", 2: "substantial", 1: "limited", 0: "not-followed"}


def why(standing):
    """Why the rule says what it says of a status."""
    parts = _main(standing)
    if not parts:
        return _("It has no main part that could be judged.")
    code = standing.suggested.code
    alike = len(parts) == 1 or code in ("followed", "not-followed", "not-assessed")
    named = [part.code if alike else _with_level(part) for part in parts]
    return WHY[code] % {"count": len(parts), "parts": listed(named)}


def _with_level(part):
    said = {"code": part.code, "level": LEVELS[part.result.level]}
    return _("%(code)s %(level)s") % said


def contribution(criterion, result):
    """What a criterion would make of the status, were it the only main part."""
    if not criterion.essential:
        return _("not a main part: it does not count for the status")
    if result.level is None:
        return _("not known, so that neither followed nor largely followed can be said")
    label = ImplementationStatus(ALONE[result.level]).label
    return _("by itself: %(status)s") % {"status": label}


def who(standing):
    """Who decided: the published rule, or an editor, who may have confirmed it."""
    decided = standing.assessment
    if not decided:
        return _("Worked out by the published rule; not yet confirmed by an editor.")
    said = {
        "day": date_format(decided.assessed_on),
        "status": ImplementationStatus(decided.suggested).label,
    }
    if not decided.overrides:
        text = _("Worked out by the published rule; confirmed by an editor on %(day)s.")
        return text % said
    return (
        _(
            "Decided by an editor on %(day)s, otherwise than by the published rule,"
            " which gave “%(status)s”."
        )
        % said
    )


def overtaken(standing):
    """What the rule says now, where evidence has changed it since an editor decided."""
    if not standing.overtaken_by_evidence:
        return ""
    text = _("Since then the evidence has changed: the rule now gives “%(status)s”.")
    return text % {"status": ImplementationStatus(standing.suggested.code).label}


# How sure it is.


def cautions(standing):
    """What a reader should know who quotes the status, as sentences."""
    parts = _main(standing)
    found = [
        _rests(part, alone=len(parts) == 1, grounds=standing.grounds)
        for part in parts
        if part.rests_on_one
    ]
    if not found and standing.grounds["fragile"] == 1:
        found.append(_("It rests on one entry: without it the status would differ."))
    found += _not_measurable(parts)
    if standing.status.trace != LAPSED:
        found += [_lapsed(part) for part in parts if part.result.lapsed]
    return found


def _rests(part, *, alone, grounds):
    said = {"code": part.code, "span": years_in_words(grounds["window_years"])}
    if part.not_measurable_since:
        said["day"] = date_format(part.not_measurable_since)
        text = _("On %(code)s it rests on one case in the %(span)s up to %(day)s.")
    elif alone:
        text = _("It rests on one case in %(span)s.")
    else:
        text = _("On %(code)s it rests on one case in %(span)s.")
    return text % said


def _lapsed(part):
    return _("On %(code)s %(lapse)s.") % {"code": part.code, "lapse": lapse(part)}


def _not_measurable(parts):
    """Which main parts are no longer measured, since when, and what came later."""
    gone = [part for part in parts if part.not_measurable_since]

    def alike(part):
        later = len(part.result.later)
        return part.not_measurable_since, later, part.result.last_on.year

    for (day, later, year), same in groupby(sorted(gone, key=alike), alike):
        codes = [part.code for part in same]
        said = {"codes": listed(codes), "day": date_format(day), "year": year}
        said["n"] = in_words(later)
        yield _not_measured(len(codes), later) % said


def _not_measured(number, later):
    """The sentence for so many parts, with so many later cases on each."""
    if not later:
        return ngettext(
            "%(codes)s has not been measurable since %(day)s: no case has come since.",
            "%(codes)s have not been measurable since %(day)s: no case has come since.",
            number,
        )
    if later == 1:
        return ngettext(
            "%(codes)s has not been measurable since %(day)s: there was one case later,"
            " in %(year)s, which is too little.",
            "%(codes)s have not been measurable since %(day)s: there was one case of"
            " each later, in %(year)s, which is too little.",
            number,
        )
    return ngettext(
        "%(codes)s has not been measurable since %(day)s: there were %(n)s cases later,"
        " the last in %(year)s, which is too little.",
        "%(codes)s have not been measurable since %(day)s: there were %(n)s cases of"
        " each later, the last in %(year)s, which is too little.",
        number,
    )


def sure(standing):
    """How sure it is, in the few words that a list has room for."""
    grounds, parts, found = standing.grounds, _main(standing), []
    if grounds["fragile"]:
        found.append(
            _("rests on one entry")
            if grounds["fragile"] == 1
            else _("rests on single entries")
        )
    elif len(parts) == 1 and parts[0].rests_on_one:
        found.append(_("rests on one case"))
    if standing.confidence == "low":
        found.append(_("low confidence"))
    found += _no_case(parts)
    lapsed = {part.result.lapsed_on.year for part in parts if part.result.lapsed}
    if lapsed and standing.status.trace != LAPSED:
        text = ngettext(
            "a step lapsed in %(years)s", "steps lapsed in %(years)s", len(lapsed)
        )
        found.append(text % {"years": listed([str(year) for year in sorted(lapsed)])})
    return found


def _no_case(parts):
    """Since when there was no case, or none that can be measured, in few words."""
    conduct = [part for part in parts if part.is_conduct]
    gone = [part for part in conduct if part.not_measurable_since]
    if not gone:
        return
    codes = listed([part.code for part in gone])
    if any(part.result.later for part in gone):
        year = min(part.not_measurable_since for part in gone).year
        whole, some = (
            _("not measurable since %(year)s"),
            _("%(codes)s: not measurable since %(year)s"),
        )
    else:
        year = max(part.result.last_on for part in gone).year
        whole, some = (
            _("no case since %(year)s"),
            _("%(codes)s: no case since %(year)s"),
        )
    text = whole if len(gone) == len(parts) else some
    yield text % {"codes": codes, "year": year}


def doubts(standing, parameters):
    """Why confidence is not high, in words: the reasons that hold, and only those."""
    return [
        _doubt(name, codes, standing.grounds["fragile"], parameters)
        for name, codes in standing.grounds["because"]
    ]


def _doubt(name, codes, fragile, parameters):
    said = {
        "codes": listed(codes),
        "years": years_in_words(parameters.untested_years),
        "findings": in_words(parameters.enough_findings),
        "publishers": in_words(parameters.enough_publishers),
        "n": in_words(fragile),
    }
    texts = {
        "few-findings": _("fewer than %(findings)s findings carry weight"),
        "few-publishers": _("its sources come from one publisher at most")
        if parameters.enough_publishers == 2
        else _("its sources come from fewer than %(publishers)s publishers"),
        "unknown": ngettext(
            "main part %(codes)s cannot be judged",
            "main parts %(codes)s cannot be judged",
            len(codes),
        ),
        "untested": ngettext(
            "main part %(codes)s has not been measurable for more than %(years)s",
            "main parts %(codes)s have not been measurable for more than %(years)s",
            len(codes),
        ),
        "coded-once": _("not every finding has been coded by two people"),
        "disputed": _("a finding is in dispute"),
        "fragile": ngettext(
            "one entry alone decides it",
            "each of %(n)s findings alone decides it",
            fragile,
        ),
    }
    return texts[name] % said


def confidence(standing, parameters):
    """How sure it is, and why not surer, in one sentence."""
    level, found = standing.confidence, doubts(standing, parameters)
    if not found:
        return _("Confidence is high.")
    texts = {
        "high": _("Confidence is high, although %(reasons)s."),
        "medium": _("Confidence is medium, because %(reasons)s."),
        "low": _("Confidence is low, because %(reasons)s."),
    }
    return texts[level] % {"reasons": "; ".join(found)}


def score(result, since):
    """How often it was kept to and what that weighs: no score without its count."""
    kept, number = result.complied, result.occasions
    said = {
        "kept": kept,
        "n": number,
        "day": date_format(since),
        "score": in_percent(result.score),
        "weight": in_percent(result.kept / result.weight),
    }
    counted = ngettext(
        "Kept to in %(kept)s of %(n)s case after %(day)s; weighed, that is a score of"
        " %(score)s.",
        "Kept to in %(kept)s of %(n)s cases after %(day)s; weighed, that is a score of"
        " %(score)s.",
        number,
    )
    if not kept or abs(float(result.score) - kept / number) < APART:
        return counted % said
    more = ngettext(
        "Not every case weighs the same (a decision more than silence): the %(kept)s in"
        " which it was kept to carries %(weight)s of the weight.",
        "Not every case weighs the same (a decision more than silence): the %(kept)s in"
        " which it was kept to carry %(weight)s of the weight.",
        kept,
    )
    return f"{counted} {more}" % said


# A score so far from the share of cases is explained.
APART = 0.2


def in_percent(share):
    """A share as whole per cent."""
    return f"{round(float(share) * 100)}\N{NO-BREAK SPACE}%"


def _main(standing):
    return [part for part in parts_of(standing) if part.essential]


def told(standing, parameters):
    """All that is said of a status, by what it answers, for files and machines."""
    return {
        "stands": stands(standing),
        "since": since(standing),
        "why": why(standing),
        "cautions": cautions(standing),
        "confidence": confidence(standing, parameters),
        "who": who(standing),
    }
