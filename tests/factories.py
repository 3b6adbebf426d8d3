"""Plain functions that make records; they fill in whatever a test does not mention."""

from datetime import UTC, date, datetime
from itertools import count

from django.contrib.auth.models import Group
from django.utils import timezone

from icctracker.actions.codebook import draft_next, publish
from icctracker.actions.coding import hand_in, offer_coding
from icctracker.actions.entries import (
    add_finding,
    close_edition,
    frozen,
    write_edition,
    write_facts,
    write_sources,
)
from icctracker.actions.rulesets import draft_next as draft_rule
from icctracker.models import (
    Addressee,
    Codebook,
    Criterion,
    Descent,
    Document,
    Evidence,
    Import,
    PresentStanding,
    Publication,
    Recommendation,
    Ruleset,
    Situation,
    User,
)
from icctracker.readings.versions import preview
from icctracker.ruleset.parameters import PUBLISHED, as_values

_numbers = count(1)


def make_user(role=None, *, username=None, **fields):
    """A person with a role (``researcher``, ``reviewer``, ``curator``) or none."""
    username = username or f"{role or 'person'}{next(_numbers)}"
    fields.setdefault("is_staff", role == "curator")
    user = User.objects.create_user(username, password="a long password", **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_publication(slug="a-note"):
    return Publication.objects.get_or_create(
        slug=slug,
        defaults={
            "title": "A note on the Court and the Council",
            "author": "A. Rapporteur",
            "publisher": "An institute",
            "published_on": date(2013, 3, 6),
        },
    )[0]


def make_codebook(version="1.0", published_on=date(2013, 3, 6), publication=None):
    return Codebook.objects.get_or_create(
        publication=publication or make_publication(),
        version=version,
        defaults={"published_on": published_on},
    )[0]


def make_ruleset(version="1.0", publication=None, **values):
    """A ruleset in force since the codebook; ``values`` move what 1.0 holds."""
    return Ruleset.objects.get_or_create(
        version=version,
        publication=publication or make_publication(),
        defaults={
            "values": as_values(PUBLISHED) | values,
            "reason": "As published.",
            "published_at": datetime(2013, 3, 6, tzinfo=UTC),
        },
    )[0]


def make_recommendation(code="R7", **fields):
    fields.setdefault("publication", make_publication())
    fields.setdefault("number", int("".join(filter(str.isdigit, code)) or 1))
    fields.setdefault("short_title", f"Recommendation {code}")
    fields.setdefault("text", "Members should avoid using the veto.")
    recommendation = Recommendation.objects.create(code=code, **fields)
    recommendation.addressees.add(
        Addressee.objects.get_or_create(
            slug="council", defaults={"label": "Security Council"}
        )[0]
    )
    return recommendation


def make_criterion(code="7a", *, kind="refrain", recommendation=None, **fields):
    """A criterion of its recommendation: ``7a`` belongs to ``R7`` unless told."""
    if recommendation is None:
        owner = f"R{code.rstrip('abcdefgh')}"
        recommendation = Recommendation.objects.filter(
            code=owner
        ).first() or make_recommendation(owner)
    fields.setdefault("codebook", make_codebook(publication=recommendation.publication))
    fields.setdefault("statement", f"Criterion {code} is kept.")
    fields.setdefault("counts", "Each contested vote.")
    fields.setdefault("does_not_count", "Vetoes in other matters.")
    return Criterion.objects.create(
        code=code, kind=kind, recommendation=recommendation, **fields
    )


def make_situation(slug="syria", name="Syrian Arab Republic"):
    return Situation.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def make_descents():
    """Two paragraphs of which the later was taken from the earlier, by the table."""
    imported = Import.objects.create(source="descents.csv")
    symbols = {"S/RES/1593(2005)": 1593, "S/RES/2720(2023)": 2720}
    earlier, later = (
        Document.objects.get_or_create(
            symbol=symbol,
            defaults={"series": "resolution", "number": number, "imported": imported},
        )[0]
        for symbol, number in symbols.items()
    )
    shared = {"series": "Harbours", "kind": "mandate", "imported": imported}
    Descent.objects.create(
        document=earlier, label="OP 6", change="new", words=40, terms="court", **shared
    )
    return Descent.objects.create(
        document=later,
        label="OP 2",
        previous=earlier,
        previous_label="OP 6",
        similarity=0.9,
        change="adapted",
        words=44,
        words_added=4,
        words_removed=4,
        terms="court cooperation",
        terms_added="cooperation",
        **shared,
    )


def finding_row(criterion=None, **values):
    """A finding as forms and importers hand it to the actions."""
    criterion = criterion or Criterion.objects.first() or make_criterion()
    return {
        "criterion": criterion,
        "effect": -2,
        "occasion": True,
        "pinpoint": "",
        "rationale": "A permanent member stopped the text.",
    } | values


def source_row(url="https://undocs.org/en/S/2014/348", **values):
    """A source as forms and importers hand it to the actions."""
    return {"url": url, "label": "UN document S/2014/348", "official": True} | values


def make_evidence(
    state=Evidence.State.PUBLISHED, *, by=None, sources=None, findings=None, **facts
):
    """An entry in any state, with one source and one finding unless told otherwise."""
    number = next(_numbers)
    now = timezone.now()
    published = state in (Evidence.State.PUBLISHED, Evidence.State.WITHDRAWN)
    evidence = Evidence(
        state=state,
        submitted_by=by,
        slug=facts.pop("slug", f"entry-{number}" if published else None),
        submitted_at=None if state == Evidence.State.DRAFT else now,
        published_at=facts.pop("published_at", now) if published else None,
        withdrawn_at=now if state == Evidence.State.WITHDRAWN else None,
        verification=facts.pop(
            "verification", "verified" if published else "unverified"
        ),
    )
    facts = {
        "occurred_on": date(2014, 5, 22),
        "kind": "veto",
        "tier": "A",
        "symbol": "S/2014/348",
        "meeting": "S/PV.7180",
        "title": f"A draft is vetoed, number {number}",
        "summary": "Two permanent members voted against.",
    } | facts
    if facts["kind"] == "veto":
        # A veto has votes; those of the text that the default symbol names.
        facts = {"votes_yes": 13, "votes_no": 2, "votes_abstain": 0} | facts
    write_facts(evidence, facts)
    write_sources(evidence, [source_row()] if sources is None else sources)
    extra = frozen(evidence, evidence.published_at) if published else {}
    if state == Evidence.State.WITHDRAWN:
        extra["retired_at"] = now
    for row in [finding_row()] if findings is None else findings:
        add_finding(evidence, row, by=by, **extra)
    if published:
        write_edition(evidence, at=evidence.published_at)
        # Nobody decided it, so what was worked out before says nothing of it.
        PresentStanding.objects.all().delete()
    if state == Evidence.State.WITHDRAWN:
        close_edition(evidence, at=now)
    return evidence


def make_draft(by=None, version="1.1"):
    """The draft of the next codebook, as it begins: a copy of the one in force."""
    return draft_next(by=by or make_user("curator"), version=version)


def publish_leaving(draft, *, by, reason="So."):
    """Let a draft take effect; what was not coded again under it does not count."""
    left = preview(draft, timezone.localdate()).left
    return publish(draft, by=by, reason=reason, leave=left, leave_reason="Not yet.")


def make_rule_draft(by=None, version="1.1", publication=None):
    """The draft of the next ruleset, as it begins: a copy of the one in force."""
    rule = make_ruleset(publication=publication)
    by = by or make_user("curator")
    return draft_rule(rule.publication, by=by, version=version)


def make_coding(evidence, *, coder=None, rows=None, by=None):
    """A second coding in hand; with ``rows``, handed in."""
    coder = coder or make_user("researcher")
    coding = offer_coding(evidence, by=by or make_user("curator"), coder=coder)
    if rows is None:
        return coding
    return hand_in(coding, by=coder, lines=rows, note="" if rows else "Nothing.")
