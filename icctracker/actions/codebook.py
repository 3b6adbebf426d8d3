"""Changing the codebook: draft the next version, change its criteria, publish it.

A version that took effect is never changed. The next begins as a copy, so that no
status moves until somebody means it to.
"""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icctracker.models import Codebook, Criterion, Publication, StatusChange
from icctracker.readings.versions import preview

from . import ActionRefused, EditConflict, require_of_people
from .drafts import held_draft
from .lines import write_lines
from .recoding import hold_entries, instant_for, put_in_force
from .status import record_changes

# What may change of a criterion; its code and its recommendation stay for good.
CRITERION_FIELDS = (
    "kind essential statement counts does_not_count delivered_by"
).split()
_NEEDED = ("statement", "counts", "does_not_count")
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
_CODE = re.compile(r"[0-9]{1,3}[a-z]{1,2}")


@transaction.atomic
def draft_next(publication=None, *, by, version, note=""):
    """Begin the next version, as a copy of the one in force; one draft at a time.

    Of the first publication unless told.
    """
    publication = publication or Publication.objects.principal()
    require_of_people(by, "icctracker.add_codebook")
    # Held until the end, so that two curators, or two clicks, come one by one.
    codebooks = Codebook.objects.of(publication)
    list(codebooks.select_for_update().order_by("pk"))
    current = codebooks.in_force()
    if current is None:
        raise ActionRefused(_("There is no version yet to begin from."))
    if draft := codebooks.draft():
        raise ActionRefused(
            _("Version %(version)s is being drafted already: change that draft.")
            % {"version": draft.version}
        )
    check_number(version, current)
    draft = Codebook.objects.create(
        publication=publication, version=version, note=note.strip()
    )
    for criterion in current.criteria.all():
        _copy(criterion, draft)
    return draft


@transaction.atomic
def revise_criterion(criterion, *, by, recode, revision=None, **values):
    """Change a criterion of the draft.

    With ``recode`` its test has changed: what was coded under the version before no
    longer counts until it is coded again. Without, it carries over.
    """
    draft = held_draft(criterion.codebook, by, "icctracker.change_criterion", revision)
    criterion = draft.criteria.get(pk=criterion.pk)
    for name in CRITERION_FIELDS:
        if name in values:
            setattr(criterion, name, values[name])
    _check_words(criterion)
    before = _before(draft, criterion.code)
    if before:
        criterion.meaning = before.meaning + bool(recode)
    criterion.save()
    _touch(draft)
    return criterion


@transaction.atomic
def add_criterion(draft, *, by, recommendation, code, **values):
    """Add a criterion to the draft, under a code that no version has used."""
    draft = held_draft(draft, by, "icctracker.add_criterion")
    code = code.strip().lower()
    if not _CODE.fullmatch(code):
        raise ActionRefused(
            _("“%(code)s” is not a code. Write the number and a letter, as in 7b.")
            % {"code": code[:12]}
        )
    used = Criterion.objects.filter(
        code=code, codebook__publication=draft.publication_id
    ).select_related("codebook")
    if used := used.order_by("codebook_id").first():
        raise ActionRefused(
            _(
                "The code %(code)s was used in version %(version)s already. A code is"
                " cited in print, so it never gets another meaning: choose another."
            )
            % {"code": code, "version": used.codebook.version}
        )
    values = {name: values[name] for name in CRITERION_FIELDS if name in values}
    criterion = Criterion(
        codebook=draft, recommendation=recommendation, code=code, **values
    )
    _check_words(criterion)
    criterion.save()
    _touch(draft)
    return criterion


@transaction.atomic
def drop_criterion(criterion, *, by):
    """Leave a criterion out of the draft; what was coded with it stays on record."""
    draft = held_draft(criterion.codebook, by, "icctracker.delete_criterion")
    draft.criteria.filter(pk=criterion.pk).delete()
    _touch(draft)


@transaction.atomic
def restore_criterion(draft, code, *, by):
    """Make a criterion of the draft what it is in the version in force."""
    draft = held_draft(draft, by, "icctracker.change_criterion")
    before = _before(draft, code)
    if before is None:
        raise ActionRefused(_("The version in force has no such criterion."))
    draft.criteria.filter(code=code).delete()
    criterion = _copy(before, draft)
    _touch(draft)
    return criterion


@transaction.atomic
def discard(draft, *, by, codings=None):
    """Delete the draft, with its criteria and what was coded under it.

    ``codings`` is the number that was said to be deleted with it; raises EditConflict
    if there are others by now.
    """
    draft = held_draft(draft, by, "icctracker.delete_codebook")
    found = draft.recodings.count()
    if found and codings is None:
        raise ActionRefused(
            ngettext(
                "One finding was coded again under this draft: confirm that the coding"
                " is deleted with it.",
                "%(count)d findings were coded again under this draft: confirm that"
                " the codings are deleted with it.",
                found,
            )
            % {"count": found}
        )
    if codings is not None and codings != found:
        raise EditConflict(
            _("Findings were coded again while you were reading. See the number anew.")
        )
    draft.recodings.all().delete()
    draft.criteria.all().delete()
    draft.delete()


@transaction.atomic
def publish(draft, *, by, reason, token=None, leave=None, leave_reason=""):
    """Let the draft take effect now, with what was coded under it, in one step.

    ``token`` stands for the preview that was read; raises EditConflict if the draft,
    what was coded under it, or the statuses it would change are others by now. Where
    findings are left to be coded again, ``leave`` is the number that was said not to
    count, and ``leave_reason`` says why.
    """
    require_of_people(by, "icctracker.add_assessment")
    draft = held_draft(draft, by, "icctracker.change_codebook")
    if not reason.strip():
        raise ActionRefused(_("Say why: readers see the reason with the version."))
    hold_entries(draft)
    shown = preview(draft, timezone.localdate())
    if token is not None and token != shown.token:
        raise EditConflict(
            _(
                "The draft, or the statuses it would change, changed while you were"
                " reading. You now see what it would change as it is."
            )
        )
    if problems := faults(draft, shown):
        raise ActionRefused(" ".join(problems))
    _check_left(shown.left, leave, leave_reason)
    draft.note = reason.strip()
    draft.not_coded_again = shown.left
    draft.not_coded_reason = leave_reason.strip() if shown.left else ""
    return _take_effect(draft, by)


def _take_effect(draft, by):
    """Publish the version, and put in force what was coded under it."""
    at = instant_for(draft)
    came = put_in_force(draft, at=at)
    draft.silent_since = sum(row.is_silent for row in came)
    draft.coded_again = len(came) - draft.silent_since
    draft.published_on, draft.published_at = timezone.localdate(at), at
    draft.published_by = by
    draft.save()
    write_lines(sorted({row.finding.evidence_id for row in came}))
    record_changes(
        StatusChange.Cause.CODEBOOK, draft.publication.recommendations.all(), at=at
    )
    return draft


def _check_left(left, leave, reason):
    """Refuse to leave findings uncoded unless that is said, with their number."""
    if left and leave is None:
        raise ActionRefused(
            ngettext(
                "One finding is not coded again. Code it, or say that it will not"
                " count.",
                "%(count)d findings are not coded again. Code them, or say that they"
                " will not count.",
                left,
            )
            % {"count": left}
        )
    if left and leave != left:
        raise EditConflict(
            _("The number of findings that are left changed while you were reading.")
        )
    if left and not reason.strip():
        raise ActionRefused(
            _("Say why these findings are left: readers see the reason.")
        )


def faults(draft, shown):
    """Why a draft cannot be published yet, as sentences; ``shown`` is its preview."""
    found = []
    if shown.is_empty:
        found.append(_("The draft changes nothing: it is the version in force."))
    criteria = [change.after for change in shown.changes if change.after]
    for criterion in criteria:
        if missing := _missing(criterion):
            found.append(
                _("Criterion %(code)s does not say: %(parts)s.")
                % {"code": criterion.code, "parts": ", ".join(missing)}
            )
    judged = {each.recommendation_id for each in criteria if each.essential}
    for recommendation in draft.publication.recommendations.exclude(pk__in=judged):
        found.append(
            _("%(code)s would be left without an essential criterion.")
            % {"code": recommendation.code}
        )
    return found


def check_number(version, current):
    if not _VERSION.fullmatch(version):
        raise ActionRefused(
            _("“%(version)s” is not a version. Write two numbers, as in 1.1.")
            % {"version": version[:20]}
        )
    if _number(version) <= _number(current.version):
        raise ActionRefused(
            _("Version %(current)s is in force: the next has a higher number.")
            % {"current": current.version}
        )


def _number(version):
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def next_version(codebook):
    """The number a draft would usually get: 1.1 after 1.0."""
    first, *rest = _number(codebook.version)
    return f"{first}.{(rest[0] if rest else 0) + 1}"


def _before(draft, code):
    return Codebook.objects.before(draft).criteria.filter(code=code).first()


def _copy(criterion, draft):
    criterion.pk, criterion.codebook = None, draft
    criterion._state.adding = True
    criterion.save()
    return criterion


def _touch(draft):
    draft.revision += 1
    draft.save(update_fields=["revision"])


def _missing(criterion):
    """Which of the texts that every criterion needs are empty, in words."""
    return [
        str(Criterion._meta.get_field(name).verbose_name)
        for name in _NEEDED
        if not getattr(criterion, name).strip()
    ]


def _check_words(criterion):
    if missing := _missing(criterion):
        raise ActionRefused(
            _("A criterion says before anything is coded: %(parts)s.")
            % {"parts": ", ".join(missing)}
        )
