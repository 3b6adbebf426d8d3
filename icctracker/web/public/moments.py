"""The reader's two clocks, read from the address."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from icctracker.models.evidence import EARLIEST
from icctracker.models.rules import latest_today
from icctracker.readings.days import why_no_day
from icctracker.texts import dates
from icctracker.web.kit.answers import KeptAnswer, digest, version_shown
from icctracker.web.kit.fragments import each_once, made_once


@dataclass(frozen=True)
class Moment:
    """``as_of``: when things happened. ``known_at``: what was accepted by then."""

    as_of: date
    known_at: datetime | None = None
    query: dict = field(default_factory=dict)

    @property
    def is_now(self):
        return not self.query

    @property
    def address_of_year(self):
        """What the number of a year is put behind, to open it at the same moment."""
        return f"?{urlencode(self.query | {'year': ''})}"


def read_moment(parameters):
    """The moment asked for in ``as_of`` and ``known_at``; today and now by default.

    Raises BadRequest in the reader's words.
    """
    as_of, known_at = parameters.get("as_of"), parameters.get("known_at")
    query = {
        name: value
        for name, value in (("as_of", as_of), ("known_at", known_at))
        if value
    }
    return Moment(
        as_of=_read_day(as_of) if as_of else timezone.localdate(),
        known_at=_read_instant(known_at) if known_at else None,
        query=query,
    )


def _read_day(text):
    try:
        day = dates.read(text)
    except dates.DateError as fault:
        raise BadRequest(why_no_day(text, fault)) from fault
    if day > latest_today():
        raise BadRequest(
            _("%(day)s is in the future. A status can be shown for any past day.")
            % {"day": date_format(day)}
        )
    if day < EARLIEST:
        raise BadRequest(
            _("%(day)s is before the United Nations existed.")
            % {"day": date_format(day)}
        )
    return day


def _read_instant(text):
    try:
        instant = dates.read_instant(text)
    except dates.DateError as fault:
        raise BadRequest(why_no_day(text, fault)) from fault
    try:
        # Kept in UTC; the first and the last day of the calendar may leave it.
        return (
            instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
        )
    except OverflowError as fault:
        raise BadRequest(
            _("“%(text)s” lies outside the calendar.") % {"text": text[:40]}
        ) from fault


class MomentMixin(KeptAnswer):
    """Gives a view its ``moment`` and hands it to the template."""

    @cached_property
    def moment(self):
        return read_moment(self.request.GET)

    def get_context_data(self, **kwargs):
        return super().get_context_data(moment=self.moment, **kwargs)


class InParts(MomentMixin):
    """A page with parts that are made once for each version, as it stands today.

    What is shown of the past is made for whoever asks. A part that rests on the
    Council's record alone names its version, ``version.record``, which moves seldom.
    """

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        # Read before anything that a part is made from.
        self.version = version_shown(request)

    def part(self, name, make, version=None):
        """A part of the page by its name, as HTML."""
        if not self.moment.is_now:
            return make()
        return made_once(version or self.version, self._named(name), make)

    def parts(self, kind, keys, make, version=None):
        """The part of each key, in order; ``make`` is asked for those not yet made."""
        keys = list(keys)
        if not self.moment.is_now:
            made = make(keys)
        else:
            name = self._named(kind)
            made = each_once(version or self.version, name, keys, make)
        return [made[key] for key in keys if key in made]

    def made(self, template, **context):
        """A part as its template makes it; nothing of whoever asks may stand in it."""
        context = {"moment": self.moment} | context
        return render_to_string(f"public/{template}.html", context, self.request)

    def numbers(self, name, make, version=None):
        """Counts by their name: whatever JSON can hold, with texts as keys."""
        return json.loads(self.part(name, lambda: json.dumps(make()), version))

    def keys(self, name, page, key="pk", version=None):
        """The keys of the rows of a page, read where they are not known yet."""

        def make():
            if not page.paginator.count:
                return []
            return list(page.object_list.values_list(key, flat=True))

        return self.numbers(f"{name}:{page.number}", make, version)

    def _named(self, name):
        return f"{name}:{self.moment.as_of}"


class FilteredInParts(InParts):
    """A filtered list: its form is made once for all of its pages."""

    def asked(self):
        """What tells one filter from another, on whichever page."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return digest(asked.urlencode())

    def filter_form(self):
        """The form, which every page of a list shows alike."""

        def make():
            context = {"filter": self.filterset, "moment": self.moment}
            path = "components/filter_form.html"
            return render_to_string(path, context, self.request)

        if self.filterset.form.errors:
            return make()
        name = f"{self.model.__name__}-filter:{bool(self.request.GET)}:{self.asked()}"
        return self.part(name, make)


class Framed(InParts):
    """A page that shows everybody the same within its frame.

    All that stands within is one part, made by the template of the view. ``frame`` is
    the template of the page around it.
    """

    frame = ""

    def get(self, request, *args, **kwargs):
        make = super().get

        def content():
            return make(request, *args, **kwargs).rendered_content

        made = self.part(f"content:{digest(request.get_full_path())}", content)
        context = {"content": made, "moment": self.moment}
        return TemplateResponse(request, self.frame, context)
