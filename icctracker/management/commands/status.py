"""Print where the ten recommendations stand, as anyone can recompute."""

import json

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from icctracker import ruleset
from icctracker.models import ImplementationStatus, Publication, Recommendation
from icctracker.readings import saying
from icctracker.readings.days import why_no_day
from icctracker.readings.standing import standings
from icctracker.readings.vetoes import in_a_sentence, vetoes_of, what_is_counted
from icctracker.ruleset.cases import case_as_json, result_as_json
from icctracker.texts import dates


class Command(BaseCommand):
    help = "Print the status of each recommendation, on a date and as known then."

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", help="when things happened: a date; today if not given"
        )
        parser.add_argument(
            "--known-at", help="what had been accepted by then: a date or ISO instant"
        )
        parser.add_argument(
            "--publication", metavar="SLUG", help="of which; the first if not given"
        )
        parser.add_argument("--json", action="store_true", help="with case and result")

    def handle(self, *, as_of, known_at, publication=None, **options):
        as_of = _day(as_of) if as_of else timezone.localdate()
        instant = _instant(known_at) if known_at else None
        recommendations = Recommendation.objects.with_parts().filter(
            publication=_publication(publication)
        )
        rows = standings(as_of, instant, recommendations)
        if options["json"]:
            told = self._json(rows, as_of, known_at, instant)
            self.stdout.write(json.dumps(told, indent=2))
            return
        for row in rows:
            self.stdout.write(self._line(row))

    def _json(self, rows, as_of, known_at, instant):
        return {
            "ruleset": rows[0].rule.version
            if rows and rows[0].rule
            else ruleset.VERSION,
            "as_of": as_of.isoformat(),
            "known_at": known_at,
            "recommendations": [
                {
                    "code": row.recommendation.code,
                    "status": row.status.code,
                    "confirmed": row.confirmed,
                    "since": row.since.isoformat(),
                    "said": saying.told(row, row.parameters)
                    | {"vetoes": self._vetoes(row, instant)},
                    "case": case_as_json(row.case, row.parameters),
                    "result": result_as_json(row.result),
                }
                for row in rows
            ],
        }

    def _vetoes(self, row, instant):
        found = vetoes_of(row, row.criteria, row.parameters, instant)
        return [[str(in_a_sentence(v)), str(what_is_counted(v))] for v in found]

    def _line(self, row):
        status = str(ImplementationStatus(row.status.code).label)
        if row.status.reason:
            reason = row.status.trace or row.status.reason
            status = f"{status} ({saying.REASONS.get(reason, reason)})"
        if row.confirmed and row.status.code != row.suggested.code:
            status += f", where the rule suggests {row.suggested.code}"
        code = row.recommendation.code
        trend = row.result.trend or "no trend"
        confidence = row.result.confidence
        return f"{code:<4} {status:<48} {trend}, confidence {confidence}"


def _publication(slug):
    if slug is None:
        return Publication.objects.principal()
    found = Publication.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"--publication: there is none with the slug {slug!r}.")
    return found


def _day(text):
    try:
        return dates.read(text)
    except dates.DateError as fault:
        raise CommandError(f"--as-of: {why_no_day(text, fault)}") from fault


def _instant(text):
    try:
        instant = dates.read_instant(text)
    except dates.DateError as fault:
        raise CommandError(f"--known-at: {why_no_day(text, fault)}") from fault
    return instant if instant.tzinfo else timezone.make_aware(instant)
