"""Inviting somebody, and making an account by an invitation."""

import secrets

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.models import Invitation, User
from icctracker.models.invitations import digest
from icctracker.roles import CURATOR


@transaction.atomic
def invite(email, role, *, by):
    """Invite somebody; the invitation, and the token that only its link will hold.

    Earlier invitations to the same address no longer work.
    """
    if not by.has_perm("icctracker.add_invitation"):
        raise ActionRefused(_("Your role does not allow this."))
    email = email.lower()
    if User.objects.filter(email__iexact=email).exists():
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
    if not by.has_perm("icctracker.change_invitation"):
        raise ActionRefused(_("Your role does not allow this."))
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state != Invitation.State.OPEN:
        raise ActionRefused(_("It is no longer open."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


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
