"""A site that grows, by as much again of everything that a page can list."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from icctracker.actions.entries import add_finding, write_edition
from icctracker.actions.review import frozen
from icctracker.actions.status import assess
from icctracker.models import (
    Actor,
    Answer,
    Assessment,
    Ballot,
    Codebook,
    Coding,
    Comment,
    Criterion,
    Descent,
    Dismissal,
    Dissent,
    Document,
    Evidence,
    Gap,
    Import,
    ImportRun,
    Invitation,
    Member,
    Notice,
    OtherValue,
    Passage,
    Proposal,
    Response,
    ReviewDecision,
    Search,
    Sponsor,
    StatusChange,
    User,
    ValueOrigin,
    Verdict,
    Vote,
)
from tests import test_routes_of_objects as objects
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_recommendation,
    make_ruleset,
    make_situation,
    make_user,
    source_row,
)
from tests.inbox import track

State = Evidence.State
_numbers = count(1)
_LETTERS = "bcdefgh"


def grow(site):
    """Add as much again of everything, to the entries of the site as well."""
    number = next(_numbers)
    author = site.people["author"]
    _more_of_the_record(site, number)
    situation = track(f"place-{number}", f"Place {number}", title_words="Draft")
    actor = Actor.objects.create(name=f"Actor {number}")
    criteria = _criteria(number)
    for entry in site.entries.values():
        _more_of(entry, number, criteria, situation, actor, author)
    _more_entries(site, number, criteria, situation, actor)
    _more_said(site, number, criteria)
    _more_people(site, number)
    objects.make_codings(site)
    objects.make_dissents(site)


def _criteria(number):
    """Criteria of a new recommendation and of the one there is."""
    recommendation = make_recommendation(f"R{number + 20}")
    older = make_codebook(f"0.{number}", date(2010, 1, number))
    make_ruleset(f"0.{number}")
    draft = Codebook.objects.draft()
    found = []
    for code, owner in ((f"{number + 20}a", recommendation), (_own(number), None)):
        for codebook in (older, draft):
            own = owner or Criterion.objects.get(code="7a", codebook=draft)
            own = getattr(own, "recommendation", own)
            make_criterion(code, recommendation=own, codebook=codebook)
        found.append(make_criterion(code, recommendation=own))
    return found


def _own(number):
    return f"7{_LETTERS[number - 1]}"


def _more_of(entry, number, criteria, situation, actor, author):
    """More sources, findings, comments, decisions and versions of one entry."""
    entry.refresh_from_db()
    entry.situations.add(situation)
    entry.actors.add(actor)
    url = f"https://example.org/{entry.pk}/{number}"
    entry.sources.create(**source_row(url, position=number, label=f"Source {number}"))
    Comment.objects.create(evidence=entry, author=author, text=f"Comment {number}.")
    public = entry.published_at is not None
    extra = frozen(entry, timezone.now()) if public else {}
    if entry.state == State.WITHDRAWN:
        extra["retired_at"] = extra["accepted_at"]
    for criterion in criteria:
        row = finding_row(criterion, effect=1, pinpoint=f"OP {number}")
        found = add_finding(entry, row, by=author, **extra)
    decision = None
    if entry.state != State.DRAFT:
        outcome = "correct" if public else "return"
        decision = ReviewDecision.objects.create(
            evidence=entry, outcome=outcome, note="Why.", reviewer=make_user("reviewer")
        )
    if entry.state == State.PUBLISHED:
        entry.title = f"{entry.title} {number}"
        entry.save()
        write_edition(entry, at=timezone.now(), decision=decision)
        _voices(entry, found, number)


def _voices(entry, finding, number):
    """A dissent on the record, a response, a proposal."""
    author, reviewer = make_user("researcher"), make_user("reviewer")
    now = timezone.now()
    said = {"finding": finding, "author": author, "reason": f"No {number}."}
    Dissent.objects.create(**said, effect=-1, confirmed_by=reviewer, confirmed_at=now)
    for subject in (
        {"evidence": entry},
        {"recommendation": finding.criterion.recommendation},
        {},
    ):
        response = Response.objects.create(kind="reply", text="Our side.", **subject)
        Answer.objects.create(
            response=response, outcome="answered", text="Thanks.", answered_by=reviewer
        )
        Response.objects.create(kind="reply", text="Our side.", **subject)
    proposed = {"criterion": make_criterion(f"5{_LETTERS[number]}"), "effect": 1}
    Proposal.objects.create(
        evidence=entry, proposed_by=author, rationale="So it is.", **proposed
    )


def _more_entries(site, number, criteria, situation, actor):
    for state in State:
        entry = make_evidence(
            state,
            by=site.people["author"],
            symbol=f"S/2015/{number}",
            situations=[situation],
            actors=[actor],
            votes_yes=13,
            votes_no=2,
            votes_abstain=0,
            sources=[source_row(), source_row(f"https://example.org/{number}")],
            findings=[finding_row(each, effect=1) for each in criteria],
        )
        if state not in (State.DRAFT, State.SUBMITTED):
            ReviewDecision.objects.create(
                evidence=entry,
                outcome="return",
                note="Why.",
                reviewer=site.people["reviewer"],
            )


def _more_said(site, number, criteria):
    """Searches, assessments, verdicts, gaps, changes of status, own proposals."""
    recommendation = site.criterion.recommendation
    day = date(2020, 1, 1) + timedelta(days=number)
    for criterion in (site.criterion, *criteria):
        for person in (site.people["author"], site.people["curator"]):
            Search.objects.create(
                criterion=criterion,
                searched_on=day,
                where="A catalogue",
                query=f"{person} {number}",
                outcome="Nothing.",
                searched_by=person,
            )
    for owner in (recommendation, criteria[0].recommendation):
        assess(
            owner,
            by=site.people["curator"],
            as_of=day,
            decided="overtaken",
            rationale="A reason.",
        )
        Verdict.objects.create(
            recommendation=owner,
            tracker=f"Tracker {number}",
            verdict="not met",
            url="https://example.org/",
            said_on=day,
        )
        for before, after in (("limited", "followed"), ("followed", "limited")):
            StatusChange.objects.create(
                recommendation=owner,
                at=timezone.now(),
                as_of=day,
                before=before,
                after=after,
                cause="time",
            )
    said = {"author": site.people["reviewer"], "reason": "No.", "status": "followed"}
    newest = Assessment.objects.latest()
    Dissent.objects.create(assessment=newest, **said)
    Gap.objects.create(slug=f"gap-{number}", text="A sample.", noted_on=day)


def _more_of_the_record(site, number):
    """Documents with two votes each, in the record and set aside."""
    imported = Import.objects.create(source=f"file-{number}.csv")
    members = list(Member.objects.filter(memberships__year=2014))
    for letter in "ab":
        document = Document.objects.create(
            symbol=f"S/2014/90{number}{letter}",
            series="vetoed",
            title=f"Draft {number}{letter} on the Court",
            imported=imported,
        )
        for item in (1, 2):
            _ballot(document, item, members)
        OtherValue.objects.create(
            document=document, field="date", says="2014-05-23", imported=imported
        )
        ValueOrigin.objects.create(document=document, imported=imported, field="title")
        _passages(document, imported)
    Dismissal.objects.create(
        document=document, dismissed_by=site.people["author"], reason="Elsewhere."
    )
    site.document.ballots.exclude(item=1).update(agenda_item="Syria")
    _ballot(site.document, 10 + number, members)

    curator = site.people["curator"]
    ImportRun.objects.create(file="a.csv", state="done", started_by=curator)


def _passages(document, imported):
    """Paragraphs on the Court and on another matter, and a sponsor."""
    for place, terms in enumerate((" court ", " amnesty "), start=1):
        Passage.objects.create(
            document=document,
            place=place,
            label=f"OP {place}",
            anchor=f"op-{place}",
            terms=terms,
            words=40,
            imported=imported,
        )
    Descent.objects.create(
        document=document,
        series="Harbours",
        kind="draft",
        label="OP 1",
        previous=Document.objects.get(symbol="S/RES/1593(2005)"),
        previous_label="OP 6",
        similarity=0.7,
        change="reworked",
        words=40,
        words_added=3,
        words_removed=2,
        imported=imported,
    )
    Sponsor.objects.create(
        document=document, place=1, name="France", code="FRA", imported=imported
    )


def _ballot(document, item, members):
    ballot = Ballot.objects.create(
        document=document,
        held_on=date(2014, 5, 22),
        item=item,
        outcome="vetoed",
        yes=13,
        no=2,
        abstain=0,
        non_voting=0,
        seats=15,
        imported=document.imported,
    )
    casts = "N" * 2 + "Y" * 13
    Vote.objects.bulk_create(
        Vote(ballot=ballot, member=member, cast=cast)
        for member, cast in zip(members, casts, strict=True)
    )


def _more_people(site, number):
    curator = site.people["curator"]
    for role in ("researcher", "reviewer", "curator", None):
        make_user(role)
    Invitation.objects.create(
        email=f"rita{number}@example.org",
        invited_by=curator,
        token_digest=f"digest {number}",
    )
    for person in User.objects.all()[:3]:
        Notice.objects.create(person=person, kind="due", path="/desk/")
    make_situation(f"other-{number}", f"Other {number}")
    _codings_of(site)


def _codings_of(site):
    """A coding handed in by everybody who reads their own list of them."""
    for role in ("researcher", "author", "curator"):
        person = site.people[role]
        entry = make_evidence(by=make_user("researcher"))
        Coding.objects.create(
            evidence=entry,
            purpose="first",
            state="done",
            coder=person,
            done_at=timezone.now(),
        )
