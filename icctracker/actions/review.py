"""Deciding about entries: publish, send back, decline, correct, withdraw.

Every decision is one row. Nobody reviews an entry that they wrote, or changed while it
was waiting, save a curator who says why; the reason is shown. Whoever coded it a second
time, or reconciled two codings of others, has not changed it.
"""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from icctracker.models import (
    CODES,
    FACTS_SHOWN,
    FINDING_FIELDS,
    SOURCE_FIELDS,
    Comment,
    Criterion,
    Evidence,
    ReviewDecision,
    StatusChange,
    may_comment,
    rules,
)
from icctracker.models.evidence import SUBJECTS
from icctracker.models.findings import COPIED
from icctracker.models.reviews import LONGEST_COMMENT
from icctracker.models.rules import Stops
from icctracker.readings.history import (
    accepted_ever,
    differences,
    editions_of,
    everything_said,
    standing_at,
)

from . import ActionRefused, EditConflict, require
from .coding import close_codings, refuse_blind, refuse_while_coded
from .entries import (
    TRANSITIONS,
    add_finding,
    check,
    close_edition,
    frozen,
    instant_of,
    lock,
    write_edition,
    write_facts,
    write_sources,
)
from .mail import tell_author, tell_of_comment
from .status import record_changes_of

Outcome, Cause = ReviewDecision.Outcome, StatusChange.Cause


@transaction.atomic
def decide(evidence, *, reviewer, outcome, note="", version=None, may_be_alone=True):
    """Publish a submitted entry, send it back or decline it, and record the decision.

    Raises ActionRefused if the entry no longer awaits review, if the reviewer wrote or
    changed it (a curator may decide with a note, if it ``may_be_alone``), if a decision
    against it gives no reason, if it is to be sent back to nobody, or while somebody is
    coding it a second time.
    """
    evidence = lock(evidence)
    if outcome not in (Outcome.PUBLISH, Outcome.RETURN, Outcome.DECLINE):
        raise ActionRefused(_("That is not a decision about a submitted entry."))
    outcome = Outcome(outcome)
    require(reviewer, "icctracker.review_evidence")
    _check_state(evidence, outcome, version)
    refuse_while_coded(evidence)
    if outcome == Outcome.RETURN:
        _check_has_author(evidence)
    alone = _check_four_eyes(evidence, reviewer, note, may_be_alone)
    if outcome != Outcome.PUBLISH:
        _require_reason(note)
        close_codings(evidence, _("The entry was decided on."), settle=True)
        return record_decision(evidence, reviewer, outcome, note, alone=alone)
    now = _publish(evidence)
    close_codings(evidence, _("The entry was decided on."), settle=False)
    decision = record_decision(evidence, reviewer, outcome, note, at=now, alone=alone)
    write_edition(evidence, at=now, decision=decision)
    record_changes_of(decision, Cause.PUBLICATION)
    return decision


@transaction.atomic
def withdraw(evidence, *, by, reason, version=None):
    """Take a published entry out of every status; its page stays, with the reason.

    Raises EditConflict if the entry is no longer at ``version``.
    """
    evidence = lock(evidence)
    require(by, "icctracker.curate_evidence")
    refuse_blind(evidence, by)
    _check_state(evidence, Outcome.WITHDRAW, version)
    _require_reason(reason)
    now = evidence.withdrawn_at = instant_of(evidence)
    evidence.findings.accepted().update(retired_at=now)
    close_codings(evidence, _("The entry was withdrawn."), settle=True)
    decision = record_decision(evidence, by, Outcome.WITHDRAW, reason, at=now)
    close_edition(evidence, at=now)
    record_changes_of(decision, Cause.WITHDRAWAL)
    return decision


@transaction.atomic
def correct(
    evidence, *, by, reason, facts, sources, findings, version=None, restores=None
):
    """Correct a published entry: its facts change on the record, and every finding
    that the correction touches is retired and superseded by a new one.

    ``restores`` is the earlier edition that the correction brings back, if any.
    """
    evidence = lock(evidence)
    check_correction(evidence, by=by, reason=reason, version=version)
    return _correct(evidence, by, reason, facts, sources, findings, restores)


@transaction.atomic
def mend_entry(evidence, *, reason, facts, sources, findings, publish=False):
    """Put right what the site shipped wrong: a correction that nobody makes.

    One that awaits review is changed as it waits, and published if it ships as verified
    now. Raises ActionRefused where people have decided otherwise.
    """
    evidence = lock(evidence)
    if evidence.state == Evidence.State.PUBLISHED and not publish:
        return _correct(evidence, None, reason, facts, sources, findings)
    _check_state(evidence, Outcome.PUBLISH)
    refuse_while_coded(evidence)
    evidence._change_reason = reason[:100]
    write_facts(evidence, facts)
    write_sources(evidence, sources)
    evidence.findings.filter(accepted_at__isnull=True).delete()
    for row in findings:
        add_finding(evidence, row, by=None)
    if not publish:
        evidence.version += 1
        evidence.save()
        return None
    now = _publish(evidence)
    decision = record_decision(evidence, None, Outcome.PUBLISH, reason, at=now)
    write_edition(evidence, at=now, decision=decision)
    record_changes_of(decision, Cause.PUBLICATION)
    return decision


def _correct(evidence, by, reason, facts, sources, findings, restores=None):
    evidence._change_reason = reason[:100]
    write_facts(evidence, facts)
    write_sources(evidence, sources)
    corrected = replace(rules.entry_of(evidence), findings=findings)
    needs = _("A published entry needs: %(parts)s.")
    check(corrected, Stops.SAVING | Stops.PUBLISHING, needs)
    now = instant_of(evidence)
    _supersede_findings(evidence, findings, by, now)
    decision = record_decision(evidence, by, Outcome.CORRECT, reason, at=now)
    write_edition(evidence, at=now, decision=decision, restores=restores)
    record_changes_of(decision, Cause.CORRECTION)
    return decision


def check_correction(evidence, *, by, reason, version=None):
    """Refuse a correction by somebody who may not, of what cannot be, or without why.

    Raises EditConflict if the entry is no longer at ``version``.
    """
    require(by, "icctracker.curate_evidence")
    refuse_blind(evidence, by)
    _check_state(evidence, Outcome.CORRECT, version)
    _require_reason(reason)


def new_slug(evidence):
    """A readable address that no other entry has: the title, then the date."""
    stem = slugify(evidence.title)[:80].rstrip("-") or "entry"
    slug = stem = f"{stem}-{evidence.occurred_on.isoformat()}"
    number = 2
    while Evidence.objects.filter(slug=slug).exclude(pk=evidence.pk).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _publish(evidence):
    without = _("It cannot be published without: %(parts)s.")
    check(rules.entry_of(evidence), Stops.SAVING | Stops.PUBLISHING, without)
    now = instant_of(evidence)
    evidence.slug = evidence.slug or new_slug(evidence)
    evidence.published_at = now
    evidence.verification = Evidence.Verification.VERIFIED
    evidence.findings.filter(accepted_at__isnull=True).update(**frozen(evidence, now))
    return now


def _supersede_findings(evidence, rows, by, now):
    frozen_now = frozen(evidence, now)
    # By code: a version of the codebook later, it is still the same criterion.
    standing = {finding.criterion.identity: finding for finding in _accepted(evidence)}
    for row in rows:
        old = standing.pop(row["criterion"].identity, None)
        if old and _same(old, row, frozen_now):
            continue
        if old:
            old.retired_at = now
            old.save(update_fields=["retired_at"])
        marks = _marks(old, row) if old else {}
        add_finding(evidence, row, by=by, supersedes=old, **marks, **frozen_now)
    for dropped in standing.values():
        dropped.retired_at = now
        dropped.save(update_fields=["retired_at"])


def _marks(old, row):
    """What a corrected finding keeps of its second coding.

    The same codes are still those of two people; new ones are those of one. A dispute
    lasts until it is reconciled.
    """
    wanted = row | {"form": row.get("form") or old.evidence.default_form}
    same = all(wanted.get(n, getattr(old, n)) == getattr(old, n) for n in CODES)
    marks = {
        "coded_twice": old.coded_twice and same,
        "disputed": old.disputed,
        "second_coding": old.second_coding,
    }
    return marks if same or old.disputed else {}


def _accepted(evidence):
    return evidence.findings.accepted().select_related("criterion")


def _same(old, row, frozen_now):
    if any(getattr(old, name) != frozen_now[name] for name in COPIED):
        return False
    if old.criterion.meaning != row["criterion"].meaning:
        return False
    # A row without a form asks for the one that the kind of the entry proposes.
    wanted = row | {"form": row.get("form") or old.evidence.default_form}
    return all(
        getattr(old, name) == wanted[name]
        for name in FINDING_FIELDS
        if wanted.get(name) is not None
    )


def _require_reason(text):
    if not text.strip():
        raise ActionRefused(_("Say why: the reason is kept with the decision."))


def _check_has_author(evidence):
    if evidence.submitted_by_id is None:
        raise ActionRefused(
            _("It came with the first data and has no author to be sent back to.")
        )
    if not evidence.has_author:
        raise ActionRefused(
            _("The account of its author is closed: there is nobody to send it to.")
        )


def _check_state(evidence, outcome, version=None):
    if evidence.state not in TRANSITIONS[outcome].allowed_from:
        raise ActionRefused(
            _("Nothing was changed: this entry is now “%(state)s”.")
            % {"state": evidence.get_state_display()}
        )
    if version is not None and evidence.version != version:
        raise EditConflict(_("This entry was changed while you were reading it."))


def _check_four_eyes(evidence, reviewer, note, may_be_alone):
    """Whether it is the reviewer's own work; refused unless a curator says why."""
    if not evidence.written_by(reviewer):
        return False
    if not reviewer.has_perm("icctracker.curate_evidence"):
        raise ActionRefused(_("Somebody other than its author must review an entry."))
    if not may_be_alone:
        raise ActionRefused(
            _(
                "You wrote this entry, or changed it while it was waiting. Somebody"
                " else decides on it, or you do on its own page, saying why."
            )
        )
    if not note.strip():
        raise ActionRefused(_alone_needs_a_reason(evidence, reviewer))
    return True


def _alone_needs_a_reason(evidence, reviewer):
    if evidence.submitted_by_id == reviewer.pk:
        return _("You wrote this entry. To decide on it alone, say why: it is shown.")
    return _(
        "You changed this entry while it was waiting. To decide on it alone, say why:"
        " it is shown."
    )


def record_decision(evidence, reviewer, outcome, note, *, at=None, alone=False):
    """Keep a decision, with what follows from it; one of nobody is the site's own."""
    evidence.state = TRANSITIONS[outcome].leads_to
    evidence.version += 1
    evidence.save()
    decision = ReviewDecision.objects.create(
        evidence=evidence,
        reviewer=reviewer,
        outcome=outcome,
        note=note.strip(),
        alone=alone,
        decided_at=at or timezone.now(),
    )
    tell_author(decision)
    return decision


# Commenting on an entry that is under review.


@transaction.atomic
def comment(evidence, *, by, text):
    """Add a comment; the same words sent twice in a row are one comment.

    Raises ActionRefused if the person neither wrote nor reviews the entry, if nobody
    reviews it yet, or if the text is empty or too long.
    """
    evidence, text = lock(evidence), text.strip()
    if not may_comment(by, evidence):
        raise ActionRefused(
            _("Only its author and reviewers comment on an entry, once submitted.")
        )
    if not text:
        raise ActionRefused(_("Write a comment first."))
    if len(text) > LONGEST_COMMENT:
        raise ActionRefused(
            _("Shorten this to at most %(most)d characters; it has %(n)d.")
            % {"most": LONGEST_COMMENT, "n": len(text)}
        )
    last = evidence.comments.order_by("-written_at", "-pk").first()
    if last and (last.author_id, last.text) == (by.pk, text):
        return last
    made = Comment.objects.create(evidence=evidence, author=by, text=text)
    tell_of_comment(made)
    return made


# Restoring an earlier version of an entry: a correction that says what it brings back.
#
# The past is not rewritten: what stood in between stays on the record.


@transaction.atomic
def restore(evidence, *, number, by, reason, version=None):
    """Bring back an earlier version of a published entry; returns the decision.

    Raises EditConflict if the entry is no longer at ``version``, ActionRefused if it is
    withdrawn, if nothing would change, or if the version cites a source that has been
    removed since or a criterion that is no longer in force.
    """
    evidence = lock(evidence)
    check_correction(evidence, by=by, reason=reason, version=version)
    edition = evidence.editions.filter(number=number).first()
    if edition is None:
        raise ActionRefused(_("There is no such version of this entry."))
    if not what_would_change(evidence, edition):
        raise ActionRefused(_("Nothing to restore: the entry says the same today."))
    _check_sources(evidence, edition)
    return correct(
        evidence,
        by=by,
        reason=reason,
        facts=_facts(edition),
        sources=[
            {name: getattr(source, name) for name in SOURCE_FIELDS}
            for source in edition.sources.all()
        ],
        findings=_findings(evidence, edition),
        restores=edition,
    )


def what_would_change(evidence, edition):
    """A Change for each thing that the restored version would say otherwise."""
    findings = list(accepted_ever(evidence))
    current = editions_of(evidence).current().first()
    if current is None:
        return []
    return differences(
        everything_said(current, findings), everything_said(edition, findings)
    )


def _check_sources(evidence, edition):
    cited = {source.url: source for source in edition.sources.all()}
    gone = cited.keys() - set(evidence.sources.values_list("url", flat=True))
    if gone:
        raise ActionRefused(
            _(
                "That version cites a source that has been removed since: %(sources)s."
                " Read it again; if it holds, add it back by a correction and restore"
                " then."
            )
            % {"sources": "; ".join(sorted(gone))}
        )


def _facts(edition):
    facts = {name: getattr(edition, name) for name in FACTS_SHOWN}
    for name in SUBJECTS:
        facts[name] = list(getattr(edition, name).all())
    return facts


def _findings(evidence, edition):
    """The findings of that version, each on a criterion that can be cited today:

    the one that the entry cites already, else the one in force of the same code.
    """
    cited = evidence.findings.accepted().select_related("criterion")
    today = {finding.criterion.identity: finding.criterion for finding in cited}
    in_force = {each.identity: each for each in Criterion.objects.in_force()}
    rows = []
    for finding in standing_at(accepted_ever(evidence), edition.at):
        test, code = finding.criterion.identity, finding.criterion.code
        criterion = today.get(test) or in_force.get(test)
        if criterion is None:
            raise ActionRefused(
                _("That version cites criterion %(code)s, which is no longer in force.")
                % {"code": code}
            )
        row = {name: getattr(finding, name) for name in FINDING_FIELDS}
        rows.append(row | {"criterion": criterion})
    return rows
