"""Who may open which page of the review desk."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence
from tests.factories import make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

# For each page, the roles that may open it; everybody else is turned away.
PAGES = {
    "review-queue": {"reviewer", "curator"},
    "review-evidence": {"reviewer", "curator"},
    "assessment-list": {"curator"},
    "assessment-create": {"curator"},
}
ROLES = [None, "researcher", "reviewer", "curator"]


@pytest.fixture
def address(db):
    """The address of a page by its name, with something to show."""
    make_criterion()
    entry = make_evidence(Evidence.State.SUBMITTED)
    arguments = {"review-evidence": [entry.pk], "assessment-create": ["r7"]}
    return lambda name: reverse(name, args=arguments.get(name))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
class TestAccess:
    def test_a_stranger_is_asked_to_sign_in(self, client, address, name, method):
        response = getattr(client, method)(address(name))

        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("sign-in"))

    @pytest.mark.parametrize("role", ROLES)
    def test_each_role_opens_its_own_pages(self, client, address, name, method, role):
        client.force_login(make_user(role))

        status = getattr(client, method)(address(name)).status_code

        if role not in PAGES[name]:
            assert status == 403
        elif method == "get" or name in ("review-evidence", "assessment-create"):
            assert status == 200
        else:
            assert status == 405


class TestPrivacy:
    def test_nobody_elses_draft_is_reviewed(self, client):
        client.force_login(make_user("curator"))
        draft = make_evidence(Evidence.State.DRAFT, by=make_user("researcher"))

        response = client.get(reverse("review-evidence", args=[draft.pk]))

        assert response.status_code == 404

    @pytest.mark.parametrize("pk", [0, 10**30])
    def test_an_entry_that_is_not_there_is_not_found(self, client, pk):
        client.force_login(make_user("reviewer"))

        assert client.get(f"/review/evidence/{pk}/").status_code == 404

    def test_nor_is_a_recommendation(self, client):
        client.force_login(make_user("curator"))

        assert client.get("/review/assessments/r99/").status_code == 404
