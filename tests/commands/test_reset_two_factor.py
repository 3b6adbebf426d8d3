from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.second_step import give_app
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class TestResetTwoFactor:
    def test_the_last_curator_comes_in_again(self):
        curator = make_user("curator", username="anna")
        give_app(curator)
        said = StringIO()

        call_command("reset_two_factor", "anna", stdout=said)

        assert not curator.authenticator_set.exists()
        assert "sets up another" in said.getvalue()

    def test_a_name_that_nobody_has_is_refused(self):
        with pytest.raises(CommandError, match="Nobody is called anna"):
            call_command("reset_two_factor", "anna")

    def test_where_there_is_no_second_step_it_says_so(self):
        make_user(username="anna")

        with pytest.raises(CommandError, match="no second step"):
            call_command("reset_two_factor", "anna")
