"""An expired session: what was typed comes back, to the same person only."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence
from icctracker.web.kit import kept
from tests.desk.posted import entry_post, signed_in
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")


@pytest.fixture
def user():
    return make_user("researcher")


def sign_in(client, user):
    """Sign in by the form, as a person does: the session goes on."""
    return client.post(
        f"{reverse('sign-in')}?next={CREATE}",
        {"login": user.username, "password": "a long password", "next": CREATE},
    )


class TestExpiredSession:
    def test_one_is_asked_to_sign_in_and_led_back(self, client, user):
        response = client.post(CREATE, entry_post(user))

        assert response.url == f"{reverse('sign-in')}?next={CREATE}"
        assert not Evidence.objects.exists()

    def test_the_form_comes_back_as_it_was(self, client, user):
        client.post(CREATE, entry_post(user, title="Long thought over"))

        response = sign_in(client, user)
        page = client.get(response.url).content.decode()

        assert response.url == CREATE
        assert 'value="Long thought over"' in page
        assert "A permanent member stopped the text." in page
        assert "What you typed is back. It has not been saved yet." in page

    def test_it_can_then_be_saved(self, client, user):
        data = entry_post(user, title="Long thought over")
        client.post(CREATE, data)
        sign_in(client, user)

        client.post(CREATE, data)

        assert Evidence.objects.get().title == "Long thought over"
        assert "is back" not in client.get(CREATE).content.decode()

    def test_a_reload_does_not_lose_it(self, client, user):
        client.post(CREATE, entry_post(user, title="Long thought over"))
        sign_in(client, user)

        client.get(CREATE)

        assert "Long thought over" in client.get(CREATE).content.decode()

    def test_it_can_be_discarded(self, client, user):
        client.post(CREATE, entry_post(user, title="Long thought over"))
        sign_in(client, user)

        response = client.post(CREATE, {"forget": "1"}, follow=True)

        assert "Long thought over" not in response.content.decode()

    def test_somebody_else_does_not_see_it(self, client, user):
        client.post(CREATE, entry_post(user, title="Long thought over"))
        sign_in(client, make_user("curator"))

        page = client.get(CREATE).content.decode()

        assert "Long thought over" not in page
        assert kept.KEY not in client.session or not client.session[kept.KEY]

    def test_nothing_of_a_stranger_is_kept(self, client, user):
        client.post(CREATE, entry_post(user) | {"opened_by": "made up"})

        assert kept.KEY not in client.session

    def test_nothing_endless_is_kept(self, client, user):
        client.post(CREATE, entry_post(user, summary="x" * 210_000))

        response = client.get(reverse("sign-in"))
        assert kept.KEY not in client.session
        assert "too long to be kept" in response.content.decode()

    def test_only_the_latest_forms_are_kept(self, client, user):
        for number in range(1, 6):
            client.post(reverse("evidence-update", args=[number]), entry_post(user))

        assert len(client.session[kept.KEY]) == kept.MOST_FORMS

    def test_an_entry_changed_meanwhile_is_not_overwritten(self, client, user):
        entry = make_evidence(Evidence.State.DRAFT, by=user, title="Before")
        address = reverse("evidence-update", args=[entry.pk])
        client.post(address, entry_post(user, title="Mine", seen=str(entry.version)))
        entry.title, entry.version = "Theirs", entry.version + 1
        entry.save()
        signed_in(client, user)
        kept = client.get(address).context["entry"]

        response = client.post(
            address, entry_post(user, title="Mine", seen=str(kept.seen))
        )

        page = response.content.decode()
        assert "Theirs" in page and "Mine" in page
        entry.refresh_from_db()
        assert entry.title == "Theirs"

    def test_a_button_pressed_too_late_leads_back_to_the_entry(self, client, user):
        entry = make_evidence(Evidence.State.DRAFT, by=user)
        address = reverse("evidence-submit", args=[entry.pk])
        client.post(address)
        signed_in(client, user)

        response = client.get(address)

        assert response.url == reverse("desk-evidence", args=[entry.pk])


class TestLostRole:
    """Whoever lost their role while writing is told so, and finds it all later."""

    def test_it_is_kept_until_the_role_comes_back(self, client, user):
        group = user.groups.get()
        data = entry_post(user, title="Long thought over")
        client.force_login(user)
        user.groups.clear()

        response = client.post(CREATE, data)

        assert response.status_code == 403
        assert "Your role was changed in the meantime" in response.content.decode()
        assert not Evidence.objects.exists()
        user.groups.add(group)
        assert "Long thought over" in client.get(CREATE).content.decode()

    def test_what_somebody_else_opened_is_not_kept(self, client, user):
        client.force_login(make_user())

        response = client.post(CREATE, entry_post(user, title="Long thought over"))

        assert response.status_code == 403
        assert "has been kept" not in response.content.decode()
