"""What becomes of a suggestion: logged, set aside for a reason, or put back."""

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import Dismissal, Document, Evidence, Situation
from icctracker.readings.inbox import taken
from icctracker.readings.record import prefill

from . import ActionRefused, require
from .entries import save_entry

# Finding the documents of each situation by its words.


@transaction.atomic
def link_situations(situations=None):
    """Bring the documents of situations, or of all, in line with their words.

    Returns how many links were added or taken away. To be called after documents were
    imported or words were changed; twice in a row changes nothing.
    """
    documents = list(
        Document.objects.values_list("pk", "symbol", "title", "agenda_item").order_by()
    )
    chosen = Situation.objects.all() if situations is None else situations
    return sum(_link(situation, documents) for situation in chosen)


def _link(situation, documents):
    belongs = situation.finder()
    wanted = {number for number, *texts in documents if belongs(*texts)}
    present = set(situation.documents.order_by().values_list("pk", flat=True))
    situation.documents.remove(*present - wanted)
    situation.documents.add(*wanted - present)
    return len(present ^ wanted)


State = Evidence.State


@transaction.atomic
def accept(document, *, by):
    """Begin an entry about a document, filled from the Council's record.

    Returns the draft, and whether it is new: whoever has one already is led to it.
    """
    _allow(by)
    _lock([document.pk])
    entries = taken(by).citing(document).order_by("-updated_at")
    own = entries.filter(submitted_by=by, state__in=Evidence.EDITABLE).first()
    if own:
        return own, False
    if entry := entries.first():
        raise ActionRefused(_taken(entry))
    if document.dismissals.stood().exists():
        raise ActionRefused(
            _("%(document)s has been set aside. Put it back before you log it.")
            % {"document": document}
        )
    return save_entry(Evidence(), by=by, **_filled(document)), True


def _filled(document):
    """Facts and sources for the draft."""
    document = (
        Document.objects.with_votes().select_related("imported").get(pk=document.pk)
    )
    filled = prefill(document)
    return {"facts": filled.facts, "sources": filled.sources}


def _taken(entry):
    if entry.state == State.PUBLISHED:
        return _("It has been logged in the meantime: %(entry)s.") % {"entry": entry}
    return _("An entry about it already awaits review.")


@transaction.atomic
def dismiss(documents, *, reason, by):
    """Set documents aside for one reason, each as a row of its own.

    Those that were set aside or logged in the meantime are passed over; returns the
    new rows. Raises ActionRefused if none is left.
    """
    _allow(by)
    reason = " ".join(reason.split())
    if not reason:
        raise ActionRefused(_("Say why: the reason is kept with the document."))
    documents = _lock([document.pk for document in documents])
    gone = set(Dismissal.objects.stood().values_list("document", flat=True))
    left = [
        each
        for each in documents
        if each.pk not in gone and not taken(by).citing(each).exists()
    ]
    if not left:
        raise ActionRefused(_("These have been set aside or logged in the meantime."))
    now = timezone.now()
    return [
        Dismissal.objects.create(
            document=each, reason=reason, dismissed_by=by, dismissed_at=now
        )
        for each in left
    ]


@transaction.atomic
def put_back(documents, *, by):
    """Undo the setting aside of documents; the rows stay, and say who undid them."""
    _allow(by)
    documents = _lock([document.pk for document in documents])
    standing = Dismissal.objects.stood().filter(document__in=documents)
    # A clock may have been set back since.
    now = Greatest(Value(timezone.now(), DateTimeField()), F("dismissed_at"))
    undone = standing.update(undone_at=now, undone_by=by)
    if not undone:
        raise ActionRefused(_("These have been put back in the meantime."))
    return undone


def _allow(by):
    require(by, "icctracker.add_evidence")


def _lock(numbers):
    """The documents, held until the transaction ends, always in the same order."""
    chosen = Document.objects.select_for_update().filter(pk__in=numbers)
    return list(chosen.order_by("pk"))
