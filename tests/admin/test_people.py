import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from icctracker.models import User
from tests.admin.pages import page
from tests.factories import make_evidence, make_user

PASSWORD = "a quite long password"


def role(name):
    return Group.objects.get(name=name).pk


def change(client, person, **values):
    data = {"username": person.username, "email": "", "is_active": "on"} | values
    address = page("user", "change", person.pk)
    answer = client.post(address, data, follow=True)
    person.refresh_from_db()
    return answer


@pytest.fixture
def researcher(db):
    return make_user("researcher")


@pytest.fixture
def superuser(db):
    return make_user(is_superuser=True, is_staff=True, username="root")


class TestAddingPeople:
    def test_with_a_role_and_a_password_to_be_replaced(self, curator_client):
        values = {
            "username": "rita",
            "email": "rita@example.org",
            "groups": [role("researcher")],
            "password1": PASSWORD,
            "password2": PASSWORD,
        }

        curator_client.post(page("user", "add"), values)

        rita = User.objects.get(username="rita")
        assert rita.has_perm("icctracker.add_evidence")
        assert rita.password_is_temporary
        assert not rita.is_staff

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"password2": "another long password"}, "didn’t match"),
            ({"password1": "short", "password2": "short"}, "too short"),
            ({"username": "RITA"}, "already exists"),
            ({"username": ""}, "required"),
        ],
    )
    def test_bad_input_is_explained(self, curator_client, values, says):
        make_user(username="rita")
        data = {"username": "new", "password1": PASSWORD, "password2": PASSWORD}

        answer = curator_client.post(page("user", "add"), data | values)

        assert says in answer.content.decode()

    def test_nobody_is_added_with_more_than_a_role(self, curator_client):
        values = {
            "username": "rita",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "is_superuser": "on",
            "is_staff": "on",
            "user_permissions": [Permission.objects.first().pk],
        }

        curator_client.post(page("user", "add"), values)

        rita = User.objects.get(username="rita")
        assert (rita.is_superuser, rita.is_staff) == (False, False)
        assert not rita.user_permissions.exists()


class TestRoles:
    def test_a_curator_may_open_the_admin(self, curator_client, researcher):
        change(curator_client, researcher, groups=[role("curator")])

        assert researcher.is_staff
        assert researcher.has_perm("icctracker.curate_evidence")

    def test_who_is_curator_no_more_may_not(self, curator_client):
        other = make_user("curator")

        change(curator_client, other, groups=[role("reviewer")])

        assert not other.is_staff

    def test_an_account_is_put_out_of_use_by_making_it_inactive(
        self, curator_client, researcher
    ):
        change(curator_client, researcher, is_active="", groups=[role("researcher")])

        assert not researcher.is_active

    def test_only_the_three_roles_are_offered(self, curator_client, researcher):
        other = Group.objects.create(name="administrators")

        answer = change(curator_client, researcher, groups=[other.pk])

        assert "not one of the available choices" in answer.content.decode()
        assert not researcher.groups.filter(pk=other.pk).exists()

    def test_names_stay_for_each_person_to_give(self, curator_client, researcher):
        change(curator_client, researcher, public_name="Rita", show_name="on")

        assert (researcher.public_name, researcher.show_name) == ("", False)


class TestNobodyRaisesAnybody:
    def test_a_curator_makes_no_superuser(self, curator_client, researcher):
        everything = Permission.objects.values_list("pk", flat=True)

        change(
            curator_client,
            researcher,
            is_superuser="on",
            is_staff="on",
            user_permissions=list(everything),
        )

        assert (researcher.is_superuser, researcher.is_staff) == (False, False)
        assert not researcher.user_permissions.exists()

    def test_a_curator_sees_no_such_fields(self, curator_client, researcher):
        answer = curator_client.get(page("user", "change", researcher.pk))

        text = answer.content.decode()
        assert "superuser" not in text.lower()
        assert "user_permissions" not in text

    def test_a_curator_cannot_change_their_own_access(self, curator_client, curator):
        change(curator_client, curator, groups=[], is_active="", is_superuser="on")

        assert curator.groups.get().name == "curator"
        assert (curator.is_active, curator.is_superuser) == (True, False)

    def test_a_curator_cannot_change_a_superuser(self, curator_client, superuser):
        address = page("user", "change", superuser.pk)

        answer = curator_client.post(address, {"username": "mine", "is_active": ""})

        superuser.refresh_from_db()
        assert answer.status_code == 403
        assert (superuser.username, superuser.is_active) == ("root", True)

    def test_a_curator_cannot_set_the_password_of_a_superuser(
        self, curator_client, superuser, told
    ):
        address = reverse("admin:auth_user_password_change", args=[superuser.pk])
        values = {"password1": PASSWORD, "password2": PASSWORD}

        answer = curator_client.post(address, values, follow=True)

        superuser.refresh_from_db()
        assert not superuser.check_password(PASSWORD)
        assert "Only a superuser" in told(answer)[0]

    def test_a_curator_does_not_see_the_password_of_a_superuser(
        self, curator_client, superuser
    ):
        answer = curator_client.get(page("user", "change", superuser.pk))

        assert superuser.password not in answer.content.decode()

    def test_no_lookup_reads_passwords(self, curator_client, superuser):
        query = {"password__startswith": "md5"}

        answer = curator_client.get(page("user", "changelist"), query)

        assert answer.status_code == 400

    def test_a_researcher_who_may_enter_sees_no_people(self, client, researcher):
        User.objects.filter(pk=researcher.pk).update(is_staff=True)
        client.force_login(researcher)

        assert client.get(page("user", "changelist")).status_code == 403
        assert client.get(page("user", "add")).status_code == 403

    def test_a_superuser_may(self, client, superuser, researcher):
        client.force_login(superuser)

        change(client, researcher, is_superuser="on")

        assert (researcher.is_superuser, researcher.is_staff) == (True, True)


class TestPasswords:
    def test_one_that_a_curator_sets_must_be_replaced(self, curator_client, researcher):
        address = reverse("admin:auth_user_password_change", args=[researcher.pk])
        assert curator_client.get(address).status_code == 200

        curator_client.post(
            address,
            {
                "password1": PASSWORD,
                "password2": PASSWORD,
                "usable_password": "true",
                "set-password": "1",
            },
        )

        researcher.refresh_from_db()
        assert researcher.check_password(PASSWORD)
        assert researcher.password_is_temporary

    def test_ones_own_is_changed_on_the_page_of_the_site(self, curator_client, curator):
        address = reverse("admin:auth_user_password_change", args=[curator.pk])

        answer = curator_client.get(address)

        assert answer["Location"] == reverse("password-change")


class TestDeletion:
    def test_a_curator_deletes_nobody(self, curator_client, researcher):
        address = page("user", "delete", researcher.pk)

        curator_client.post(address, {"post": "yes"})

        assert User.objects.filter(pk=researcher.pk).exists()

    def test_who_has_records_stays(self, client, superuser, researcher, told):
        make_evidence(by=researcher)
        client.force_login(superuser)
        address = page("user", "delete", researcher.pk)

        answer = client.post(address, {"post": "yes"}, follow=True)

        assert User.objects.filter(pk=researcher.pk).exists()
        assert "stays on record" in told(answer)[0]

    def test_an_account_that_was_never_used_may_go(self, client, superuser, researcher):
        client.force_login(superuser)

        client.post(page("user", "delete", researcher.pk), {"post": "yes"})

        assert not User.objects.filter(pk=researcher.pk).exists()
