"""Brings what a later release judges by to a site that works with an earlier one.

A version of the codebook takes effect with its codings, and a ruleset likewise, each in
one step and from now on: what was known before stays as it was. Where people have a
draft or a version of their own, theirs stays, and what is left to do is said.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions.codebook import publish
from icctracker.actions.recoding import Row, recode_many
from icctracker.actions.status import Cause, record_changes
from icctracker.models import Codebook, Finding, Publication, Ruleset
from icctracker.readings.versions import preview

from .coded_for import CodedFor
from .publications import rulesets_of, version_of, write_criteria
from .shipped import FINDING, as_said, asked_name, digest


def _publication(coded):
    slug = coded.codebooks[0]["publication"]["slug"]
    return Publication.objects.filter(slug=slug).first()


def _is_as_shipped(versions):
    """Whether all versions on record came with the data, and nothing is drafted."""
    return versions.exists() and not (
        versions.draft() or versions.filter(published_by__isnull=False).exists()
    )


def next_codebook(folder):
    """The next version for a site that lacks it, as a draft; None where there is none.

    It is to take effect by ``take_effect`` in the same transaction.
    """
    coded = CodedFor(folder)
    publication = _publication(coded)
    if publication is None:
        return None
    versions = Codebook.objects.of(publication)
    missing = _missing(coded.codebooks, versions)
    if not missing or not _is_as_shipped(versions):
        return None
    # One at a time: the next follows when this one is in force.
    data = missing[0]
    draft = Codebook.objects.create(
        publication=publication, version=version_of(data), note=data["reason"]
    )
    write_criteria(draft, data, coded.meanings[draft.version])
    return draft


def _missing(told, versions):
    known = set(versions.values_list("version", flat=True))
    return [each for each in told if version_of(each) not in known]


@transaction.atomic
def take_effect(draft, values, before):
    """Let the draft of a release take effect, with its codings; returns how many.

    A finding on a changed test is coded again where it is as it was shipped before;
    what people have coded otherwise is left to them.
    """
    rows = [
        Row(finding, _EMPTY | codes)
        for finding, codes in _to_code(draft, values["evidence"], before["evidence"])
    ]
    recode_many(draft, rows, by=None)
    left = preview(draft, timezone.localdate()).left
    publish(
        draft,
        by=None,
        reason=draft.note,
        leave=left or None,
        leave_reason=_left_uncoded() if left else "",
    )
    return len(rows)


def _left_uncoded():
    return _(
        "People here have coded these otherwise than the data had them: it is for them"
        " to code them again."
    )


_EMPTY = dict.fromkeys(FINDING, "") | {"occasion": False}


def _to_code(draft, values, before):
    """Accepted findings on a changed test, as shipped, and what they say by the new."""
    asked = {each.code: each.meaning for each in draft.criteria.all()}
    # What two people coded otherwise is for a third to decide.
    accepted = Finding.objects.accepted().filter(disputed=False)
    accepted = accepted.filter(evidence__slug__in=values)
    for finding in accepted.select_related("evidence", "criterion").order_by("pk"):
        criterion, slug = finding.criterion, finding.evidence.slug
        meaning = asked.get(criterion.code)
        said = values[slug].get(asked_name(criterion.code, meaning or 1))
        if not said or meaning != criterion.meaning + 1:
            continue
        earlier = asked_name(criterion.code, criterion.meaning)
        if digest(as_said(finding)) in before.get(slug, {}).get(earlier, ()):
            yield finding, said


def next_rulesets(folder):
    """Let the rulesets that the site lacks take effect, in order; how many did."""
    publication = _publication(CodedFor(folder))
    versions = Ruleset.objects.of(publication)
    missing = _missing(rulesets_of(folder), versions)
    if not missing or not _is_as_shipped(versions):
        return 0
    for data in missing:
        rule = Ruleset.objects.create(
            publication=publication,
            version=data["version"],
            values=versions.in_force().values | data["values"],
            reason=data["reason"],
            published_at=timezone.now(),
        )
        everything = publication.recommendations.all()
        record_changes(Cause.RULESET, everything, at=rule.published_at)
    return len(missing)


def left_to_people(folder):
    """What a release brings and people have to bring in themselves, as sentences."""
    coded = CodedFor(folder)
    publication = _publication(coded)
    if publication is None:
        return
    for told, versions, sentence in (
        (coded.codebooks, Codebook.objects.of(publication), _codebook_is_left()),
        (rulesets_of(folder), Ruleset.objects.of(publication), _ruleset_is_left()),
    ):
        own = versions.draft() or versions.filter(published_by__isnull=False).first()
        shipped = versions.published().filter(published_by=None)
        shipped = set(shipped.values_list("version", flat=True))
        for data in told:
            if own and version_of(data) not in shipped:
                yield sentence % {"version": version_of(data), "own": own.version}


def _codebook_is_left():
    return _(
        "Codebook %(version)s came with the data and is not in force: version %(own)s"
        " is your own. A curator drafts the next version with the criteria in"
        " fixtures/tracker/codebook-%(version)s.json, and its findings are coded again;"
        " or discards the draft, and runs manage.py setup_site."
    )


def _ruleset_is_left():
    return _(
        "Ruleset %(version)s came with the data and is not in force: version %(own)s is"
        " your own. A curator drafts the next version with the values in"
        " fixtures/tracker/ruleset-%(version)s.json; or discards the draft, and runs"
        " manage.py setup_site."
    )
