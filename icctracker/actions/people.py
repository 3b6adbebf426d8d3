"""Closing an account, and helping somebody who lost their second step."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import Evidence, Invitation, Message, Source, User
from icctracker.models.people import digest, people_named
from icctracker.models.roles import CURATOR, LABELS

from . import ActionRefused, EditConflict, require
from .coding import end
from .entries import discard, release
from .outbox import drop_for


def drafts_of(person):
    """What somebody wrote and never submitted: nobody else has seen it."""
    return Evidence.objects.filter(submitted_by=person, state=Evidence.State.DRAFT)


def returned_to(person):
    """What was sent back to somebody, who alone could edit it."""
    returned = Evidence.objects.filter(state=Evidence.State.RETURNED)
    return returned.filter(submitted_by=person).order_by("pk")


@transaction.atomic
def close_account(person, *, by, drafts=None):
    """Forget a person; what they decided and submitted stays, under a pseudonym.

    Entries that were sent back to them go before the reviewers once more.
    ``drafts`` is the number of drafts that were said to be deleted with it; raises
    EditConflict if there are others by now. The last curator stays.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    _check_may_change(person, by)
    if person.closed_at:
        raise ActionRefused(_("This account is closed already."))
    if _is_last_curator(person):
        raise ActionRefused(
            _(
                "Nobody else is a curator. Make somebody else a curator first: without"
                " one the tracker could not be kept."
            )
        )
    found = list(drafts_of(person))
    if drafts is not None and drafts != len(found):
        raise EditConflict(
            _("The number of your drafts has changed. Read it again, then decide.")
        )
    for draft in found:
        _delete_without_trace(draft)
    for entry in returned_to(person):
        release(entry)
    _forget(person)
    end_sessions(person)
    return person


@transaction.atomic
def reset_two_factor(person, *, by=None):
    """Remove somebody's second step, who then sets up another after signing in.

    ``by`` is the curator who makes sure of the person, never the person; None is
    whoever has the server in hand.
    """
    if by is not None:
        _check_may_change(person, by)
        if by.pk == person.pk:
            raise ActionRefused(_("Your own second step you change on your own pages."))
    removed, _details = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise ActionRefused(_("There is no second step to remove."))
    end_sessions(person)


def end_sessions(person, *, but=None):
    """Sign somebody out everywhere, save in the session of this key; says how often."""
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    for session in sessions:
        session.end()
    return len(sessions)


def _check_may_change(person, by):
    if by.pk == person.pk:
        return
    require(by, "icctracker.change_user")
    if person.is_superuser and not by.is_superuser:
        raise ActionRefused(
            _("Only a superuser may change the account of a superuser.")
        )


def _is_last_curator(person):
    # All are locked in one order, so that two who leave at once come one by one.
    curators = User.objects.select_for_update(of=["self"]).filter(
        groups__name=CURATOR, is_active=True
    )
    return [each.pk for each in curators.order_by("pk")] == [person.pk]


def _delete_without_trace(draft):
    pk = draft.pk
    discard(draft, by=draft.submitted_by)
    Source.history.filter(evidence_id=pk).delete()
    Evidence.history.filter(id=pk).delete()


def _forget(person):
    for coding in person.codings.live():
        end(coding, _("The coder's account was closed."))
    former, email = _pseudonym(person), person.email
    invitations = Invitation.objects.filter(accepted_by=person)
    if email:
        invitations |= Invitation.objects.filter(email__iexact=email)
    invitations.delete()
    person.notices.all().delete()
    person.messages.all().delete()
    if email:
        drop_for(email)
    person.email_changes.all().delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)
    ).update(object_repr=former)
    person.groups.clear()
    person.user_permissions.clear()
    person.username = former
    person.email = person.first_name = person.last_name = person.public_name = ""
    person.show_name = person.is_staff = person.is_superuser = person.is_active = False
    person.password_is_temporary = False
    person.set_unusable_password()
    person.closed_at = timezone.now()
    person.save()


def _pseudonym(person):
    """A name that tells the highest role somebody had, and nothing else of them."""
    held = set(person.groups.values_list("name", flat=True))
    role = next((name for name in reversed(LABELS) if name in held), "person")
    while True:
        name = f"former-{role}-{secrets.token_hex(3)}"
        if not User.objects.filter(username=name).exists():
            return name


# Inviting somebody, and making an account by an invitation.


@transaction.atomic
def invite(email, role, *, by):
    """Invite somebody; the invitation, and the token that only its link will hold.

    Earlier invitations to the same address no longer work.
    """
    require(by, "icctracker.add_invitation")
    email = email.lower()
    if people_named(email).exists():
        raise ActionRefused(_("Somebody with this address has an account already."))
    Invitation.objects.open().filter(email=email).update(withdrawn_at=timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email, role=role, invited_by=by, token_digest=digest(token)
    )
    return invitation, token


@transaction.atomic
def withdraw_invitation(invitation, *, by):
    """Make an open invitation lead nowhere."""
    require(by, "icctracker.change_invitation")
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state != Invitation.State.OPEN:
        raise ActionRefused(_("It is no longer open."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    drop_for(invitation.email, kind=Message.Kind.INVITATION)


@transaction.atomic
def accept(token, *, username, password, public_name="", show_name=False):
    """Make the account that somebody was invited to; an invitation works once."""
    invitation = (
        Invitation.objects.select_for_update()
        .filter(token_digest=digest(token))
        .first()
    )
    if invitation is None or invitation.state != Invitation.State.OPEN:
        raise ActionRefused(_("This invitation no longer works."))
    if User.objects.filter(username__iexact=username).exists():
        raise ActionRefused(_("This user name is taken. Choose another."))
    if User.objects.filter(email__iexact=username).exists():
        raise ActionRefused(_("This user name is taken. Choose another."))
    if people_named(invitation.email).exists():
        raise ActionRefused(_("Somebody with this address has an account already."))
    user = User(
        username=username,
        email=invitation.email,
        public_name=public_name,
        show_name=show_name,
        is_staff=invitation.role == CURATOR,
    )
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:
        raise ActionRefused(_("This user name is taken. Choose another.")) from taken
    user.groups.add(Group.objects.get(name=invitation.role))
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user
