"""Downloads of what a list shows: the same filters, the same two clocks."""

import csv

from django.core.exceptions import BadRequest
from django.http import JsonResponse, StreamingHttpResponse
from django.views.generic import View

from icctracker.models import Evidence
from icctracker.web.kit.filters import EvidenceFilter

from .moments import MomentMixin

COLUMNS = (
    "date kind tier symbol meeting title summary situations actors votes_yes votes_no"
    " votes_abstain sources findings address"
).split()


class Echo:
    """A file that hands back what is written to it, row by row."""

    def write(self, value):
        return value


def plain(text):
    """Text that no spreadsheet takes for a formula."""
    text = str(text)
    return f"'{text}" if text[:1] in "=+-@\t\r" and not text.isdigit() else text


def said(form):
    """What is wrong with each field of a form, in one line."""
    return "; ".join(
        f"{form.fields[name].label}: {' '.join(errors)}"
        for name, errors in form.errors.items()
    )


class EvidenceDownload(MomentMixin, View):
    """The filtered list as CSV or JSON."""

    def get(self, request, suffix):
        moment = self.moment
        filters = EvidenceFilter(
            request.GET,
            queryset=Evidence.objects.known(moment.as_of, moment.known_at).complete(
                moment.known_at
            ),
            known_at=moment.known_at,
        )
        if not filters.is_valid():
            # An empty file would look like an answer.
            raise BadRequest(said(filters.form))
        entries = filters.qs
        records = (self._record(entry) for entry in entries)
        if suffix == "json":
            return JsonResponse(
                {
                    "as_of": moment.as_of.isoformat(),
                    "known_at": moment.known_at and moment.known_at.isoformat(),
                    "licence": "CC BY 4.0",
                    "evidence": list(records),
                },
                json_dumps_params={"ensure_ascii": False, "indent": 1},
            )
        writer = csv.DictWriter(Echo(), COLUMNS)
        rows = [writer.writeheader()]
        rows += [writer.writerow(self._flat(record)) for record in records]
        return StreamingHttpResponse(
            rows,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="evidence.csv"'},
        )

    def _record(self, entry):
        return {
            "date": entry.occurred_on.isoformat(),
            "kind": entry.kind,
            "tier": entry.tier,
            "symbol": entry.symbol,
            "meeting": entry.meeting,
            "title": entry.title,
            "summary": entry.summary,
            "situations": [situation.slug for situation in entry.situations.all()],
            "actors": [actor.name for actor in entry.actors.all()],
            "votes_yes": entry.votes_yes,
            "votes_no": entry.votes_no,
            "votes_abstain": entry.votes_abstain,
            "sources": [source.url for source in entry.sources.all()],
            "findings": [
                {
                    "id": finding.pk,
                    "criterion": finding.criterion.key,
                    "effect": finding.effect,
                    "form": finding.form,
                    "occasion": finding.occasion,
                    "pinpoint": finding.pinpoint,
                    "rationale": finding.rationale,
                }
                for finding in entry.accepted_findings
            ],
            "address": self.request.build_absolute_uri(entry.get_absolute_url()),
        }

    def _flat(self, record):
        findings = [f"{f['criterion']} {f['effect']}" for f in record["findings"]]
        joined = record | {"findings": findings}
        return {
            name: plain("; ".join(value) if isinstance(value, list) else value)
            if value is not None
            else ""
            for name, value in joined.items()
        }
