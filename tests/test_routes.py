"""Who may open which address, and that nobody reads what is not theirs to read.

Every named route is classified here; a new one fails the first test until it is.
"""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from icctracker.actions.answering import answer, confirm
from icctracker.actions.codebook import revise_criterion
from icctracker.actions.mail import off_token
from icctracker.actions.status import assess
from icctracker.models import (
    Actor,
    Assessment,
    Coding,
    Comment,
    Dissent,
    Evidence,
    Finding,
    Proposal,
    Response,
    ReviewDecision,
    Search,
    User,
)
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_descents,
    make_draft,
    make_evidence,
    make_rule_draft,
    make_situation,
    make_user,
    source_row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

State = Evidence.State
STATES = list(State)
OPEN_STATES = {State.PUBLISHED, State.WITHDRAWN}
ROLES = "stranger person researcher coder author reviewer curator".split()
DESK = {"researcher", "coder", "author", "reviewer", "curator"}
REVIEW = {"reviewer", "curator"}
CURATE = {"curator"}
ALL = set(ROLES)
SIGNED_IN = ALL - {"stranger"}

# Routes that do not depend on one entry: who gets 200; the others are turned away.
PAGES = {
    "home": ALL,
    "publication-list": ALL,
    "publication-detail": ALL,
    "recommendation-list": ALL,
    "recommendation-detail": ALL,
    "recommendation-history": ALL,
    "recommendation-record": ALL,
    "change-list": ALL,
    "evidence-list": ALL,
    "evidence-download": ALL,
    "situation-list": ALL,
    "situation-detail": ALL,
    "situation-texts": ALL,
    "situation-texts-download": ALL,
    "document-list": ALL,
    "document-detail": ALL,
    "passage-list": ALL,
    "passage-download": ALL,
    "passage-years-download": ALL,
    "descent-list": ALL,
    "descent-detail": ALL,
    "descent-download": ALL,
    "council": ALL,
    "member-detail": ALL,
    "member-compare": ALL,
    "methodology": ALL,
    "methodology-try": ALL,
    "codebook-list": ALL,
    "codebook-detail": ALL,
    "about": ALL,
    "respond": ALL,
    "recommendation-respond": ALL,
    "response-list": ALL,
    "response-detail": ALL,
    "healthz": ALL,
    "readyz": ALL,
    "password-reset": ALL,
    "account_reset_password": ALL,
    "account_reset_password_done": ALL,
    "account_reset_password_from_key": ALL,
    "account_reset_password_from_key_done": ALL,
    "account_inactive": ALL,
    "profile": SIGNED_IN,
    "address-change": SIGNED_IN,
    "mail-settings": SIGNED_IN,
    # Whoever holds the message may stop it; without a token of ours there is no page.
    "mail-off": ALL,
    "password-change": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "desk": DESK,
    "evidence-create": DESK,
    "search-create": DESK,
    "text-create": DESK,
    "suggestion-list": DESK,
    "dismissal-list": DESK,
    "pinpoint-list": DESK,
    "finding-guidance": DESK,
    "coding-list": DESK,
    "assessment-dissent": DESK,
    "desk-lookup": DESK,
    "review-queue": REVIEW,
    "reconcile-list": REVIEW,
    "due-list": REVIEW,
    "response-queue": REVIEW,
    "descent-correct": REVIEW,
    "assessment-list": CURATE,
    "assessment-create": CURATE,
    "ruleset-detail": ALL,
    "ruleset-draft": CURATE,
    "ruleset-preview": CURATE,
    "ruleset-discard": CURATE,
    "codebook-draft": CURATE,
    "codebook-preview": CURATE,
    "codebook-discard": CURATE,
    "criterion-create": CURATE,
    "criterion-update": CURATE,
    "recoding-list": CURATE,
    "recoding-update": CURATE,
}
# Those that somebody signed in, or a reader who only looks, is sent on from, and those
# for somebody in the middle of signing in or with an invitation.
ODD = {
    *("sign-in", "account_login", "sign-out", "account_logout", "invitation"),
    *("address-confirm", "address-undo"),
    *("mfa_authenticate", "mfa_login_webauthn"),
    *("mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
}
# Those that ask again who one is, and then show what belongs to that person alone.
CONFIRMED = {
    *("account-close", "mfa_activate_totp", "mfa_add_webauthn"),
    *("mfa_generate_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn"),
}
# One's own second step, which the people here have not set up.
NOT_THERE = {
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
}
# Routes of one entry: which roles have a page for it, and in which states.
ENTRY = {
    "evidence-detail": {role: OPEN_STATES for role in ROLES},
    "evidence-history": {role: OPEN_STATES for role in ROLES},
    "evidence-respond": {role: OPEN_STATES for role in ROLES},
    "evidence-comment": {
        role: set(STATES) - {State.DRAFT} for role in ("author", "reviewer", "curator")
    },
    "desk-evidence": {
        "author": set(STATES),
        "reviewer": set(STATES) - {State.DRAFT},
        "curator": set(STATES) - {State.DRAFT},
    },
    "evidence-update": {"author": {State.DRAFT, State.RETURNED}},
    "evidence-discard": {"author": {State.DRAFT}},
    "evidence-submit": {},
    "evidence-correct": {"curator": {State.PUBLISHED}},
    "evidence-withdraw": {"curator": {State.PUBLISHED}},
    "evidence-restore": {"curator": {State.PUBLISHED}},
    "finding-propose": {role: {State.PUBLISHED} for role in DESK},
    "review-evidence": {role: set(STATES) - {State.DRAFT} for role in REVIEW},
}
OPEN = ("evidence-detail", "evidence-history", "evidence-respond")
# The coder is a researcher who has the entries in these states in hand, to code them
# blind: every route of such an entry leads back to the coding, save those that tell
# nothing of what was found in it, or are its author's alone.
CODED = {State.SUBMITTED, State.PUBLISHED}
TELLS_NO_CODES = {
    *("evidence-respond", "evidence-update", "evidence-submit", "evidence-discard")
}
# Who has the permission at all; the others get 403, these 404 for what is not theirs.
ENTRY_ROLES = {
    "evidence-detail": ALL,
    "evidence-history": ALL,
    "evidence-respond": ALL,
    "evidence-comment": DESK,
    "desk-evidence": DESK,
    "evidence-update": DESK,
    "evidence-discard": DESK,
    "evidence-submit": DESK,
    "evidence-correct": CURATE,
    "evidence-withdraw": CURATE,
    "evidence-restore": CURATE,
    "finding-propose": DESK,
    "review-evidence": REVIEW,
}
# Routes of what hangs on an entry, or on nothing: who has the permission at all, and
# who has a page for it in which states. tests/test_routes_of_objects.py walks them.
ANSWERED = {"waiting", "answered", "withheld"}
DISSENTED = {"waiting", "confirmed", "refused", "withdrawn"}
DIFFERED = {"differs", "settled"}
PROPOSED = {"waiting", "accepted", "declined"}
OBJECTS = {
    "coding-detail": (DESK, {"coder": {"open", "agrees", "withdrawn", *DIFFERED}}),
    "reconcile-detail": (
        DESK,
        {role: DIFFERED for role in DESK - {"researcher"}},
    ),
    "dissent-detail": (DESK, {"author": DISSENTED}),
    "dissent-review": (REVIEW, {role: DISSENTED for role in REVIEW}),
    "finding-dissent": (DESK, {role: OPEN_STATES for role in DESK}),
    "response-answer": (REVIEW, {role: ANSWERED for role in REVIEW}),
    "proposal-review": (REVIEW, {role: PROPOSED for role in REVIEW}),
}
# What those addresses name.
NAMED = {
    "coding-detail": (Coding, "pk"),
    "reconcile-detail": (Coding, "pk"),
    "dissent-detail": (Dissent, "pk"),
    "dissent-review": (Dissent, "pk"),
    "finding-dissent": (Finding, "pk"),
    "response-answer": (Response, "reference"),
    "proposal-review": (Proposal, "pk"),
}
# Routes that only take what a button sends, and who may press it.
BUTTONS = {"coding-pick-up": DESK, "coding-offer": REVIEW, "suggestion-accept": DESK}
TABLES = [PAGES, ODD, CONFIRMED, NOT_THERE, ENTRY, OBJECTS, BUTTONS]
CLASSIFIED = set().union(*TABLES)
# What the routes of the admin are called after the name of a model.
ADMIN_KINDS = {
    *"changelist add change delete history simple_history".split(),
    *"import process_import export blank faults".split(),
    # A run of an import of the Council's record, or of texts.
    *"report confirm discard texts".split(),
}
ADMIN_PAGES = {
    f"admin:{name}"
    for name in (
        "index login logout password_change password_change_done autocomplete jsi18n"
        " view_on_site app_list auth_user_password_change"
    ).split()
}
RESPONSES = {
    "2222-2222-2222": "",
    "3333-3333-3333": "answered",
    "4444-4444-4444": "withheld",
}
SECRETS = "title summary rationale source label symbol counter actor".split()


def named_routes(patterns=None, namespace=""):
    """Every named route of the site, with its namespace."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else ""
            yield from named_routes(pattern.url_patterns, inner or namespace)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"


def is_admin_route(name):
    """Whether a route belongs to a registered model, or to the admin as a whole."""
    models = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"
        for model in admin.site._registry
        for kind in ADMIN_KINDS
    }
    return name in models | ADMIN_PAGES


def secret(state, part):
    """A word that occurs in one part of one entry and nowhere else."""
    return f"zq{state}{part}qz"


def make_actor(name, state):
    """Whom a draft alone names nobody else knows of."""
    return Actor.objects.create(name=name, drafted=state == State.DRAFT)


def make_entry(state, author):
    return make_evidence(
        state,
        by=author,
        slug=f"entry-{state}",
        symbol=secret(state, "symbol"),
        title=secret(state, "title"),
        summary=secret(state, "summary"),
        counter_evidence=secret(state, "counter"),
        situations=[make_situation()],
        actors=[make_actor(secret(state, "actor"), state)],
        sources=[
            source_row(
                f"https://example.org/{secret(state, 'source')}",
                label=secret(state, "label"),
            )
        ],
        findings=[finding_row(rationale=secret(state, "rationale"))],
    )


def private_person(role, word, **fields):
    """Somebody who has not said that their name may be shown."""
    return make_user(
        role,
        username=f"zu{word}uz",
        first_name=f"zf{word}fz",
        last_name=f"zl{word}lz",
        email=f"ze{word}@example.org",
        public_name=f"zp{word}pz",
        **fields,
    )


NAMES = [
    f"{start}{word}"
    for word in ("author", "reviewer", "curator")
    for start in ("zu", "zf", "zl", "ze", "zp")
]


@pytest.fixture
def site(kept, council):
    return kept(make_site)


def make_site():
    """One entry in each state by one author, decided on and assessed, and people."""
    criterion = make_criterion()
    people = {
        "person": make_user(),
        "researcher": make_user("researcher"),
        "coder": make_user("researcher"),
        "author": private_person("researcher", "author"),
        "reviewer": private_person("reviewer", "reviewer"),
        "curator": private_person("curator", "curator"),
    }
    entries = {state: make_entry(state, people["author"]) for state in STATES}
    outcomes = {
        State.RETURNED: "return",
        State.PUBLISHED: "publish",
        State.DECLINED: "decline",
        State.WITHDRAWN: "withdraw",
    }
    for state, outcome in outcomes.items():
        ReviewDecision.objects.create(
            evidence=entries[state],
            outcome=outcome,
            note="A reason.",
            reviewer=people["reviewer"],
        )
    Search.objects.create(
        criterion=criterion,
        searched_on=date(2026, 1, 10),
        where="A catalogue",
        query="words",
        outcome="Nothing counts.",
        searched_by=people["author"],
    )
    assess(
        criterion.recommendation,
        by=people["curator"],
        as_of=date(2020, 1, 1),
        decided="overtaken",
        rationale="A reason.",
    )
    draft = make_draft(people["curator"])
    again = draft.criteria.get(code="7a")
    revise_criterion(again, by=people["curator"], recode=True, counts="Other deeds.")
    make_rule_draft(people["curator"])
    make_descents()
    make_voices(people, entries)
    for state in CODED:
        make_coding(entries[state], coder=people["coder"])
    return SimpleNamespace(people=people, entries=entries, criterion=criterion)


def make_voices(people, entries):
    """Comments, dissents and responses, in public and not."""
    for state, entry in entries.items():
        Comment.objects.create(
            evidence=entry, author=people["author"], text=secret(state, "comment")
        )
    finding = entries[State.PUBLISHED].findings.get()
    for author, words in (("reviewer", "open"), ("author", secret("new", "dissent"))):
        said = {"effect": 1, "reason": words, "finding": finding}
        Dissent.objects.create(author=people[author], **said)
    confirm(Dissent.objects.get(reason="open"), by=people["curator"])
    Dissent.objects.create(
        author=people["researcher"],
        assessment=Assessment.objects.get(),
        status="followed",
        reason=secret("new", "dissent"),
    )
    for reference, outcome in RESPONSES.items():
        open_to_all = outcome == "answered"
        response = Response.objects.create(
            reference=reference,
            kind="reply",
            text="An open reply." if open_to_all else secret("new", "response"),
            name=secret("new", "name"),
            email=f"{secret('new', 'email')}@example.org",
            evidence=entries[State.PUBLISHED],
        )
        if outcome:
            said = {"by": people["reviewer"], "outcome": outcome, "text": "Answered."}
            answer(response, **said)


def client_of(site, role):
    client = Client(raise_request_exception=True)
    if role != "stranger":
        client.force_login(site.people[role])
    return client


def address(name):
    """The address of a page that is not about one entry."""
    numbered = {
        "assessment-dissent": Assessment.objects.all(),
    }
    if name == "recoding-update":
        found = Finding.objects.accepted().filter(criterion__code="7a")
        keys = found.order_by("pk").values_list("pk", flat=True)
        return reverse(name, args=["7a", keys.first() or 1])
    if name in numbered:
        key = numbered[name].values_list("pk", flat=True).first()
        return reverse(name, args=[key or 1])
    arguments = {
        "publication-detail": ["a-note"],
        "recommendation-detail": ["r7"],
        "recommendation-history": ["r7"],
        "recommendation-record": ["r7", "weights"],
        "evidence-download": ["json"],
        "situation-detail": ["syria"],
        "situation-texts": ["syria"],
        "situation-texts-download": ["syria"],
        "document-detail": ["S/2014/348"],
        "passage-download": ["json"],
        "descent-detail": ["S/RES/1593(2005)", "op-6"],
        "descent-correct": ["S/RES/1593(2005)", "op-6"],
        "member-detail": ["china"],
        "assessment-create": ["r7"],
        "codebook-detail": ["1.0"],
        "ruleset-detail": ["1.0"],
        "criterion-update": ["7a"],
        "recoding-list": ["7a"],
        "account_reset_password_from_key": ["MQ", "no-token"],
        "invitation": ["no-token"],
        "address-confirm": ["no-token"],
        "address-undo": ["no-token"],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "mail-off": [off_token(User.objects.order_by("pk").first())],
        "recommendation-respond": ["r7"],
        "response-detail": ["3333-3333-3333"],
    }
    query = {"finding-guidance": "?findings-0-criterion=1"}
    return reverse(name, args=arguments.get(name)) + query.get(name, "")


def entry_address(name, entry):
    more = [1] if name == "evidence-restore" else []
    return reverse(name, args=[entry.slug if name in OPEN else entry.pk, *more])


def object_addresses():
    """Every address of every object that hangs on an entry, or on nothing."""
    return [
        reverse(name, args=[key])
        for name, (model, field) in NAMED.items()
        for key in model.objects.values_list(field, flat=True)
    ]


def text_of(response):
    """What a response says, however it is sent, with its headers."""
    if response.streaming:
        body = b"".join(response.streaming_content).decode()
    else:
        body = response.content.decode()
    return f"{response.headers}\n{body}"


class TestTheMap:
    def test_every_named_route_is_classified(self):
        unknown = {
            name
            for name in named_routes()
            if name not in CLASSIFIED and not is_admin_route(name)
        }

        assert not unknown, "Say in tests/test_routes.py who may open these."

    def test_nothing_is_classified_that_is_not_there(self):
        assert CLASSIFIED <= set(named_routes())

    def test_no_route_is_classified_twice(self):
        assert len(CLASSIFIED) == sum(map(len, TABLES))


@pytest.mark.parametrize("role", ROLES)
class TestAccess:
    def test_pages_open_to_those_they_are_for(self, site, role):
        client = client_of(site, role)

        found = {name: client.get(address(name)) for name in PAGES}

        for name, response in found.items():
            if role in PAGES[name]:
                assert response.status_code == 200, name
            elif role == "stranger":
                assert response.status_code == 302, name
                assert response["Location"].startswith(reverse("sign-in")), name
            else:
                assert response.status_code == 403, name

    def test_an_entry_opens_to_those_it_is_for_and_is_not_there_for_others(
        self, site, role
    ):
        client = client_of(site, role)

        for name, allowed in ENTRY.items():
            for state, entry in site.entries.items():
                response = client.get(entry_address(name, entry))
                self.check(response, name, role, state, allowed.get(role, set()))

    @staticmethod
    def check(response, name, role, state, states):
        where = f"{name} of an entry that is {state}"
        sent_on = {
            "evidence-submit": True,
            "evidence-update": role == "author",
            "evidence-withdraw": state == State.WITHDRAWN,
        }
        if role == "coder" and state in CODED and name not in TELLS_NO_CODES:
            assert response.status_code == 302, where
            assert response["Location"].startswith(reverse("coding-list")), where
        elif state in states:
            assert response.status_code == 200, where
        elif role not in ENTRY_ROLES[name]:
            assert response.status_code == (302 if role == "stranger" else 403), where
            if role == "stranger":
                assert response["Location"].startswith(reverse("sign-in")), where
        elif sent_on.get(name):
            assert response.status_code == 302, where
            assert not response["Location"].startswith(reverse("sign-in")), where
        elif name == "evidence-discard" and role == "author":
            # The page asks; the action refuses what is no draft.
            assert response.status_code in (200, 302), where
        else:
            assert response.status_code == 404, where

    def test_posting_to_an_entry_of_another_changes_nothing(self, site, role):
        client = client_of(site, role)
        before = list(Evidence.objects.order_by("pk").values_list("state", "version"))
        # A finding may be proposed by whoever logs evidence; it changes no entry.
        apart = (*OPEN, "finding-propose")
        writing = [name for name in ENTRY if name not in apart]
        if role in ("author", "reviewer", "curator"):
            # What these may do is shown where their pages are tested.
            writing = ["evidence-update", "evidence-submit", "evidence-discard"]
        if role == "author":
            writing = ["evidence-correct", "evidence-withdraw", "evidence-restore"]
            writing += ["review-evidence"]

        for name in writing:
            for entry in site.entries.values():
                response = client.post(
                    entry_address(name, entry),
                    {"outcome": "publish", "note": "x", "reason": "x", "seen": 1},
                )
                assert response.status_code in (302, 403, 404, 405), name

        after = list(Evidence.objects.order_by("pk").values_list("state", "version"))
        assert after == before

    def test_signing_in_and_out(self, site, role):
        client = client_of(site, role)

        assert client.get(reverse("sign-out")).status_code == (
            302 if role == "stranger" else 200
        )
        assert client.get(reverse("sign-in")).status_code == (
            200 if role == "stranger" else 302
        )
        assert client.post(reverse("sign-out")).status_code == 302

    def test_what_protects_an_account_asks_again_who_one_is(self, site, role):
        client = client_of(site, role)
        way = "sign-in" if role == "stranger" else "account_reauthenticate"

        for name in CONFIRMED:
            response = client.get(address(name))
            assert response["Location"].startswith(reverse(way)), name

    def test_a_second_step_that_is_not_there_is_shown_to_nobody(self, site, role):
        client = client_of(site, role)

        for name in NOT_THERE:
            response = client.get(address(name))
            if role == "stranger":
                assert response["Location"].startswith(reverse("sign-in")), name
            else:
                assert response.status_code == 404, name

    def test_the_steps_of_signing_in_are_only_for_those_who_take_them(self, site, role):
        client = client_of(site, role)

        by_link = {"invitation", "address-confirm", "address-undo"}
        for name in ODD - by_link - {"sign-out", "account_logout"}:
            response = client.get(address(name), follow=True)
            path = response.request["PATH_INFO"]
            if role == "stranger":
                assert path == reverse("sign-in"), name
            else:
                assert not path.startswith(reverse("mfa_authenticate")), name
        assert client.get(address("invitation")).status_code == 404


class TestTheAdmin:
    # As a curator it searches every list of the admin, which nothing else does.
    @pytest.mark.thorough
    @pytest.mark.parametrize(
        "role",
        [
            pytest.param(role, marks=pytest.mark.both_databases)
            if role == "curator"
            else role
            for role in ROLES
        ],
    )
    def test_is_for_curators(self, site, role):
        client = client_of(site, role)

        for path in admin_addresses(site):
            response = client.get(path)
            if role == "curator":
                assert response.status_code in (200, 302, 403, 404, 405), path
            else:
                assert response["Location"].startswith(reverse("admin:login")), path

        refused = client.get(reverse("admin:index"), follow=True)
        assert refused.status_code == (200 if role in ("stranger", "curator") else 403)


def admin_addresses(site):
    """Every page of the admin, with records on each that are not for everybody."""
    found = [
        reverse("admin:index"),
        reverse("admin:jsi18n"),
        reverse("admin:app_list", args=["icctracker"]),
        reverse("admin:auth_user_password_change", args=[site.people["author"].pk]),
        "/admin/nothing/here/",
    ]
    for model, page in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        lists = [_reversed(f"{base}_{kind}") for kind in sorted(ADMIN_KINDS)]
        found += [path for path in lists if path]
        found += [f"{reverse(f'{base}_changelist')}?q={q}" for q in ("zq", "zu", "7a")]
        content_type = ContentType.objects.get_for_model(model).pk
        for pk in list(model._default_manager.values_list("pk", flat=True))[:6]:
            for kind in ("change", "delete", "history"):
                found.append(reverse(f"{base}_{kind}", args=[pk]))
            found += _versions(base, model, pk)
            found.append(reverse("admin:view_on_site", args=[content_type, pk]))
        found += _autocompletes(model, page)
    return found


def _reversed(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def _versions(base, model, pk):
    if not hasattr(model, "history"):
        return []
    versions = model.history.filter(id=pk).values_list("history_id", flat=True)
    found = [_reversed(f"{base}_simple_history", pk, version) for version in versions]
    return [path for path in found if path]


def _autocompletes(model, page):
    inlines = [inline(model, admin.site) for inline in getattr(page, "inlines", ())]
    return [
        f"{reverse('admin:autocomplete')}?app_label={owner.model._meta.app_label}"
        f"&model_name={owner.model._meta.model_name}&field_name={field}&term={term}"
        for owner in [page, *inlines]
        for field in owner.autocomplete_fields
        for term in ("", "zq")
    ]


def download(suffix):
    return reverse("evidence-download", args=[suffix])
