"""Evidence: dated facts, what shows them, and what they show."""

import uuid
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    URLValidator,
)
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from icctracker import ruleset, symbols

# The Charter was signed on this day; nothing the tracker deals with is older.
EARLIEST = date(1945, 6, 26)

# Publishers that speak through several hosts; every other publisher is its host.
_PUBLISHERS = {
    "un.org": "United Nations",
    "undocs.org": "United Nations",
    "unvienna.org": "United Nations",
    "unmultimedia.org": "United Nations",
    "icc-cpi.int": "International Criminal Court",
    "securitycouncilreport.org": "Security Council Report",
}


def publisher_of(url):
    """Who publishes at an address: a known name, else the host without ``www``."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for known, name in _PUBLISHERS.items():
        if host == known or host.endswith(f".{known}"):
            return name
    return host


class Form(models.TextChoices):
    """How much an act binds; the rule weighs it."""

    DECISION = "decision", _("Decision")
    FORMAL = "formal", _("Formal position")
    PROCESS = "process", _("Process")
    OMISSION = "omission", _("Omission")
    SIGNAL = "signal", _("Signal")


class Kind(models.TextChoices):
    """What happened. Each kind proposes a form (see ``default_form``)."""

    RESOLUTION = "resolution", _("Council resolution")
    VETO = "veto", _("Veto")
    REFERRAL = "referral", _("Referral to the Court")
    DEFERRAL = "deferral", _("Deferral request (article 16)")
    SANCTIONS_LISTING = "sanctions-listing", _("Sanctions listing")
    COURT_DECISION = "court-decision", _("Decision of the Court")
    GA_RESOLUTION = "ga-resolution", _("General Assembly resolution")
    ASP_RESOLUTION = "asp-resolution", _("Assembly of States Parties resolution")
    PRESIDENTIAL_STATEMENT = "presidential-statement", _("Presidential statement")
    PRESS_STATEMENT = "press-statement", _("Council press statement")
    AGREEMENT = "agreement", _("Agreement")
    ARRANGEMENT = "arrangement", _("Standing arrangement")
    JOINT_STATEMENT = "joint-statement", _("Joint statement")
    DEBATE = "debate", _("Open debate")
    ARRIA_MEETING = "arria-meeting", _("Arria-formula meeting")
    BRIEFING = "briefing", _("Briefing")
    VISIT = "visit", _("Visit or mission")
    DRAFT_RESOLUTION = "draft-resolution", _("Draft resolution not adopted")
    REPORT = "report", _("Report")
    STATEMENT = "statement", _("Statement or pledge")
    OTHER = "other", _("Other")

    @property
    def default_form(self):
        return _DEFAULT_FORMS.get(self, Form.DECISION)


_DEFAULT_FORMS = {
    Kind.PRESIDENTIAL_STATEMENT: Form.FORMAL,
    Kind.PRESS_STATEMENT: Form.FORMAL,
    Kind.AGREEMENT: Form.FORMAL,
    Kind.ARRANGEMENT: Form.FORMAL,
    Kind.JOINT_STATEMENT: Form.FORMAL,
    Kind.VISIT: Form.FORMAL,
    Kind.DEBATE: Form.PROCESS,
    Kind.ARRIA_MEETING: Form.PROCESS,
    Kind.BRIEFING: Form.PROCESS,
    Kind.DRAFT_RESOLUTION: Form.PROCESS,
    Kind.REPORT: Form.PROCESS,
    Kind.STATEMENT: Form.SIGNAL,
    Kind.OTHER: Form.SIGNAL,
}


class Tier(models.TextChoices):
    """How close to the act the best source stands."""

    OFFICIAL = "A", _("Official record of the acting body")
    OTHER_OFFICIAL = "B", _("Other official record")
    SECONDARY = "C", _("Reputable secondary source")


class Effect(models.IntegerChoices):
    """What a finding says of its criterion, in words."""

    FULL = 2, _("Does what the criterion asks")
    PART = 1, _("Does part of it, or takes a step")
    CONTEXT = 0, _("Context only")
    DEPARTS = -1, _("Departs from it in part")
    BREACH = -2, _("Departs from it, or undoes it")


class Situation(models.Model):
    """A situation or theme that evidence belongs to."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("situation")
        verbose_name_plural = _("situations")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("situation-detail", args=[self.slug])


class Actor(models.Model):
    """Who acted: a State, an organ, a committee, a person in office."""

    name = models.CharField(_("name"), max_length=160, unique=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")

    def __str__(self):
        return self.name


class EvidenceQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Evidence.State.PUBLISHED)

    def public(self):
        """What has a page on the open site: published, or withdrawn with a notice."""
        return self.filter(
            state__in=[Evidence.State.PUBLISHED, Evidence.State.WITHDRAWN]
        )

    def known(self, as_of, known_at=None):
        """Published entries on events up to a date, as they stood at an instant."""
        entries = self.filter(occurred_on__lte=as_of)
        if known_at is None:
            return entries.published()
        return entries.filter(published_at__lte=known_at).exclude(
            withdrawn_at__lte=known_at
        )

    def submitted(self):
        """What waits for a reviewer, oldest first."""
        return self.filter(state=Evidence.State.SUBMITTED).order_by(
            "submitted_at", "pk"
        )

    def visible_to(self, user):
        """What is public, what the user wrote, and what waits for a reviewer."""
        public = Q(state__in=[Evidence.State.PUBLISHED, Evidence.State.WITHDRAWN])
        if not user.is_authenticated:
            return self.filter(public)
        own = Q(submitted_by=user)
        if user.has_perm("icctracker.review_evidence"):
            return self.filter(own | ~Q(state=Evidence.State.DRAFT))
        return self.filter(public | own)

    def complete(self, known_at=None):
        """With situations, actors, sources and accepted findings, in five queries."""
        return self.prefetch_related(
            "situations",
            "actors",
            "sources",
            Prefetch(
                "findings",
                queryset=Finding.objects.accepted(known_at)
                .select_related("criterion__recommendation")
                .order_by("criterion__recommendation__number", "criterion__code"),
                to_attr="accepted_findings",
            ),
        )


class Evidence(models.Model):
    """One dated event of one kind, with what shows it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Awaiting review")
        RETURNED = "returned", _("Sent back")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Verification(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        UNVERIFIED = "unverified", _("Not verified")

    EDITABLE = (State.DRAFT, State.RETURNED)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Given when the entry is first published; then it never changes."),
    )
    occurred_on = models.DateField(
        _("date"), null=True, blank=True, help_text=_("When it happened.")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, blank=True)
    tier = models.CharField(
        _("tier"), max_length=1, choices=Tier, default=Tier.OFFICIAL
    )
    symbol = models.CharField(_("document symbol"), max_length=80, blank=True)
    meeting = models.CharField(_("meeting record"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    situations = models.ManyToManyField(
        Situation, related_name="evidence", blank=True, verbose_name=_("situations")
    )
    actors = models.ManyToManyField(
        Actor, related_name="evidence", blank=True, verbose_name=_("actors")
    )
    votes_yes = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(
        _("abstaining"), null=True, blank=True
    )
    counter_evidence = models.TextField(
        _("best evidence the other way"),
        max_length=4000,
        blank=True,
        help_text=_("For the reviewer; not shown to readers."),
    )
    verification = models.CharField(
        _("verification"),
        max_length=10,
        choices=Verification,
        default=Verification.UNVERIFIED,
    )
    verification_note = models.TextField(
        _("what remains to be checked"), max_length=4000, blank=True
    )

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # One per form opened, so that sending it twice makes one entry.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="evidence",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("logged by"),
        help_text=_("Empty for what came with the first data."),
    )
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(m2m_fields=[situations, actors])
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        verbose_name = _("evidence entry")
        verbose_name_plural = _("evidence")
        permissions = [
            ("review_evidence", "Can review submitted evidence"),
            ("curate_evidence", "Can correct and withdraw published evidence"),
        ]
        indexes = [
            models.Index(fields=["state", "occurred_on"], name="evidence_state_date"),
            models.Index(fields=["symbol"], name="evidence_symbol"),
        ]
        constraints = [
            models.CheckConstraint(
                name="evidence_complete_unless_draft",
                condition=Q(state="draft")
                | (
                    Q(occurred_on__isnull=False, submitted_at__isnull=False)
                    & ~Q(kind="")
                    & ~Q(title="")
                    & ~Q(summary="")
                ),
            ),
            models.CheckConstraint(
                name="evidence_published_has_slug_and_instant",
                condition=~Q(state__in=["published", "withdrawn"])
                | Q(published_at__isnull=False, slug__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_withdrawn_has_instant",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="evidence_unverified_is_not_published",
                condition=~Q(state="published", verification="unverified"),
            ),
            models.CheckConstraint(
                name="evidence_votes_together",
                condition=Q(
                    votes_yes__isnull=True,
                    votes_no__isnull=True,
                    votes_abstain__isnull=True,
                )
                | Q(
                    votes_yes__isnull=False,
                    votes_no__isnull=False,
                    votes_abstain__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="evidence_date_is_possible",
                condition=Q(occurred_on__isnull=True) | Q(occurred_on__gte=EARLIEST),
            ),
            models.CheckConstraint(
                name="evidence_kind_is_known",
                condition=Q(kind="") | Q(kind__in=Kind.values),
            ),
            models.CheckConstraint(
                name="evidence_tier_is_known", condition=Q(tier__in=Tier.values)
            ),
            models.CheckConstraint(
                name="evidence_state_is_known",
                condition=Q(
                    state__in=[
                        "draft",
                        "submitted",
                        "returned",
                        "published",
                        "declined",
                        "withdrawn",
                    ]
                ),
            ),
        ]

    def __str__(self):
        return self.title or str(_("Untitled draft"))

    def get_absolute_url(self):
        """The public page; a draft has none and is read at the desk."""
        if self.slug and self.state in (self.State.PUBLISHED, self.State.WITHDRAWN):
            return reverse("evidence-detail", args=[self.slug])
        return reverse("desk-evidence", args=[self.pk])

    @property
    def has_votes(self):
        return self.votes_yes is not None

    @property
    def is_editable(self):
        return self.state in self.EDITABLE

    @property
    def symbol_url(self):
        """The official document: by its symbol, else the first official source."""
        return symbols.link(self.symbol) if self.symbol else None

    @property
    def meeting_url(self):
        return symbols.link(self.meeting) if self.meeting else None

    @property
    def default_form(self):
        """The form that the kind proposes, or None while there is no kind."""
        return Kind(self.kind).default_form if self.kind else None

    @property
    def principal_source(self):
        """The source the entry rests on: the first; the others corroborate it."""
        return next(iter(self.sources.all()), None)


class Source(models.Model):
    """A document or page that shows an event. An entry rests on the first one."""

    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("evidence"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    url = models.URLField(
        _("address"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    label = models.CharField(_("what it is"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    official = models.BooleanField(
        _("official"),
        default=False,
        help_text=_("Issued by the UN, the Court or a government."),
    )
    archived_url = models.URLField(
        _("archived copy"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                name="source_once_per_entry", fields=["evidence", "url"]
            ),
            models.CheckConstraint(
                name="source_address_is_http",
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, **kwargs):
        self.publisher = self.publisher or publisher_of(self.url)
        super().save(**kwargs)


class FindingQuerySet(models.QuerySet):
    def accepted(self, known_at=None):
        """What is accepted now, or was at an instant."""
        if known_at is None:
            return self.filter(accepted_at__isnull=False, retired_at__isnull=True)
        return self.filter(accepted_at__lte=known_at).exclude(retired_at__lte=known_at)

    def current(self):
        """Accepted or still in draft, but not superseded."""
        return self.filter(retired_at__isnull=True)


class Finding(models.Model):
    """What one piece of evidence shows about one criterion.

    Once accepted it is never edited: a correction retires it and adds another that
    says which one it supersedes. Acceptance copies what the rule reads of the entry
    (date, tier, publisher), so that the past can be computed as it was known.
    """

    evidence = models.ForeignKey(
        Evidence,
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
    effect = models.SmallIntegerField(
        _("effect"),
        choices=Effect,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    form = models.CharField(_("form"), max_length=10, choices=Form)
    form_reason = models.CharField(
        _("why this form"),
        max_length=500,
        blank=True,
        help_text=_("Where the form differs from the one its kind proposes."),
    )
    occasion = models.BooleanField(
        _("occasion"),
        default=False,
        help_text=_("The addressee could have complied or not at that moment."),
    )
    pinpoint = models.CharField(_("pinpoint"), max_length=60, blank=True)
    rationale = models.TextField(_("reason"), max_length=2000)
    coded_twice = models.BooleanField(_("coded twice"), default=False)
    disputed = models.BooleanField(_("in dispute"), default=False)
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
            models.Index(fields=["accepted_at", "retired_at"], name="finding_known")
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

    @property
    def weight(self):
        """The weight the rule gives it, by its form and the tier of its source."""
        return ruleset.weigh(self.form, self.tier or self.evidence.tier)


class SearchQuerySet(models.QuerySet):
    def known(self, known_at=None):
        """What stands on the log now, or stood on it at an instant."""
        if known_at is None:
            return self.filter(withdrawn_at__isnull=True)
        return self.filter(recorded_at__lte=known_at).exclude(
            withdrawn_at__lte=known_at
        )


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

    history = HistoricalRecords()
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
