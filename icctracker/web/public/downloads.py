"""Downloads of what a list shows: the same filters, the same two clocks."""

from datetime import date

from django.core.exceptions import BadRequest
from django.http import JsonResponse, StreamingHttpResponse
from django.views.generic import View

from icctracker.models import FACTS_SHOWN, Evidence
from icctracker.models.evidence import with_subjects
from icctracker.readings.spreadsheets import csv_lines
from icctracker.web.kit.filters import EvidenceFilter

from .moments import MomentMixin

# How each member voted is downloaded with the Council's record; notes on what was read
# are for the page of the entry.
LEFT_OUT = ("roll_call", "verification_note")
FACTS_GIVEN = [name for name in FACTS_SHOWN if name not in LEFT_OUT]
RENAMED = {"occurred_on": "date"}
COLUMNS = [
    *(RENAMED.get(name, name) for name in with_subjects(FACTS_GIVEN)),
    *("sources", "findings", "address"),
]


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
        return StreamingHttpResponse(
            csv_lines([COLUMNS, *map(self._flat, records)]),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="evidence.csv"'},
        )

    def _record(self, entry):
        told = {RENAMED.get(name, name): _said(entry, name) for name in FACTS_GIVEN}
        return {name: told.get(name) for name in COLUMNS} | {
            "situations": [situation.slug for situation in entry.situations.all()],
            "actors": [actor.name for actor in entry.actors.all()],
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
        """A record as a row, whose lists are texts."""
        findings = [f"{f['criterion']} {f['effect']}" for f in record["findings"]]
        joined = record | {"findings": findings}
        cells = [joined[name] for name in COLUMNS]
        return ["; ".join(cell) if isinstance(cell, list) else cell for cell in cells]


def _said(entry, name):
    value = getattr(entry, name)
    return value.isoformat() if isinstance(value, date) else value
