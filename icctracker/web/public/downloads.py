"""Downloads of what a list shows: the same filters, the same two clocks."""

from django.core.exceptions import BadRequest
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.views.generic import View

from icctracker.models import Evidence
from icctracker.readings.exports import as_csv, as_json
from icctracker.web.kit.filters import EvidenceFilter

from .moments import MomentMixin

HEADERS = {
    "csv": {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="evidence.csv"',
    },
    "json": {"Content-Type": "application/json"},
}


def said(form):
    """What is wrong with each field of a form, in one line."""
    return "; ".join(
        f"{form.fields[name].label}: {' '.join(errors)}"
        for name, errors in form.errors.items()
    )


class EvidenceDownload(MomentMixin, View):
    """The filtered list as CSV or JSON, sent while it is read.

    What is wrong with a filter is said before the first byte; a fault after it leaves
    the iterator, so that the server breaks the connection off.
    """

    def get(self, request, suffix):
        write = self._csv if suffix == "csv" else self._json
        return StreamingHttpResponse(write(self._entries()), headers=HEADERS[suffix])

    def head(self, request, suffix):
        """What would be answered, without reading the entries."""
        self._entries()
        return StreamingHttpResponse(headers=HEADERS[suffix])

    def _entries(self):
        known_at = self.moment.known_at
        entries = Evidence.objects.known(self.moment.as_of, known_at)
        filters = EvidenceFilter(self.request.GET, queryset=entries, known_at=known_at)
        if not filters.is_valid():
            # An empty file would look like an answer.
            raise BadRequest(said(filters.form))
        return filters.qs

    def _csv(self, entries):
        return as_csv(entries, self.moment.known_at, self._address())

    def _json(self, entries):
        moment = self.moment
        head = {
            "as_of": moment.as_of.isoformat(),
            "known_at": moment.known_at and moment.known_at.isoformat(),
            "licence": "CC BY 4.0",
        }
        return as_json(entries, moment.known_at, self._address(), head)

    def _address(self):
        """Makes the full address of an entry from its slug."""
        path = reverse("evidence-detail", args=["-"])
        before, _mark, after = self.request.build_absolute_uri(path).rpartition("-")
        return lambda slug: f"{before}{slug}{after}"
