"""The Council's own record: members, documents, ballots, votes, and their sources."""

import os
import re
import socket
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from icctracker.ruleset import votes
from icctracker.texts import states, symbols

from .folded import FoldedField, Searched
from .spells import Spell

# Who held a permanent seat before, and the year to which the record dates the change.
FORMER_SEATS = {"RUS": (_("USSR"), 1991), "CHN": (_("Republic of China"), 1971)}


# Those of the Council's documents, by their codes.
LANGUAGES = {
    "en": _("English"),
    "fr": _("French"),
    "es": _("Spanish"),
    "ru": _("Russian"),
    "zh": _("Chinese"),
    "ar": _("Arabic"),
    "de": _("German"),
}


class Import(models.Model):
    """One loading of one file: where values come from, and since when."""

    source = models.CharField(_("file"), max_length=200)
    credit = models.CharField(_("compiled from"), max_length=300, blank=True)
    # Of a file that ships with the site, the hash of what was loaded from it.
    digest = models.CharField(
        _("hash"), max_length=64, blank=True, db_default="", editable=False
    )
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return f"{self.source}, {date_format(self.imported_at)}"


class FromImport(models.Model):
    """A record that can say which file it comes from."""

    imported = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("import"),
    )

    class Meta:
        abstract = True


class Member(Searched):
    """A seat on the Council, under the present name of the State that holds it."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    permanent = models.BooleanField(_("permanent member"), default=False)
    folded = FoldedField(of=("name", "code"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("Council member")
        verbose_name_plural = _("Council members")
        constraints = [
            models.CheckConstraint(
                name="member_has_code_and_name", condition=~Q(code="") & ~Q(name="")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("member-detail", args=[self.slug])

    @property
    def m49(self):
        """Its number in the M49 of the United Nations; empty where it has none."""
        return states.m49(self.code)

    def name_in(self, year):
        """The former holder of the seat, where it was another; else nothing."""
        name, changed = FORMER_SEATS.get(self.code, ("", 0))
        return name if year < changed else ""


class Membership(FromImport):
    """One year of a member on the Council, named as the source names it."""

    member = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("member"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    code = models.CharField(_("code in the source"), max_length=3)
    name = models.CharField(_("name in the source"), max_length=120)
    regional_group = models.CharField(_("regional group"), max_length=40, blank=True)

    class Meta:
        ordering = ["-year", "member__name"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="membership_once_a_year", fields=["member", "year"]
            ),
            models.CheckConstraint(
                name="membership_since_1946", condition=Q(year__gte=1946)
            ),
        ]

    def __str__(self):
        return f"{self.member}, {self.year}"


class DocumentQuerySet(models.QuerySet):
    def with_ballots(self):
        """With the ballots of each, in one more query."""
        return self.prefetch_related("ballots")

    def dated(self):
        """With the day of the first ballot, as ``held_on``."""
        first = Ballot.objects.filter(document=OuterRef("pk")).order_by()
        first = first.values("document").annotate(day=Min("held_on")).values("day")
        return self.annotate(held_on=Subquery(first))

    def with_votes(self):
        """With ballots and every vote, in two more queries."""
        votes = models.Prefetch("votes", Vote.objects.select_related("member"))
        ballots = Ballot.objects.prefetch_related(votes).select_related("imported")
        return self.prefetch_related(models.Prefetch("ballots", ballots))

    def cited_by(self, entry):
        """The document an evidence entry is about: that of its symbol.

        A veto on a text without known symbol is found by its day.
        """
        if entry.symbol:
            return self.filter(symbol=entry.symbol)
        if entry.kind == "veto":
            return self.filter(symbol="", ballots__held_on=entry.occurred_on)
        return self.none()


class Document(Searched, FromImport):
    """A text of the Council: a resolution, a statement, or a draft that failed.

    One that failed by votes against of permanent members was vetoed; others failed for
    want of votes. Statements are made by the President for all members.
    """

    class Series(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        VETOED = "vetoed", _("Vetoed text")
        FAILED = "failed", _("Draft that failed for want of votes")
        STATEMENT = "statement", _("Statement by the President")

    # What is put to the vote, and so counts where votes are counted.
    VOTED = (Series.RESOLUTION, Series.VETOED, Series.FAILED)

    symbol = models.CharField(
        _("symbol"), max_length=80, blank=True, help_text=_("Empty if not known.")
    )
    series = models.CharField(_("series"), max_length=12, choices=Series)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    title_is_cut = models.BooleanField(
        _("title is cut short"), default=False, help_text=_("The source cut it.")
    )
    agenda_item = models.TextField(_("agenda item"), blank=True)
    # By it texts are of one series; the record often has a shorter one.
    text_item = models.TextField(
        _("agenda item by the text itself"), blank=True, db_default=""
    )
    drafts = models.CharField(
        _("drafts"), max_length=200, blank=True, help_text=_("As the source has them.")
    )
    folded = FoldedField(of=("symbol", "title", "agenda_item", "drafts"))
    court_mentions = models.PositiveSmallIntegerField(
        _("mentions of the Court or its Statute"),
        null=True,
        blank=True,
        help_text=_("Empty where the text was not available."),
    )
    library_record = models.PositiveIntegerField(
        _("record in the UN Digital Library"), null=True, blank=True
    )
    unconfirmed = models.BooleanField(
        _("unconfirmed"), default=False, help_text=_("No official record was read.")
    )
    chapter_vii = models.BooleanField(
        _("acts under Chapter VII"),
        null=True,
        blank=True,
        help_text=_("Wholly or in part. Empty where the text was not available."),
    )
    # Index terms of the Library: what it is about, and the bodies and treaties named.
    subjects = models.TextField(
        _("subjects"), blank=True, db_default="", help_text=_("One on a line.")
    )
    bodies = models.TextField(
        _("bodies and instruments"),
        blank=True,
        db_default="",
        help_text=_("One on a line."),
    )
    languages = models.CharField(
        _("languages of the text that was read"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_("Empty where no text was read paragraph by paragraph."),
    )
    note = models.TextField(_("note"), blank=True)
    sources = models.CharField(_("sources"), max_length=80, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-number", "symbol", "pk"]
        verbose_name = _("Council document")
        verbose_name_plural = _("Council documents")
        constraints = [
            models.UniqueConstraint(
                name="document_symbol_once", fields=["symbol"], condition=~Q(symbol="")
            ),
            models.UniqueConstraint(
                name="resolution_number_once",
                fields=["number"],
                condition=Q(series="resolution"),
            ),
            models.CheckConstraint(
                name="resolution_has_number_and_symbol",
                condition=(Q(series="resolution", number__isnull=False) & ~Q(symbol=""))
                | Q(series__in=["vetoed", "failed"], number__isnull=True)
                | (Q(series="statement", number__isnull=True) & ~Q(symbol="")),
            ),
        ]

    def __str__(self):
        if self.symbol:
            return self.symbol
        return _now("A text without known symbol")

    def get_absolute_url(self):
        """The public page; a text without symbol is read in the list."""
        if not self.symbol:
            return reverse("document-list")
        return reverse("document-detail", args=[self.symbol])

    @property
    def subject(self):
        """What it is about: its title, else its agenda item."""
        return self.title or self.agenda_item

    @property
    def is_resolution(self):
        return self.series == self.Series.RESOLUTION

    @property
    def is_statement(self):
        return self.series == self.Series.STATEMENT

    @property
    def goes_by_meeting(self):
        """Whether its own symbol is not known, or only that of its meeting is."""
        return not self.symbol or self.symbol.startswith("S/PV.")

    @property
    def url(self):
        """The official document."""
        return symbols.link(self.symbol) if self.symbol else None

    @property
    def leading_ballot(self):
        """The vote that it is known by: of a vetoed text the veto, else the first."""
        ballots = list(self.ballots.all())
        if self.series == self.Series.VETOED:
            vetoed = Ballot.Outcome.VETOED
            ballots.sort(key=lambda ballot: ballot.outcome != vetoed)
        return ballots[0] if ballots else None

    @property
    def uri(self):
        """The address by which the United Nations names it, in whatever language."""
        return symbols.uri(self.symbol) if self.symbol else ""

    @property
    def language_names(self):
        """The languages in which its text is machine-readable."""
        return [str(LANGUAGES.get(each, each)) for each in self.languages.split()]

    @property
    def subject_terms(self):
        """What it is about, in the Library's own terms."""
        return self.subjects.splitlines()

    @property
    def body_terms(self):
        """Bodies and treaties named in it, in the Library's own terms."""
        return self.bodies.splitlines()

    @property
    def library_url(self):
        """Its record in the UN Digital Library, where the number is known."""
        return library_url(self.library_record)


class Ballot(Searched, FromImport):
    """One vote taken on a document; a text may be voted on in parts.

    Of what was adopted without a vote, and of a statement, it says day and meeting.
    """

    class Outcome(models.TextChoices):
        UNANIMOUS = "unanimous", _("Adopted unanimously")
        MAJORITY = "majority", _("Adopted by majority")
        WITHOUT_VOTE = "without vote", _("Adopted without a vote")
        VETOED = "vetoed", _("Vetoed")
        FAILED = "failed", _("Not adopted, for want of votes")
        STATEMENT = "statement", _("Made by the President for all members")

    # Nobody votes on these.
    UNVOTED = (Outcome.WITHOUT_VOTE, Outcome.STATEMENT)

    class LibraryList(models.TextChoices):
        YES = "yes", _("In the Library's list of vetoes")
        NO = "no", _("Not in the Library's list of vetoes")
        LATER = "later", _("Later than the Library's list of vetoes")

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="ballots",
        verbose_name=_("document"),
    )
    item = models.PositiveSmallIntegerField(_("item"), default=1)
    held_on = models.DateField(_("date"), db_index=True)
    meeting = models.CharField(_("meeting record"), max_length=80, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    # All four are empty where a list of vetoes tells no more than who cast one.
    yes = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    no = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(_("abstaining"), null=True, blank=True)
    non_voting = models.PositiveSmallIntegerField(
        _("not voting"), null=True, blank=True
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    library_list = models.CharField(
        _("Library's list"), max_length=5, choices=LibraryList, blank=True
    )
    library_record = models.PositiveIntegerField(
        _("voting record in the UN Digital Library"), null=True, blank=True
    )
    agenda_item = models.TextField(
        _("agenda item"),
        blank=True,
        help_text=_("Only if it is another than that of the document."),
    )
    folded = FoldedField(of=("agenda_item", "meeting"))
    note = models.TextField(_("note"), blank=True)
    sources = models.CharField(_("sources"), max_length=80, blank=True)

    class Meta:
        ordering = ["held_on", "item"]
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                name="ballot_item_once", fields=["document", "held_on", "item"]
            ),
            models.CheckConstraint(
                name="ballot_adds_up",
                condition=Q(
                    yes__isnull=True,
                    no__isnull=True,
                    abstain__isnull=True,
                    non_voting__isnull=True,
                )
                | Q(
                    yes__isnull=False,
                    no__isnull=False,
                    abstain__isnull=False,
                    non_voting__isnull=False,
                    seats=F("yes") + F("no") + F("abstain") + F("non_voting"),
                ),
            ),
            models.CheckConstraint(
                name="ballot_without_known_votes_was_vetoed",
                condition=Q(yes__isnull=False) | Q(outcome__in=["vetoed", "failed"]),
            ),
            models.CheckConstraint(
                name="ballot_has_a_seat_for_all", condition=Q(seats__in=[11, 15])
            ),
            models.CheckConstraint(
                name="ballot_without_vote_has_no_votes",
                condition=~Q(outcome__in=["without vote", "statement"])
                | Q(yes=0, no=0, abstain=0),
            ),
            models.CheckConstraint(
                name="ballot_outcome_is_known",
                condition=Q(
                    outcome__in=[
                        *("unanimous", "majority", "without vote"),
                        *("vetoed", "failed", "statement"),
                    ]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.held_on}"

    @property
    def on_agenda(self):
        """Its agenda item: its own, else that of the document."""
        return self.agenda_item or self.document.agenda_item

    @property
    def subject(self):
        """What it was on: its own agenda item, else the subject of the document."""
        return self.agenda_item or self.document.subject

    @property
    def was_voted(self):
        """Whether votes were cast at all."""
        return self.outcome not in self.UNVOTED

    @property
    def verdict(self):
        """How the vote ended, as the votes of members are judged by."""
        ended = {self.Outcome.VETOED: votes.VETOED, self.Outcome.FAILED: votes.FAILED}
        return ended.get(self.outcome, votes.ADOPTED)

    @property
    def votes_known(self):
        """Whether the record tells how many voted how; of some vetoes it does not."""
        return self.yes is not None

    @property
    def tally(self):
        """In favour, against, abstaining; nothing if nobody voted."""
        if not self.votes_known:
            return _now("votes not known")
        return f"{self.yes}–{self.no}–{self.abstain}" if self.was_voted else ""

    @property
    def meeting_symbols(self):
        """Pairs of symbol and link: votes in writing rest on two letters."""
        found = self.meeting.split("; ") if self.meeting else []
        return [(symbol, symbols.link(symbol)) for symbol in found]

    @property
    def library_url(self):
        """The voting record in the UN Digital Library, where the number is known."""
        return library_url(self.library_record)


class VoteQuerySet(models.QuerySet):
    def vetoes(self):
        """Votes of permanent members against texts that failed by them."""
        return self.filter(
            cast=Vote.Cast.NO,
            member__permanent=True,
            ballot__outcome=Ballot.Outcome.VETOED,
        )

    def cast_in_a_vote(self):
        """Votes in ballots that were put to the vote at all."""
        return self.exclude(ballot__outcome__in=Ballot.UNVOTED)


class Vote(models.Model):
    """How one member voted in one ballot; no row where the record does not tell."""

    class Cast(models.TextChoices):
        YES = "Y", _("In favour")
        NO = "N", _("Against")
        ABSTAIN = "A", _("Abstained")
        NOT_VOTING = "X", _("Did not vote")
        UNCERTAIN = "U", _("Not certain")

    ballot = models.ForeignKey(
        Ballot, on_delete=models.CASCADE, related_name="votes", verbose_name=_("ballot")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="votes", verbose_name=_("member")
    )
    cast = models.CharField(_("vote"), max_length=1, choices=Cast)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["ballot", "member__name"]
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                name="vote_once_a_ballot", fields=["ballot", "member"]
            ),
            models.CheckConstraint(
                name="vote_is_known", condition=Q(cast__in=["Y", "N", "A", "X", "U"])
            ),
        ]
        indexes = [models.Index(fields=["member", "cast"], name="vote_member_cast")]

    def __str__(self):
        return f"{self.member}: {self.get_cast_display()}"


def library_url(number):
    """The address of a record of the UN Digital Library."""
    return f"https://digitallibrary.un.org/record/{number}" if number else None


# Documents that somebody looked at and set aside: why, and whether still.


class DismissalQuerySet(Spell):
    since, until = "dismissed_at", "undone_at"


class Dismissal(models.Model):
    """One document set aside by one person for a reason; undone, never deleted."""

    document = models.ForeignKey(
        "icctracker.Document",
        on_delete=models.PROTECT,
        related_name="dismissals",
        verbose_name=_("document"),
    )
    reason = models.TextField(_("reason"), max_length=500)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="dismissals",
        verbose_name=_("set aside by"),
    )
    dismissed_at = models.DateTimeField(_("set aside at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("put back by"),
    )
    undone_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        ordering = ["-dismissed_at", "-pk"]
        verbose_name = _("document set aside")
        verbose_name_plural = _("documents set aside")
        constraints = [
            models.UniqueConstraint(
                name="dismissal_stands_once",
                fields=["document"],
                condition=Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dismissal_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="dismissal_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.CheckConstraint(
                name="dismissal_undone_afterwards",
                condition=Q(undone_at__isnull=True)
                | Q(undone_at__gte=F("dismissed_at")),
            ),
        ]

    def __str__(self):
        return f"{self.document}: {self.reason}"


# Imports of files into the Council's record: what ran, and what came from where.

# A run that has given no sign for so long has ended without saying so.
SILENCE = timedelta(minutes=10)


class ImportRun(models.Model):
    """One attempt to bring in one file: how far it is, and what it found."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being compared with the record")
        CHECKED = "checked", _("Compared; nothing is imported yet")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Not imported")
        STOPPED = "stopped", _("Stopped before its end; nothing was imported")
        DISCARDED = "discarded", _("Discarded; nothing was imported")
        HALTED = "halted", _("Stopped before its end; what was read before is kept")

    class Subject(models.TextChoices):
        RECORD = "record", _("the Council's record")
        TEXTS = "texts", _("texts of documents")

    subject = models.CharField(
        _("what it brings in"),
        max_length=10,
        choices=Subject,
        default=Subject.RECORD,
        db_default=Subject.RECORD,
    )
    # Of texts that differ from those kept, whether the file's take their place.
    replaces = models.BooleanField(
        _("replace texts that differ"), default=False, db_default=False
    )
    file = models.CharField(_("file"), max_length=200)
    layout = models.CharField(_("recognised as"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    date_order = models.CharField(_("order in dates"), max_length=12, blank=True)
    partly = models.BooleanField(_("import what has no fault"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    # The last sign of life; a run that is silent for long no longer holds the lock.
    seen_at = models.DateTimeField(_("last seen at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("read, in per cent"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    message = models.TextField(_("message"), blank=True)
    # Machine and process, as in web1:4711: one that has died no longer holds the lock.
    process = models.CharField(_("process"), max_length=120, blank=True)
    # Only one run writes to the record at a time.
    holds_lock = models.BooleanField(_("is writing"), default=False)
    imported = models.ForeignKey(
        Import,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("import"),
    )

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        constraints = [
            models.UniqueConstraint(
                name="one_import_at_a_time",
                fields=["holds_lock"],
                condition=Q(holds_lock=True),
            ),
            models.CheckConstraint(
                name="import_run_ends_without_the_lock",
                condition=Q(holds_lock=False) | Q(finished_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.file}, {date_format(self.started_at)}"

    def get_absolute_url(self):
        return reverse("admin:icctracker_importrun_change", args=[self.pk])

    @property
    def folder(self):
        """Where its file and its report lie until they are no longer needed."""
        before = settings.VAR_DIR / "imports" / str(self.pk)
        # Where they lay until they moved out of the folder of the database.
        return before if before.exists() else settings.IMPORT_DIR / str(self.pk)

    @property
    def is_of_texts(self):
        """Whether it brings in texts of documents, and not the record."""
        return self.subject == self.Subject.TEXTS

    @property
    def is_running(self):
        return self.state in (self.State.CHECKING, self.State.IMPORTING)

    @property
    def is_silent(self):
        """Whether it should be running but has died, or given no sign for long."""
        if not self.is_running or self.waits_for_a_worker:
            return False
        return self.has_died or timezone.now() - self.seen_at > SILENCE

    @property
    def waits_for_a_worker(self):
        """Whether nobody has begun with it yet, and somebody will."""
        return settings.WORKER and self.is_running and not self.process

    @property
    def has_died(self):
        """Whether its process is known to be gone; only its own machine can tell."""
        host, _colon, number = self.process.rpartition(":")
        if host != socket.gethostname():
            return False
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class ValueOrigin(FromImport):
    """Where one value was taken from later than the record it stands in.

    What no row names comes from the import of its document or ballot.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="origins",
        verbose_name=_("document"),
    )
    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="origins",
        verbose_name=_("ballot"),
    )
    field = models.CharField(_("field"), max_length=40)
    before = models.TextField(_("value before"), blank=True)

    class Meta:
        ordering = ["document", "pk"]
        verbose_name = _("origin of a value")
        verbose_name_plural = _("origins of values")
        constraints = [
            models.CheckConstraint(name="origin_names_a_field", condition=~Q(field="")),
        ]

    def __str__(self):
        return f"{self.document}, {self.field}"


# What other sources say otherwise than the Council's record.


class OtherValue(FromImport):
    """What another source says of a value in the record; both are kept and shown."""

    class Standing(models.TextChoices):
        OPEN = "open", _("The sources differ, and the question is open")
        SETTLED = "settled", _("The sources differed; one was followed for a reason")
        MODALITY = "modality", _("The sources describe the same adoption differently")

    class Field(models.TextChoices):
        DATE = "date", _("Date")
        VOTE = "vote", _("Vote")
        VETOED_BY = "vetoed-by", _("Veto cast by")
        TITLE = "title", _("Title")
        MEETING = "meeting", _("Meeting record")
        OTHER = "other", _("Other")

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="other_values",
        verbose_name=_("document"),
    )
    field = models.CharField(_("field"), max_length=12, choices=Field)
    says = models.CharField(_("what the other source says"), max_length=500)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.OPEN
    )

    class Meta:
        ordering = ["document", "field", "pk"]
        verbose_name = _("other value")
        verbose_name_plural = _("other values")
        constraints = [
            models.UniqueConstraint(
                name="other_value_once", fields=["document", "field", "says"]
            ),
            models.CheckConstraint(
                name="other_value_says_something", condition=~Q(says="")
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.says}"

    @property
    def in_words(self):
        """What it says, with its dates as readers write them."""
        return capfirst(_ISO_DATE.sub(lambda day: _date_in_words(day[0]), self.says))


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _date_in_words(text):
    try:
        return date_format(date.fromisoformat(text))
    except ValueError:
        return text
