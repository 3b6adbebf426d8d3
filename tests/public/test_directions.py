"""A text reads rightly in a page of another direction: it says which way it runs."""

from html.parser import HTMLParser

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import translation

from icctracker.models import Document, Evidence, Import
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_situation,
    source_row,
)

pytestmark = pytest.mark.django_db
ARABIC, ENGLISH = "قرار مجلس الأمن ١٥٩٣", "Resolution 1593 (2005)."


class Texts(HTMLParser):
    """The texts of a page, each with the direction it is told, but for the page's."""

    VOID = {*"area base br col hr img input link meta source wbr".split()}

    def __init__(self, page):
        super().__init__()
        self.within, self.found = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            told = dict(attrs).get("dir") if tag != "html" else None
            self.within.append((tag, told))

    def handle_endtag(self, tag):
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        told = [way for _tag, way in self.within if way]
        tags = {tag for tag, _way in self.within}
        # The title of a window is laid out by the browser.
        if not tags & {"title", "script", "style", "option"}:
            self.found.append((data, told[-1] if told else None))


def told(page, text):
    """The directions that a page tells of a text."""
    return {way for data, way in Texts(page).found if text in data}


def render(source, text):
    return engines["django"].from_string(source).render({"text": text})


class TestOneText:
    def test_says_its_language_and_direction_where_the_page_has_another(self):
        assert render("{{ text|own }}", ARABIC) == (
            f'<bdi lang="ar" dir="rtl">{ARABIC}</bdi>'
        )
        with translation.override("ar"):
            assert render("{{ text|own }}", ENGLISH) == (
                f'<bdi lang="en" dir="ltr">{ENGLISH}</bdi>'
            )
            assert render("{{ text|own }}", ARABIC) == ARABIC

    def test_is_isolated_if_part_of_it_runs_the_other_way(self):
        mixed = f"Statement on {ARABIC}"

        assert render("{{ text|own }}", mixed) == (
            f'<bdi lang="en" dir="ltr">{mixed}</bdi>'
        )

    def test_is_escaped_all_the_same(self):
        assert "&lt;b&gt;" in render("{{ text|own }}", f"<b>{ARABIC}")
        assert "&lt;b&gt;" in render("{{ text|paragraphs }}", f"<b>{ARABIC}")

    def test_paragraphs_are_told_together(self):
        assert render("{{ text|paragraphs }}", ARABIC) == (
            f'<div lang="ar" dir="rtl"><p>{ARABIC}</p></div>'
        )
        assert render("{{ text|paragraphs }}", ENGLISH) == f"<p>{ENGLISH}</p>"

    def test_a_tally_reads_from_left_to_right(self):
        assert render("{{ text|ltr }}", "13–2–0") == "13–2–0"
        with translation.override("ar"):
            assert render("{{ text|ltr }}", "13–2–0") == '<bdi dir="ltr">13–2–0</bdi>'


@pytest.fixture(params=[(ARABIC, "en", "rtl"), (ENGLISH, "ar", "ltr")])
def site(request, monkeypatch):
    """A site with texts of one direction, and the language of pages of the other."""
    text, language, way = request.param
    make_codebook()
    criterion = make_criterion(statement=text, counts=text, does_not_count=text)
    entry = make_evidence(
        title=text,
        summary=text,
        slug="an-entry",
        situations=[make_situation("place", text)],
        findings=[finding_row(criterion, rationale=text)],
        sources=[source_row(label=text)],
    )
    document = Document.objects.create(
        symbol="S/2014/348",
        series="vetoed",
        title=text,
        agenda_item=text,
        imported=Import.objects.create(source="a file"),
    )
    document.ballots.create(
        **dict(imported=document.imported, held_on="2014-05-22", outcome="vetoed"),
        **dict(item=1, seats=15, yes=13, no=2, abstain=0, non_voting=0),
    )
    monkeypatch.setattr(
        "django.middleware.locale.translation.get_language_from_request",
        lambda *_args, **_kwargs: language,
    )
    paths = [
        *map(reverse, ("home", "evidence-list", "situation-list", "document-list")),
        *(reverse("methodology"), reverse("change-list")),
        *(entry.get_absolute_url(), document.get_absolute_url()),
        criterion.recommendation.get_absolute_url(),
        reverse("situation-detail", args=["place"]),
    ]
    return text, way, paths


def test_each_page_tells_the_direction_of_its_texts(client, site):
    text, way, paths = site
    assert Evidence.objects.published().exists()

    wrong = {}
    for path in paths:
        page = client.get(path).content.decode()
        if (found := told(page, text)) - {way}:
            wrong[path] = found

    assert wrong == {}
