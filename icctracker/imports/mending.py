"""Mends a site that was set up earlier: what was shipped wrong is put right on record.

Only what still is as it was shipped before. What people have changed stays and is told.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.actions.entries import actors_named
from icctracker.actions.review import mend_entry
from icctracker.models import (
    SOURCE_FIELDS,
    Addressee,
    Ballot,
    Document,
    Evidence,
    Gap,
    Import,
    Member,
    Situation,
    ValueOrigin,
    Vote,
)
from icctracker.models.folded import refold

from .first_record import CREDITS, RESOLUTIONS, VETOES
from .shipped import COUNCIL, FINDING, MODELS, Fate, code_of, differences, digest, told


@dataclass
class Mended:
    """What was put right, what people keep otherwise, what files have otherwise."""

    mended: list = field(default_factory=list)
    left: list = field(default_factory=list)
    imported: list = field(default_factory=list)
    # How many known gaps were closed, which the data no longer has.
    closed: int = 0


def reason():
    """What readers are told of each correction."""
    return _("Mended in the data that the site ships with.")


@transaction.atomic
def mend(values, before, *, criteria):
    """Mend what differs from what is shipped; a Mended of Differences.

    ``values`` are those that are shipped, ``before`` the digests of earlier ones,
    ``criteria`` those with which entries are coded.
    """
    done, wanted = Mended(), defaultdict(list)
    for each in differences(values, before):
        if each.fate == Fate.MEND:
            wanted[each.noun, each.pk].append(each)
        else:
            (done.left if each.fate == Fate.LEAVE else done.imported).append(each)
    done.closed = _close_gaps(values, before)
    imports = _Imports()
    for (noun, pk), changes in wanted.items():
        try:
            with transaction.atomic():
                if noun == "evidence":
                    _mend_entry(pk, changes, criteria)
                elif noun in COUNCIL:
                    _mend_record(MODELS[noun], pk, changes, imports)
                else:
                    _mend_noun(MODELS[noun], pk, changes)
        except ActionRefused:
            done.left += changes
        else:
            done.mended += changes
    return done


def _close_gaps(values, before):
    """Close the known gaps that are no longer shipped, if they are as they were."""
    closed = 0
    today = timezone.localdate()
    gone = before.get("gap", {}).keys() - values["gap"].keys()
    for gap in Gap.objects.filter(slug__in=gone, closed_on=None):
        if digest(gap.text) in before["gap"][gap.slug].get("text", ()):
            gap.closed_on = max(today, gap.noted_on)
            gap._change_reason = reason()
            gap.save()
            closed += 1
    return closed


def _mend_noun(model, pk, changes):
    """A record with a history: the version says why it was made."""
    record = model.objects.get(pk=pk)
    for each in changes:
        if each.field != "addressees":
            setattr(record, each.field, _of(model, each.field, each.shipped))
    record._change_reason = reason()
    record.save()
    for each in changes:
        if each.field == "addressees":
            record.addressees.set(Addressee.objects.filter(slug__in=each.shipped))


def _of(model, name, value):
    kind = model._meta.get_field(name).get_internal_type()
    return date.fromisoformat(value) if kind == "DateField" and value else value


class _Imports:
    """The import that a mended value of the record is told to come from, made once."""

    def __init__(self):
        self._made = {}

    def of(self, document):
        file = VETOES if document.series == Document.Series.VETOED else RESOLUTIONS
        if file not in self._made:
            self._made[file] = Import.objects.create(source=file, credit=CREDITS[file])
        return self._made[file]


def _mend_record(model, pk, changes, imports):
    """A document or ballot: the origin of the value says what stood there before."""
    record = model.objects.get(pk=pk)
    ballot = record if model is Ballot else None
    document = ballot.document if ballot else record
    fields = {c.field: c.shipped for c in changes if c.field != "votes"}
    if fields:
        model.objects.filter(pk=pk).update(**fields)
        refold(model, [pk])
    for each in changes:
        if each.field == "votes":
            _cast_anew(ballot, each.shipped)
        ValueOrigin.objects.create(
            document=document,
            ballot=ballot,
            field=each.field,
            before="" if each.stored is None else str(each.stored),
            imported=imports.of(document),
        )


def _cast_anew(ballot, votes):
    members = dict(Member.objects.values_list("code", "pk"))
    ballot.votes.all().delete()
    Vote.objects.bulk_create(
        Vote(ballot=ballot, member_id=members[code], cast=cast)
        for code, cast in votes.items()
    )


def _mend_entry(pk, changes, criteria):
    """An entry: a correction without an author, for this reason."""
    entry = Evidence.objects.get(pk=pk)
    new = {each.field: each.shipped for each in changes}
    publish = new.pop("verification", None) == Evidence.Verification.VERIFIED
    if any(each.field == "verification" for each in changes) and not publish:
        raise ActionRefused(_("What was verified is not unverified by data."))
    said = {k: new.pop(k) for k in list(new) if k.startswith("finding ")}
    sources = new.pop("sources", told(entry)["sources"])
    mend_entry(
        entry,
        reason=reason(),
        facts=_facts(entry, new),
        sources=[dict.fromkeys(SOURCE_FIELDS, "") | _source(row) for row in sources],
        findings=[*_kept(entry, said), *_put(entry, said, criteria)],
        publish=publish,
    )


def _source(row):
    return {"official": False} | row


def _facts(entry, new):
    facts = dict(new)
    if "occurred_on" in facts:
        facts["occurred_on"] = date.fromisoformat(facts["occurred_on"])
    if "situations" in facts:
        facts["situations"] = Situation.objects.filter(slug__in=facts["situations"])
    if "actors" in facts:
        facts["actors"] = actors_named(facts["actors"], by=entry)
    return facts


def _kept(entry, said):
    """The findings that stay as they are."""
    changed = set(map(code_of, said))
    for finding in entry.findings.filter(retired_at=None).select_related(
        "criterion__recommendation"
    ):
        if finding.criterion.code not in changed:
            row = {name: getattr(finding, name) for name in FINDING}
            yield row | {"criterion": finding.criterion}


def _put(entry, said, criteria):
    """Those that are changed or added, with the criteria that they were coded with."""
    for name, values in said.items():
        if values:
            criterion = criteria.of(entry.slug, code_of(name))
            if criterion is None:
                raise ActionRefused(_("The site has no criterion that asks this."))
            empty = dict.fromkeys(FINDING, "") | {"occasion": False}
            yield empty | values | {"criterion": criterion}
