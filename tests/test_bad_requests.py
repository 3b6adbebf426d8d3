"""Odd requests: whatever is sent, the answer is in our words and never a fault."""

import json
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from icctracker.actions.coding import stamp_of
from icctracker.actions.people import invite
from icctracker.actions.record import dismiss
from icctracker.models import (
    Actor,
    Answer,
    Assessment,
    Codebook,
    Coding,
    CodingLine,
    Comment,
    Criterion,
    Dismissal,
    Dissent,
    Document,
    Evidence,
    Finding,
    ReconciledLine,
    Response,
    Search,
    Source,
)
from tests.desk.posted import entry_post, finding_post, rows, source_post
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_descents,
    make_draft,
    make_evidence,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db

NUL = "\x00"
LONG = "x" * 20_000
# One of each kind of thing that a program may choke on.
ODD = {
    "empty": "",
    "nul": NUL,
    "nul inside": f"R7{NUL}",
    "space": "   ",
    "long": LONG,
    "many digits": "9" * 5_000,
    "large": str(10**30),
    "beyond 64 bits": str(2**63),
    "negative": "-1",
    "very negative": str(-(2**63) - 1),
    "zero": "0",
    "fraction": "1.5",
    "exponent": "1e400",
    "not a number": "NaN",
    "infinity": "Infinity",
    "arabic digits": "٢٠١٨-١٢-٣١",
    "full-width digits": "２０１８-１２-３１",
    "superscript": "²",
    "week date": "2018-W01-1",
    "no such day": "2018-02-30",
    "year nought": "0000-01-01",
    "first year": "0001-01-01",
    "last year": "9999-12-31",
    "before time": "0001-01-01T00:00:00+14:00",
    "after time": "9999-12-31T23:59:59-14:00",
    "no offset": "2018-12-31T23:59:59",
    "emoji": "🕊️" * 40,
    "right-to-left": "\u202e\u2067abc\u200f",
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "quote": "'\"`;--",
    "pattern": "%_\\%",
    "list": "[]",
    "path": "../../etc/passwd",
    "line breaks": "a\r\nSet-Cookie: b=c",
    "lookalike none": "None",
}
# What a database itself may choke on; the others are read before one is asked.
STORED = ("nul", "nul inside", "long", "large", "beyond 64 bits", "very negative")
STORED += ("not a number", "year nought", "before time", "after time", "pattern")
CLOCKS = ["as_of", "known_at"]
FILTERS = (
    "q recommendation criterion effect form kind situation actor tier date_from"
    " date_to sort page"
).split()
PASSAGES = "term recommendation situation year series sponsor logged page".split()
TEXTS = "criterion speaks logged series year page".split()
READ = {
    "home": CLOCKS,
    "recommendation-list": [*CLOCKS, "status", "addressee", "q", "page"],
    "recommendation-detail": CLOCKS,
    "recommendation-history": CLOCKS,
    "recommendation-record": [*CLOCKS, "page"],
    "change-list": [*CLOCKS, *"kind recommendation date_from date_to page".split()],
    "evidence-list": [*CLOCKS, *FILTERS],
    "evidence-download": [*CLOCKS, *FILTERS],
    "evidence-detail": CLOCKS,
    "evidence-history": CLOCKS,
    "situation-list": [*CLOCKS, "page"],
    "situation-detail": [*CLOCKS, "page", "year"],
    "situation-texts": [*CLOCKS, *TEXTS],
    "situation-texts-download": [*CLOCKS, *TEXTS],
    "methodology": CLOCKS,
    "codebook-list": CLOCKS,
    "codebook-detail": CLOCKS,
    "methodology-try": [*CLOCKS, "window_years", "decision", "full"],
    "about": CLOCKS,
    "document-list": ("q page series year outcome court situation since coded".split()),
    "document-detail": CLOCKS,
    "passage-list": [*CLOCKS, *PASSAGES],
    "passage-download": [*CLOCKS, *PASSAGES],
    "passage-years-download": CLOCKS,
    "descent-list": [*CLOCKS, *"series kind shows page".split()],
    "descent-download": [*CLOCKS, *"series kind shows".split()],
    "descent-detail": CLOCKS,
    "council": CLOCKS,
    "member-detail": [*CLOCKS, "page", "year"],
    "member-compare": [*CLOCKS, *"member texts situation since until".split()],
    "response-list": [*CLOCKS, "page"],
    "response-detail": CLOCKS,
}
# What no query string should be, as it travels.
RAW = {
    "half a percent": "q=%",
    "no hexadecimal": "q=%zz&as_of=%g0",
    "not utf-8": "q=%ff%fe&kind=%c0%80&actor=%ed%a0%80",
    "a surrogate in the clock": "as_of=%ed%a0%80&known_at=%ed%a0%80",
    "only separators": "&&&===&;;",
    "no name": "=1&=2",
    "the same name often": "&".join(["as_of=2018-01-01"] * 50),
    "good, then bad": "as_of=2018-01-01&as_of=never",
    "bad, then good": "page=x&page=1",
    "both clocks at the ends": "as_of=1945-06-26&known_at=0001-01-01",
    "encoded twice": "q=%2500&as_of=%2532018",
    "plus signs": "known_at=2018-12-31T00:00:00+00:00",
    "too many": "&".join(f"x{number}=1" for number in range(2_100)),
}


@pytest.fixture
def entry(kept, council):
    return kept(make_entry)


def make_entry():
    """A published entry on Syria, so that every page has something to show."""
    make_criterion()
    make_descents()
    Response.objects.create(reference="2222-2222-2222", kind="reply", text="Our side.")
    return make_evidence(
        situations=[make_situation()],
        actors=[Actor.objects.create(name="China")],
        by=make_user("researcher"),
    )


def address(name, entry):
    arguments = {
        "recommendation-detail": ["r7"],
        "recommendation-history": ["r7"],
        "recommendation-record": ["r7", "weights"],
        "evidence-download": ["csv"],
        "evidence-detail": [entry.slug],
        "evidence-history": [entry.slug],
        "situation-detail": ["syria"],
        "situation-texts": ["syria"],
        "situation-texts-download": ["syria"],
        "document-detail": ["S/2014/348"],
        "passage-download": ["csv"],
        "descent-detail": ["S/RES/1593(2005)", "op-6"],
        "member-detail": ["china"],
        "codebook-detail": ["1.0"],
        "response-detail": ["2222-2222-2222"],
    }
    return reverse(name, args=arguments.get(name))


def body_of(response):
    content = b"".join(response) if response.streaming else response.content
    return content.decode()


def check_answer(response, sent):
    """A page, or a refusal in our own words with a way on."""
    assert response.status_code in (200, 400, 404), sent
    text = body_of(response)
    assert "<script>alert" not in text, sent
    if response.status_code != 200:
        assert "You can go on from here" in text, sent
        assert "DATA_UPLOAD" not in text and "ALLOWED_HOSTS" not in text, sent


@pytest.fixture
def odd(pytestconfig):
    """All that is odd; on PostgreSQL, after SQLite has seen it all, what it stores."""
    if connection.vendor == "sqlite" or pytestconfig.getoption("all"):
        return ODD
    return {what: ODD[what] for what in STORED}


@pytest.mark.thorough
class TestAddresses:
    @pytest.mark.parametrize("name", READ)
    def test_odd_values_of_known_parameters(self, client, entry, odd, name):
        path = address(name, entry)

        for parameter in READ[name]:
            for what, value in odd.items():
                response = client.get(path, {parameter: value})
                check_answer(response, f"{name}?{parameter}: {what}")

    @pytest.mark.parametrize("name", READ)
    def test_what_no_query_should_be(self, client, entry, name):
        for what, raw in RAW.items():
            check_answer(client.get(f"{address(name, entry)}?{raw}"), what)

    def test_everything_odd_at_once(self, client, entry, odd):
        for name, parameters in READ.items():
            for what, value in odd.items():
                query = {each: [value] * 2 for each in [*parameters, "unknown"]}
                check_answer(client.get(address(name, entry), query), what)

    def test_paths_that_lead_nowhere(self, client, entry, odd):
        starts = ["", "evidence/", "recommendations/", "situations/", "evidence."]
        starts += ["responses/"]
        starts += ["methodology/codebook/", "review/codebook/criteria/"]
        for start in [*starts, "documents/", "council/", "account/password/reset/x/"]:
            for what, value in odd.items():
                end = quote(value[:2_000], safe="")
                response = client.get(f"/{start}{end}", follow=True)
                assert response.status_code in (200, 404), f"{start} {what}"

    @pytest.mark.parametrize(
        "charset", ["unicode_escape", "utf-7", "utf-16", "no-such-thing"]
    )
    def test_a_charset_that_no_browser_sends(self, client, entry, charset):
        response = client.get(
            reverse("evidence-list") + "?q=%5Cud800+%2B2AA-",
            CONTENT_TYPE=f"text/plain; charset={charset}",
        )

        check_answer(response, charset)

    @pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.0", "9" * 5_000])
    def test_a_page_that_a_list_does_not_have(self, client, entry, page):
        response = client.get(reverse("evidence-list"), {"page": page})

        assert response.status_code == 404
        assert "does not have that page" in response.content.decode()

    def test_the_last_page_may_be_asked_for_by_name(self, client, entry):
        assert client.get(reverse("evidence-list"), {"page": "last"}).status_code == 200

    def test_a_host_that_is_not_ours_is_refused_without_advice(self, client, entry):
        response = client.get("/", HTTP_HOST="evil.example")

        assert response.status_code == 400
        assert "evil.example" not in response.content.decode()

    def test_both_clocks_may_stand_at_the_ends_of_time(self, client, entry):
        for ends in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            response = client.get(reverse("home"), {"known_at": ends})
            check_answer(response, ends)

    def test_a_filter_that_is_not_understood_is_said_in_a_download_too(
        self, client, entry
    ):
        path = reverse("evidence-download", args=["csv"])

        response = client.get(path, {"kind": "vetto"})

        assert response.status_code == 400
        assert "vetto" in response.content.decode()


@pytest.mark.one_database
class TestMethods:
    @pytest.mark.parametrize("name", READ)
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
    def test_open_pages_are_only_read(self, client, entry, name, method):
        response = getattr(client, method)(address(name, entry))

        assert response.status_code == 405

    @pytest.mark.parametrize("name", READ)
    def test_their_heads_and_options_may_be_asked_for(self, client, entry, name):
        path = address(name, entry)

        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 200

    def test_a_method_that_does_not_exist(self, client, entry):
        assert client.generic("BREW", reverse("home")).status_code == 405


# Forms, with who may send them and what they hold when all is well.
def sign_in_form(site):
    return "stranger", reverse("sign-in"), {"login": "ada", "password": "wrong"}


def reset_form(site):
    return "stranger", reverse("password-reset"), {"email": "ada@example.org"}


def password_form(site):
    names = ["oldpassword", "password1", "password2"]
    return "researcher", reverse("password-change"), dict.fromkeys(names, "x")


def profile_form(site):
    return "researcher", reverse("profile"), {"public_name": "A", "email": "a@b.org"}


def invitation_form(site):
    names = "username public_name show_name password1 password2".split()
    token = site["invited"]
    return "stranger", reverse("invitation", args=[token]), dict.fromkeys(names, "x")


def passkey_form(site):
    return "stranger", reverse("mfa_login_webauthn"), {"credential": "{}"}


def confirm_form(site):
    data = {"password": "wrong", "next": "/account/close/"}
    return "researcher", reverse("account_reauthenticate"), data


def inviting_form(site):
    data = {"email": "x", "role": "reviewer"}
    return "curator", reverse("admin:icctracker_invitation_add"), data


def new_entry_form(site):
    sources = [source_post(archived_url="https://web.archive.org/x")]
    findings = [finding_post(pinpoint="OP 7", form="", form_reason="x")]
    data = entry_post(site["researcher"], sources=sources, findings=findings)
    return "researcher", reverse("evidence-create"), data


def submitting_form(site):
    role, path, data = new_entry_form(site)
    return role, path, data | {"submit": "1"}


def row_form(site):
    role, path, data = new_entry_form(site)
    return role, path, data | {"add_source": "1", "remove_finding": "0", "explain": "0"}


def draft_form(site):
    path = reverse("evidence-update", args=[site["draft"].pk])
    return "researcher", path, entry_post(site["researcher"]) | {"seen": "1"}


def discard_form(site):
    return "person", reverse("evidence-discard", args=[site["draft"].pk]), {}


def correction_form(site):
    path = reverse("evidence-correct", args=[site["published"].pk])
    return "curator", path, entry_post(site["curator"], reason="It was wrong.")


def withdrawal_form(site):
    path = reverse("evidence-withdraw", args=[site["published"].pk])
    return "curator", path, {"reason": "It was wrong.", "seen": "x"}


def search_form(site):
    data = {
        "criterion": str(site["criterion"].pk),
        "searched_on": "2020-01-01",
        "where": "A catalogue",
        "query": "words",
        "outcome": "Nothing.",
    }
    return "researcher", reverse("search-create"), data


def decision_form(site):
    path = reverse("review-evidence", args=[site["submitted"].pk])
    return "reviewer", path, {"outcome": "decline", "note": "No.", "seen": "1"}


def assessment_form(site):
    data = {
        "as_of": "2020-01-01",
        "decided": "overtaken",
        "decided_reason": "",
        "rationale": "So it is.",
        "suggested": "insufficient",
        "suggested_reason": "",
        "seen": "0",
    }
    return "curator", reverse("assessment-create", args=["r7"]), data


def codebook_form(site):
    return "curator", reverse("codebook-draft"), {"version": "1.1"}


def new_criterion_form(site):
    make_draft()
    data = criterion_data() | {"recommendation": "R7", "code": "7b"}
    return "curator", reverse("criterion-create"), data


def criterion_form(site):
    data = criterion_data() | {"recode": "1", "seen": str(make_draft().revision)}
    return "curator", reverse("criterion-update", args=["7a"]), data


def publish_form(site):
    make_draft()
    return "curator", reverse("codebook-preview"), {"reason": "So.", "seen": "x"}


def criterion_data():
    return {
        "statement": "It is done.",
        "counts": "Each time.",
        "does_not_count": "Words.",
        "kind": "sustain",
        "delivered_by": "decision",
        "essential": "on",
    }


def coding_form(site):
    path = reverse("coding-detail", args=[site["in_hand"].pk])
    data = rows("findings", [finding_post(pinpoint="OP 7", form="", form_reason="x")])
    return "researcher", path, data | {"seen": "1", "note": "x", "hand_in": "1"}


def give_back_form(site):
    path = reverse("coding-detail", args=[site["in_hand"].pk])
    return "researcher", path, {"give_back": "1", "reason": "No time."}


def offer_form(site):
    path = reverse("coding-offer", args=[site["submitted"].pk])
    return "reviewer", path, {"coder": str(site["curator"].pk)}


def end_coding_form(site):
    path = reverse("coding-offer", args=[site["in_hand"].evidence_id])
    return "reviewer", path, {"withdraw": "1", "reason": "Too slow."}


def reconcile_form(site):
    coding = site["differing"]
    line = f"line-{coding.lines.get().criterion_id}"
    values = {"taken": "other", "effect": "1", "form": "formal", "reason": "So."}
    data = {f"{line}-{name}": value for name, value in values.items()}
    path = reverse("reconcile-detail", args=[coding.pk])
    return "reviewer", path, data | {"seen": stamp_of(coding)}


def response_form(site):
    data = dict.fromkeys("text shown_by name affiliation email homepage".split(), "x")
    data |= {"kind": "reply", "publish_name": "on", "creation_key": "x"}
    path = reverse("evidence-respond", args=[site["published"].slug])
    return "stranger", path, data | {"homepage": "", "email": "a@b.org", "shown_by": ""}


def answer_form(site):
    path = reverse("response-answer", args=["2222-2222-2222"])
    return "reviewer", path, {"outcome": "answered", "text": "So it is.", "seen": "0"}


def comment_form(site):
    path = reverse("evidence-comment", args=[site["submitted"].pk])
    return "researcher", path, {"text": "Which page?", "back": "desk"}


def dissent_form(site):
    finding = site["published"].findings.get()
    path = reverse("finding-dissent", args=[finding.pk])
    return "reviewer", path, {"effect": "1", "reason": "It was not."}


def take_back_form(site):
    path = reverse("dissent-detail", args=[site["dissent"].pk])
    return "researcher", path, {"reason": "I was wrong."}


def dissent_review_form(site):
    path = reverse("dissent-review", args=[site["dissent"].pk])
    return "reviewer", path, {"outcome": "refuse", "reason": "It is none."}


def bulk_form(site):
    data = {
        "action": "withdraw_entries",
        "_selected_action": str(site["published"].pk),
        "confirmed": "1",
        "reason": "It was wrong.",
        f"version-{site['published'].pk}": "1",
    }
    return "curator", reverse("admin:icctracker_evidence_changelist"), data


def admin_entry_form(site):
    data = {
        "occurred_on": "2014-05-22",
        "kind": "veto",
        "title": "A title",
        "summary": "A summary.",
        "tier": "A",
        "symbol": "S/2014/348",
        "seen": "1",
    }
    for prefix in ("sources", "findings"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return "curator", reverse("admin:icctracker_evidence_add"), data


def set_aside_form(site):
    document = str(Document.objects.get(symbol="S/RES/1422(2002)").pk)
    data = {"opened_by": "x", "documents": document, "shown": document}
    data |= {"everything": "on", "reason": "It is older than the note."}
    return "researcher", reverse("suggestion-list") + "?page=1&year=2002", data


def put_back_form(site):
    document = Document.objects.get(symbol="S/2001/270")
    dismiss([document], reason="Older.", by=site["researcher"])
    data = {"documents": str(document.pk), "shown": "x", "everything": ""}
    return "researcher", reverse("dismissal-list"), data


def accepting_form(site):
    document = Document.objects.get(symbol="S/RES/1422(2002)")
    path = reverse("suggestion-accept", args=[document.pk])
    return "researcher", path, {"documents": "1"}


MULTIPART = "multipart/form-data; boundary=x"
BODIES = [
    (b"", "application/x-www-form-urlencoded"),
    (b"%zz&%ff=%fe&=&a", "application/x-www-form-urlencoded"),
    (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
    (json.dumps({"title": ["x"]}).encode(), "application/json"),
    (b"<a/>", "text/xml"),
    (b"plain", "text/plain"),
    (b"plain", ""),
    (b"broken", "multipart/form-data"),
    (b"broken", MULTIPART),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\n", MULTIPART),
    (b"a" * 3_000_000, "application/x-www-form-urlencoded"),
    (b"a=1&" * 2_100, "application/x-www-form-urlencoded"),
]
FORMS = [
    sign_in_form,
    reset_form,
    password_form,
    profile_form,
    invitation_form,
    passkey_form,
    confirm_form,
    inviting_form,
    new_entry_form,
    submitting_form,
    row_form,
    draft_form,
    discard_form,
    correction_form,
    withdrawal_form,
    search_form,
    decision_form,
    coding_form,
    give_back_form,
    offer_form,
    end_coding_form,
    reconcile_form,
    assessment_form,
    codebook_form,
    new_criterion_form,
    criterion_form,
    publish_form,
    response_form,
    answer_form,
    comment_form,
    dissent_form,
    take_back_form,
    dissent_review_form,
    bulk_form,
    admin_entry_form,
    set_aside_form,
    put_back_form,
    accepting_form,
]


@pytest.fixture
def site(kept, council):
    return kept(make_site)


def make_site():
    """Something for every form to be about, and people of every role."""
    entry = make_entry()
    researcher, curator = make_user("researcher"), make_user("curator")
    _invitation, token = invite("rita@example.org", "researcher", by=curator)
    finding = Finding.objects.order_by("pk").first()
    dissent = Dissent(finding=finding, author=researcher, effect=0, reason="No.")
    dissent.save()
    return {
        "invited": token,
        "dissent": dissent,
        "criterion": finding.criterion,
        "person": make_user(),
        "researcher": researcher,
        "reviewer": make_user("reviewer"),
        "curator": curator,
        "draft": make_evidence(Evidence.State.DRAFT, by=researcher),
        "submitted": make_evidence(Evidence.State.SUBMITTED, by=researcher),
        "published": entry,
        "in_hand": make_coding(
            make_evidence(Evidence.State.SUBMITTED), coder=researcher
        ),
        "differing": make_coding(make_evidence(), rows=[finding_row(effect=1)]),
    }


def client_of(site, role, **options):
    client = Client(**options)
    if role != "stranger":
        client.force_login(site[role])
    return client


TEXTS = [Evidence, Source, Finding, Search, Actor, Assessment, Codebook, Criterion]
TEXTS += [Coding, CodingLine, Dismissal, ReconciledLine]
TEXTS += [Comment, Dissent, Response, Answer]


def all_texts():
    """What is stored as text, wherever it came from."""
    return [
        str(value)
        for model in TEXTS
        for row in model.objects.values_list()
        for value in row
    ]


class TestLongAddresses:
    def test_a_host_of_full_length_is_kept_with_its_source(self, site):
        host = ".".join(["a" * 60] * 4)[:240] + ".org"
        source = source_post(f"https://{host}/")
        client = client_of(site, "researcher")

        data = entry_post(site["researcher"], sources=[source])
        response = client.post(reverse("evidence-create"), data)

        assert response.status_code == 302
        publisher = Source.objects.get(url=source["url"]).publisher
        assert len(publisher) <= Source._meta.get_field("publisher").max_length


@pytest.mark.thorough
class TestTheInbox:
    ASKED = "why situation outcome year period page".split()

    @pytest.mark.parametrize("name", ["suggestion-list", "dismissal-list"])
    def test_odd_filters_are_answered_in_words(self, site, odd, name):
        client = client_of(site, "researcher")

        for parameter in self.ASKED:
            for what, value in odd.items():
                answer = client.get(reverse(name), {parameter: value})
                check_answer(answer, f"{name}?{parameter}: {what}")


@pytest.mark.thorough
@pytest.mark.parametrize("form", FORMS)
class TestForms:
    def test_every_field_in_turn_may_hold_what_no_text_can(self, site, odd, form):
        role, path, data = form(site)
        client = client_of(site, role)

        for name in data:
            for what in {"nul inside", "many digits"} & odd.keys():
                response = client.post(path, data | {name: ODD[what]})
                assert response.status_code < 500, f"{name}: {what}"

        assert not [text for text in all_texts() if NUL in text]

    def test_so_may_all_of_them(self, site, odd, form):
        role, path, data = form(site)
        client = client_of(site, role)
        counts = {name: data[name] for name in data if name.endswith("TOTAL_FORMS")}

        for what, value in odd.items():
            response = client.post(path, dict.fromkeys(data, value) | counts)
            assert response.status_code < 500, what

    @pytest.mark.one_database
    def test_so_may_the_whole_body(self, site, form):
        role, path, _data = form(site)
        client = client_of(site, role)

        for content, content_type in BODIES:
            response = client.post(path, content, content_type=content_type)
            assert response.status_code < 500, content_type
            if response.status_code == 400:
                page = response.content.decode()
                assert "You can go on from here" in page
                assert "DATA_UPLOAD" not in page

    @pytest.mark.one_database
    def test_a_stale_token_is_explained_in_our_words(self, site, form):
        role, path, data = form(site)
        client = client_of(site, role, enforce_csrf_checks=True)

        for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            response = client.post(path, data | token)

            page = response.content.decode()
            assert response.status_code == 403
            assert 'id="main"' in page
            assert "CSRF" not in page and "<style" not in page


class TestCaches:
    @pytest.mark.parametrize("name", ["home", "desk", "profile", "evidence-create"])
    def test_no_shared_cache_keeps_a_page_of_somebody_signed_in(self, site, name):
        client = client_of(site, "researcher")

        answer = client.get(reverse(name))

        assert "private" in answer.headers.get("Cache-Control", "")

    def test_an_open_page_may_be_kept(self, client, entry):
        answer = client.get(reverse("evidence-list"))

        assert "private" not in answer.headers.get("Cache-Control", "")
