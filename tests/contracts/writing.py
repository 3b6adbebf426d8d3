"""Every route that writes: who sends what from which page, and what comes of it.

A table read against the map: a route of desk, review, respond or accounts that takes
what a form sends stands here, or in ``THEIRS``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace

from django.db.models import F
from django.urls import URLResolver, get_resolver, reverse

from icctracker.actions.answering import answer
from icctracker.actions.codebook import discard, revise_criterion
from icctracker.actions.coding import offer_coding, reconcile, stamp_of
from icctracker.actions.descent import correct_descent
from icctracker.actions.mail import off_token
from icctracker.actions.passages import digest_of, keep_typed
from icctracker.actions.people import invite
from icctracker.actions.recoding import recode
from icctracker.actions.record import dismiss
from icctracker.actions.review import correct
from icctracker.actions.rulesets import revise
from icctracker.actions.status import assess
from icctracker.models import (
    Codebook,
    Coding,
    CodingLine,
    Dissent,
    Document,
    Evidence,
    Proposal,
    Recoding,
    Response,
    Ruleset,
)
from icctracker.readings.recoding import stamp
from icctracker.texts.cutting import cut
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_descents,
    make_draft,
    make_evidence,
    make_rule_draft,
    make_ruleset,
    make_user,
    source_row,
)
from tests.inbox import track

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TYPED_OF = "S/RES/1593(2005)"
OTHERWISE = "Said otherwise by somebody else."
WORDS = "Thought over for long, and at last written down."
State = Evidence.State
# Nothing that the Council voted on: no votes are missing.
STATEMENT = {"kind": "statement", "symbol": "", "meeting": ""}
# django-allauth's own pages, which write down nothing that somebody wrote; what they
# do is shown in tests/accounts/.
THEIRS = {
    *("sign-in", "account_login", "sign-out", "account_logout"),
    *("password-change", "account_change_password", "account_reauthenticate"),
    *("password-reset", "account_reset_password", "account_reset_password_from_key"),
    *("mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate"),
    *("mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_generate_recovery_codes", "usersessions_list"),
    # A change of address asks for a proof each time; see test_address.py.
    *("address-change", "address-confirm", "address-undo"),
    # Closing asks for the password first, and deletes; see test_closing.py.
    "account-close",
}
ROOMS = ("/desk/", "/review/", "/account/", "/respond/")


@dataclass(frozen=True)
class Write:
    """One route that writes: who sends what, and what somebody else does ``meanwhile``.

    ``page`` is where its form stands, if not at its address; ``given`` is what has to
    be so before it can be opened.
    """

    who: str
    path: Callable
    typed: Callable | dict = field(default_factory=dict)
    meanwhile: Callable | None = None
    page: Callable | None = None
    given: Callable | None = None

    def sent(self, site):
        return self.typed(site) if callable(self.typed) else self.typed


def of(name, thing, *more):
    """The address of a route of something on the site."""
    return lambda site: reverse(name, args=[getattr(site, thing).pk, *more])


def at(name, *args):
    return lambda site: reverse(name, args=args)


def changed(thing):
    """Somebody else saves the entry meanwhile."""

    def change(site):
        Evidence.objects.filter(pk=getattr(site, thing).pk).update(
            version=F("version") + 1, summary=OTHERWISE
        )

    return change


def make_site():
    """Something of everything that can be written about, in the state for it."""
    people = {
        "author": make_user("researcher"),
        "researcher": make_user("researcher"),
        "coder": make_user("researcher"),
        "reviewer": make_user("reviewer"),
        "curator": make_user("curator", email="curator@example.org"),
        "stranger": None,
    }
    author, curator = people["author"], people["curator"]
    criterion, other = make_criterion(), make_criterion("7b")
    track()
    site = SimpleNamespace(people=people, criterion=criterion, other=other)
    site.third = make_criterion("8a")
    for state in (State.DRAFT, State.SUBMITTED, State.PUBLISHED):
        setattr(site, state.value, make_evidence(state, by=author, **STATEMENT))
    site.finding = site.published.findings.get()
    first = STATEMENT | {"title": "The first title"}
    site.corrected = make_evidence(by=author, **first)
    said = {"reason": "So it is.", "facts": {"title": "The second title"}}
    said |= {"sources": [source_row()], "findings": [finding_row(form="signal")]}
    correct(site.corrected, by=curator, **said)
    site.corrected.refresh_from_db()
    site.assessment = assess(
        criterion.recommendation,
        by=curator,
        as_of=date(2020, 1, 1),
        decided="overtaken",
        rationale="A reason.",
    )
    site.descent = make_descents()
    make_voices(site)
    make_codings(site)
    site.codebook = make_draft(curator)
    documents = Document.objects.filter(ballots__outcome="vetoed").order_by("pk")
    site.suggested = Document.objects.get(symbol="S/2014/348")
    site.aside = documents.exclude(pk=site.suggested.pk).first()
    dismiss(Document.objects.filter(pk=site.aside.pk), reason="No.", by=author)
    _invitation, site.token = invite("rita@example.org", "researcher", by=curator)
    return site


def make_voices(site):
    finding, author = site.finding, site.people["author"]
    said = {"finding": finding, "effect": 1, "reason": "It was minor."}
    site.dissent = Dissent.objects.create(author=author, **said)
    site.theirs = Dissent.objects.create(author=make_user("researcher"), **said)
    site.response = Response.objects.create(
        kind="reply", text="Our side.", evidence=site.published
    )
    site.proposal = Proposal.objects.create(
        evidence=site.published,
        criterion=site.other,
        proposed_by=make_user("researcher"),
        effect=1,
        rationale="It says so.",
    )


def make_codings(site):
    def entry():
        return make_evidence(State.SUBMITTED, by=site.people["author"], **STATEMENT)

    coder, rows = site.people["coder"], [finding_row(site.criterion, effect=1)]
    site.coding = make_coding(entry(), coder=coder)
    site.offered = offer_coding(entry(), by=site.people["reviewer"])
    site.uncoded = entry()
    site.differing = make_coding(entry(), coder=coder, rows=rows)
    site.in_hand = site.offered.evidence


def new_entry(site):
    row = {"criterion": site.criterion.pk, "effect": "1", "rationale": "So it is."}
    source = {"url": "https://example.org/a", "label": "A page"}
    rows = {f"findings-0-{name}": value for name, value in row.items()}
    rows |= {f"sources-0-{name}": value for name, value in source.items()}
    facts = {"occurred_on": "2014-05-23", "kind": "statement", "title": "A statement"}
    return facts | rows | {"summary": WORDS, "tier": "A", "save": "1"}


def coded(site):
    row = {"criterion": site.criterion.pk, "effect": "1", "rationale": WORDS}
    return {f"findings-0-{name}": value for name, value in row.items()} | {"save": "1"}


def proposed(site):
    row = {"criterion": site.third.pk, "effect": "1", "rationale": WORDS}
    return {f"findings-0-{name}": value for name, value in row.items()}


def searched(site):
    return {
        "criterion": site.criterion.pk,
        "searched_on": "2026-01-10",
        "where": "A catalogue",
        "query": "words",
        "outcome": WORDS,
    }


def typed_text(_site):
    """A text of which the paragraphs have been looked at."""
    return {
        "symbol": TYPED_OF,
        "language": "en",
        "words": WORDS,
        "previewed": digest_of(cut(WORDS).passages),
        "keep": "yes",
    }


def another_text_typed(_site):
    keep_typed(
        Document.objects.get(symbol=TYPED_OF),
        cut(OTHERWISE).passages,
        by=make_user("researcher"),
        language="en",
        variant="pasted",
    )


def reconciled(site):
    line = f"line-{site.differing.differences()[0].criterion.pk}"
    return {f"{line}-taken": "second", f"{line}-reason": WORDS}


def reconcile_meanwhile(site):
    line = site.differing.differences()[0].criterion
    rows = [{"criterion": line, "taken": "first", "reason": OTHERWISE}]
    by, stamp = make_user("reviewer"), stamp_of(site.differing)
    reconcile(site.differing, by=by, lines=rows, stamp=stamp)


def assess_meanwhile(site):
    assess(
        site.criterion.recommendation,
        by=make_user("curator"),
        as_of=date(2020, 1, 1),
        decided="followed",
        rationale=OTHERWISE,
    )


def answer_meanwhile(site):
    said = {"outcome": "answered", "text": OTHERWISE}
    answer(site.response, by=make_user("reviewer"), **said)


def revise_meanwhile(site, statement=OTHERWISE):
    criterion = site.codebook.criteria.get(code="7a")
    names = "kind essential statement counts does_not_count delivered_by".split()
    values = {name: getattr(criterion, name) for name in names}
    values |= {"statement": statement, "recode": False}
    revision = Codebook.objects.get(pk=site.codebook.pk).revision
    revise_criterion(criterion, by=make_user("curator"), revision=revision, **values)


def ask_anew(site):
    criterion = site.codebook.criteria.get(code="7a")
    revise_criterion(criterion, by=make_user("curator"), recode=True)


def stamp_now(site):
    made = Recoding.objects.filter(codebook=site.codebook, finding=site.finding).first()
    return stamp(site.finding, made, site.codebook.criteria.get(code="7a"))


def recode_meanwhile(site):
    said = {"effect": 1, "rationale": OTHERWISE}
    recode(site.codebook, site.finding, by=make_user("curator"), **said)


def code_meanwhile(site):
    Coding.objects.filter(pk=site.coding.pk).update(version=F("version") + 1)
    CodingLine.objects.create(
        coding=site.coding,
        criterion=site.other,
        effect=-1,
        form="signal",
        rationale=OTHERWISE,
    )


def correct_meanwhile(site):
    reviewer, of = make_user("reviewer"), site.descent
    correct_descent(of.document, of.label, by=reviewer, reason=OTHERWISE)


def decide_meanwhile(thing, **values):
    def change(site):
        record = getattr(site, thing)
        type(record).objects.filter(pk=record.pk).update(**values)

    return change


def response_typed(site):
    return {"kind": "reply", "text": WORDS}


def without_draft(site):
    discard(site.codebook, by=site.people["curator"])


def with_rule_draft(site):
    make_rule_draft(site.people["curator"])


def with_moved_rule(site):
    with_rule_draft(site)
    move_rule(site, lapse_years=6)


def move_rule(site, **values):
    revise(Ruleset.objects.draft(), by=site.people["curator"], values=values)


def without_rule_draft(site):
    Ruleset.objects.draft().delete()


WRITES = {
    # The desk
    "evidence-create": Write("author", at("evidence-create"), new_entry),
    "evidence-update": Write(
        "author",
        of("evidence-update", "draft"),
        {"summary": WORDS, "save": "1"},
        meanwhile=changed("draft"),
    ),
    "evidence-submit": Write(
        "author",
        of("evidence-submit", "draft"),
        page=of("desk-evidence", "draft"),
        meanwhile=changed("draft"),
    ),
    "evidence-discard": Write(
        "author",
        of("evidence-discard", "draft"),
        meanwhile=decide_meanwhile("draft", state="submitted", submitted_at=NOW),
    ),
    "evidence-correct": Write(
        "curator",
        of("evidence-correct", "published"),
        {"summary": WORDS, "reason": "It was otherwise.", "save": "1"},
        meanwhile=changed("published"),
    ),
    "evidence-withdraw": Write(
        "curator",
        of("evidence-withdraw", "published"),
        {"reason": WORDS},
        meanwhile=changed("published"),
    ),
    "evidence-restore": Write(
        "curator",
        of("evidence-restore", "corrected", 1),
        {"reason": WORDS},
        meanwhile=changed("corrected"),
    ),
    "evidence-comment": Write(
        "author",
        of("evidence-comment", "submitted"),
        {"text": WORDS},
    ),
    "finding-dissent": Write(
        "researcher",
        of("finding-dissent", "finding"),
        {"effect": "1", "reason": WORDS},
    ),
    "assessment-dissent": Write(
        "researcher",
        of("assessment-dissent", "assessment"),
        {"status": "followed", "reason": WORDS},
    ),
    "dissent-detail": Write(
        "author",
        of("dissent-detail", "dissent"),
        {"reason": WORDS},
        meanwhile=decide_meanwhile(
            "dissent", withdrawn_at=NOW, withdrawal_reason="I was wrong."
        ),
    ),
    "search-create": Write("author", at("search-create"), searched),
    "text-create": Write(
        "author", at("text-create"), typed_text, meanwhile=another_text_typed
    ),
    "suggestion-list": Write(
        "author",
        at("suggestion-list"),
        lambda site: {"documents": [site.suggested.pk], "reason": WORDS},
        meanwhile=lambda site: dismiss(
            Document.objects.filter(pk=site.suggested.pk),
            reason=OTHERWISE,
            by=make_user("researcher"),
        ),
    ),
    "dismissal-list": Write(
        "author", at("dismissal-list"), lambda site: {"documents": [site.aside.pk]}
    ),
    "suggestion-accept": Write(
        "author", of("suggestion-accept", "suggested"), page=at("suggestion-list")
    ),
    "coding-detail": Write(
        "coder", of("coding-detail", "coding"), coded, meanwhile=code_meanwhile
    ),
    "coding-pick-up": Write(
        "researcher",
        of("coding-pick-up", "offered"),
        {"unread": "on"},
        page=at("coding-list"),
        meanwhile=decide_meanwhile("offered", state="withdrawn"),
    ),
    "finding-propose": Write("author", of("finding-propose", "published"), proposed),
    # The review desk
    "review-evidence": Write(
        "reviewer",
        of("review-evidence", "submitted"),
        {"outcome": "return", "note": WORDS},
        meanwhile=changed("submitted"),
    ),
    "coding-offer": Write(
        "reviewer",
        of("coding-offer", "in_hand"),
        {"withdraw": "1", "reason": WORDS},
        page=of("review-evidence", "in_hand"),
        meanwhile=decide_meanwhile("offered", state="withdrawn"),
    ),
    "proposal-review": Write(
        "reviewer",
        of("proposal-review", "proposal"),
        {"outcome": "decline", "note": WORDS},
        meanwhile=lambda site: decide_meanwhile(
            "proposal",
            outcome="declined",
            decided_by=site.people["curator"],
            decided_at=NOW,
            note=OTHERWISE,
        )(site),
    ),
    "reconcile-detail": Write(
        "reviewer",
        of("reconcile-detail", "differing"),
        reconciled,
        meanwhile=reconcile_meanwhile,
    ),
    "response-answer": Write(
        "reviewer",
        lambda site: reverse("response-answer", args=[site.response.reference]),
        {"outcome": "answered", "text": WORDS},
        meanwhile=answer_meanwhile,
    ),
    "dissent-review": Write(
        "reviewer",
        of("dissent-review", "theirs"),
        {"outcome": "refuse", "reason": WORDS},
        meanwhile=decide_meanwhile(
            "theirs", withdrawn_at=NOW, withdrawal_reason="I was wrong."
        ),
    ),
    "descent-correct": Write(
        "reviewer",
        at("descent-correct", "S/RES/2720(2023)", "op-2"),
        {"outcome": "none", "reason": WORDS},
        meanwhile=correct_meanwhile,
    ),
    "assessment-create": Write(
        "curator",
        at("assessment-create", "r7"),
        {"decided": "overtaken", "rationale": WORDS},
        meanwhile=assess_meanwhile,
    ),
    "codebook-draft": Write(
        "curator",
        at("codebook-draft"),
        {"version": "1.2"},
        given=without_draft,
        meanwhile=lambda site: make_draft(site.people["curator"]),
    ),
    "codebook-preview": Write(
        "curator",
        at("codebook-preview"),
        {"reason": WORDS},
        given=lambda site: revise_meanwhile(site, "Said better."),
        meanwhile=revise_meanwhile,
    ),
    "codebook-discard": Write(
        "curator", at("codebook-discard"), meanwhile=without_draft
    ),
    "recoding-list": Write(
        "curator",
        at("recoding-list", "7a"),
        lambda site: {"finding": f"{site.finding.pk}:{stamp_now(site)}"},
        meanwhile=recode_meanwhile,
        given=ask_anew,
    ),
    "recoding-update": Write(
        "curator",
        lambda site: reverse("recoding-update", args=["7a", site.finding.pk]),
        {"outcome": "silent", "rationale": WORDS},
        meanwhile=recode_meanwhile,
        given=ask_anew,
    ),
    "ruleset-draft": Write(
        "curator",
        at("ruleset-draft"),
        {"version": "1.1"},
        given=lambda site: make_ruleset(),
        meanwhile=with_rule_draft,
    ),
    "ruleset-preview": Write(
        "curator",
        at("ruleset-preview"),
        {"reason": WORDS},
        given=with_moved_rule,
        meanwhile=lambda site: move_rule(site, lapse_years=7),
    ),
    "ruleset-discard": Write(
        "curator",
        at("ruleset-discard"),
        given=with_rule_draft,
        meanwhile=without_rule_draft,
    ),
    "criterion-create": Write(
        "curator",
        at("criterion-create"),
        {
            "recommendation": "R7",
            "code": "7c",
            "statement": WORDS,
            "counts": "This.",
            "does_not_count": "That.",
            "kind": "refrain",
        },
    ),
    "criterion-update": Write(
        "curator",
        at("criterion-update", "7a"),
        {"statement": WORDS},
        meanwhile=revise_meanwhile,
    ),
    # From outside
    "respond": Write("stranger", at("respond"), response_typed),
    "evidence-respond": Write(
        "stranger",
        lambda site: reverse("evidence-respond", args=[site.published.slug]),
        response_typed,
    ),
    "recommendation-respond": Write(
        "stranger", at("recommendation-respond", "r7"), response_typed
    ),
    # Accounts
    "profile": Write("author", at("profile"), {"public_name": "R. Reader"}),
    "mail-settings": Write("author", at("mail-settings"), {"mail": "never"}),
    "mail-off": Write(
        "stranger",
        lambda site: reverse("mail-off", args=[off_token(site.people["curator"])]),
    ),
    "invitation": Write(
        "stranger",
        lambda site: reverse("invitation", args=[site.token]),
        {
            "username": "rita",
            "password1": "a long password of hers",
            "password2": "a long password of hers",
        },
    ),
}


def writing_routes(patterns=None, path="/"):
    """Every named route of those rooms that takes what a form sends."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = path + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from writing_routes(pattern.url_patterns, here)
        elif pattern.name and here.startswith(ROOMS) or here.endswith("/respond/"):
            view = getattr(pattern.callback, "view_class", None)
            methods = getattr(view, "http_method_names", [])
            if hasattr(view, "post") and "post" in methods:
                yield pattern.name
