"""Who may code an entry blind, and what is kept from whoever does."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.models import Coding, Evidence, Finding, Reading, ReviewDecision

State = Coding.State


def bars(person):
    """Why a person may not code an entry a second time: words, and whom they hit."""
    decided = ReviewDecision.objects.filter(reviewer=person)
    coded = Finding.objects.filter(coded_by=person)
    done = Coding.objects.filter(coder=person, done_at__isnull=False)
    read = Reading.objects.filter(reader=person)
    return [
        (
            _("Whoever wrote an entry cannot be its second coder."),
            Q(submitted_by=person),
        ),
        (
            _("Whoever has coded an entry already cannot be its second coder."),
            Q(pk__in=coded.values("evidence")) | Q(pk__in=done.values("evidence")),
        ),
        (
            _("Whoever has decided on an entry has read its first codes."),
            Q(pk__in=decided.values("evidence")),
        ),
        (
            _("Whoever has opened an entry under review has read its first codes."),
            # What is published can be read by anybody; there a promise must do.
            Q(pk__in=read.values("evidence")) & ~Q(state=Evidence.State.PUBLISHED),
        ),
    ]


def codable_by(person):
    """The entries that a person may code a second time."""
    entries = Evidence.objects.filter(state__in=Coding.CODABLE)
    for _words, barred in bars(person):
        entries = entries.exclude(barred)
    return entries


def still_blind_to(person):
    """The entries under a second coding that a person could still code blind.

    Nothing that is listed for such a person may tell what was found in them.
    """
    under_way = Coding.objects.live().values("evidence")
    return codable_by(person).filter(pk__in=under_way)


def note_reading(evidence, reader):
    """Remember that somebody has opened an entry with its codes: blind no more."""
    if evidence.submitted_by_id != reader.pk:
        Reading.objects.get_or_create(evidence=evidence, reader=reader)


def refuse_while_coded(evidence):
    """Refuse a decision that would change, or show, what somebody is coding blind."""
    if evidence.codings.filter(state=State.OPEN).exists():
        raise ActionRefused(
            _(
                "Somebody is coding this entry a second time. Wait until the coding is"
                " handed in, or withdraw it first."
            )
        )


def refuse_blind(evidence, person):
    """Refuse what takes reading the first codes to somebody who is coding blind."""
    if Coding.objects.blinding(person).filter(evidence=evidence).exists():
        raise ActionRefused(
            _("You are coding this entry blind: hand your coding in first.")
        )


def close_codings(evidence, reason, *, settle):
    """End what is still under way; with ``settle``, differences no longer matter."""
    for coding in evidence.codings.live():
        end(coding, reason)
    if settle:
        evidence.codings.to_reconcile().update(settled_at=timezone.now())


def end(coding, reason):
    """End a coding that is not handed in, with the reason before the coder's note."""
    coding.note = "\n\n".join(filter(None, [reason.strip(), coding.note]))
    coding.state = State.WITHDRAWN
    coding.version += 1
    coding.save()


def check_may_code(evidence, person):
    """Refuse somebody who cannot be the second coder of an entry."""
    if not (person.is_active and person.has_perm("icctracker.code_evidence")):
        raise ActionRefused(_("This takes somebody who may code evidence."))
    for words, barred in bars(person):
        if Evidence.objects.filter(barred, pk=evidence.pk).exists():
            raise ActionRefused(words)
