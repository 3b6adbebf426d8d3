"""Changing the address that a person is written to: asked for, confirmed, undone."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import EmailChange, User
from icctracker.models.people import ADDRESS_TAKEN, digest, people_named

from . import ActionRefused
from .people import end_sessions


@transaction.atomic
def ask_for_address(person, email):
    """Ask for another address; with it, what confirms and what undoes it.

    Nothing changes until the new address confirms. What was asked for before, and is
    not confirmed, no longer can be.
    """
    person = _held(person)
    email = email.lower()
    if email == person.email.lower():
        raise ActionRefused(_("This is your address already."))
    _check_free(person, email)
    take_back(person)
    confirming, undoing = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change = EmailChange.objects.create(
        person=person,
        former=person.email,
        email=email,
        confirm_digest=digest(confirming),
        undo_digest=digest(undoing),
    )
    return change, confirming, undoing


def take_back(person):
    """Let no address confirm what a person has asked for; says how many could."""
    unconfirmed = person.email_changes.standing().filter(confirmed_at=None)
    return unconfirmed.update(ended_at=timezone.now())


@transaction.atomic
def confirm_address(token):
    """Have a person written to at the address that they asked for."""
    change = find(EmailChange.objects.waiting(), confirm_digest=digest(token))
    person = _held(change.person)
    if person.email != change.former or not person.is_active:
        raise ActionRefused(str(NO_LONGER))
    _check_free(person, change.email)
    _write_to(person, change.email)
    change.confirmed_at = timezone.now()
    change.save(update_fields=["confirmed_at"])
    return change


@transaction.atomic
def undo_address(token):
    """Put the former address back, and shut out whoever asked for another.

    They knew the password or had a code: so it opens nothing any more, all sessions
    end, and what was set up since as a second step goes. Later changes end with it.
    """
    change = find(EmailChange.objects.undoable(), undo_digest=digest(token))
    person = _held(change.person)
    if person.closed_at:
        raise ActionRefused(str(NO_LONGER))
    later = person.email_changes.standing().filter(asked_at__gte=change.asked_at)
    later.update(ended_at=timezone.now())
    Authenticator.objects.filter(user=person, created_at__gte=change.asked_at).delete()
    person.set_unusable_password()
    _write_to(person, change.former)
    end_sessions(person)
    return change


NO_LONGER = gettext_lazy("This link no longer works.")


def find(changes, **by):
    """The change that a link belongs to, as long as the link works."""
    change = changes.select_related("person").filter(**by).first()
    if change is None:
        raise ActionRefused(str(NO_LONGER))
    return change


def _held(person):
    return User.objects.select_for_update().get(pk=person.pk)


def _check_free(person, email):
    if people_named(email).exclude(pk=person.pk).exists():
        raise ActionRefused(str(ADDRESS_TAKEN))


def _write_to(person, email):
    # One address stands with the person; no other signs in or is sent a password.
    EmailAddress.objects.filter(user=person).delete()
    person.email = email
    person.save()
