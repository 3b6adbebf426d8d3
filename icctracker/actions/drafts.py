"""Holding the draft of a codebook, so that whoever changes it comes one by one."""

from django.utils.translation import gettext as _

from icctracker.models import Codebook

from . import ActionRefused, EditConflict, require_of_people


def held_draft(codebook, by, permission, revision=None):
    """The draft, held until the transaction ends; refused if it took effect."""
    require_of_people(by, permission)
    draft = Codebook.objects.select_for_update().filter(pk=codebook.pk).first()
    if draft is None:
        raise ActionRefused(_("This draft was discarded meanwhile."))
    if not draft.is_draft:
        raise ActionRefused(
            _(
                "Version %(version)s has taken effect and is never changed: draft the"
                " next version."
            )
            % {"version": draft.version}
        )
    if revision is not None and draft.revision != revision:
        raise EditConflict(_("The draft was changed while you were editing it."))
    return draft
