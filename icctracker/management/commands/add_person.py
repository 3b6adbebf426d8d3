"""Make an account for a researcher, reviewer or curator."""

import secrets
import sys

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from icctracker.models import User
from icctracker.models.roles import CURATOR, PERMISSIONS


class Command(BaseCommand):
    help = "Make an account with a role and print its one-time password."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--role", required=True, choices=list(PERMISSIONS))
        parser.add_argument("--email", default="", help="for password resets")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input instead of making one",
        )

    def handle(self, *, name, role, email, password_stdin, **options):
        user = User(username=name, email=email, is_staff=role == CURATOR)
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else secrets.token_urlsafe(12)
        )
        user.set_password(password)
        # A password we print has been seen, so it must be replaced at first sign-in.
        user.password_is_temporary = not password_stdin
        try:
            if password_stdin:
                validate_password(password, user)
            user.full_clean()
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        with transaction.atomic():
            user.save()
            user.groups.add(Group.objects.get(name=role))
        self.stdout.write(f"{role} {name} can sign in.")
        if not password_stdin:
            self.stdout.write(f"One-time password: {password}")
