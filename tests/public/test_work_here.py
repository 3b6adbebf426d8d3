"""What somebody at work may do is offered where they read, and to nobody else."""

import re

import pytest
from django.urls import resolve

from icctracker.models import Document, Evidence, Recommendation
from tests.factories import make_evidence, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

AT_WORK = re.compile(r'href="(/(?:desk|review)/[^"]*)"')
MAY = {
    "researcher": {
        "finding-propose",
        "finding-dissent",
        "search-create",
        "evidence-create",
        "text-create",
    },
    "reviewer": {"review-evidence"},
    "curator": {"evidence-correct", "evidence-withdraw", "assessment-create"},
}


@pytest.fixture
def entry():
    return make_evidence(Evidence.State.PUBLISHED, symbol="S/2014/348")


@pytest.fixture
def offered(client, entry):
    """The pages at work that the three pages offer a role, by their names."""

    def look(role):
        if role != "stranger":
            client.force_login(make_user(role))
        pages = (
            entry,
            Recommendation.objects.get(code="R7"),
            Document.objects.get(symbol="S/2014/348"),
        )
        found = set()
        for page in pages:
            text = client.get(page.get_absolute_url()).content.decode()
            main = text[text.index("<main") : text.index("</main>")]
            found |= {
                resolve(each.split("?")[0].split("#")[0]).url_name
                for each in AT_WORK.findall(main)
            }
        return found

    return look


def test_a_stranger_is_offered_nothing(offered):
    assert offered("stranger") == set()


@pytest.mark.parametrize("number", range(1, 4))
def test_each_role_is_offered_what_it_may_do(offered, number):
    roles = list(MAY)[:number]

    assert offered(roles[-1]) == set().union(*(MAY[role] for role in roles))


def test_of_a_withdrawn_entry_only_the_coding_is_left(client):
    client.force_login(make_user("curator"))
    entry = make_evidence(Evidence.State.WITHDRAWN)

    text = client.get(entry.get_absolute_url()).content.decode()

    at_work = re.search(r'<nav class="work-here.*?</nav>', text, re.DOTALL)[0]
    assert AT_WORK.findall(at_work) == [f"/review/evidence/{entry.pk}/#codings"]
