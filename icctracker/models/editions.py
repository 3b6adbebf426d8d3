"""Editions: what readers were shown of an entry, from one instant to another."""

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from .evidence import Evidence, EvidenceQuerySet
from .findings import Finding
from .vocabulary import Kind, Tier

# What readers see of an entry; the rest is for the reviewer.
FACTS_SHOWN = (
    "occurred_on kind tier symbol meeting title summary votes_yes votes_no"
    " votes_abstain roll_call verification_note"
).split()
SOURCE_FIELDS = "position url label publisher official archived_url".split()


class EditionQuerySet(models.QuerySet):
    """Read like entries, so that a page of the past is made as one of today."""

    def current(self):
        """What readers see now of entries that stand."""
        return self.filter(until__isnull=True)

    def at_instant(self, known_at):
        """The one edition of each entry that stood at an instant."""
        return self.filter(at__lte=known_at).exclude(until__lte=known_at)

    def known(self, as_of, known_at):
        """What stood at an instant, of entries on events up to a date."""
        return self.at_instant(known_at).filter(occurred_on__lte=as_of)

    citing = EvidenceQuerySet.citing

    def complete(self, known_at):
        """With entry, situations, actors, sources and the findings accepted then."""
        return self.listed(known_at).prefetch_related("actors", "sources")

    def listed(self, known_at):
        """With what a list shows: the entry, its situations and findings accepted."""
        return self.select_related("evidence").prefetch_related(
            "situations",
            Prefetch(
                "evidence__findings",
                queryset=Finding.objects.accepted(known_at)
                .select_related("criterion__recommendation")
                .order_by("criterion__recommendation__number", "criterion__code"),
                to_attr="accepted_findings",
            ),
        )


class Edition(models.Model):
    """What readers were shown of an entry from one instant until another.

    Written when an entry is published or corrected, and never edited afterwards, but
    for the instant at which it ceased to stand. It holds nothing that is for reviewers
    only, and nothing from before the entry was published.
    """

    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.PROTECT,
        related_name="editions",
        verbose_name=_("evidence"),
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    decision = models.OneToOneField(
        "icctracker.ReviewDecision",
        on_delete=models.PROTECT,
        related_name="edition",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    restores = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="restored_by",
        null=True,
        blank=True,
        verbose_name=_("restores"),
    )

    occurred_on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier)
    symbol = models.CharField(_("document symbol"), max_length=80, blank=True)
    meeting = models.CharField(_("meeting record"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    votes_yes = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(
        _("abstaining"), null=True, blank=True
    )
    roll_call = models.JSONField(_("votes of the members"), default=dict, blank=True)
    verification_note = models.TextField(_("on what was read"), blank=True)
    situations = models.ManyToManyField(
        "icctracker.Situation", related_name="editions", verbose_name=_("situations")
    )
    actors = models.ManyToManyField(
        "icctracker.Actor", related_name="editions", verbose_name=_("actors")
    )

    objects = EditionQuerySet.as_manager()

    # What an entry can be asked, its edition can be asked as well.
    has_votes = Evidence.has_votes
    by_vote = property(Evidence.by_vote.func)
    symbol_url = Evidence.symbol_url
    meeting_url = Evidence.meeting_url
    principal_source = Evidence.principal_source
    verification = Evidence.Verification.VERIFIED

    class Meta:
        ordering = ["-occurred_on", "-evidence_id"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        indexes = [models.Index(fields=["at", "until"], name="edition_known")]
        constraints = [
            models.UniqueConstraint(
                name="edition_number_once_per_entry", fields=["evidence", "number"]
            ),
            models.UniqueConstraint(
                name="edition_stands_once_per_entry",
                fields=["evidence"],
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="edition_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("at")),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    def get_absolute_url(self):
        return self.evidence.get_absolute_url()

    @property
    def accepted_findings(self):
        """The findings that ``complete`` has read with the entry."""
        return self.evidence.accepted_findings


class EditionSource(models.Model):
    """A source as an edition cited it."""

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("edition"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    url = models.URLField(_("address"), max_length=500)
    label = models.CharField(_("what it is"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    official = models.BooleanField(_("official"), default=False)
    archived_url = models.URLField(_("archived copy"), max_length=500, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source of an edition")
        verbose_name_plural = _("sources of editions")
        constraints = [
            models.UniqueConstraint(
                name="edition_source_once", fields=["edition", "url"]
            )
        ]

    def __str__(self):
        return self.label
