"""What may be done: one verb, one transaction, one place that refuses."""

from django.utils.translation import gettext as _


class ActionRefused(Exception):
    """The action may not be done; the message says why, in the reader's words."""


class EditConflict(ActionRefused):
    """Somebody else saved the same entry in the meantime."""


def require(user, permission):
    """Refuse whoever has not the permission."""
    if not user.has_perm(permission):
        raise ActionRefused(_("Your role does not allow this."))


def require_of_people(by, permission):
    """The same of a person; what comes with the data has nobody to ask."""
    if by is not None:
        require(by, permission)
