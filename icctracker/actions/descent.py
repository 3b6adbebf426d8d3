"""A reviewer's word on what a paragraph was taken from: set, set anew, taken back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import Descent, DescentCorrection, Document
from icctracker.readings import forerunners

from . import ActionRefused, EditConflict, require

PERMISSION = "icctracker.add_descentcorrection"
AT_ONCE = 500


@transaction.atomic
def trace_descents(of=None):
    """Write what paragraphs were taken from by the texts on record; how many rows.

    ``of`` are the keys of documents whose texts came or went: without, of all.
    """
    missing, wrong = forerunners.difference(of)
    Descent.objects.filter(pk__in=[row.pk for row in wrong]).delete()
    Descent.objects.bulk_create(missing, batch_size=AT_ONCE)
    return len({forerunners.key_of(row) for row in (*missing, *wrong)})


@transaction.atomic
def correct_descent(document, label, *, by, reason, forerunner=None, seen=0):
    """Name another forerunner of a paragraph, or none, with the reason.

    ``forerunner`` is a document and the label of its paragraph, or None. ``seen`` is
    the key of the correction that its writer saw standing; it is taken back by this.
    """
    require(by, PERMISSION)
    standing = _standing(document, label, seen)
    previous, previous_label = forerunner or (None, "")
    reason = _reason(reason)
    if previous:
        _check_day(document, previous)
    said = standing and (standing.previous, standing.previous_label)
    if standing and said == (previous, previous_label):
        raise ActionRefused(_("Nothing was changed: this is what stands already."))
    if standing:
        _end(standing, by, _("Set anew."))
    return DescentCorrection.objects.create(
        document=document,
        label=label,
        previous=previous,
        previous_label=previous_label,
        reason=reason,
        corrected_by=by,
    )


@transaction.atomic
def take_back_correction(document, label, *, by, reason, seen=0):
    """What the table or the texts say stands again; the correction stays readable."""
    require(by, PERMISSION)
    standing = _standing(document, label, seen)
    if standing is None:
        raise ActionRefused(_("Nothing was changed: no correction stands."))
    _end(standing, by, _reason(reason))
    return standing


def _standing(document, label, seen):
    """The correction that stands, if any; refused if it is not what was seen."""
    # Whoever else writes about this document waits here.
    Document.objects.select_for_update().get(pk=document.pk)
    corrections = DescentCorrection.objects.standing().filter(document=document)
    standing = corrections.filter(label=label).select_related("previous").first()
    if (standing.pk if standing else 0) != seen:
        raise EditConflict(_("Somebody else corrected this link in the meantime."))
    return standing


def _end(correction, by, reason):
    correction.withdrawn_by, correction.withdrawn_at = by, timezone.now()
    correction.withdrawal_reason = reason
    correction.save()


def _check_day(document, previous):
    """A forerunner is of an earlier day, so that no chain goes in a circle."""
    days = {
        each.pk: each.held_on
        for each in Document.objects.dated().filter(pk__in=[document.pk, previous.pk])
    }
    if not all(days.values()) or days[previous.pk] >= days[document.pk]:
        raise ActionRefused(
            _("%(previous)s is not of an earlier day than %(document)s.")
            % {"previous": previous, "document": document}
        )


def _reason(text):
    if not text.strip():
        raise ActionRefused(_("Say why: the reason is kept, and shown to readers."))
    return text.strip()
