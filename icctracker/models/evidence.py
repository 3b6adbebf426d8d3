"""Evidence: dated events, with what shows them and what they show."""

import re
import uuid
from datetime import date
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from icctracker.texts import symbols
from icctracker.texts.folding import fold

from .codings import Coding, bars
from .council import Member, Vote
from .findings import Finding
from .folded import FoldedField, Searched
from .histories import History
from .shared import names_of, restated
from .spells import Spell
from .vocabulary import Kind, Tier

# What evidence is about, and who acted.

FIRST_YEAR = 1946


class Situation(Searched):
    """A situation or theme that evidence belongs to, and the words that tell it."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    since = models.PositiveSmallIntegerField(
        _("tracked since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR)],
        help_text=_("The year with which the count of its votes begins."),
    )
    title_words = models.TextField(
        _("words in the title"),
        blank=True,
        help_text=_(
            "One word or phrase a line. A document of the Council belongs to this"
            " situation if its title has one of them. A symbol may stand here too."
        ),
    )
    agenda_words = models.TextField(
        _("words in the agenda item"),
        blank=True,
        help_text=_("One word or phrase a line; the agenda item has one of them."),
    )
    ignored_words = models.TextField(
        _("phrases to pass over"),
        blank=True,
        help_text=_(
            "One a line. “South Sudan” here keeps the word “Sudan” from being found"
            " in it."
        ),
    )
    folded = FoldedField(of=("name", "slug", "note"))
    documents = models.ManyToManyField(
        "icctracker.Document",
        related_name="situations",
        blank=True,
        editable=False,
        verbose_name=_("documents its words find"),
    )

    history = History(excluded_fields=["folded"])

    class Meta:
        ordering = ["name"]
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        constraints = [
            models.CheckConstraint(
                name="situation_since_1946",
                condition=Q(since__isnull=True) | Q(since__gte=FIRST_YEAR),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("situation-detail", args=[self.slug])

    def get_texts_url(self):
        """The page of its texts: which speak of the Court, and which are silent."""
        return reverse("situation-texts", args=[self.slug])

    def finder(self):
        """A function that tells whether a document, by its texts, belongs here."""
        ignored = _any_of(self.ignored_words)
        in_title, in_agenda = _any_of(self.title_words), _any_of(self.agenda_words)

        def found(words, text):
            text = " ".join(text.split())
            return words.search(ignored.sub(" ", text) if ignored else text)

        def belongs(symbol, title, agenda_item):
            return bool(
                (in_title and found(in_title, f"{title} {symbol}"))
                or (in_agenda and found(in_agenda, agenda_item))
            )

        return belongs


def _any_of(lines):
    """A pattern for any of these phrases as whole words, or None if there is none."""
    phrases = [" ".join(line.split()) for line in lines.splitlines() if line.strip()]
    if not phrases:
        return None
    parts = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)


class ActorQuerySet(models.QuerySet):
    def on_record(self):
        """Those of whom more is known than that somebody typed them in a draft."""
        return self.filter(drafted=False)

    def named_in(self, entries):
        """Those on record in no entry but drafts, and those whom one of these names."""
        links = Evidence.actors.through.objects.filter(actor=OuterRef("pk"))
        handed_in = links.exclude(evidence__state=Evidence.State.DRAFT)
        alone = Q(drafted=False) & ~Exists(handed_in)
        # Asked of one link after the other: a list of all entries is never made.
        among = Exists(entries.order_by().filter(pk=OuterRef("evidence")))
        return self.filter(alone | Exists(links.filter(among)))

    def visible_to(self, user):
        """Those whom a person may know of: a name in a draft is its author's alone."""
        return self.named_in(Evidence.objects.visible_to(user))

    def put_on_record(self, entry):
        """Let others know whom an entry names that is no draft any more.

        Who is on record by another spelling of the name takes the place of it.
        """
        for actor in entry.actors.filter(drafted=True):
            alike = self.on_record().filter(folded=actor.folded).first()
            if alike is None:
                self.filter(pk=actor.pk).update(drafted=False)
            else:
                entry.actors.remove(actor)
                entry.actors.add(alike)
        self.forget_unnamed()

    def forget_unnamed(self):
        """Drop the names that no draft holds any more, as if never typed."""
        links = Evidence.actors.through.objects.filter(actor=OuterRef("pk"))
        gone = self.filter(~Exists(links), drafted=True)
        keys = list(gone.order_by().values_list("pk", flat=True))
        self.filter(pk__in=keys).delete()
        Actor.history.filter(id__in=keys).delete()


class Actor(Searched):
    """Who acted: a State, an organ, a committee, a person in office."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    folded = FoldedField(of=("name",))
    # That nobody has named it but in a draft: who is a witness is told by that alone.
    drafted = models.BooleanField(default=False, db_default=False, editable=False)

    history = History(excluded_fields=["folded", "drafted"])
    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")

    def __str__(self):
        return self.name

    def clean(self):
        """One actor is on record once, however its name is spelt."""
        others = Actor.objects.on_record().exclude(pk=self.pk)
        alike = others.filter(folded=fold(self.name))
        if other := alike.exclude(name=self.name).first():
            text = _("“%(name)s” is on record as “%(other)s”.")
            said = {"name": self.name, "other": other.name}
            raise ValidationError({"name": text % said})


# The Charter was signed on this day; nothing the tracker deals with is older.
EARLIEST = date(1945, 6, 26)


class EvidenceQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Evidence.State.PUBLISHED)

    def published_of(self, keys):
        """Those with one of these keys that are published, in no order.

        Said as what they are not, so that SQLite looks them up by key: it takes the
        published for few, and would go through all of them.
        """
        others = set(Evidence.State.values) - {Evidence.State.PUBLISHED}
        return self.filter(pk__in=keys).exclude(state__in=sorted(others)).order_by()

    def public(self):
        """What has a page on the open site: published, or withdrawn with a notice."""
        return self.filter(
            state__in=[Evidence.State.PUBLISHED, Evidence.State.WITHDRAWN]
        )

    def known(self, as_of, known_at=None):
        """Published entries on events up to a date.

        For a past instant their editions of that time, which can be asked the same.
        """
        if known_at is None:
            return self.published().filter(occurred_on__lte=as_of)
        editions = apps.get_model("icctracker", "Edition").objects
        known = editions.known(as_of, known_at)
        # Asked of all entries, each would be looked up for nothing.
        return known.filter(evidence__in=self) if self.query.where else known

    def citing(self, document):
        """Entries about a document of the Council's record, joined by its symbol.

        A text without known symbol is joined by the day on which it was vetoed.
        """
        if document.symbol:
            return self.filter(symbol=document.symbol)
        days = [ballot.held_on for ballot in document.ballots.all()]
        return self.filter(symbol="", kind=Kind.VETO, occurred_on__in=days)

    def submitted(self):
        """What waits for a reviewer, oldest first."""
        return self.filter(state=Evidence.State.SUBMITTED).order_by(
            "submitted_at", "pk"
        )

    def visible_to(self, user):
        """What is public, what the user wrote, and what waits for a reviewer.

        Never what the user is coding blind: it holds the first codes.
        """
        public = Q(state__in=[Evidence.State.PUBLISHED, Evidence.State.WITHDRAWN])
        if not user.is_authenticated:
            return self.filter(public)
        own, seen = Q(submitted_by=user), self.without_blind(user)
        if user.has_perm("icctracker.review_evidence"):
            return seen.filter(own | ~Q(state=Evidence.State.DRAFT))
        return seen.filter(public | own)

    def without_blind(self, user):
        """Leaves out the entries that a person is coding blind."""
        return self.exclude(pk__in=Coding.objects.blinding(user).values("evidence"))

    def codable_by(self, person):
        """What a person may code a second time, as far as it can be coded at all.

        Said as what they are not: nearly all can be, and are looked up by key.
        """
        others = set(Evidence.State.values) - {*Coding.CODABLE}
        entries = self.exclude(state__in=sorted(others))
        for _words, barred in bars(person):
            entries = entries.exclude(barred)
        return entries

    def codes_open_to(self, person):
        """Those whose codes a person may be told: in lists, filters, searches, files.

        Not what the person is coding blind, nor what is being coded a second time while
        the person could still be the one to do it: that is told on its own page alone,
        which takes the person out of the number of its coders.
        """
        if not person.is_authenticated:
            return self.all()
        under_way = Evidence.objects.filter(
            pk__in=Coding.objects.live().values("evidence")
        )
        still_blind = under_way.codable_by(person).order_by().values("pk")
        return self.without_blind(person).exclude(pk__in=still_blind)

    def complete(self, known_at=None):
        """With situations, actors, sources and accepted findings, in five queries."""
        return self.listed(known_at).prefetch_related("actors", "sources")

    def listed(self, known_at=None):
        """With what a list shows (situations, findings), in three queries."""
        return self.prefetch_related(
            "situations",
            Prefetch(
                "findings",
                queryset=Finding.objects.accepted(known_at)
                .select_related("criterion__recommendation", "criterion__codebook")
                .order_by("criterion__recommendation__number", "criterion__code"),
                to_attr="accepted_findings",
            ),
        )


# What is said of an event. Whatever lists the facts of an entry takes them from here.


class Facts(models.Model):
    """What readers are told of one dated event, by an entry and by its editions."""

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
    votes_yes = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(
        _("abstaining"), null=True, blank=True
    )
    roll_call = models.JSONField(
        _("votes of the members"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("How each member of the Council voted, by its code."),
    )
    verification_note = models.TextField(
        _("what remains to be checked"), max_length=4000, blank=True
    )

    class Meta:
        abstract = True

    @property
    def has_votes(self):
        return self.votes_yes is not None

    @cached_property
    def by_vote(self):
        """The members by how they voted, as it was logged: the vote, and the names.

        One query, where a roll call was logged at all.
        """
        if not self.roll_call:
            return []
        members = list(Member.objects.filter(code__in=self.roll_call))
        rows = []
        for cast in Vote.Cast:
            names = [m.name for m in members if self.roll_call[m.code] == cast]
            rows.append((cast.label, names))
        return [(label, names) for label, names in rows if names]

    @property
    def symbol_url(self):
        """The official document: by its symbol, else the first official source."""
        if not self.symbol:
            return None
        official = (source.url for source in self.sources.all() if source.official)
        return symbols.link(self.symbol) or next(official, None)

    @property
    def meeting_url(self):
        return symbols.link(self.meeting) if self.meeting else None

    @property
    def principal_source(self):
        """The source the entry rests on: the first; the others corroborate it."""
        return next(iter(self.sources.all()), None)


class Withheld(models.Model):
    """What only reviewers are told."""

    counter_evidence = models.TextField(
        _("best evidence the other way"),
        max_length=4000,
        blank=True,
        help_text=_("For the reviewer; not shown to readers."),
    )

    class Meta:
        abstract = True


FACTS_SHOWN = names_of(Facts)
FACTS = [*FACTS_SHOWN, *names_of(Withheld)]
# What words are looked for in.
SEARCHED = ("title", "summary", "symbol", "meeting")
VOTES = ("votes_yes", "votes_no", "votes_abstain")
# What is said of the entry rather than of the event.
REMARKS = ("counter_evidence", "verification_note")
SUBJECTS = ("situations", "actors")


def with_subjects(names):
    """The names in the order of a file: what the event is about, then its votes."""
    place = names.index(VOTES[0])
    return [*names[:place], *SUBJECTS, *names[place:]]


# How entries are listed, with what decides between equals: no page shows one twice.
NEWEST_FIRST = ("-occurred_on", "-id")
LISTED_BY = {
    "date": NEWEST_FIRST,
    "title": ("title", "id"),
    "kind": ("kind", *NEWEST_FIRST),
}


class Evidence(Searched, Facts, Withheld):
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
    situations = models.ManyToManyField(
        Situation, related_name="evidence", blank=True, verbose_name=_("situations")
    )
    actors = models.ManyToManyField(
        Actor, related_name="evidence", blank=True, verbose_name=_("actors")
    )
    verification = models.CharField(
        _("verification"),
        max_length=10,
        choices=Verification,
        default=Verification.UNVERIFIED,
    )

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # One per form opened, so that sending it twice makes one entry.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    folded = FoldedField(of=SEARCHED)
    # What its author typed that fits no field yet, as it was posted.
    unfinished = models.TextField(blank=True, editable=False)
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

    history = History(
        m2m_fields=[situations, actors], excluded_fields=["unfinished", "folded"]
    )
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
            # A page of the list is read in the order of an index, however it is sorted.
            *(
                models.Index(fields=["state", *order], name=f"evidence_by_{name}")
                for name, order in LISTED_BY.items()
            ),
            models.Index(
                fields=["symbol", "state", *NEWEST_FIRST], name="evidence_by_symbol"
            ),
            # In whatever state, as curators list them, and near to a day.
            models.Index(fields=NEWEST_FIRST, name="evidence_newest"),
            # Of one person: what is in hand, and what happened last.
            models.Index(fields=["submitted_by", "state"], name="evidence_of_author"),
            models.Index(
                fields=["submitted_by", "-updated_at", "-id"],
                name="evidence_moved_of_author",
            ),
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state="submitted"),
                name="evidence_waiting",
            ),
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

    def save(self, **kwargs):
        super().save(**kwargs)
        TitleWord.objects.using(self._state.db).keep({self.pk: self.title})

    def get_absolute_url(self):
        """The public page; a draft has none and is read at the desk."""
        if self.slug and self.state in (self.State.PUBLISHED, self.State.WITHDRAWN):
            return reverse("evidence-detail", args=[self.slug])
        return reverse("desk-evidence", args=[self.pk])

    @property
    def has_author(self):
        """Whether there is somebody to send it back to.

        Not where it came with the first data, nor once the author's account is closed.
        """
        return self.submitted_by is not None and self.submitted_by.closed_at is None

    def written_by(self, user):
        """Whether a person wrote the entry, or changed it since it was submitted."""
        return self.submitted_by_id == user.pk or self.changed_by(user)

    def changed_by(self, user):
        """Whether a person has saved the entry since it was submitted.

        Coding it a second time and reconciling leave no trace here: both are records
        of their own, and no work on what the entry says happened.
        """
        if user.pk is None or self.submitted_at is None:
            return False
        return self.history.filter(
            history_user=user.pk, history_date__gte=self.submitted_at
        ).exists()

    @property
    def is_editable(self):
        return self.state in self.EDITABLE

    @property
    def default_form(self):
        """The form that the kind proposes, or None while there is no kind."""
        return Kind(self.kind).proposed_form if self.kind else None


# The words of titles, so that a title much like another is found by an index.

LONGEST_WORD = 60


def words_in(text):
    """The words of a text, folded, in their order."""
    return re.findall(r"\w+", fold(text))


def title_words(title):
    """The words that a title is found by."""
    return {word[:LONGEST_WORD] for word in words_in(title)}


class TitleWordQuerySet(models.QuerySet):
    def keep(self, titles):
        """Make the words of entries those of their titles.

        ``titles`` has the title of each entry by its key; they are some, not all.
        Returns how many were otherwise.
        """
        missing, needless = self._differing(titles)
        self.filter(pk__in=needless.values()).delete()
        self.bulk_create(
            (self.model(evidence_id=key, word=word) for key, word in sorted(missing)),
            batch_size=2000,
        )
        return len({key for key, _word in (*missing, *needless)})

    def otherwise(self, titles):
        """The keys of those entries whose words are not those of their titles."""
        missing, needless = self._differing(titles)
        return {key for key, _word in (*missing, *needless)}

    def _differing(self, titles):
        """The words that are missing, and the keys of those that are too many."""
        meant = {
            (key, word) for key, title in titles.items() for word in title_words(title)
        }
        rows = self.filter(evidence__in=titles).values_list("evidence_id", "word", "pk")
        found = {(key, word): pk for key, word, pk in rows}
        needless = {each: found[each] for each in found.keys() - meant}
        return meant - found.keys(), needless

    def newest_with(self, words, most):
        """For each word the newest entries that have it in their title, by key."""
        table = self.model._meta.db_table
        part = (
            f"SELECT %s, evidence_id FROM (SELECT evidence_id FROM {table}"  # noqa: S608
            " WHERE word = %s ORDER BY evidence_id DESC LIMIT %s) AS newest"
        )
        found = {word: [] for word in words}
        with connections[self.db].cursor() as cursor:
            parts = [part] * len(words)
            values = [each for word in words for each in (word, word, most)]
            cursor.execute(" UNION ALL ".join(parts), values)
            for word, key in cursor:
                found[word].append(key)
        return found


class TitleWord(models.Model):
    """That a word is in the title of an entry. Follows from the title."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.CASCADE, related_name="title_words", db_index=False
    )
    word = models.CharField(max_length=LONGEST_WORD)

    objects = TitleWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a title")
        verbose_name_plural = _("words of titles")
        indexes = [models.Index(fields=["word", "-evidence"], name="title_word")]
        constraints = [
            models.UniqueConstraint(name="title_word_once", fields=["evidence", "word"])
        ]

    def __str__(self):
        return self.word


# Editions: what readers were shown of an entry, from one instant to another.


class EditionQuerySet(Spell):
    """Read like entries, so that a page of the past is made as one of today.

    Of each entry one edition stands at a time.
    """

    since, until = "at", "until"

    def known(self, as_of, known_at):
        """What stood at an instant, of entries on events up to a date."""
        return self.stood(known_at).filter(occurred_on__lte=as_of)

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


class Edition(Searched, Facts):
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
    codebook = models.ForeignKey(
        "icctracker.Codebook",
        on_delete=models.PROTECT,
        related_name="editions",
        null=True,
        blank=True,
        verbose_name=_("codebook"),
        help_text=_("The version with which its findings were coded again."),
    )

    folded = FoldedField(of=SEARCHED)
    # A draft may lack what readers are never shown an entry without.
    occurred_on = restated(Facts, "occurred_on", null=False, blank=False, help_text="")
    kind = restated(Facts, "kind", blank=False)
    tier = restated(Facts, "tier", default=models.NOT_PROVIDED)
    title = restated(Facts, "title", blank=False)
    summary = restated(Facts, "summary", blank=False, max_length=None)
    roll_call = restated(Facts, "roll_call", editable=True, help_text="")
    verification_note = restated(
        Facts,
        "verification_note",
        verbose_name=_("on what was read"),
        max_length=None,
    )
    situations = models.ManyToManyField(
        "icctracker.Situation", related_name="editions", verbose_name=_("situations")
    )
    actors = models.ManyToManyField(
        "icctracker.Actor", related_name="editions", verbose_name=_("actors")
    )

    objects = EditionQuerySet.as_manager()

    verification = Evidence.Verification.VERIFIED

    class Meta:
        ordering = ["-occurred_on", "-evidence_id"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        indexes = [
            models.Index(fields=["at", "until"], name="edition_known"),
            # A page of the past is read in the order of an index, as one of today.
            models.Index(fields=["-occurred_on", "-evidence"], name="edition_by_date"),
        ]
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


# Sources: the documents and pages that show an event.

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


class Citation(models.Model):
    """A document or page that shows an event, as an entry or an edition cites it."""

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

    class Meta:
        abstract = True


CITED = names_of(Citation)
# The place is that of the row; the publisher follows from the address.
SOURCE_FIELDS = [name for name in CITED if name not in ("position", "publisher")]


class Source(Citation):
    """A document or page that shows an event. An entry rests on the first one."""

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("evidence"),
    )
    history = History()

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
        self.name_publisher()
        super().save(**kwargs)

    def name_publisher(self):
        """Fill in who publishes at the address, where nobody is named."""
        longest = self._meta.get_field("publisher").max_length
        self.publisher = self.publisher or publisher_of(self.url)[:longest]


class EditionSource(Citation):
    """A source as an edition cited it."""

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("edition"),
    )
    # It was checked when it was typed.
    url = restated(Citation, "url", validators=[])
    official = restated(Citation, "official", help_text="")
    archived_url = restated(Citation, "archived_url", validators=[])

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
