"""A handful of display filters and tags, available in every template."""

from datetime import UTC
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from icctracker.models import (
    Effect,
    Form,
    ImplementationStatus,
    Publication,
)
from icctracker.models.recommendations import Confidence, Trend
from icctracker.readings import saying
from icctracker.texts.legible import direction_of, holds_right_to_left, language_of

register = template.Library()

NAVIGATION = {
    "recommendation-list": _("Recommendations"),
    "evidence-list": _("Evidence"),
    "situation-list": _("Situations"),
    "document-list": _("Documents"),
    "passage-list": _("Passages"),
    "council": _("Council"),
    "methodology": _("Methodology"),
    "about": _("About"),
    "desk": _("Desk"),
    "review-queue": _("Review"),
}


@register.simple_tag(takes_context=True)
def nav_link(context, name):
    """A navigation entry; marked where the reader is at or below it."""
    url = reverse(name)
    request = context.get("request")
    current = request is not None and request.path.startswith(url)
    mark = "page" if current else "false"
    return format_html(
        '<li><a href="{}" aria-current="{}">{}</a></li>', url, mark, NAVIGATION[name]
    )


@register.simple_tag(takes_context=True)
def dated(context, url, **extra):
    """An address of ours that keeps the reader's two clocks, if they set any."""
    moment = context.get("moment")
    query = (moment.query if moment else {}) | extra
    return f"{url}?{urlencode(query)}" if query else url


@register.filter
def record(recommendation, part):
    """The page of one part of the record behind a recommendation."""
    return recommendation.get_record_url(part)


@register.filter
def instant(moment):
    """An instant as ``known_at`` takes it, to the microsecond."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@register.filter
def status_label(code):
    """The words for a status code."""
    return ImplementationStatus(code).label


@register.filter
def reason_label(reason):
    """The words for a reason of *not followed*, or for what there was all the same."""
    return saying.REASONS.get(reason, reason)


@register.filter
def sure(standing):
    """How sure a status is, in the few words that a list has room for."""
    return saying.sure(standing)


@register.filter
def why(standing):
    """Why the rule says what it says of a status: how its main parts are met."""
    return saying.why(standing)


@register.filter
def contribution(reason):
    """What a criterion would make of the status, were it the only main part."""
    return saying.contribution(reason.criterion, reason.result)


@register.filter
def counted(reason):
    """How often a criterion was kept to, and what that weighs."""
    return saying.score(reason.result, reason.window_start)


@register.filter
def effect_label(effect):
    """The words for an effect."""
    return Effect(effect).label


@register.filter
def effect_class(effect):
    """``for``, ``against`` or ``context``."""
    return "for" if effect > 0 else "against" if effect < 0 else "context"


@register.filter
def effect_sign(effect):
    """A sign that reads without colour: ++, +, ○, −, −−."""
    signs = {2: "++", 1: "+", 0: "○", -1: "−", -2: "−−"}
    return signs[effect]


@register.filter
def form_label(form):
    return Form(form).label


@register.filter
def own(text):
    """A text of the data: in its own language and direction, whatever the page's."""
    if told := _told(text):
        return format_html("<bdi{}>{}</bdi>", told, text)
    return text


@register.filter
def paragraphs(text):
    """The same of a text of several lines, as paragraphs."""
    lines = mark_safe(linebreaks(text, autoescape=True))  # noqa: S308
    if told := _told(text):
        return format_html("<div{}>{}</div>", told, lines)
    return lines


def _told(text):
    """The attributes that a page has to give a text; none if it reads rightly so."""
    said = str(text or "")
    language = language_of(said)
    page = (get_language() or language).partition("-")[0]
    if language == page and (get_language_bidi() or not holds_right_to_left(said)):
        return ""
    told = ' lang="{}" dir="{}"'
    return format_html(told, language, direction_of(language))


@register.filter
def ltr(tally):
    """Numbers that are read from left to right on every page, as those of a vote."""
    if get_language_bidi():
        return format_html('<bdi dir="ltr">{}</bdi>', tally)
    return tally


@register.filter
def percent(fraction):
    """A fraction as whole per cent."""
    return f"{round(float(fraction) * 100)}\N{NO-BREAK SPACE}%"


@register.filter
def unlocalise(number):
    """A number as SVG needs it, whatever the language."""
    return str(number)


@register.filter
def add_units(number, more):
    """A length in SVG units, changed by some."""
    return str(round(number + more, 1))


@register.filter
def trend_label(trend):
    return Trend(trend).label


@register.filter
def confidence_label(confidence):
    return Confidence(confidence).label


@register.simple_tag
def draft_of(publication, page):
    """The address at which a publication's codebook or ruleset is drafted."""
    first = publication == Publication.objects.principal()
    return reverse(page, args=[] if first else [publication.slug])
