"""Findings: what one piece of evidence shows about one criterion."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icctracker import ruleset

from .codes import FINDING_FIELDS, Codes
from .histories import History
from .recommendations import ImplementationStatus, speaks_to
from .shared import restated
from .spells import Spell
from .vocabulary import Effect, Form, Tier

# Dissents: a coder would have judged otherwise, and says so on the record.

LONGEST_DISSENT = 5000


class DissentQuerySet(Spell):
    since, until = "confirmed_at", "withdrawn_at"

    def on_record(self, known_at=None):
        """Confirmed and not taken back, now or at an instant."""
        return self.stood(known_at)

    def public(self, known_at=None):
        """What readers see: all that was ever confirmed, taken back or not."""
        confirmed = self.filter(confirmed_at__isnull=False)
        return confirmed.filter(confirmed_at__lte=known_at) if known_at else confirmed

    def waiting(self):
        """What no reviewer has read yet, oldest first."""
        return self.filter(
            confirmed_at__isnull=True,
            refused_at__isnull=True,
            withdrawn_at__isnull=True,
        ).order_by("written_at", "pk")


class Dissent(models.Model):
    """What somebody would have coded or decided instead, and why.

    It is never rewritten. A reviewer other than its author confirms that it is a
    dissent; its author may take it back, with a reason, and it stays on the page.
    """

    finding = models.ForeignKey(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="dissents",
        null=True,
        blank=True,
        verbose_name=_("finding"),
    )
    assessment = models.ForeignKey(
        "icctracker.Assessment",
        on_delete=models.PROTECT,
        related_name="dissents",
        null=True,
        blank=True,
        verbose_name=_("assessment"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="dissents",
        verbose_name=_("author"),
    )
    effect = models.SmallIntegerField(
        _("effect they would give"), choices=Effect, null=True, blank=True
    )
    status = models.CharField(
        _("status they would decide on"),
        max_length=20,
        choices=ImplementationStatus,
        blank=True,
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_DISSENT)
    written_at = models.DateTimeField(
        _("written at"), default=timezone.now, editable=False
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("refused by"),
    )
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    refusal_reason = models.TextField(
        _("reason for refusal"), max_length=2000, blank=True
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"), max_length=2000, blank=True
    )

    objects = DissentQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        constraints = [
            models.CheckConstraint(
                name="dissent_is_from_one_thing",
                condition=Q(finding__isnull=False, assessment__isnull=True, status="")
                & Q(effect__isnull=False)
                | Q(finding__isnull=True, assessment__isnull=False)
                & Q(effect__isnull=True)
                & ~Q(status=""),
            ),
            models.CheckConstraint(
                name="dissent_says_a_known_code",
                condition=(Q(effect__isnull=True) | Q(effect__gte=-2, effect__lte=2))
                & (Q(status="") | Q(status__in=ImplementationStatus.values)),
            ),
            models.CheckConstraint(
                name="dissent_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="dissent_is_confirmed_by_another",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("author")),
            ),
            models.CheckConstraint(
                name="dissent_is_refused_with_a_reason",
                condition=Q(
                    refused_at__isnull=True, refused_by__isnull=True, refusal_reason=""
                )
                | Q(
                    refused_at__isnull=False,
                    refused_by__isnull=False,
                    confirmed_at__isnull=True,
                )
                & ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="dissent_is_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
            ),
            models.UniqueConstraint(
                name="dissent_once_from_a_finding",
                fields=["finding", "author"],
                condition=Q(withdrawn_at__isnull=True, refused_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="dissent_once_from_an_assessment",
                fields=["assessment", "author"],
                condition=Q(withdrawn_at__isnull=True, refused_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.subject}: {self.would_say}"

    @property
    def subject(self):
        """The finding or the assessment it dissents from."""
        return self.finding or self.assessment

    @property
    def would_say(self):
        """The code its author would give, in words."""
        if self.effect is not None:
            return self.get_effect_display()
        return self.get_status_display()

    @property
    def waits(self):
        """Whether no reviewer has read it yet."""
        return not (self.confirmed_at or self.refused_at or self.withdrawn_at)


class FindingQuerySet(Spell):
    """Those ``current`` are accepted or still in draft, but not superseded."""

    since, until = "accepted_at", "retired_at"

    def accepted(self, known_at=None):
        """What is accepted now, or was at an instant."""
        return self.stood(known_at)

    def under(self, codebook):
        """Those that speak to the criteria of a version as it means them."""
        return self.filter(speaks_to(codebook))

    def without_words_searched(self):
        """Omissions that do not name them, as those before it was asked need not."""
        return self.filter(form=Form.OMISSION, searched_words="")

    def with_dispute(self, known_at=None):
        """Annotate whether it was in dispute: marked so, or dissented from.

        A dissent outlives a correction and a second coding, as a dispute does: it is
        settled once the finding has the effect that its author would give.
        """
        dissents = (
            Dissent.objects.on_record(known_at)
            .filter(
                finding__evidence=OuterRef("evidence"),
                # By code: a version of the codebook later, it is the same criterion.
                finding__criterion__code=OuterRef("criterion__code"),
                finding__criterion__recommendation=OuterRef(
                    "criterion__recommendation"
                ),
                # From the finding itself, or from one that it took the place of.
                finding__accepted_at__lte=OuterRef("accepted_at"),
            )
            .exclude(effect=OuterRef("effect"))
        )
        return self.annotate(
            in_dispute=ExpressionWrapper(
                Q(disputed=True) | Exists(dissents), output_field=models.BooleanField()
            )
        )


# What the rule reads of an entry, and a finding copies of it when it is accepted.
COPIED = ("event_date", "tier", "publisher")


class Finding(Codes):
    """What one piece of evidence shows about one criterion.

    Once accepted it is never edited: a correction retires it and adds another that
    says which one it supersedes. Acceptance copies what the rule reads of the entry
    (date, tier, publisher), so that the past can be computed as it was known.
    """

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name=_("evidence"),
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name=_("criterion"),
    )
    form_reason = restated(
        Codes,
        "form_reason",
        help_text=_("Where the form differs from the one its kind proposes."),
    )
    searched_words = restated(
        Codes,
        "searched_words",
        help_text=_("Of an omission: for which words the text was searched."),
    )
    occasion = restated(
        Codes,
        "occasion",
        help_text=_("The addressee could have complied or not at that moment."),
    )
    coded_twice = models.BooleanField(_("coded twice"), default=False)
    disputed = models.BooleanField(_("in dispute"), default=False)
    second_coding = models.ForeignKey(
        "icctracker.Coding",
        on_delete=models.PROTECT,
        related_name="findings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("second coding"),
        help_text=_("Keeps the first coding, and what was decided where they differ."),
    )
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="findings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("coded by"),
    )

    event_date = models.DateField(null=True, blank=True, editable=False)
    tier = models.CharField(max_length=1, choices=Tier, blank=True, editable=False)
    publisher = models.CharField(max_length=120, blank=True, editable=False)
    accepted_at = models.DateTimeField(
        _("accepted at"), null=True, blank=True, editable=False
    )
    retired_at = models.DateTimeField(
        _("retired at"), null=True, blank=True, editable=False
    )
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("supersedes"),
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["evidence", "criterion__code", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["accepted_at", "retired_at"], name="finding_known"),
            models.Index(
                fields=["criterion", "event_date"],
                condition=Q(accepted_at__isnull=False, retired_at__isnull=True),
                name="finding_newest_of_criterion",
            ),
            models.Index(
                fields=["retired_at", "accepted_at"],
                condition=Q(disputed=True),
                name="finding_disputed",
            ),
            models.Index(fields=["event_date"], name="finding_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="finding_once_per_criterion",
                fields=["evidence", "criterion"],
                condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="finding_effect_in_range",
                condition=Q(effect__gte=-2, effect__lte=2),
            ),
            models.CheckConstraint(
                name="finding_form_is_known", condition=Q(form__in=Form.values)
            ),
            models.CheckConstraint(
                name="finding_has_a_reason", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="finding_accepted_is_frozen",
                condition=Q(accepted_at__isnull=True, event_date__isnull=True, tier="")
                | (
                    Q(accepted_at__isnull=False, event_date__isnull=False) & ~Q(tier="")
                ),
            ),
            models.CheckConstraint(
                name="finding_retired_after_accepted",
                condition=Q(retired_at__isnull=True)
                | Q(retired_at__gte=F("accepted_at")),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.effect:+d}"

    def says_the_same(self, other):
        """Whether another finding differs in nothing that readers are told."""
        said = [*FINDING_FIELDS, *COPIED]
        return all(getattr(self, name) == getattr(other, name) for name in said)

    # By what the rule weighs it; a reading may hand in those of another version.
    parameters = ruleset.PUBLISHED

    @property
    def weight(self):
        """The weight the rule gives it, by its form and the tier of its source."""
        tier = self.tier or self.evidence.tier
        return ruleset.weigh(self.form, tier, self.parameters)


# Findings proposed for an entry that is published already, until they are decided.


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        """What waits for a reviewer, oldest first."""
        return self.filter(outcome=Proposal.Outcome.WAITING).order_by(
            "proposed_at", "pk"
        )


class Proposal(Codes):
    """What somebody proposes that a published entry shows about one more criterion.

    It is no finding: nothing that reads findings sees it. Accepting it adds one.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Awaiting review")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("evidence"),
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("criterion"),
    )
    effect = restated(Codes, "effect", validators=[])
    form = restated(
        Codes,
        "form",
        blank=True,
        help_text=_("Empty for the one that the kind of the entry proposes."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("comment or reason"), max_length=5000, blank=True)
    finding = models.OneToOneField(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="proposal",
        null=True,
        blank=True,
        verbose_name=_("finding"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposed finding")
        verbose_name_plural = _("proposed findings")
        constraints = [
            models.UniqueConstraint(
                name="proposal_waits_once",
                fields=["evidence", "criterion", "proposed_by"],
                condition=Q(outcome="waiting"),
            ),
            models.CheckConstraint(
                name="proposal_effect_in_range",
                condition=Q(effect__gte=-2, effect__lte=2),
            ),
            models.CheckConstraint(
                name="proposal_has_a_reason", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="proposal_is_decided_or_waits",
                condition=Q(
                    outcome="waiting",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    finding__isnull=True,
                )
                | Q(
                    outcome="accepted",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    finding__isnull=False,
                )
                | (
                    Q(
                        outcome="declined",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        finding__isnull=True,
                    )
                    & ~Q(note="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.effect:+d}"

    @property
    def waits(self):
        return self.outcome == self.Outcome.WAITING


# Searches: logged looks for evidence that found nothing.


class SearchQuerySet(Spell):
    since, until = "recorded_at", "withdrawn_at"

    def known(self, known_at=None):
        """What stands on the log now, or stood on it at an instant."""
        return self.stood(known_at)

    def under(self, codebook):
        """Those that speak to the criteria of a version as it means them."""
        return self.filter(speaks_to(codebook))


class Search(models.Model):
    """A logged look for evidence that found nothing.

    It is what tells "no action found" from "nobody has looked".
    """

    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="searches",
        verbose_name=_("criterion"),
    )
    searched_on = models.DateField(_("date of the search"))
    where = models.CharField(_("where"), max_length=300)
    query = models.CharField(_("what was asked"), max_length=500)
    outcome = models.TextField(_("outcome"), max_length=2000)
    searched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="searches",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("by"),
        help_text=_("Empty for what came with the first data."),
    )
    recorded_at = models.DateTimeField(
        _("recorded at"), default=timezone.now, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"), max_length=2000, blank=True, editable=False
    )

    history = History()
    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["-searched_on", "-pk"]
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.UniqueConstraint(
                name="search_logged_once",
                fields=["criterion", "searched_on", "where", "query"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="search_withdrawn_has_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}, {self.searched_on}: {self.query}"
