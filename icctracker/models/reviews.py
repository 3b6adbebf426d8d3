"""Review decisions: one row per decision, never edited."""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codings import Coding


class ReviewDecision(models.Model):
    """What somebody decided about an entry, when and why."""

    class Outcome(models.TextChoices):
        PUBLISH = "publish", _("Published")
        RETURN = "return", _("Sent back")
        DECLINE = "decline", _("Declined")
        CORRECT = "correct", _("Corrected")
        WITHDRAW = "withdraw", _("Withdrawn")

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("evidence"),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.TextField(_("comment or reason"), blank=True, max_length=5000)
    alone = models.BooleanField(
        _("decided alone by who wrote or changed it"),
        default=False,
        help_text=_("A curator may, alone, with a reason that is shown."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        help_text=_("Empty for what came with the first data."),
    )
    decided_at = models.DateTimeField(
        _("decided at"), default=timezone.now, editable=False
    )

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("review decision")
        verbose_name_plural = _("review decisions")
        constraints = [
            models.CheckConstraint(
                name="decision_against_has_a_reason",
                condition=Q(outcome="publish", alone=False) | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="decision_outcome_is_known",
                condition=Q(
                    outcome__in=["publish", "return", "decline", "correct", "withdraw"]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["decided_at"], name="decision_by_instant"),
            # The stream of changes is counted by day and read by days.
            models.Index(
                fields=["outcome", "-decided_at", "-id"], name="decision_by_outcome"
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.decided_at:%Y-%m-%d}"


# Comments: what the author of an entry and its reviewers say to each other.

LONGEST_COMMENT = 5000


class Comment(models.Model):
    """One remark on an entry, for its author and reviewers; never shown to readers.

    It is only ever added.
    """

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("evidence"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("author"),
    )
    text = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField(
        _("written at"), default=timezone.now, editable=False
    )

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text=""))
        ]

    def __str__(self):
        return f"{self.evidence_id}, {self.written_at:%Y-%m-%d}"


def comments_for(user, evidence):
    """The comments on an entry that a person may read, oldest first.

    Those of its author and of reviewers; nobody else is shown any.
    """
    if not may_comment(user, evidence):
        return Comment.objects.none()
    return Comment.objects.filter(evidence=evidence).select_related("author")


def may_comment(user, evidence):
    """Whether a person takes part in the review of an entry: no draft is reviewed.

    Whoever is coding it blind does not: comments speak of the first codes.
    """
    if evidence.state == evidence.State.DRAFT:
        return False
    if Coding.objects.blinding(user).filter(evidence=evidence).exists():
        return False
    own = evidence.submitted_by_id == user.pk
    return own or user.has_perm("icctracker.review_evidence")


# What a person is to be told by email, until it has been sent.

# A sender that took a notice and died is taken for dead after this long.
STALE_CLAIM = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet):
    """Notices, by what is still to be done with them."""

    def waiting(self):
        """Not sent, and not being sent at this moment by another process."""
        stale = Q(claimed_at__isnull=True) | Q(
            claimed_at__lt=timezone.now() - STALE_CLAIM
        )
        return self.filter(stale, sent_at__isnull=True)


class Notice(models.Model):
    """One thing that one person is to be told by email.

    It holds no words of its own: the message is written when it is sent, from what is
    true and may be seen by that person then.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("A decision about one's own entry")
        NEW_ENTRY = "new-entry", _("An entry awaits review")
        CODING = "coding", _("An entry to be coded a second time")
        COMMENT = "comment", _("A comment on an entry")
        RESPONSE = "response", _("A correction or reply from outside")
        PROPOSAL = "proposal", _("A finding proposed for a published entry")
        DUE = "due", _("Something is due")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("evidence"),
        null=True,
        blank=True,
    )
    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("recommendation"),
        null=True,
        blank=True,
    )
    outcome = models.CharField(
        _("what was decided, or why it is due"), max_length=10, blank=True
    )
    path = models.CharField(_("page"), max_length=300)
    created_at = models.DateTimeField(
        _("created at"), default=timezone.now, editable=False
    )
    claimed_at = models.DateTimeField(_("being sent since"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["sent_at", "person"], name="notice_unsent")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"


# Responses: corrections and replies from outside, and how they were answered.

LONGEST_RESPONSE = 5000
# No letter or digit that is read for another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference():
    """A reference that nobody guesses and all can read out, as 7K3M-9QXZ-4TDW."""
    groups = ("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _g in range(3))
    return "-".join(groups)


class ResponseQuerySet(models.QuerySet):
    def with_outcome(self, known_at=None):
        """Annotate each with its latest answer's outcome and instant; none: waiting.

        ``outcome_today`` is that of the latest answer there is, whatever was known.
        """
        today = Answer.objects.filter(response=OuterRef("pk")).order_by(
            "-answered_at", "-pk"
        )
        latest = today.filter(answered_at__lte=known_at) if known_at else today
        return self.annotate(
            outcome_today=Subquery(today.values("outcome")[:1]),
            outcome=Subquery(latest.values("outcome")[:1]),
            decided_at=Subquery(latest.values("answered_at")[:1]),
        )

    def public(self, known_at=None):
        """What readers are told of: answered, or withheld with the reason."""
        answers = Answer.objects.select_related("answered_by")
        if known_at:
            answers = answers.filter(answered_at__lte=known_at)
        return (
            self.with_outcome(known_at)
            .filter(outcome__isnull=False)
            .select_related("evidence", "recommendation")
            .prefetch_related(Prefetch("answers", answers))
            .order_by("-received_at", "-pk")
        )

    def waiting(self):
        """What nobody has answered yet, oldest first."""
        answered = Answer.objects.filter(response=OuterRef("pk"))
        return self.filter(~Exists(answered)).order_by("received_at", "pk")


class Response(models.Model):
    """What somebody outside says is wrong, or replies; never edited, never deleted."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("A correction: something here is wrong")
        REPLY = "reply", _("A reply: our side of it")

    reference = models.CharField(
        _("reference"), max_length=14, unique=True, default=new_reference
    )
    # One per form opened, so that sending it twice makes one response.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="responses",
        null=True,
        blank=True,
        verbose_name=_("evidence"),
    )
    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="responses",
        null=True,
        blank=True,
        verbose_name=_("recommendation"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("text"), max_length=LONGEST_RESPONSE)
    shown_by = models.URLField(_("what shows it"), max_length=500, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=160, blank=True)
    publish_name = models.BooleanField(_("name may be published"), default=False)
    email = models.EmailField(_("e-mail, never published"), blank=True)
    received_at = models.DateTimeField(
        _("received at"), default=timezone.now, editable=False
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("correction or reply")
        verbose_name_plural = _("corrections and replies")
        constraints = [
            models.CheckConstraint(
                name="response_says_something", condition=~Q(text="")
            ),
            models.CheckConstraint(
                name="response_is_about_one_thing",
                condition=Q(evidence__isnull=True) | Q(recommendation__isnull=True),
            ),
            models.CheckConstraint(
                name="response_kind_is_known",
                condition=Q(kind__in=["correction", "reply"]),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        """The page on which its sender can follow it."""
        return reverse("response-detail", args=[self.reference])

    @property
    def subject(self):
        """The entry or recommendation it is about, or None for the site as a whole."""
        return self.evidence or self.recommendation

    @property
    def shows_text(self):
        """Whether readers may see its text: withheld later, it is so in the past too.

        It must be annotated by ``with_outcome``.
        """
        shown = Answer.Outcome.ANSWERED
        return self.outcome == shown and self.outcome_today == shown

    @property
    def signed(self):
        """Name and affiliation as its sender lets us print them, else empty."""
        if not self.publish_name:
            return ""
        return ", ".join(part for part in (self.name, self.affiliation) if part)


class Answer(models.Model):
    """How a response was answered: in public, or withheld with a public reason.

    It is only ever added to; the latest one holds.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Published with an answer")
        WITHHELD = "withheld", _("Withheld")

    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("correction or reply"),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    text = models.TextField(_("answer or reason"), max_length=LONGEST_RESPONSE)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(
        _("answered at"), default=timezone.now, editable=False
    )

    class Meta:
        ordering = ["answered_at", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(name="answer_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="answer_outcome_is_known",
                condition=Q(outcome__in=["answered", "withheld"]),
            ),
        ]

    def __str__(self):
        return f"{self.response}: {self.get_outcome_display()}"
