"""Publications, their recommendations, and the codebook that makes them testable."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icctracker.ruleset.parameters import from_values

from .histories import History
from .spells import Spell


class PublicationQuerySet(models.QuerySet):
    def principal(self):
        """The one that was here first: the short addresses are its own."""
        return self.order_by("pk").first()


class Publication(models.Model):
    """The document whose recommendations are tracked."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    author = models.CharField(_("author"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200)
    published_on = models.DateField(_("published on"))
    form = models.CharField(_("form"), max_length=80, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    about = models.TextField(_("about"), blank=True)

    history = History()
    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["published_on", "pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("publication-detail", args=[self.slug])


class Addressee(models.Model):
    """Those whom a publication asks to act."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    label = models.CharField(_("label"), max_length=200)
    heading = models.CharField(
        _("heading"),
        max_length=300,
        blank=True,
        help_text=_("The publication's own heading above these recommendations."),
    )

    history = History()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")

    def __str__(self):
        return self.label


class Addressed(models.Model):
    """What has its address below its publication's, or a short one in the first."""

    # The slug of its publication, as its address has it; nothing in the first.
    within = models.SlugField(max_length=80, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """A new one is given the address that it keeps."""
        if self._state.adding and self.publication != Publication.objects.principal():
            self.within = self.publication.slug
        super().save(*args, **kwargs)

    def address_of(self, page, *named):
        """The address of a page of it, by the name of the route."""
        return reverse(page, args=[self.within, *named] if self.within else named)


class RecommendationQuerySet(models.QuerySet):
    def with_parts(self):
        """With publication and addressees, in a fixed number of queries."""
        return self.select_related("publication").prefetch_related("addressees")

    def by_key(self, key):
        """The one that a key names: ``R4``, or ``slug:X1`` of another publication."""
        within, _colon, code = key.rpartition(":")
        return self.get(within=within, code=code)


class Recommendation(Addressed):
    """One recommendation, verbatim, with its number, code and addressees."""

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("publication"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_("Stable, as in R4: it is cited in print."),
    )
    short_title = models.CharField(_("short title"), max_length=120)
    text = models.TextField(_("text"), help_text=_("Verbatim."))
    addressees = models.ManyToManyField(
        Addressee, related_name="recommendations", verbose_name=_("addressees")
    )

    history = History(m2m_fields=[addressees])
    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["publication", "number"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(
                name="recommendation_number_once_per_publication",
                fields=["publication", "number"],
            ),
            models.UniqueConstraint(
                name="recommendation_code_once_per_publication",
                fields=["publication", "code"],
            ),
            models.CheckConstraint(
                name="recommendation_has_text", condition=~Q(text="")
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.short_title}"

    def get_absolute_url(self):
        return self._page("recommendation-detail")

    @property
    def key(self):
        """What tells it from all others where only a word is given."""
        return f"{self.within}:{self.code}" if self.within else self.code

    def get_history_url(self):
        return self._page("recommendation-history")

    def get_record_url(self, part):
        """The page of one part of the record behind it."""
        return self.address_of("recommendation-record", self.code.lower(), part)

    def get_respond_url(self):
        return self._page("recommendation-respond")

    def get_assess_url(self):
        return self._page("assessment-create")

    def _page(self, name):
        return self.address_of(name, self.code.lower())


class VersionQuerySet(models.QuerySet):
    """Versions of what a publication is judged by; the newest counts.

    A version belongs to one publication: narrow with ``of`` before asking which is in
    force, or ask for ``each_in_force``.
    """

    newest_first = ()

    def of(self, publication):
        """The versions of one publication."""
        return self.filter(publication=publication)

    def in_force(self, known_at=None):
        """The newest version that had taken effect at an instant, or now."""
        return self.published(known_at).order_by(*self.newest_first).first()

    def each_in_force(self, known_at=None):
        """The version in force of each publication."""
        return self.filter(pk=self.newest_of("publication", known_at))

    def newest_of(self, publication, known_at=None):
        """The key of the version in force, where an outer query names a publication."""
        newest = (
            type(self)(self.model)
            .published(known_at)
            .filter(publication=OuterRef(publication))
            .order_by(*self.newest_first)
        )
        return Subquery(newest.values("pk")[:1])


class CodebookQuerySet(VersionQuerySet):
    newest_first = ("-published_on", "-pk")

    def published(self, known_at=None):
        """The versions that took effect, by an instant or at all; never the draft."""
        versions = self.filter(published_on__isnull=False)
        if known_at is None:
            return versions
        # The first version came without an instant: it counts from its first moment.
        first = Q(published_at__isnull=True, published_on__lte=known_at.date())
        return versions.filter(first | Q(published_at__lte=known_at))

    def draft(self):
        """The version being drafted, if any: there is one at a time."""
        return self.filter(published_on__isnull=True).first()

    def before(self, codebook):
        """The version that another followed, or for the draft will follow."""
        versions = self.of(codebook.publication_id).published().exclude(pk=codebook.pk)
        if codebook.published_on:
            earlier = Q(published_on__lt=codebook.published_on)
            same_day = Q(published_on=codebook.published_on, pk__lt=codebook.pk)
            versions = versions.filter(earlier | same_day)
        return versions.in_force()


class Version(Addressed):
    """A version of what a publication is judged by, with its public page."""

    pages = ("", "")

    class Meta:
        abstract = True

    def get_absolute_url(self):
        """The public page; the draft has none and is read by curators."""
        draft_page, page = self.pages
        if self.is_draft:
            return self.address_of(draft_page)
        return self.address_of(page, self.version)


class Codebook(Version):
    """A version of the criteria. Criteria change only by a new version.

    Without a date it is the draft of the next version, which no reader sees.
    """

    pages = ("codebook-draft", "codebook-detail")

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="codebooks",
        verbose_name=_("publication"),
    )
    version = models.CharField(_("version"), max_length=20)
    published_on = models.DateField(
        _("published on"), null=True, blank=True, editable=False
    )
    note = models.TextField(_("what changed, and why"), blank=True, max_length=5000)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="codebooks",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("published by"),
        help_text=_("Empty for what came with the first data."),
    )
    # What came of the findings on criteria whose test it changed, once published.
    coded_again = models.PositiveIntegerField(
        _("findings coded again"), default=0, db_default=0, editable=False
    )
    silent_since = models.PositiveIntegerField(
        _("findings that no longer speak to their criterion"),
        default=0,
        db_default=0,
        editable=False,
    )
    not_coded_again = models.PositiveIntegerField(
        _("findings that were not coded again"),
        default=0,
        db_default=0,
        editable=False,
    )
    not_coded_reason = models.TextField(
        _("why they were not coded again"),
        blank=True,
        default="",
        db_default="",
        max_length=5000,
        editable=False,
    )
    # Counts the changes to a draft, so that nobody publishes what they have not read.
    revision = models.PositiveIntegerField(default=1, editable=False)

    history = History()
    objects = CodebookQuerySet.as_manager()

    class Meta:
        ordering = [F("published_on").desc(nulls_first=True), "-pk"]
        verbose_name = _("codebook")
        verbose_name_plural = _("codebooks")
        constraints = [
            models.UniqueConstraint(
                name="codebook_version_once_per_publication",
                fields=["publication", "version"],
            ),
            models.UniqueConstraint(
                name="codebook_one_draft",
                fields=["publication"],
                condition=Q(published_on__isnull=True),
            ),
            models.CheckConstraint(
                name="codebook_instant_only_when_published",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_on__isnull=False),
            ),
            models.CheckConstraint(
                name="codebook_published_has_a_reason",
                condition=Q(published_at__isnull=True) | ~Q(note=""),
            ),
        ]

    def __str__(self):
        return _("Codebook %(version)s") % {"version": self.version}

    @property
    def is_draft(self):
        return self.published_on is None


class RulesetQuerySet(VersionQuerySet):
    newest_first = ("-published_at", "-pk")

    def published(self, known_at=None):
        """The versions that took effect, by an instant or at all; never the draft."""
        if known_at is None:
            return self.filter(published_at__isnull=False)
        return self.filter(published_at__lte=known_at)

    def draft(self):
        """The version being drafted, if any: there is one at a time."""
        return self.filter(published_at__isnull=True).first()

    def before(self, ruleset):
        """The version that another followed, or for the draft will follow."""
        versions = self.of(ruleset.publication_id).published().exclude(pk=ruleset.pk)
        if ruleset.published_at:
            versions = versions.filter(published_at__lte=ruleset.published_at)
        return versions.in_force()


class Ruleset(Version):
    """The values that the rule judges a publication by, from an instant on.

    They change only by a new version. Without an instant it is the draft of the next,
    which no reader sees.
    """

    pages = ("ruleset-draft", "ruleset-detail")

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="rulesets",
        verbose_name=_("publication"),
    )
    version = models.CharField(_("version"), max_length=20)
    values = models.JSONField(
        _("values"), help_text=_("Each parameter of the rule by its name.")
    )
    reason = models.TextField(_("what changed, and why"), blank=True, max_length=5000)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="rulesets",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("published by"),
        help_text=_("Empty for what came with the data."),
    )
    # Counts the changes to a draft, so that nobody publishes what they have not read.
    revision = models.PositiveIntegerField(default=1, editable=False)

    history = History()
    objects = RulesetQuerySet.as_manager()

    class Meta:
        ordering = [F("published_at").desc(nulls_first=True), "-pk"]
        verbose_name = _("ruleset")
        verbose_name_plural = _("rulesets")
        constraints = [
            models.UniqueConstraint(
                name="ruleset_version_once_per_publication",
                fields=["publication", "version"],
            ),
            models.UniqueConstraint(
                name="ruleset_one_draft",
                fields=["publication"],
                condition=Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ruleset_published_has_a_reason",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | (Q(published_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return _("Ruleset %(version)s") % {"version": self.version}

    @property
    def is_draft(self):
        return self.published_at is None

    @property
    def parameters(self):
        """What the rule is given."""
        return from_values(self.values)


class CriterionQuerySet(models.QuerySet):
    def in_force(self, known_at=None):
        """The criteria of each publication's codebook in force."""
        return self.filter(codebook__in=Codebook.objects.each_in_force(known_at))

    def of(self, codebook):
        """The criteria of a version, in order, with their recommendations."""
        return (
            self.filter(codebook=codebook)
            .select_related("recommendation")
            .order_by("recommendation__publication", "recommendation__number", "code")
        )


def speaks_to(codebooks):
    """The condition under which a finding or search speaks to a version's criteria.

    It was made with a criterion of the same recommendation, code and meaning, in
    whatever version. ``codebooks`` is one version, or one of each publication.
    """
    if codebooks is None or isinstance(codebooks, Codebook):
        among = Q(codebook=codebooks)
    else:
        among = Q(codebook__in=codebooks)
    return Exists(
        Criterion.objects.filter(
            among,
            recommendation=OuterRef("criterion__recommendation"),
            code=OuterRef("criterion__code"),
            meaning=OuterRef("criterion__meaning"),
        )
    )


class Criterion(models.Model):
    """A testable part of a recommendation: what counts and what does not."""

    class CriterionKind(models.TextChoices):
        DELIVER = "deliver", _("Deliver")
        SUSTAIN = "sustain", _("Sustain")
        REFRAIN = "refrain", _("Refrain")

    class DeliveredBy(models.TextChoices):
        DECISION = "decision", _("A decision")
        FORMAL = "formal", _("A formal product")

    codebook = models.ForeignKey(
        Codebook,
        on_delete=models.PROTECT,
        related_name="criteria",
        verbose_name=_("codebook"),
    )
    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.PROTECT,
        related_name="criteria",
        verbose_name=_("recommendation"),
    )
    code = models.CharField(_("code"), max_length=12)
    kind = models.CharField(_("kind"), max_length=10, choices=CriterionKind)
    essential = models.BooleanField(_("essential"), default=True)
    statement = models.TextField(_("statement"))
    counts = models.TextField(_("what counts"))
    does_not_count = models.TextField(_("what does not count"), blank=True)
    delivered_by = models.CharField(
        _("delivered by"),
        max_length=10,
        choices=DeliveredBy,
        default=DeliveredBy.DECISION,
        help_text=_("For a thing to be created: what it takes to deliver it in full."),
    )
    # Goes up when a new version changes the test itself: what was coded under an
    # earlier meaning no longer counts until it is coded again.
    meaning = models.PositiveSmallIntegerField(default=1, editable=False)

    history = History()
    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__number", "code", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                name="criterion_code_once_per_codebook", fields=["codebook", "code"]
            ),
            models.CheckConstraint(
                name="criterion_kind_is_known",
                condition=Q(kind__in=["deliver", "sustain", "refrain"]),
            ),
            models.CheckConstraint(
                name="criterion_delivered_by_is_known",
                condition=Q(delivered_by__in=["decision", "formal"]),
            ),
            models.CheckConstraint(
                name="criterion_meaning_counts_from_one", condition=Q(meaning__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.statement}"

    @property
    def key(self):
        """What tells it from all others in force where only a word is given."""
        within = self.recommendation.within
        return f"{within}:{self.code}" if within else self.code

    @property
    def test(self):
        """Stands for the words by which a finding is coded; others, another test."""
        said = (self.kind, self.statement, self.counts, self.does_not_count)
        return sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def identity(self):
        """What it is in every version: its code, within its recommendation."""
        return self.recommendation_id, self.code


# Assessments: what the rule suggested, what the curator decided, and why.


class ImplementationStatus(models.TextChoices):
    """The words a reader may quote; the last two are set by a curator only."""

    NOT_ASSESSED = "not-assessed", _("Not yet assessed")
    INSUFFICIENT = "insufficient", _("Insufficient evidence")
    NOT_FOLLOWED = "not-followed", _("Not followed")
    LIMITED = "limited", _("Followed to a limited extent")
    SUBSTANTIAL = "substantial", _("Largely followed")
    FOLLOWED = "followed", _("Followed")
    OVERTAKEN = "overtaken", _("Overtaken by events")
    NOT_TESTABLE = "not-testable", _("Cannot be tested as worded")


class Trend(models.TextChoices):
    ADVANCING = "advancing", _("Advancing")
    STEADY = "steady", _("Steady")
    STALLED = "stalled", _("Stalled")
    REGRESSING = "regressing", _("Regressing")


class Confidence(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class AssessmentQuerySet(models.QuerySet):
    def in_force(self, as_of, known_at=None):
        """What had been assessed for a date, as known at an instant, newest first."""
        known = self.filter(assessed_on__lte=as_of)
        if known_at:
            known = known.filter(recorded_at__lte=known_at)
        return known.order_by("-assessed_on", "-recorded_at", "-pk")


class Assessment(models.Model):
    """The status of one recommendation on one date; never edited, only followed."""

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("recommendation"),
    )
    codebook = models.ForeignKey(
        "icctracker.Codebook",
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("codebook"),
    )
    ruleset = models.CharField(_("ruleset"), max_length=20)
    assessed_on = models.DateField(_("status as of"))
    suggested = models.CharField(
        _("suggested by the rule"), max_length=20, choices=ImplementationStatus
    )
    suggested_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    decided = models.CharField(
        _("decided by the curator"), max_length=20, choices=ImplementationStatus
    )
    decided_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    rationale = models.TextField(
        _("reason for the decision"),
        blank=True,
        max_length=5000,
        help_text=_("Compulsory where the decision differs from the suggestion."),
    )
    trend = models.CharField(_("trend"), max_length=12, choices=Trend, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence)
    contrary = models.BooleanField(_("contrary practice present"), default=False)
    review_due_on = models.DateField(_("next review due"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("assessed by"),
    )
    recorded_at = models.DateTimeField(
        _("recorded at"), default=timezone.now, editable=False
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_on", "-recorded_at", "-pk"]
        get_latest_by = ["assessed_on", "recorded_at"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                name="assessment_override_has_a_reason",
                condition=Q(decided=F("suggested")) | ~Q(rationale=""),
            ),
            models.CheckConstraint(
                name="assessment_statuses_are_known",
                condition=Q(decided__in=ImplementationStatus.values)
                & Q(suggested__in=ImplementationStatus.values),
            ),
            models.CheckConstraint(
                name="assessment_review_follows",
                condition=Q(review_due_on__gt=F("assessed_on")),
            ),
        ]

    def __str__(self):
        return f"{self.recommendation.code}, {self.assessed_on}: {self.decided}"

    @property
    def overrides(self):
        """Whether the curator decided otherwise than the rule suggested."""
        return self.decided != self.suggested


# Known gaps: what the data does not hold, and says so.


class GapQuerySet(models.QuerySet):
    def open_on(self, day):
        """The gaps that were known on a day and not yet closed."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))


class Gap(models.Model):
    """Something the data is known to lack; readers see it until it is closed."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    text = models.TextField(_("what is missing"))
    noted_on = models.DateField(_("noted on"))
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("When it was filled.")
    )

    history = History()
    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("known gap")
        verbose_name_plural = _("known gaps")
        constraints = [
            models.CheckConstraint(name="gap_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="gap_closed_after_noted",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("noted_on")),
            ),
        ]

    def __str__(self):
        return self.slug


# Status changes: what the page of a recommendation said, each time it changed.


class StatusChange(models.Model):
    """From an instant on readers were shown another status; never edited.

    The first row of a recommendation has nothing before it.
    """

    class Cause(models.TextChoices):
        FIRST = "first", _("the first status on record")
        PUBLICATION = "publication", _("an entry was published")
        CORRECTION = "correction", _("an entry was corrected")
        WITHDRAWAL = "withdrawal", _("an entry was withdrawn")
        ASSESSMENT = "assessment", _("a curator assessed it")
        SEARCH = "search", _("a search was logged or withdrawn")
        CODEBOOK = "codebook", _("another codebook came into force")
        RULESET = "ruleset", _("the rule changed")
        TIME = "time", _("time passed")

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="status_changes",
        verbose_name=_("recommendation"),
    )
    at = models.DateTimeField(_("at"))
    as_of = models.DateField(_("status as of"))
    before = models.CharField(
        _("before"), max_length=20, choices=ImplementationStatus, blank=True
    )
    before_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    after = models.CharField(_("after"), max_length=20, choices=ImplementationStatus)
    after_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    decision = models.ForeignKey(
        "icctracker.ReviewDecision",
        on_delete=models.PROTECT,
        related_name="status_changes",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    assessment = models.ForeignKey(
        "icctracker.Assessment",
        on_delete=models.PROTECT,
        related_name="status_changes",
        null=True,
        blank=True,
        verbose_name=_("assessment"),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [models.Index(fields=["at"], name="status_change_at")]
        constraints = [
            models.CheckConstraint(
                name="status_change_changes_something",
                condition=~Q(before=F("after"), before_reason=F("after_reason")),
            ),
            models.CheckConstraint(
                name="status_change_first_has_nothing_before",
                condition=Q(cause="first", before="")
                | (~Q(cause="first") & ~Q(before="")),
            ),
            models.CheckConstraint(
                name="status_change_is_known",
                condition=Q(after__in=ImplementationStatus.values),
            ),
        ]

    def __str__(self):
        return f"{self.recommendation.code}, {self.at:%Y-%m-%d}: {self.after}"


# Verdicts: what other trackers and reports say of a recommendation.


class VerdictQuerySet(Spell):
    since, until = "recorded_at", "withdrawn_at"

    def known(self, as_of, known_at=None):
        """What had been said up to a day, as it stood at an instant; newest first."""
        return self.stood(known_at).filter(said_on__lte=as_of)


class Verdict(models.Model):
    """The verdict of another tracker, in its own words; it moves no status of ours.

    It is never rewritten: one that was taken down wrongly is withdrawn, with a reason,
    and recorded anew, so that the past stays as it was known.
    """

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="verdicts",
        verbose_name=_("recommendation"),
    )
    tracker = models.CharField(
        _("who says so"),
        max_length=160,
        help_text=_("The tracker or report, and who publishes it."),
    )
    verdict = models.CharField(
        _("verdict"), max_length=300, help_text=_("In their own words, quoted.")
    )
    url = models.URLField(_("where it is said"), max_length=500)
    said_on = models.DateField(_("as of"))
    note = models.TextField(
        _("note"),
        max_length=2000,
        blank=True,
        help_text=_("What they measure, where it is not the same as ours."),
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
    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "tracker", "pk"]
        verbose_name = _("verdict of another tracker")
        verbose_name_plural = _("verdicts of other trackers")
        constraints = [
            models.CheckConstraint(
                name="verdict_is_quoted", condition=~Q(verdict="") & ~Q(tracker="")
            ),
            models.UniqueConstraint(
                name="verdict_recorded_once",
                fields=["recommendation", "tracker", "said_on"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="verdict_withdrawn_has_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.tracker}: {self.verdict}"
