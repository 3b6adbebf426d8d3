"""Remove the second step of somebody who has lost it."""

from django.core.management import BaseCommand, CommandError

from icctracker.actions import ActionRefused
from icctracker.actions.people import reset_two_factor
from icctracker.models import User


class Command(BaseCommand):
    help = (
        "Remove somebody's second step and sign them out everywhere; for the curator"
        " whom no other curator can help. Make sure of the person first."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name they sign in with")

    def handle(self, *, name, **options):
        person = User.objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"Nobody is called {name}.")
        try:
            reset_two_factor(person)
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{name} signs in with the password alone, once, and sets up another."
        )
