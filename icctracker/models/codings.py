"""Codings: what one person finds in one entry without seeing what another found."""

from collections import namedtuple

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codes import Codes
from .vocabulary import Effect, Form

# One criterion on which two codings differ; a line is None where there is none.
Difference = namedtuple("Difference", "criterion first second")


class Sample(models.Model):
    """Published entries drawn by lot in one year, to be coded again against drift."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    size = models.PositiveIntegerField(_("number of entries drawn"))
    population = models.PositiveIntegerField(_("number of entries drawn from"))
    seed = models.CharField(
        _("seed"), max_length=40, help_text=_("With it the draw can be repeated.")
    )
    drawn_at = models.DateTimeField(_("drawn at"), default=timezone.now)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("re-coding sample")
        verbose_name_plural = _("re-coding samples")
        constraints = [
            models.CheckConstraint(
                name="sample_is_part_of_its_population",
                condition=Q(size__gte=1, size__lte=F("population")),
            )
        ]

    def __str__(self):
        return str(self.year)


class CodingQuerySet(models.QuerySet):
    def blinding(self, user):
        """Those that a person has in hand: the first codes are not for their eyes."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(coder=user, state=Coding.State.OPEN)

    def live(self):
        """Offered or in hand."""
        return self.filter(state__in=[Coding.State.OFFERED, Coding.State.OPEN])

    def compared(self):
        """Second codings that were handed in, each beside the first."""
        return self.filter(state=Coding.State.DONE, against__isnull=False)

    def with_open_codes(self):
        """Annotate whether the entry was published, so that its codes were no secret.

        No entry is published while it is being coded, so that what holds when a coding
        is handed in has held since it was taken in hand.
        """
        return self.annotate(
            open_codes=ExpressionWrapper(
                Q(evidence__published_at__lte=F("done_at")),
                output_field=BooleanField(),
            )
        )

    def to_reconcile(self):
        """Those that differ from the first in an entry that still needs an answer."""
        return self.compared().filter(
            differs=True, settled_at__isnull=True, evidence__state__in=Coding.CODABLE
        )


class Coding(models.Model):
    """What one person finds that one entry shows, blind to what another found.

    A second coding is handed in once and then never changed. What the entry said at
    that instant is kept beside it as the first coding, ``against``.
    """

    class Purpose(models.TextChoices):
        FIRST = "first", _("First coding")
        SECOND = "second", _("Second coding")
        DRIFT = "drift", _("Yearly re-coding")

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        OPEN = "open", _("Being coded")
        DONE = "done", _("Handed in")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # States of an entry in which it can be coded again.
    CODABLE = ("submitted", "published")

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="codings",
        verbose_name=_("evidence"),
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OFFERED
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="codings",
        null=True,
        blank=True,
        verbose_name=_("coder"),
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="codings_offered",
        null=True,
        blank=True,
        verbose_name=_("asked for by"),
        help_text=_("Empty for what was drawn by lot."),
    )
    sample = models.ForeignKey(
        Sample,
        on_delete=models.PROTECT,
        related_name="codings",
        null=True,
        blank=True,
        verbose_name=_("re-coding sample"),
    )
    against = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="second",
        null=True,
        blank=True,
        verbose_name=_("compared with"),
    )
    differs = models.BooleanField(_("differs from the first"), default=False)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    offered_at = models.DateTimeField(_("offered at"), default=timezone.now)
    taken_at = models.DateTimeField(_("picked up at"), null=True, blank=True)
    done_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CodingQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "pk"]
        verbose_name = _("coding")
        verbose_name_plural = _("codings")
        permissions = [("code_evidence", "Can code evidence a second time, blind")]
        indexes = [
            # Of many thousands, the few that somebody has still to do with.
            models.Index(fields=["state", "offered_at", "id"], name="coding_by_state"),
            models.Index(
                fields=["state", "settled_at", "against"],
                condition=Q(differs=True),
                name="coding_unsettled",
            ),
            models.Index(fields=["coder", "state", "-done_at"], name="coding_of_coder"),
            models.Index(fields=["done_at"], name="coding_by_instant"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="coding_one_at_a_time",
                fields=["evidence"],
                condition=Q(state__in=["offered", "open"]),
            ),
            models.CheckConstraint(
                name="coding_purpose_is_known",
                condition=Q(purpose__in=["first", "second", "drift"]),
            ),
            models.CheckConstraint(
                name="coding_state_is_known",
                condition=Q(state__in=["offered", "open", "done", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="coding_in_hand_has_a_coder",
                condition=~Q(state="offered", coder__isnull=False)
                & ~Q(state="open", coder__isnull=True),
            ),
            models.CheckConstraint(
                name="coding_handed_in_has_instant",
                condition=~Q(state__in=["offered", "open"], done_at__isnull=False)
                & ~Q(state="done", done_at__isnull=True),
            ),
            models.CheckConstraint(
                name="coding_handed_in_is_beside_the_first",
                condition=Q(purpose="first", against__isnull=True, state="done")
                | (~Q(purpose="first") & ~Q(state="done", against__isnull=True)),
            ),
            models.CheckConstraint(
                name="coding_against_drift_is_of_a_sample",
                condition=Q(purpose="drift", sample__isnull=False)
                | (~Q(purpose="drift") & Q(sample__isnull=True)),
            ),
            models.CheckConstraint(
                name="coding_settled_if_it_does_not_differ",
                condition=Q(differs=True) | Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.get_state_display().lower()}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def differences(self):
        """The criteria on which this coding and the first differ, in order.

        Criteria are matched by their code, as everywhere: a newer codebook keeps it.
        """
        first, second = self.against.by_test(), self.by_test()
        found = [
            Difference((second.get(code) or first[code]).criterion, *pair)
            for code in first.keys() | second.keys()
            for pair in [(first.get(code), second.get(code))]
            if None in pair or pair[0].codes != pair[1].codes
        ]
        return sorted(
            found, key=lambda d: (d.criterion.recommendation.number, d.criterion.code)
        )

    def by_test(self):
        """The lines of this coding by what their criterion is in every version."""
        lines = self.lines.select_related("criterion__recommendation")
        return {line.criterion.identity: line for line in lines}

    @property
    def awaits_reconciling(self):
        return (
            self.state == self.State.DONE and self.differs and self.settled_at is None
        )


class CodingLine(Codes):
    """What one coding says about one criterion."""

    coding = models.ForeignKey(
        Coding,
        on_delete=models.PROTECT,
        related_name="lines",
        verbose_name=_("coding"),
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="coding_lines",
        verbose_name=_("criterion"),
    )

    class Meta:
        ordering = ["coding", "criterion__code"]
        verbose_name = _("line of a coding")
        verbose_name_plural = _("lines of codings")
        constraints = [
            models.UniqueConstraint(
                name="coding_line_once_per_criterion", fields=["coding", "criterion"]
            ),
            models.CheckConstraint(
                name="coding_line_effect_in_range",
                condition=Q(effect__gte=-2, effect__lte=2),
            ),
            models.CheckConstraint(
                name="coding_line_form_is_known", condition=Q(form__in=Form.values)
            ),
            models.CheckConstraint(
                name="coding_line_has_a_reason", condition=~Q(rationale="")
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.effect:+d}"


class ReadingQuerySet(models.QuerySet):
    def note(self, entries, reader):
        """Remember that somebody was shown what was found in entries: blind no more.

        Of what is public nothing is noted: anybody can read it, and a promise must do.
        """
        State = entries.model.State
        shown = entries.exclude(state__in=[State.PUBLISHED, State.WITHDRAWN])
        news = shown.exclude(submitted_by=reader).exclude(readings__reader=reader)
        rows = [
            Reading(evidence_id=key, reader=reader)
            for key in news.order_by().values_list("pk", flat=True)
        ]
        self.bulk_create(rows, ignore_conflicts=True)


class Reading(models.Model):
    """That somebody has opened an entry with its first codes, so is no longer blind."""

    evidence = models.ForeignKey(
        "icctracker.Evidence", on_delete=models.CASCADE, related_name="readings"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings"
    )
    read_at = models.DateTimeField(default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                name="reading_once_per_person", fields=["evidence", "reader"]
            )
        ]

    def __str__(self):
        return f"{self.reader_id}: {self.evidence_id}"


def bars(person):
    """Why a person may not code an entry a second time: words, and whom they hit."""
    # Asked of one entry after the other: few are offered, many have been coded.
    of_entry = {"evidence": OuterRef("pk")}
    decisions = apps.get_model("icctracker", "ReviewDecision").objects
    findings = apps.get_model("icctracker", "Finding").objects
    decided = decisions.filter(reviewer=person, **of_entry)
    coded = findings.filter(
        Q(coded_by=person) | Q(recodings__coded_by=person), **of_entry
    )
    done = Coding.objects.filter(coder=person, done_at__isnull=False, **of_entry)
    read = Reading.objects.filter(reader=person, **of_entry)
    return [
        (
            _("Whoever wrote an entry cannot be its second coder."),
            Q(submitted_by=person),
        ),
        (
            _("Whoever has coded an entry already cannot be its second coder."),
            Q(Exists(coded)) | Q(Exists(done)),
        ),
        (
            _("Whoever has decided on an entry has read its first codes."),
            Q(Exists(decided)),
        ),
        (
            _("Whoever has opened an entry under review has read its first codes."),
            # What is published can be read by anybody; there a promise must do.
            Q(Exists(read)) & ~Q(state="published"),
        ),
    ]


# Reconciliations: what is decided where two codings of an entry differ.


class Reconciliation(models.Model):
    """What a third person decides, or one coder proposes and the other confirms.

    Until it is decided a proposal may be replaced; afterwards it is never changed.
    Both codings are kept with it.
    """

    coding = models.OneToOneField(
        Coding,
        on_delete=models.PROTECT,
        related_name="reconciliation",
        verbose_name=_("second coding"),
    )
    together = models.BooleanField(
        _("by the two coders"),
        help_text=_("One proposed it and the other confirmed it."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reconciliations",
        verbose_name=_("decided or proposed by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reconciliations_confirmed",
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        constraints = [
            models.CheckConstraint(
                name="reconciliation_takes_a_third_person_or_both_coders",
                condition=Q(
                    together=False, decided_at__isnull=False, confirmed_by__isnull=True
                )
                | Q(together=True, decided_at__isnull=True, confirmed_by__isnull=True)
                | Q(
                    together=True, decided_at__isnull=False, confirmed_by__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="reconciliation_is_confirmed_by_the_other",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self):
        return str(_("Decided") if self.decided_at else _("Proposed"))


class ReconciledLine(models.Model):
    """What is decided about one criterion on which two codings differ, and why.

    Without an effect the entry is to have no finding about the criterion.
    """

    class Taken(models.TextChoices):
        FIRST = "first", _("As the first coder")
        SECOND = "second", _("As the second coder")
        OTHER = "other", _("Otherwise")

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.PROTECT, related_name="lines"
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="reconciled_lines",
        verbose_name=_("criterion"),
    )
    taken = models.CharField(_("decision"), max_length=10, choices=Taken)
    effect = models.SmallIntegerField(
        _("effect"), choices=Effect, null=True, blank=True
    )
    form = models.CharField(_("form"), max_length=10, choices=Form, blank=True)
    occasion = models.BooleanField(_("occasion"), default=False)
    reason = models.TextField(_("reason"), max_length=2000)

    class Meta:
        ordering = ["reconciliation", "criterion__code"]
        verbose_name = _("reconciled line")
        verbose_name_plural = _("reconciled lines")
        constraints = [
            models.UniqueConstraint(
                name="reconciled_line_once_per_criterion",
                fields=["reconciliation", "criterion"],
            ),
            models.CheckConstraint(
                name="reconciled_line_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="reconciled_line_decision_is_known",
                condition=Q(taken__in=["first", "second", "other"]),
            ),
            models.CheckConstraint(
                name="reconciled_line_effect_and_form_together",
                condition=Q(effect__isnull=True, form="", occasion=False)
                | Q(
                    effect__isnull=False,
                    effect__gte=-2,
                    effect__lte=2,
                    form__in=Form.values,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.get_taken_display()}"
