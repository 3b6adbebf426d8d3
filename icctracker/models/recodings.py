"""Findings coded again under a draft of the codebook, before it is published."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codes import Codes
from .codings import Coding
from .findings import Dissent
from .shared import restated
from .vocabulary import Effect, Form


class RecodingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that a person may know of; of a draft, only who keeps the codebook.

        Whoever is coding an entry blind is not shown what others say of it.
        """
        public = self.public()
        if not user.has_perm("icctracker.change_codebook"):
            return public
        blind = Coding.objects.blinding(user).values("evidence")
        return public | self.exclude(finding__evidence__in=blind)

    def public(self, known_at=None):
        """Those that came into force with their version, by an instant or at all."""
        if known_at is None:
            return self.filter(took_effect_at__isnull=False)
        return self.filter(took_effect_at__lte=known_at)

    def ready(self, asked):
        """Those that would come into force: of findings that still stand as coded.

        ``asked`` are the criteria of the draft whose test has changed. What was coded
        under other words of the draft has to be looked at again.
        """
        under = Q(pk__in=[])
        for criterion in asked:
            under |= Q(
                codebook=criterion.codebook_id,
                test=criterion.test,
                finding__criterion__code=criterion.code,
                finding__criterion__recommendation=criterion.recommendation_id,
            )
        stands = self.filter(
            finding__accepted_at__isnull=False, finding__retired_at__isnull=True
        )
        return stands.filter(under)

    def speaking(self):
        """Those that have a finding speak to its criterion still."""
        return self.exclude(outcome=Recoding.Outcome.SILENT)

    def with_dispute(self):
        """Annotate whether the finding that each becomes would be in dispute.

        Dissents outlive it; a second coding under the earlier test does not.
        """
        dissents = (
            Dissent.objects.on_record()
            .filter(
                finding__evidence=OuterRef("finding__evidence"),
                finding__criterion__code=OuterRef("finding__criterion__code"),
                finding__criterion__recommendation=OuterRef(
                    "finding__criterion__recommendation"
                ),
            )
            .exclude(effect=OuterRef("effect"))
        )
        return self.annotate(
            in_dispute=Exists(dissents),
            coded_twice_now=Value(False, output_field=models.BooleanField()),
        )


class Recoding(Codes):
    """What a finding says under the changed test of its criterion in a draft.

    It counts for nothing and is shown to nobody but those who keep the codebook, until
    the draft is published: then it becomes a finding that supersedes the other, or the
    other is retired without one.
    """

    class Outcome(models.TextChoices):
        STANDS = "stands", _("It stands as it was coded")
        CHANGED = "changed", _("It is coded otherwise")
        SILENT = "silent", _("It no longer speaks to the criterion")

    codebook = models.ForeignKey(
        "icctracker.Codebook",
        on_delete=models.PROTECT,
        related_name="recodings",
        verbose_name=_("codebook"),
    )
    # Its criterion is the draft's of the same recommendation and code.
    finding = models.ForeignKey(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="recodings",
        verbose_name=_("finding"),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    effect = restated(Codes, "effect", null=True, blank=True)
    form = restated(Codes, "form", blank=True)
    test = models.CharField(
        _("test"),
        max_length=16,
        help_text=_("Stands for the words of the criterion that it was coded under."),
    )
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="recodings",
        null=True,
        blank=True,
        verbose_name=_("coded by"),
        help_text=_("Empty for what came with the data."),
    )
    coded_at = models.DateTimeField(_("coded at"), default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)
    took_effect_at = models.DateTimeField(_("took effect at"), null=True, blank=True)
    became = models.OneToOneField(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="recoding",
        null=True,
        blank=True,
        verbose_name=_("became"),
    )

    objects = RecodingQuerySet.as_manager()

    class Meta:
        ordering = ["codebook", "finding"]
        verbose_name = _("finding coded again")
        verbose_name_plural = _("findings coded again")
        constraints = [
            models.UniqueConstraint(
                name="recoding_once_per_draft", fields=["codebook", "finding"]
            ),
            models.CheckConstraint(
                name="recoding_outcome_is_known",
                condition=Q(outcome__in=["stands", "changed", "silent"]),
            ),
            models.CheckConstraint(
                name="recoding_has_codes_or_is_silent",
                condition=Q(outcome="silent", effect__isnull=True, form="")
                | (
                    ~Q(outcome="silent")
                    & Q(effect__isnull=False, effect__gte=-2, effect__lte=2)
                    & Q(form__in=Form.values)
                ),
            ),
            models.CheckConstraint(
                name="recoding_has_a_reason", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="recoding_became_a_finding_in_force",
                condition=Q(took_effect_at__isnull=True, became__isnull=True)
                | Q(took_effect_at__isnull=False, outcome="silent", became__isnull=True)
                | (
                    Q(took_effect_at__isnull=False, became__isnull=False)
                    & ~Q(outcome="silent")
                ),
            ),
        ]

    def __str__(self):
        said = self.get_outcome_display()
        if self.effect is None:
            return f"{self.finding.criterion.code}: {said}"
        return f"{self.finding.criterion.code}: {said}, {Effect(self.effect).label}"

    @property
    def is_silent(self):
        return self.outcome == self.Outcome.SILENT

    def was_coded_under(self, criterion):
        """Whether the draft still asks what it asked when this was coded."""
        return criterion is not None and self.test == criterion.test
