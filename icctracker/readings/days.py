"""What is wrong with a day that somebody wrote, in the reader's words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icctracker.texts import dates

LONGEST_QUOTED = 40


def why_no_day(written, fault):
    """Why a text is not one day: what it may be, or what to write instead."""
    said = {"written": " ".join(written.split())[:LONGEST_QUOTED]}
    if isinstance(fault, dates.Ambiguous):
        text = _(
            "“%(written)s” is either %(day_first)s or %(month_first)s. Write the month"
            " as a word."
        )
        return text % (said | two_days(fault))
    if isinstance(fault, dates.Several):
        text = _(
            "“%(written)s” is several days, %(first)s to %(last)s, and one is asked for"
            " here. Give that on which it happened."
        )
        days = {"first": fault.span.first, "last": fault.span.last}
        return text % (said | {name: date_format(day) for name, day in days.items()})
    text = _("“%(written)s” is not a date. %(why)s")
    return text % (said | {"why": _(str(fault))})


def two_days(fault):
    """The two days that figures may be, in words."""
    return {
        "day_first": date_format(fault.day_first),
        "month_first": date_format(fault.month_first),
    }
