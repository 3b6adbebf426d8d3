import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from icctracker.models import Evidence, Kind
from icctracker.models.vocabulary import NATURES, Seats, of_each
from tests.factories import finding_row, make_criterion, make_evidence

pytestmark = pytest.mark.django_db


class TestKind:
    @pytest.mark.parametrize(
        ("kind", "form"),
        [
            ("veto", "decision"),
            ("press-statement", "formal"),
            ("visit", "formal"),
            ("briefing", "process"),
            ("statement", "signal"),
        ],
    )
    def test_each_proposes_a_form(self, kind, form):
        assert Kind(kind).proposed_form == form
        assert Evidence(kind=kind).default_form == form

    def test_while_there_is_no_kind_no_form_is_proposed(self):
        assert Evidence().default_form is None

    def test_the_finding_takes_the_proposed_form_unless_it_says_otherwise(self):
        criterion, other = make_criterion("7a"), make_criterion("7b")

        entry = make_evidence(
            kind="briefing",
            findings=[
                finding_row(criterion),
                finding_row(other, form="omission", form_reason="Nobody answered."),
            ],
        )

        forms = {f.criterion.code: f.form for f in entry.findings.all()}
        assert forms == {"7a": "process", "7b": "omission"}

    def test_each_knows_who_votes_on_it(self):
        assert Kind.REFERRAL.seats == "council"
        assert Kind.REFERRAL.is_council_vote
        assert Kind.GA_RESOLUTION.seats == "assembly"
        assert Kind.BRIEFING.seats is None
        assert not Kind.BRIEFING.is_council_vote

    def test_the_same_can_be_adopted_and_called_a_resolution_as_ever(self):
        assert [kind.value for kind in Kind if kind.is_adopted] == [
            "resolution",
            "referral",
            "deferral",
        ]
        assert [kind.value for kind in Kind if kind.is_resolution] == [
            "resolution",
            "referral",
            "deferral",
            "sanctions-listing",
        ]

    def test_a_new_kind_of_which_nothing_is_said_keeps_the_site_from_starting(self):
        class Kinds(models.TextChoices):
            VETO = "veto"
            TREATY = "treaty"

        said = {Kinds.VETO: NATURES[Kind.VETO]}

        with pytest.raises(ImproperlyConfigured, match="these kinds are: treaty"):
            of_each(Kinds, said)


class TestSeats:
    @pytest.mark.parametrize(
        ("year", "members"), [(1946, 11), (1965, 11), (1966, 15), (2024, 15)]
    )
    def test_the_council_has_fifteen_members_since_1966(self, year, members):
        assert Seats.COUNCIL.in_year(year) == members

    def test_every_state_sits_in_the_assembly(self):
        assert Seats.ASSEMBLY.in_year(2024) == 193
