"""That nobody reads what is not theirs to read, on whichever page of the map."""

import json

import pytest
import tablib
from django.urls import reverse

from icctracker.models import Evidence
from tests.test_routes import (
    CONFIRMED,
    ENTRY,
    NAMES,
    NOT_THERE,
    ODD,
    OPEN_STATES,
    PAGES,
    RESPONSES,
    REVIEW,
    ROLES,
    SECRETS,
    STATES,
    address,
    admin_addresses,
    client_of,
    download,
    entry_address,
    make_site,
    object_addresses,
    secret,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

State = Evidence.State
SEEN_BLIND = "title summary source label symbol actor".split()


@pytest.fixture
def site(kept, council):
    return kept(make_site)


def reading_addresses(site):
    """Every address that shows something, with the ways of asking for more."""
    found = [address(name) for name in {*PAGES, *ODD, *CONFIRMED, *NOT_THERE}]
    found += [entry_address(n, e) for n in ENTRY for e in site.entries.values()]
    found += object_addresses()
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


def strangers_first(roles):
    """A stranger's walk is always taken; those of the others are long, too."""
    return [
        role if role == "stranger" else pytest.param(role, marks=pytest.mark.thorough)
        for role in roles
    ]


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
        if role == "coder":
            # Whoever codes an entry blind sees the event, never what was found in it.
            seen = [secret(State.SUBMITTED, part) for part in SEEN_BLIND]
            hidden = [word for word in hidden if word not in seen]
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

    @pytest.mark.parametrize("role", strangers_first(ROLES))
    def test_no_page_shows_what_is_not_for_its_reader(self, site, role):
        client, hidden = client_of(site, role), self.hidden_from(role)

        assert self.leaks(client, reading_addresses(site), hidden) == []

    @pytest.mark.thorough
    def test_nor_does_a_page_of_the_admin(self, site):
        client = client_of(site, "curator")
        hidden = self.hidden_from("curator")

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

        def entries(asked):
            answer = client.get(download("json"), {"q": asked})
            return json.loads(answer.getvalue())["evidence"]

        for name in ("q", "actor", "sort", "symbol", "title", "slug"):
            found = client.get(download("json"), {name: word})
            # What was typed is quoted where it is refused.
            assert found.status_code == 400 or word not in text_of(found)
        assert entries(word) == entries("nothingatall") == []

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
