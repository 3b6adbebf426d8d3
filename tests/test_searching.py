"""Whatever is searched finds what is alike, however it was written or is asked."""

from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from icctracker.models import Ballot, Document, Evidence, Import, TitleWord, User
from icctracker.models.folded import refold, searched_models
from icctracker.readings.consistency import disagreements
from icctracker.web.desk.beside import look_up
from icctracker.web.kit.filters import DocumentFilter, EvidenceFilter
from tests.factories import (
    make_codebook,
    make_evidence,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db

STORED = "The arrest of Mr. Al\u2011Bashir in Co\u0302te d’Ivoire"
FOUND_BY = [
    "Cote d'Ivoire",
    "Côte d’Ivoire",
    "CÔTE D'IVOIRE",
    "al-Bashir",
    "Al Bashir",
    "bashir ivoire",
    "“al Bashir”",
    "\u202aIvoire\u202c",
]
NOT_BY = ["“Bashir Al”", "Ruritania", "“Ivoire arrest”"]


@pytest.fixture
def document():
    document = Document.objects.create(
        symbol="S/RES/9999(2024)",
        series="resolution",
        number=9999,
        title=STORED,
        imported=Import.objects.create(source="a file"),
    )
    Ballot.objects.create(
        document=document,
        imported=document.imported,
        held_on="2024-01-02",
        outcome="unanimous",
        **dict(item=1, seats=15, yes=15, no=0, abstain=0, non_voting=0),
    )
    return document


def entries(text):
    found = EvidenceFilter({"q": text}, queryset=Evidence.objects.all())
    return [each.title for each in found.qs]


def documents(text):
    found = DocumentFilter({"q": text}, queryset=Document.objects.all())
    return [each.title for each in found.qs]


def voted_on(text):
    return [each.document.title for each in look_up(text).ballots]


class TestOnTheSite:
    @pytest.mark.parametrize("text", FOUND_BY)
    def test_the_spelling_makes_no_difference(self, document, text):
        make_evidence(title=STORED)

        assert entries(text) == documents(text) == voted_on(text) == [STORED]

    @pytest.mark.parametrize("text", NOT_BY)
    def test_a_phrase_is_found_only_as_it_stands(self, document, text):
        make_evidence(title=STORED)

        assert entries(text) == documents(text) == voted_on(text) == []

    def test_a_recommendation_is_found_alike(self, client):
        make_codebook()
        make_recommendation(text="Help Côte d’Ivoire")
        page = client.get(reverse("recommendation-list"), {"q": "cote d'ivoire"})

        assert "Help Côte d’Ivoire" in page.content.decode()


def told():
    today = timezone.localdate()
    return [each for each in disagreements(today) if "by its own texts" in each]


class TestWhatIsKept:
    def test_follows_what_is_saved_in_part(self):
        person = make_user(username="zoe")
        person.public_name = "Zoë"
        person.save(update_fields=["public_name"])

        assert "zoe" in User.objects.get(pk=person.pk).folded.splitlines()

    def test_what_went_past_it_is_told_and_mended(self):
        entry = make_evidence()
        Evidence.objects.filter(pk=entry.pk).update(title="Another, à part")

        assert told() == [
            f"Evidence entry {entry.pk} is not searched by its own texts. Run manage.py"
            " rebuild."
        ]
        call_command("rebuild", stdout=StringIO())
        assert told() == []
        assert entries("a part") == ["Another, à part"]
        assert refold(Evidence) == 0

    def test_an_older_site_has_it_once_it_is_migrated(self, document):
        make_evidence(title=STORED)
        for model in searched_models():
            model.objects.update(folded="")
        TitleWord.objects.all().delete()
        fill = import_module("icctracker.migrations.0031_folded").fill

        fill(apps, SimpleNamespace(connection=connection))

        assert [refold(model) for model in searched_models()] == [0] * 8
        assert TitleWord.objects.filter(word="cote").exists()
        assert told() == []
