"""The list of evidence, one entry, and the situations."""

import re
from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.review import withdraw
from icctracker.models import Evidence, Situation
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

HIDDEN = [
    Evidence.State.DRAFT,
    Evidence.State.SUBMITTED,
    Evidence.State.RETURNED,
    Evidence.State.DECLINED,
]


@pytest.fixture(autouse=True)
def criterion():
    return make_criterion("7a")


def titles(response):
    """The titles of the entries on a page, in order."""
    page = response.content.decode()
    return re.findall(r'<p class="title"><a href="/evidence/[^"]*">([^<]*)</a>', page)


class TestEvidenceList:
    def test_it_shows_what_is_published_and_nothing_else(self, client):
        shown = make_evidence()
        for state in [*HIDDEN, Evidence.State.WITHDRAWN]:
            make_evidence(state)

        response = client.get(reverse("evidence-list"))

        assert titles(response) == [shown.title]

    def test_it_filters_and_says_so_in_words(self, client):
        syria = make_situation()
        wanted = make_evidence(situations=[syria], kind="veto")
        make_evidence(kind="veto")
        make_evidence(situations=[syria], kind="debate")

        response = client.get(
            reverse("evidence-list"), {"kind": "veto", "situation": "syria"}
        )

        page = response.content.decode()
        assert titles(response) == [wanted.title]
        assert "One entry with Kind: Veto; Situation: Syrian Arab Republic." in page

    def test_conditions_on_findings_hold_for_one_and_the_same_finding(
        self, client, criterion
    ):
        four = make_criterion("4a")
        make_evidence(
            findings=[finding_row(criterion, effect=-2), finding_row(four, effect=2)],
            title="Mixed",
        )

        response = client.get(
            reverse("evidence-list"), {"recommendation": "R4", "effect": "-2"}
        )

        assert titles(response) == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("kind", "coup"),
            ("situation", "atlantis"),
            ("effect", "7"),
            ("criterion", "99z"),
            ("recommendation", "R99"),
            ("tier", "Z"),
            ("sort", "colour"),
            ("date_from", "2014-02-31"),
        ],
    )
    def test_a_filter_value_that_does_not_exist_is_explained(self, client, name, value):
        make_evidence()

        response = client.get(reverse("evidence-list"), {name: value})

        assert response.status_code == 200
        assert response.context["filter"].form.errors[name]
        assert "Part of the filter could not be understood" in (
            response.content.decode()
        )

    def test_it_finds_a_symbol_however_it_is_written(self, client):
        make_evidence(symbol="S/RES/1593(2005)", kind="referral", title="Darfur")
        make_evidence()

        response = client.get(reverse("evidence-list"), {"q": "scr 1593"})

        assert titles(response) == ["Darfur"]

    def test_a_page_beyond_the_end_offers_a_way_back(self, client):
        make_evidence()

        response = client.get(reverse("evidence-list"), {"page": "99"})

        page = response.content.decode()
        assert response.status_code == 404
        assert "This list does not have that page." in page
        assert 'href="/evidence/"' in page

    def test_turning_the_page_keeps_the_filter(self, client):
        for _number in range(26):
            make_evidence(kind="veto")

        page = client.get(reverse("evidence-list"), {"kind": "veto"}).content.decode()

        assert "?kind=veto&amp;page=2" in page

    def test_it_sorts(self, client):
        make_evidence(occurred_on=date(2015, 1, 1), title="Later")
        make_evidence(occurred_on=date(2011, 1, 1), title="Earlier")

        response = client.get(reverse("evidence-list"), {"sort": "date"})

        assert titles(response) == ["Earlier", "Later"]


class TestEvidencePage:
    def test_it_links_to_the_official_document_and_its_sources(self, client):
        evidence = make_evidence(
            sources=[source_row(), source_row("https://example.org/report")]
        )

        page = client.get(evidence.get_absolute_url()).content.decode()

        assert 'href="https://undocs.org/en/S/2014/348"' in page
        assert 'href="https://undocs.org/en/S/PV.7180"' in page
        assert 'href="https://example.org/report"' in page

    @pytest.mark.parametrize("state", HIDDEN)
    def test_what_is_not_published_has_no_public_page(self, client, state):
        evidence = make_evidence(state)
        Evidence.objects.filter(pk=evidence.pk).update(slug="hidden-entry")

        assert client.get("/evidence/hidden-entry/").status_code == 404

    def test_a_withdrawn_entry_keeps_its_page_with_the_reason(self, client):
        evidence = make_evidence()
        withdraw(evidence, by=make_user("curator"), reason="The date was wrong.")

        response = client.get(reverse("evidence-detail", args=[evidence.slug]))

        page = response.content.decode()
        assert response.status_code == 200
        assert "Withdrawn on" in page
        assert "The date was wrong." in page
        assert "no longer counts for any status" in page
        assert "Nothing any more: the entry is withdrawn." in page
        assert "by</span> a curator" in page or "by a curator" in page

    def test_the_best_evidence_the_other_way_is_for_the_reviewer_only(self, client):
        evidence = make_evidence(counter_evidence="A whisper to the contrary.")

        page = client.get(evidence.get_absolute_url()).content.decode()

        assert "whisper" not in page

    def test_the_name_of_a_researcher_is_private(self, client):
        author = make_user("researcher", username="jane.roe", public_name="Jane Roe")
        evidence = make_evidence(by=author)

        page = client.get(evidence.get_absolute_url()).content.decode()

        assert "jane" not in page.lower()


class TestSituations:
    def test_a_situation_shows_its_published_entries(self, client):
        syria = make_situation()
        make_evidence(situations=[syria], title="Seen")
        make_evidence(Evidence.State.DRAFT, situations=[syria], title="Unseen")

        page = client.get(syria.get_absolute_url()).content.decode()

        assert "Seen" in page
        assert "Unseen" not in page

    def test_it_is_not_named_again_with_each_entry(self, client):
        syria, libya = make_situation(), make_situation("libya", "Libya")
        make_evidence(situations=[syria, libya])

        page = client.get(syria.get_absolute_url()).content.decode()

        assert "· Libya" in page
        assert f"· {syria.name}" not in page

    def test_a_situation_without_entries_says_so(self, client):
        Situation.objects.create(slug="quiet", name="Quiet")

        page = client.get("/situations/quiet/").content.decode()

        assert "No entry up to this date." in page

    def test_the_list_counts_published_entries_up_to_the_date(self, client):
        syria = make_situation()
        make_evidence(situations=[syria], occurred_on=date(2014, 5, 22))
        make_evidence(situations=[syria], occurred_on=date(2019, 5, 22))

        response = client.get("/situations/", {"as_of": "2015-01-01"})

        assert [row.entries for row in response.context["situations"]] == [1]


class TestPlainPages:
    @pytest.mark.parametrize("path", ["/methodology/", "/about/", "/situations/"])
    def test_it_answers_with_and_without_data(self, client, path):
        assert client.get(path).status_code == 200

    def test_machines_can_ask_whether_it_is_alive_and_ready(self, client):
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ready"}


class TestHeaders:
    def test_a_page_allows_nothing_inline_and_no_other_host(self, client):
        policy = client.get("/").headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "http" not in policy

    def test_reading_sets_no_cookie(self, client):
        assert not client.get("/recommendations/").cookies


class TestEverySymbol:
    def test_it_links_to_the_official_document(self, client):
        evidence = make_evidence(
            symbol="ICC-ASP/18/Res.6",
            sources=[
                source_row("https://example.org/blog", official=False),
                source_row("https://asp.icc-cpi.int/ICC-ASP-18-Res6-ENG.pdf"),
            ],
        )

        # No address follows from such a symbol, so its official source is linked.
        page = client.get(evidence.get_absolute_url()).content.decode()

        assert (
            'href="https://asp.icc-cpi.int/ICC-ASP-18-Res6-ENG.pdf" rel="external">'
            "ICC-ASP/18/Res.6</a>" in page
        )
