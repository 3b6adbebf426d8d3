"""Each publication has its own codebook, rule and addresses; evidence is shared."""

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from icctracker.actions import ActionRefused
from icctracker.actions.codebook import draft_next, revise_criterion
from icctracker.actions.entries import add_finding, frozen
from icctracker.actions.review import correct
from icctracker.imports.publications import load_publication
from icctracker.models import (
    Codebook,
    Criterion,
    Evidence,
    Finding,
    Publication,
    Recommendation,
)
from icctracker.readings.standing import standings
from icctracker.web.desk.fields import criteria, criterion_groups
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    publish_leaving,
    source_row,
)
from tests.publications import MADE_UP, SLUG

pytestmark = pytest.mark.django_db

DAYS = [date(year, 6, 30) for year in (2014, 2016, 2019, 2023, 2026)]
CLOCKS = [None, datetime(2026, 11, 24, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)]


def everything(publication):
    """All that the rule says of a publication, on five dates and by both clocks."""
    rows = Recommendation.objects.with_parts().filter(publication=publication)
    return [
        (row.recommendation.code, row.status, row.result, row.history)
        for day in DAYS
        for known_at in CLOCKS
        for row in standings(day, known_at, rows)
    ]


@pytest.fixture
def first(db):
    """A small first publication: R4 with a criterion 4a, and R7."""
    make_criterion("7a")
    return make_criterion("4a", kind="deliver").recommendation.publication


@pytest.fixture
def second(first):
    load_publication(MADE_UP)
    return Publication.objects.get(slug=SLUG)


def criterion_of(publication, code):
    return Criterion.objects.get(codebook__publication=publication, code=code)


@pytest.fixture
def shared(first, second):
    """One entry with a finding for either publication, on criteria of one code."""
    rows = [
        finding_row(criterion_of(first, "4a"), effect=2, occasion=False),
        finding_row(criterion_of(second, "4a"), effect=-2),
    ]
    return make_evidence(kind="resolution", findings=rows)


class TestTheFirstDoesNotMove:
    def test_no_status_moves_when_a_second_is_loaded(self, first_data):
        principal = Publication.objects.principal()
        before = everything(principal)

        load_publication(MADE_UP)

        assert Recommendation.objects.count() == 12
        assert everything(principal) == before

    def test_nor_when_an_entry_speaks_to_the_second_as_well(self, first_data):
        load_publication(MADE_UP)
        principal = Publication.objects.principal()
        before = everything(principal)
        entry = Evidence.objects.published().first()
        other = Criterion.objects.get(codebook__publication__slug=SLUG, code="4a")

        extra = frozen(entry, entry.published_at)
        add_finding(entry, finding_row(other, effect=-2), by=None, **extra)

        assert everything(principal) == before

    def test_the_home_page_is_the_firsts_and_leads_to_the_others(self, second, client):
        page = client.get("/").content.decode()

        assert "of two recommendations" in page
        assert "Recommendation R4" in page
        assert "A code of its own" not in page
        assert f'href="/publications/{SLUG}/"' in page


class TestJudging:
    def test_findings_count_for_their_own_publication_alone(self, first, shared):
        by_code = {
            row.recommendation.publication_id: row
            for row in standings(date(2020, 1, 1))
            if row.recommendation.code == "R4"
        }

        ours = by_code.pop(first.pk)
        [theirs] = by_code.values()
        assert ours.suggested.code == "followed"
        assert theirs.suggested.code == "not-followed"
        assert len(ours.case.findings) == len(theirs.case.findings) == 1

    def test_each_is_judged_by_its_own_rule(self, first, second):
        values = {
            row.recommendation.publication: row.parameters.refrain_large
            for row in standings(date(2020, 1, 1))
        }

        assert values == {first: 75, second: 40}

    def test_a_new_version_of_one_leaves_the_other_alone(self, first, second, shared):
        curator = make_user("curator")
        before = everything(second)
        draft = draft_next(first, by=curator, version="1.1")
        four = draft.criteria.get(code="4a")
        revise_criterion(four, by=curator, recode=True, statement="Another test.")
        publish_leaving(draft, by=curator, reason="A reason.")

        assert everything(second) == before
        assert second.codebooks.in_force().version == "1.0"
        assert Finding.objects.under(first.codebooks.in_force()).count() == 0

    def test_both_may_be_drafted_at_once_and_use_each_others_numbers(
        self, first, second
    ):
        curator = make_user("curator")

        for publication in (first, second):
            draft_next(publication, by=curator, version="1.1")

        assert Codebook.objects.filter(version="1.1").count() == 2
        with pytest.raises(ActionRefused, match="being drafted already"):
            draft_next(second, by=curator, version="1.2")

    def test_a_correction_keeps_one_finding_for_each(self, first, second, shared):
        curator = make_user("curator")
        facts = {"title": "Corrected", "summary": shared.summary}
        rows = [
            finding_row(each.criterion, effect=each.effect, occasion=each.occasion)
            for each in shared.findings.accepted()
        ]

        correct(
            shared,
            by=curator,
            reason="A slip.",
            facts=facts,
            sources=[source_row()],
            findings=rows,
        )

        assert shared.findings.accepted().count() == 2


class TestAddresses:
    @pytest.mark.parametrize("rest", ["", "history/", "respond/"])
    def test_a_second_publications_recommendations_have_their_own(
        self, second, client, rest
    ):
        path = f"/publications/{SLUG}/recommendations/r4/{rest}"

        page = client.get(path)

        assert page.status_code == 200
        assert "A code that another has as well" in page.content.decode()

    def test_a_code_that_both_have_is_the_firsts_at_the_short_address(
        self, first, second, client
    ):
        page = client.get("/recommendations/r4/")

        assert page.context["recommendation"].publication == first

    def test_a_code_that_one_alone_has_leads_to_its_own_address(self, second, client):
        response = client.get("/recommendations/x1/?as_of=2020-01-01")

        assert response["Location"] == (
            f"/publications/{SLUG}/recommendations/x1/?as_of=2020-01-01"
        )

    def test_the_first_is_cited_by_its_short_addresses_alone(
        self, first, second, client
    ):
        for long, short in (
            (f"/publications/{first.slug}/recommendations/r4/", "/recommendations/r4/"),
            (f"/publications/{first.slug}/recommendations/", "/recommendations/"),
            (f"/publications/{first.slug}/methodology/", "/methodology/"),
        ):
            assert client.get(long)["Location"] == short

    @pytest.mark.parametrize(
        "path",
        [
            "/publications/none/",
            "/publications/none/recommendations/",
            "/publications/none/methodology/",
            f"/publications/{SLUG}/recommendations/r7/",
            f"/publications/{SLUG}/methodology/codebook/9.9/",
            f"/publications/{SLUG}/methodology/rulesets/9.9/",
            "/recommendations/x9/",
        ],
    )
    def test_what_is_not_there_is_not_found(self, second, client, path):
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/publications/", "A Made-up Note for the Tests"),
            (f"/publications/{SLUG}/", "recommendation 1 has not yet been assessed"),
            (f"/publications/{SLUG}/recommendations/", "A code of its own"),
            (f"/publications/{SLUG}/methodology/", "No made-up text is stopped."),
            (f"/publications/{SLUG}/methodology/try/", 'value="40"'),
            (f"/publications/{SLUG}/methodology/codebook/", "Codebook 1.0"),
            (f"/publications/{SLUG}/methodology/codebook/1.0/", "A made-up thing"),
            (f"/publications/{SLUG}/methodology/rulesets/1.0/", "asks less"),
        ],
    )
    def test_each_has_its_own_pages(self, second, client, path, said):
        page = client.get(path)

        assert page.status_code == 200
        assert said in page.content.decode()

    def test_every_link_of_its_pages_leads_somewhere(self, second, shared, client):
        for path in (f"/publications/{SLUG}/", f"/publications/{SLUG}/methodology/"):
            page = client.get(path).content.decode()
            for link in set(re.findall(r'href="(/[^"#?]*)', page)):
                if link.startswith(settings.STATIC_URL):
                    continue
                assert client.get(link).status_code in (200, 302), link

    def test_the_queries_of_its_page_do_not_grow(
        self, second, client, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(14):
            client.get(f"/publications/{SLUG}/")


class TestWorking:
    def test_criteria_to_choose_from_say_whose_they_are(self, first, second):
        titles = [title for title, _rows in criterion_groups(criteria().values())]

        assert titles == [
            f"{first.title}: R4 Recommendation R4",
            f"{first.title}: R7 Recommendation R7",
            "A Made-up Note for the Tests: R4 A code that another has as well",
            "A Made-up Note for the Tests: X1 A code of its own",
        ]

    def test_lists_are_filtered_by_either(self, first, second, shared, client):
        other = make_evidence(findings=[finding_row(criterion_of(first, "7a"))])

        def shown(**query):
            page = client.get("/evidence/", query)
            return set(page.context["page_obj"])

        assert shown(recommendation="R4") == {shared.pk}
        assert shown(recommendation=f"{SLUG}:R4") == {shared.pk}
        assert shown(recommendation=f"{SLUG}:X1") == set()
        assert shown(recommendation="R7") == {other.pk}
        assert shown(criterion=f"{SLUG}:4a", effect="2") == set()
        assert shown(criterion="4a", effect="2") == {shared.pk}

    def test_a_curator_drafts_and_assesses_where_the_address_says(
        self, first, second, client
    ):
        client.force_login(make_user("curator"))

        for part in ("codebook", "ruleset"):
            client.post(f"/review/publications/{SLUG}/{part}/", {"version": "1.1"})
        page = client.get(f"/review/publications/{SLUG}/assessments/r4/")

        assert second.codebooks.draft()
        assert second.rulesets.draft()
        assert not first.codebooks.draft()
        assert page.context["recommendation"].publication == second

    @pytest.mark.parametrize("part", ["codebook", "ruleset"])
    def test_only_curators_draft(self, second, client, part):
        client.force_login(make_user("reviewer"))

        path = f"/review/publications/{SLUG}/{part}/"

        assert client.get(path).status_code == 403
