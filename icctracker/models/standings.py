"""Where each recommendation stands today, as it was worked out when that was written.

Everything here follows from findings, searches, assessments and the rule; it is kept so
that readers need not wait for it. ``manage.py rebuild`` makes it anew.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from icctracker import ruleset
from icctracker.ruleset.records import NO_ACTION, TRACES

from .recommendations import (
    Assessment,
    Codebook,
    Confidence,
    ImplementationStatus,
    Recommendation,
    Ruleset,
    Trend,
)


class Stands:
    """What follows from a status, the assessment beside it and the day.

    Whoever is one has ``as_of``, ``recommendation``, ``suggested`` (the rule's
    ``ruleset.Status``), ``assessment`` (or None), ``lapsed`` and ``since``.
    """

    @property
    def status(self):
        """What stands: the curator's decision, else the rule's suggestion."""
        if not self.assessment:
            return self.suggested
        decided, reason = self.assessment.decided, self.assessment.decided_reason
        if reason in (NO_ACTION, *TRACES):
            trace = self.suggested.trace or ("lapsed" if self.lapsed else "")
            return ruleset.Status(decided, reason=NO_ACTION, trace=trace)
        return ruleset.Status(decided, reason=reason or None)

    @property
    def confirmed(self):
        """Whether a curator has decided, rather than the rule alone."""
        return self.assessment is not None

    @property
    def differs_from_the_rule(self):
        """Whether what stands is another status than the rule suggests now."""
        return self.status.code != self.suggested.code

    @property
    def overtaken_by_evidence(self):
        """Whether the rule suggests something else than when it was last assessed."""
        return bool(
            self.assessment and self.assessment.suggested != self.suggested.code
        )

    @property
    def since_the_start(self):
        """Whether the status has not changed since the publication."""
        return self.since == self.recommendation.publication.published_on

    @property
    def review_due_on(self):
        return self.assessment.review_due_on if self.assessment else None

    @property
    def review_overdue(self):
        return bool(self.review_due_on and self.review_due_on <= self.as_of)


class PresentStandingQuerySet(models.QuerySet):
    def holding(self, day):
        """What still says on a day where its recommendation stands.

        Until time alone may change it, and by the codebook and the rule in force. A row
        of an older version of the site, without working, grounds or gist, or with one
        that does not say which findings it is of, is written anew first.
        """
        publication = "recommendation__publication"
        return (
            self.filter(Q(good_until__isnull=True) | Q(good_until__gt=day))
            .filter(
                worked_out_for__lte=day,
                working__isnull=False,
                grounds__isnull=False,
                gist__has_keys=["seen", "grounded"],
            )
            .annotate(
                codebook_now=Codebook.objects.newest_of(publication),
                ruleset_now=Ruleset.objects.newest_of(publication),
            )
            .filter(_same("codebook"), _same("ruleset"))
        )


def _same(version):
    none = Q(**{f"{version}__isnull": True, f"{version}_now__isnull": True})
    return Q(**{version: F(f"{version}_now")}) | none


class PresentStanding(Stands, models.Model):
    """Where one recommendation stands, good until evidence or time changes it."""

    recommendation = models.OneToOneField(
        Recommendation,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="present",
        verbose_name=_("recommendation"),
    )
    worked_out_for = models.DateField(_("worked out for"))
    good_until = models.DateField(
        _("good until"),
        null=True,
        help_text=_("The first day on which time alone may change it."),
    )
    # By what it was judged.
    codebook = models.ForeignKey(
        Codebook,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("codebook"),
    )
    ruleset = models.ForeignKey(
        Ruleset,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("ruleset"),
    )
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("assessment"),
    )
    suggested_code = models.CharField(
        _("suggested by the rule"), max_length=20, choices=ImplementationStatus
    )
    suggested_level = models.PositiveSmallIntegerField(_("level"), null=True)
    suggested_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    since = models.DateField(_("since"))
    trend = models.CharField(_("trend"), max_length=12, choices=Trend, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence)
    doubts = models.JSONField(_("why confidence is not high"), default=list)
    contrary = models.BooleanField(_("contrary practice present"), default=False)
    lapsed = models.BooleanField(_("a step has lapsed"), default=False)
    not_tested_since = models.DateField(_("not tested since"), null=True)
    review_due_months = models.PositiveSmallIntegerField(_("months to the next review"))
    # Each change of the suggested code since the publication: day, before, after.
    moves = models.JSONField(_("changes"), default=list)
    # How many findings show what, by criterion and effect.
    counts = models.JSONField(_("findings"), default=dict)
    last_evidence_on = models.DateField(_("last evidence"), null=True)
    # What its page tells beside it, as ``readings/working.py`` has it.
    working = models.JSONField(_("working"), null=True)
    # What the sentences beside it rest on, as ``readings/grounds.py`` has it.
    grounds = models.JSONField(_("grounds"), null=True)
    # With it a reviewer is told what an entry would change; see ``ruleset.gist``.
    gist = models.JSONField(_("gist of the case"), null=True)

    objects = PresentStandingQuerySet.as_manager()

    # The day that it is read for, which is not the day it was worked out for.
    as_of: date

    class Meta:
        ordering = ["recommendation__number"]
        verbose_name = _("present standing")
        verbose_name_plural = _("present standings")
        constraints = [
            models.CheckConstraint(
                name="present_standing_is_good_for_a_day",
                condition=Q(good_until__isnull=True)
                | Q(good_until__gt=F("worked_out_for")),
            )
        ]

    def __str__(self):
        return f"{self.recommendation}: {self.suggested_code}"

    @property
    def suggested(self):
        return ruleset.Status(
            self.suggested_code,
            self.suggested_level,
            self.suggested_reason or None,
            (self.grounds or {}).get("trace", ""),
        )

    @property
    def changes(self):
        """Each change of the suggested status: day, code before and after."""
        return [(date.fromisoformat(day), *codes) for day, *codes in self.moves]


# What is written of one; everything but whose it is.
WORKED_OUT = [
    field.name for field in PresentStanding._meta.local_fields if not field.primary_key
]
