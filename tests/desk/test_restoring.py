"""The page on which a curator restores an earlier version."""

import pytest
from django.urls import reverse

from icctracker.actions.review import correct, withdraw
from tests.factories import finding_row, make_criterion, make_evidence, make_user
from tests.factories import source_row as source

pytestmark = pytest.mark.django_db

OTHER = source("https://example.org/report", label="A report")


@pytest.fixture
def curator(client):
    curator = make_user("curator")
    client.force_login(curator)
    return curator


@pytest.fixture
def entry(curator):
    """An entry whose title was corrected once."""
    make_criterion()
    entry = make_evidence(title="First title")
    return corrected(entry, curator, facts={"title": "Second title"})


def corrected(entry, by, **changed):
    wanted = {
        "reason": "The record says otherwise.",
        "facts": {},
        "sources": [source()],
        "findings": [finding_row(form="decision")],
    }
    correct(entry, by=by, **(wanted | changed))
    entry.refresh_from_db()
    return entry


@pytest.fixture
def address(entry):
    return reverse("evidence-restore", args=[entry.pk, 1])


class TestThePage:
    def test_it_shows_what_would_change(self, client, address):
        page = client.get(address).content.decode()

        assert "Restore version 1" in page
        assert "Second title" in page and "First title" in page
        assert "<del>" in page and "<ins>" in page

    def test_the_history_leads_to_it_for_earlier_versions_only(self, client, entry):
        page = client.get(reverse("evidence-history", args=[entry.slug]))

        links = page.content.decode().count("Restore this version")
        assert links == 1

    def test_with_a_reason_it_is_restored_and_shown(self, client, entry, address):
        response = client.post(
            address,
            {"reason": "The first was right.", "seen": entry.version},
            follow=True,
        )

        page = response.content.decode()
        entry.refresh_from_db()
        assert entry.title == "First title"
        assert "Version 1 is restored." in page
        assert "Version 1 restored" in page and "The first was right." in page

    def test_a_version_that_is_not_there_has_no_page(self, client, entry):
        path = reverse("evidence-restore", args=[entry.pk, 99])

        assert client.get(path).status_code == 404

    def test_looking_changes_nothing(self, client, entry, address):
        client.get(address)

        assert entry.editions.count() == 2


class TestBadInput:
    def refused(self, client, entry, address, status=200, **data):
        """What the page says; the reason typed is still in it."""
        reason = data.setdefault("reason", "Typed with care.")
        response = client.post(address, {"seen": entry.version} | data)
        page = response.content.decode()
        assert response.status_code == status
        assert reason in page
        return page

    def test_after_somebody_elses_correction(self, client, entry, address, curator):
        read = entry.version
        corrected(entry, curator, facts={"summary": "Said better since."})

        page = self.refused(client, entry, address, 409, seen=read)

        assert "was changed while you were reading it" in page
        assert f'name="seen" value="{entry.version}"' in page
        assert "Said better since." in page

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
    def test_a_form_without_a_version_that_was_read(self, client, entry, address, seen):
        page = self.refused(client, entry, address, 409, seen=seen)

        assert "was changed while you were reading it" in page

    def test_a_source_that_was_removed_since(self, client, entry, address, curator):
        corrected(entry, curator, sources=[OTHER])

        page = self.refused(client, entry, address)

        assert "cites a source that has been removed since" in page

    def test_an_entry_withdrawn_since(self, client, entry, address, curator):
        withdraw(entry, by=curator, reason="It never happened.")
        entry.refresh_from_db()

        page = self.refused(client, entry, address)

        assert "this entry is now “Withdrawn”" in page
        assert client.get(address).status_code == 404
