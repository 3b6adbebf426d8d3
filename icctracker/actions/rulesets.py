"""Changing the rule: draft the next ruleset, move its values, publish it.

A version that took effect is never changed. The next begins as a copy, so that no
status moves until somebody means it to.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import Publication, Ruleset, StatusChange
from icctracker.readings.rulesets import faults_in_words, preview, problems
from icctracker.ruleset.parameters import as_values

from . import ActionRefused, EditConflict, require
from .codebook import check_number
from .status import record_changes


@transaction.atomic
def draft_next(publication, *, by, version):
    """Begin the next version, as a copy of the one in force; one draft at a time."""
    require(by, "icctracker.add_ruleset")
    # Held until the end, so that two curators, or two clicks, come one by one.
    Publication.objects.select_for_update().get(pk=publication.pk)
    rulesets = Ruleset.objects.of(publication)
    current = rulesets.in_force()
    if current is None:
        raise ActionRefused(_("There is no version yet to begin from."))
    if draft := rulesets.draft():
        raise ActionRefused(
            _("Version %(version)s is being drafted already: change that draft.")
            % {"version": draft.version}
        )
    check_number(version, current)
    return Ruleset.objects.create(
        publication=publication,
        version=version,
        values=as_values(current.parameters),
    )


@transaction.atomic
def revise(draft, *, by, values, revision=None):
    """Move the values of the draft; whatever is impossible is refused in words."""
    draft = _draft(draft, by, "icctracker.change_ruleset")
    if revision is not None and draft.revision != revision:
        raise EditConflict(_("The draft was changed while you were editing it."))
    moved = draft.values | values
    if found := list(faults_in_words(moved)):
        raise ActionRefused(" ".join(sentence for _name, sentence in found))
    draft.values = moved
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def discard(draft, *, by):
    """Delete the draft; nothing was ever judged by it."""
    _draft(draft, by, "icctracker.delete_ruleset").delete()


@transaction.atomic
def publish(draft, *, by, reason, token=None):
    """Let the draft take effect now, and keep who published it and why.

    ``token`` stands for the preview that was read; raises EditConflict if the draft
    or the statuses it would change are others by now.
    """
    require(by, "icctracker.add_assessment")
    draft = _draft(draft, by, "icctracker.change_ruleset")
    if not reason.strip():
        raise ActionRefused(_("Say why: readers see the reason with the version."))
    shown = preview(draft, timezone.localdate())
    if token is not None and token != shown.token:
        raise EditConflict(
            _(
                "The draft, or the statuses it would change, changed while you were"
                " reading. You now see what it would change as it is."
            )
        )
    if found := problems(draft, shown):
        raise ActionRefused(" ".join(found))
    draft.reason = reason.strip()
    draft.published_at = timezone.now()
    draft.published_by = by
    draft.save()
    record_changes(
        StatusChange.Cause.RULESET,
        draft.publication.recommendations.all(),
        at=draft.published_at,
    )
    return draft


def _draft(ruleset, by, permission):
    """The draft, held until the transaction ends; refused if it took effect."""
    require(by, permission)
    draft = Ruleset.objects.select_for_update().filter(pk=ruleset.pk).first()
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
    return draft
