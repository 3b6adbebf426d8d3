"""What the Council's documents say where, by paragraph; and who sponsored them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from icctracker.texts import pinpoints, states

from .council import FromImport


class Term(models.TextChoices):
    """What a paragraph speaks of, as the index has it."""

    COURT = "court", _("The Court")
    ROME_STATUTE = "rome-statute", _("The Rome Statute")
    PROSECUTOR = "prosecutor", _("The Prosecutor of the Court")
    COOPERATION = "cooperation", _("Cooperation with the Court")
    SURRENDER = "surrender", _("Arrest and surrender to the Court")
    ARREST_WARRANT = "arrest-warrant", _("A warrant of arrest, of any court")
    REFERRAL = "referral", _("A situation referred to the Court")
    DEFERRAL = "deferral", _("Deferral (article 16)")
    NON_PARTY = "non-party", _("States not party to the Rome Statute")
    COSTS = "costs", _("Who bears the costs of a referral")
    CORE_CRIMES = "core-crimes", _("Genocide, crimes against humanity, war crimes")
    ACCOUNTABILITY = "accountability", _("Accountability for violations")
    IMPUNITY = "impunity", _("Impunity")
    AMNESTY = "amnesty", _("Amnesty, for or against")
    IMMUNITY = "immunity", _("Immunity from prosecution")
    SANCTIONS_GROUND = "sanctions-ground", _("Violations as a ground for sanctions")
    INQUIRY = "inquiry", _("A commission of inquiry or investigative team")
    TRIBUNAL = "tribunal", _("Another international or mixed tribunal")
    WORKING_GROUP = "working-group", _("The Informal Working Group on Tribunals")
    VICTIMS_FUND = "victims-fund", _("The Trust Fund for Victims")


# Whoever uses one of these speaks of the Court.
COURT_FAMILY = (Term.COURT, Term.ROME_STATUTE, Term.PROSECUTOR)


class PassageQuerySet(models.QuerySet):
    def speaking_of(self, terms):
        """Those that bear one of these terms."""
        return self.filter(bearing(terms))

    def on_the_court(self):
        """Those that speak of the Court, its Statute or its Prosecutor."""
        return self.speaking_of(COURT_FAMILY)


def bearing(terms):
    """A condition on passages: that one bears one of these terms."""
    # Each term stands between spaces, so that none is found within another.
    asked = [Q(terms__contains=f" {term} ") for term in terms]
    return Q(*asked, _connector=Q.OR)


def speaks_of_the_court():
    """A condition on documents: that the index has a paragraph on the Court in it."""
    passages = Passage.objects.on_the_court().filter(document=OuterRef("pk"))
    return Q(Exists(passages))


class Passage(FromImport):
    """A paragraph of a document that speaks of what the recommendations are about.

    Its words are not here, only where it stands, of what it speaks and how long it is.
    """

    document = models.ForeignKey(
        "icctracker.Document",
        on_delete=models.CASCADE,
        related_name="passages",
        verbose_name=_("document"),
    )
    place = models.PositiveSmallIntegerField(_("place in the document"))
    label = models.CharField(
        _("paragraph"),
        max_length=60,
        help_text=_("As the United Nations cites it: OP 6, PP 4, OP 30 (f) (i)."),
    )
    annex = models.CharField(_("annex"), max_length=120, blank=True)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    anchor = models.CharField(_("address on the page"), max_length=120)
    terms = models.CharField(_("terms"), max_length=200)
    words = models.PositiveIntegerField(_("length in words"))

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["document", "place"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(
                name="passage_anchor_once", fields=["document", "anchor"]
            ),
            models.CheckConstraint(
                name="passage_has_a_place_and_a_term",
                condition=~Q(label="") & ~Q(anchor="") & ~Q(terms=""),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.cited}"

    def get_absolute_url(self):
        return f"{self.document.get_absolute_url()}#{self.anchor}"

    @property
    def cited(self):
        """How the paragraph is cited within its document."""
        return f"{self.annex}, {self.label}" if self.annex else self.label

    @property
    def term_list(self):
        return self.terms.split()

    @property
    def speaks_of_the_court(self):
        return not COURT_WORDS.isdisjoint(self.term_list)

    @property
    def pinpoint(self):
        """The paragraph as pinpoints of findings are read."""
        return pinpoints.label(self.label, self.annex)


COURT_WORDS = frozenset(map(str, COURT_FAMILY))


class Sponsor(FromImport):
    """Who sponsored a draft, under the name printed on it."""

    document = models.ForeignKey(
        "icctracker.Document",
        on_delete=models.CASCADE,
        related_name="sponsors",
        verbose_name=_("document"),
    )
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name = models.CharField(_("name on the draft"), max_length=120)
    code = models.CharField(
        _("ISO 3166 code"),
        max_length=3,
        blank=True,
        db_index=True,
        help_text=_("Empty if it is no State."),
    )

    class Meta:
        ordering = ["document", "place"]
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        constraints = [
            models.UniqueConstraint(
                name="sponsor_place_once", fields=["document", "place"]
            ),
            models.CheckConstraint(name="sponsor_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name

    @property
    def m49(self):
        """The number of the State in the M49 of the United Nations, if it has one."""
        return states.m49(self.code)
