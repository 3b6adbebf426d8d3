"""Who may open which address, and that nobody reads what is not theirs to read.

Every named route is classified here; a new one fails the first test until it is.
"""

from datetime import date
from types import SimpleNamespace

import pytest
import tablib
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from icctracker.actions.assessments import assess
from icctracker.actions.dissents import confirm
from icctracker.actions.responses import answer
from icctracker.letters import off_token
from icctracker.models import (
    Actor,
    Assessment,
    Comment,
    Dissent,
    Evidence,
    Finding,
    Response,
    ReviewDecision,
    Search,
    User,
)
from tests.factories import (
    finding_row,
    make_criterion,
    make_draft,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State
STATES = list(State)
OPEN_STATES = {State.PUBLISHED, State.WITHDRAWN}
ROLES = ["stranger", "person", "researcher", "author", "reviewer", "curator"]
DESK = {"researcher", "author", "reviewer", "curator"}
REVIEW = {"reviewer", "curator"}
CURATE = {"curator"}
ALL = set(ROLES)
SIGNED_IN = ALL - {"stranger"}

# Routes that do not depend on one entry: who gets 200; the others are turned away.
PAGES = {
    "home": ALL,
    "recommendation-list": ALL,
    "recommendation-detail": ALL,
    "recommendation-history": ALL,
    "change-list": ALL,
    "evidence-list": ALL,
    "evidence-download": ALL,
    "situation-list": ALL,
    "situation-detail": ALL,
    "document-list": ALL,
    "document-detail": ALL,
    "council": ALL,
    "member-detail": ALL,
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
    "suggestion-list": DESK,
    "dismissal-list": DESK,
    "finding-guidance": DESK,
    "coding-list": DESK,
    "finding-dissent": DESK,
    "assessment-dissent": DESK,
    "desk-lookup": DESK,
    "review-queue": REVIEW,
    "reconcile-list": REVIEW,
    "due-list": REVIEW,
    "response-queue": REVIEW,
    "response-answer": REVIEW,
    "dissent-review": REVIEW,
    "assessment-list": CURATE,
    "assessment-create": CURATE,
    "codebook-draft": CURATE,
    "codebook-preview": CURATE,
    "codebook-discard": CURATE,
    "criterion-create": CURATE,
    "criterion-update": CURATE,
}
# Those that somebody signed in, or a reader who only looks, is sent on from, and those
# for somebody in the middle of signing in or with an invitation.
ODD = {
    *("sign-in", "account_login", "sign-out", "account_logout", "invitation"),
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
# Routes of one coding, for those whom tests/test_blindness.py and the tests of their
# pages name; and those that only take what a form sends.
CODINGS = {"coding-detail", "coding-pick-up", "coding-offer", "reconcile-detail"}
# Pages of something that only the person who wrote it opens, and two whose access is
# tested in tests/review/test_proposals.py and tests/contribute/test_suggestions.py.
OWN = {"dissent-detail", "proposal-review", "suggestion-accept"}
ELSEWHERE = ODD | CONFIRMED | NOT_THERE | CODINGS | OWN
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
# What the routes of the admin are called after the name of a model.
ADMIN_KINDS = {
    *"changelist add change delete history simple_history".split(),
    *"import process_import export blank faults".split(),
    # A run of an import of the Council's record.
    *"report confirm discard".split(),
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
        actors=[Actor.objects.create(name=secret(state, "actor"))],
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
def site(council):
    """One entry in each state by one author, decided on and assessed, and people."""
    criterion = make_criterion()
    people = {
        "person": make_user(),
        "researcher": make_user("researcher"),
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
    make_draft(people["curator"])
    make_voices(people, entries)
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
        "finding-dissent": Finding.objects.accepted(),
        "assessment-dissent": Assessment.objects.all(),
        "dissent-review": Dissent.objects.waiting(),
    }
    if name in numbered:
        key = numbered[name].values_list("pk", flat=True).first()
        return reverse(name, args=[key or 1])
    arguments = {
        "recommendation-detail": ["r7"],
        "recommendation-history": ["r7"],
        "evidence-download": ["json"],
        "situation-detail": ["syria"],
        "document-detail": ["S/2014/348"],
        "member-detail": ["china"],
        "assessment-create": ["r7"],
        "codebook-detail": ["1.0"],
        "criterion-update": ["7a"],
        "account_reset_password_from_key": ["MQ", "no-token"],
        "invitation": ["no-token"],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "mail-off": [off_token(User.objects.order_by("pk").first())],
        "recommendation-respond": ["r7"],
        "response-detail": ["3333-3333-3333"],
        "response-answer": ["2222-2222-2222"],
    }
    query = {"finding-guidance": "?findings-0-recommendation=R7"}
    return reverse(name, args=arguments.get(name)) + query.get(name, "")


def entry_address(name, entry):
    more = [1] if name == "evidence-restore" else []
    return reverse(name, args=[entry.slug if name in OPEN else entry.pk, *more])


def text_of(response):
    """What a response says, however it is sent, with its headers."""
    if response.streaming:
        body = b"".join(response.streaming_content).decode()
    else:
        body = response.content.decode()
    return f"{response.headers}\n{body}"


class TestTheMap:
    def test_every_named_route_is_classified(self):
        known = set(PAGES) | ELSEWHERE | set(ENTRY)

        unknown = {
            name
            for name in named_routes()
            if name not in known and not is_admin_route(name)
        }

        assert not unknown, "Say in tests/test_routes.py who may open these."

    def test_nothing_is_classified_that_is_not_there(self):
        assert (set(PAGES) | ELSEWHERE | set(ENTRY)) <= set(named_routes())


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
        if state in states:
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
                    {"outcome": "publish", "note": "x", "reason": "x", "version": 1},
                )
                assert response.status_code in (302, 403, 404, 405), name

        after = list(Evidence.objects.order_by("pk").values_list("state", "version"))
        assert after == before

    def test_a_dissent_opens_to_its_author_alone(self, site, role):
        client = client_of(site, role)
        dissent = Dissent.objects.get(author=site.people["researcher"])

        response = client.get(reverse("dissent-detail", args=[dissent.pk]))

        expected = {"stranger": 302, "person": 403, "researcher": 200}
        assert response.status_code == expected.get(role, 404)

    def test_the_admin_is_for_curators(self, site, role):
        client = client_of(site, role)

        for path in admin_addresses(site):
            response = client.get(path)
            if role == "curator":
                assert response.status_code in (200, 302, 403, 404, 405), path
            else:
                assert response["Location"].startswith(reverse("admin:login")), path

        refused = client.get(reverse("admin:index"), follow=True)
        assert refused.status_code == (200 if role in ("stranger", "curator") else 403)

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

        for name in ODD - {"invitation", "sign-out", "account_logout"}:
            response = client.get(address(name), follow=True)
            path = response.request["PATH_INFO"]
            if role == "stranger":
                assert path == reverse("sign-in"), name
            else:
                assert not path.startswith(reverse("mfa_authenticate")), name
        assert client.get(address("invitation")).status_code == 404


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


def reading_addresses(site):
    """Every address that shows something, with the ways of asking for more."""
    found = [address(name) for name in {*PAGES, *ODD, *CONFIRMED, *NOT_THERE}]
    found += [entry_address(n, e) for n in ENTRY for e in site.entries.values()]
    lists = [reverse("evidence-list"), *map(download, ("csv", "json"))]
    lists += [reverse("recommendation-list"), reverse("review-queue")]
    lists += [reverse("suggestion-list"), reverse("dismissal-list")]
    lists += [reverse("change-list")]
    asked = ["q=zq", f"q={secret('draft', 'title')}", "sort=title", "page=9"]
    asked += ["criterion=7a", "recommendation=R7", "situation=syria", "kind=veto"]
    asked += ["known_at=2030-01-01", "as_of=2014-05-22", "as_of=never", "effect=-2"]
    found += [f"{path}?{query}" for path in lists for query in asked]
    found += [f"{reverse('home')}?as_of={day}" for day in ("2015-01-01", "2999-01-01")]
    found += [reverse("response-detail", args=[each]) for each in RESPONSES]
    found += ["/evidence/nothing/", "/recommendations/r99/", "/situations/none/"]
    return found


def download(suffix):
    return reverse("evidence-download", args=[suffix])


class TestPrivacy:
    """What each role may never read, wherever it looks."""

    def hidden_from(self, role):
        """The words of entries that are not for a role."""
        if role == "author":
            return []
        states = {State.DRAFT}
        if role not in REVIEW:
            states = set(STATES) - OPEN_STATES
        hidden = [secret(state, part) for state in states for part in SECRETS]
        if role not in REVIEW:
            hidden += [secret(state, "comment") for state in STATES]
            hidden += [secret("new", part) for part in ("response", "name", "email")]
            hidden += [secret("new", "dissent")] if role != "researcher" else []
        return hidden

    def leaks(self, client, paths, hidden):
        """Which of the words stand on which of the pages, beyond what was asked."""
        texts = ((path, text_of(client.get(path))) for path in paths)
        return [
            (path, word)
            for path, text in texts
            for word in hidden
            if word in text and word not in path
        ]

    @pytest.mark.parametrize("role", ROLES)
    def test_no_page_shows_what_is_not_for_its_reader(self, site, role):
        client, hidden = client_of(site, role), self.hidden_from(role)

        assert self.leaks(client, reading_addresses(site), hidden) == []

    def test_nor_does_a_page_of_the_admin(self, site):
        client = client_of(site, "curator")
        # Curators keep the list of actors, whoever named one first.
        hidden = [word for word in self.hidden_from("curator") if "actor" not in word]

        assert self.leaks(client, admin_addresses(site), hidden) == []

    @pytest.mark.parametrize("role", ROLES)
    def test_what_is_for_a_reader_is_found(self, site, role):
        """The words looked for above do occur where they may."""
        client = client_of(site, role)

        text = text_of(client.get(download("json")))

        for part in ("title", "summary", "rationale", "source", "symbol", "actor"):
            assert secret("published", part) in text
        assert secret("published", "counter") not in text

    def test_no_answer_to_a_form_shows_a_draft(self, site):
        client, hidden = client_of(site, "curator"), self.hidden_from("curator")
        draft = site.entries[State.DRAFT]
        listed = reverse("admin:icctracker_evidence_changelist")
        posts = [(entry_address(name, draft), {}) for name in ENTRY]
        posts += [
            (listed, {"action": action, "_selected_action": [draft.pk]})
            for action in "publish send_back decline withdraw_entries".split()
        ]
        posts += [
            (reverse("admin:icctracker_evidence_change", args=[draft.pk]), {}),
            (reverse("admin:icctracker_evidence_delete", args=[draft.pk]), {}),
            (reverse("admin:icctracker_evidence_export"), {"format": "0"}),
        ]

        for path, data in posts:
            text = text_of(client.post(path, data, follow=True))
            assert not [word for word in hidden if word in text], path

        draft.refresh_from_db()
        assert draft.state == State.DRAFT

    @pytest.mark.parametrize("file_format", ["0", "1"])
    def test_an_export_holds_no_draft_of_another(self, site, file_format):
        client, hidden = client_of(site, "curator"), self.hidden_from("curator")
        path = reverse("admin:icctracker_evidence_export")
        fields = client.get(path).context["form"].fields
        ticked = {name: "on" for name in fields if name.startswith("evidence")}

        answer = client.post(path, ticked | {"format": file_format, "resource": "0"})

        content = b"".join(answer) if answer.streaming else answer.content
        rows = tablib.Dataset().load(
            content.decode("utf-8-sig") if file_format == "0" else content,
            format="csv" if file_format == "0" else "xlsx",
        )
        text = "".join(str(row) for row in rows.dict)
        assert secret("published", "title") in text
        assert not [word for word in hidden if word in text]

    def test_no_open_page_names_anybody_who_has_not_agreed(self, site):
        client = client_of(site, "stranger")

        leaks = [
            (path, name)
            for path in reading_addresses(site)
            for text in [text_of(client.get(path))]
            for name in NAMES
            if name in text
        ]

        assert leaks == []

    def test_who_has_agreed_is_named_as_they_wish_and_not_otherwise(self, site):
        for role in ("author", "reviewer", "curator"):
            site.people[role].show_name = True
            site.people[role].save()
        client = client_of(site, "stranger")

        text = "".join(text_of(client.get(path)) for path in reading_addresses(site))

        named = {name for name in NAMES if name in text}
        assert named and all(name.startswith("zp") for name in named)

    def test_a_search_or_filter_by_a_hidden_word_finds_nothing(self, site):
        client = client_of(site, "stranger")
        word = secret("draft", "title")
        plain = client.get(download("json"), {"q": "nothingatall"}).json()["evidence"]

        for name in ("q", "actor", "sort", "symbol", "title", "slug"):
            found = client.get(download("json"), {name: word})
            # What was typed is quoted where it is refused.
            assert found.status_code == 400 or word not in text_of(found)
        assert client.get(download("json"), {"q": word}).json()["evidence"] == plain

    def test_a_hidden_actor_is_as_unknown_as_one_that_is_not_there(self, site):
        client = client_of(site, "stranger")

        pages = [
            client.get(reverse("evidence-list"), {"actor": name})
            for name in (secret("draft", "actor"), "somebody else entirely")
        ]

        assert [bool(page.context["filter"].form.errors) for page in pages] == [
            True,
            True,
        ]

    @pytest.mark.parametrize("noun", ["situation", "actor", "user", "criterion"])
    def test_admin_lists_cannot_be_asked_about_drafts(self, site, noun):
        client = client_of(site, "curator")
        path = reverse(f"admin:icctracker_{noun}_changelist")

        answers = [
            client.get(path, {"evidence__title__startswith": start}).status_code
            for start in ("zqdraft", "nothing")
        ]

        assert answers[0] == answers[1] != 200
