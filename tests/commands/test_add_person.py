import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from icctracker.models import User

pytestmark = pytest.mark.django_db


def add_person(*arguments, **options):
    said = StringIO()
    call_command("add_person", *arguments, stdout=said, **options)
    return said.getvalue()


def password_in(text):
    return text.split("One-time password: ")[1].strip()


class TestAddPerson:
    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    def test_a_person_gets_one_role_and_a_password_that_works_once(self, role):
        said = add_person("anna", role=role)

        user = User.objects.get(username="anna")
        assert [group.name for group in user.groups.all()] == [role]
        assert user.check_password(password_in(said))
        assert user.password_is_temporary

    @pytest.mark.parametrize(
        ("role", "may"), [("researcher", False), ("reviewer", False), ("curator", True)]
    )
    def test_only_a_curator_enters_the_admin(self, role, may):
        add_person("anna", role=role)

        user = User.objects.get(username="anna")
        assert user.is_staff is may
        assert not user.is_superuser

    def test_every_password_is_another(self):
        first = add_person("anna", role="reviewer")
        second = add_person("boris", role="reviewer")

        assert password_in(first) != password_in(second)

    def test_a_password_of_ones_own_is_read_and_never_printed(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("orange lampshade 88\n"))

        said = add_person("anna", "--password-stdin", role="researcher")

        user = User.objects.get(username="anna")
        assert user.check_password("orange lampshade 88")
        assert not user.password_is_temporary
        assert "orange" not in said

    @pytest.mark.parametrize("password", ["", "short", "password123", "1234567890"])
    def test_a_weak_password_is_refused(self, monkeypatch, password):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

        with pytest.raises(CommandError, match="password"):
            add_person("anna", "--password-stdin", role="researcher")

        assert not User.objects.exists()

    def test_a_name_is_given_once(self):
        add_person("anna", role="researcher")

        with pytest.raises(CommandError, match="already exists"):
            add_person("anna", role="reviewer")

        assert User.objects.get().groups.get().name == "researcher"

    @pytest.mark.parametrize("name", ["", "anna example", "anna/b", "a" * 151])
    def test_a_name_that_cannot_sign_in_is_refused(self, name):
        with pytest.raises(CommandError):
            add_person(name, role="researcher")

        assert not User.objects.exists()

    def test_an_address_that_cannot_be_written_to_is_refused(self):
        with pytest.raises(CommandError, match="email"):
            add_person("anna", role="researcher", email="anna at example")

    def test_there_are_three_roles(self):
        with pytest.raises(CommandError, match="invalid choice"):
            add_person("anna", "--role", "owner")
