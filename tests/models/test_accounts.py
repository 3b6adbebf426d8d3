from icctracker.models import User


class TestUser:
    def test_a_name_is_private_unless_its_owner_shows_it(self):
        private = User(username="anna", public_name="Anna Example")
        shown = User(username="anna", public_name="Anna Example", show_name=True)
        nameless = User(username="anna", show_name=True)

        assert private.name_shown == ""
        assert shown.name_shown == "Anna Example"
        assert nameless.name_shown == ""
