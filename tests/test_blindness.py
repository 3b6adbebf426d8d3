"""A second coder tries every other route to what the first coder found.

The whole map of the site is walked, the admin with its lists, histories, files and
autocompletes as well, signed in as second coders of every role.
"""

from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.coding import offer_coding
from icctracker.actions.status import log_search
from icctracker.models import Coding, Evidence, Finding, Reading, ReviewDecision
from tests import test_routes as routes
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

State = Evidence.State
CODERS = ["researcher", "reviewer", "curator"]
# Words in which the first coder, or somebody who has read the codes, argues.
ARGUED = "rationale formreason searched pinpoint counter verification decision".split()
FACTS = "title summary symbol label".split()
# The criterion as a row of a queue names it.
TAG = ">9h<"
HIDDEN = "what was found in it before stays hidden"


def word(part):
    return f"zb{part}bz"


@pytest.fixture
def site(kept, council):
    return kept(make_site)


def make_site():
    """An entry that is being coded a second time, beside all others of the map."""
    people = {role: make_user(role) for role in CODERS}
    people |= {"author": make_user("researcher"), "person": make_user()}
    criterion = make_criterion("9h", statement="A criterion of its own.")
    entry = make_evidence(
        State.SUBMITTED,
        by=people["author"],
        title=word("title"),
        summary=word("summary"),
        symbol=word("symbol"),
        counter_evidence=word("counter"),
        verification_note=word("verification"),
        sources=[source_row(label=word("label"))],
        findings=[
            finding_row(
                criterion,
                rationale=word("rationale"),
                form="signal",
                form_reason=word("formreason"),
                searched_words=word("searched"),
                pinpoint=word("pinpoint"),
            )
        ],
    )
    ReviewDecision.objects.create(
        evidence=entry,
        outcome="return",
        note=word("decision"),
        reviewer=make_user("reviewer"),
    )
    # Searched for, so that no list of what has not been searched names it.
    log_search(
        by=people["researcher"],
        criterion=criterion,
        searched_on=timezone.localdate(),
        where="The record",
        query="anything",
        outcome="Nothing.",
    )
    entries = {state: entry for state in State}
    return SimpleNamespace(
        people=people, entry=entry, entries=entries, criterion=criterion
    )


def sit_down(site, role):
    """Give the entry to a second coder of this role; the coder's browser."""
    coder = site.people[role]
    offer_coding(site.entry, by=make_user("curator"), coder=coder)
    client = Client()
    client.force_login(coder)
    return client


def entry_addresses(site):
    """Every address about the entry, on desk, review and the open site."""
    names = [name for name in routes.ENTRY if name not in routes.OPEN]
    found = [routes.entry_address(name, site.entry) for name in names]
    return [*found, reverse("coding-offer", args=[site.entry.pk])]


def all_addresses(site):
    lists = [routes.address(name) for name in routes.PAGES]
    asked = [f"q={word('title')}", "recommendation=R9", "verification=noted"]
    asked += ["criterion=9h", "effect=-2", "sort=title"]
    queues = [reverse(name) for name in ("review-queue", "evidence-list")]
    queues += [routes.download("csv"), routes.download("json")]
    found = [*lists, *entry_addresses(site)]
    found += [f"{path}?{query}" for path in queues for query in asked]
    codings = Coding.objects.values_list("pk", flat=True)
    coded = ("coding-detail", "coding-pick-up", "reconcile-detail")
    return found + [reverse(name, args=[pk]) for name in coded for pk in codings]


def admin_addresses(site):
    found = routes.admin_addresses(site)
    base = reverse("admin:icctracker_evidence_changelist")
    return [*found, f"{base}?q=zb", f"{base}?recommendation=R9"]


def leaks(client, paths, words, *, follow=True):
    """Which words stand on which page, wherever it leads, beyond what was asked."""
    texts = ((path, routes.text_of(client.get(path, follow=follow))) for path in paths)
    return [
        (path, each)
        for path, text in texts
        for each in words
        if each in text.replace(path, "")
    ]


@pytest.mark.parametrize("role", CODERS)
class TestNoRouteLeadsToTheFirstCodes:
    @pytest.mark.thorough
    def test_no_page_tells_them(self, site, role):
        client = sit_down(site, role)

        assert leaks(client, all_addresses(site), map_words(ARGUED)) == []

    def test_nor_which_criterion_was_coded(self, site, role):
        """Only the codebook and its own forms name the criterion at all."""
        client = sit_down(site, role)
        queues = [reverse("review-queue"), reverse("reconcile-list")]
        queues += [reverse("coding-list"), reverse("desk")]

        for path in queues:
            assert TAG not in routes.text_of(client.get(path)), path

    def test_the_entry_stands_in_no_list_of_what_waits(self, site, role):
        client = sit_down(site, role)
        queues = [reverse("review-queue"), reverse("reconcile-list")]

        assert leaks(client, queues, map_words(FACTS)) == []

    def test_nor_does_an_answer_to_a_form(self, site, role):
        client = sit_down(site, role)
        sent = {"outcome": "publish", "note": "x", "reason": "x", "seen": "1"}

        for path in [*entry_addresses(site), *admin_posts(site)]:
            for extra in ({}, {"withdraw": "1"} if "coding" not in path else {}):
                text = routes.text_of(client.post(path, sent | extra, follow=True))
                assert not [w for w in map_words(ARGUED) if w in text], path

        site.entry.refresh_from_db()
        assert site.entry.state == State.SUBMITTED

    def test_what_may_be_seen_is_seen(self, site, role):
        """The words looked for above do stand where they may."""
        client = sit_down(site, role)
        coding = Coding.objects.get()

        text = routes.text_of(client.get(reverse("coding-detail", args=[coding.pk])))

        assert all(each in text for each in map_words(FACTS))
        assert not any(each in text for each in map_words(ARGUED))

    def test_the_way_is_barred_in_words(self, site, role):
        client = sit_down(site, role)
        refused = "review-evidence desk-evidence coding-offer".split()
        if role == "researcher":
            refused = ["desk-evidence"]

        for name in refused:
            path = reverse(name, args=[site.entry.pk])
            page = client.get(path, follow=True)
            assert HIDDEN in page.content.decode(), name
            assert page.redirect_chain[-1][0].startswith("/desk/coding/"), name


def map_words(parts):
    return [word(part) for part in parts]


def admin_posts(site):
    """Admin pages of the entry that a form may be sent to."""
    base = "admin:icctracker_evidence"
    return [
        reverse(f"{base}_changelist"),
        reverse(f"{base}_change", args=[site.entry.pk]),
        reverse(f"{base}_delete", args=[site.entry.pk]),
    ]


class TestTheAdmin:
    @pytest.mark.thorough
    def test_no_page_of_it_tells_a_blind_curator(self, site):
        client = sit_down(site, "curator")

        hidden = map_words([*ARGUED, "title", "summary"])
        assert leaks(client, admin_addresses(site), hidden, follow=False) == []

    def test_nor_does_a_file(self, site):
        client = sit_down(site, "curator")
        path = reverse("admin:icctracker_evidence_export")
        fields = client.get(path).context["form"].fields
        ticked = {name: "on" for name in fields if name.startswith("evidence")}

        answer = client.post(path, ticked | {"format": "0", "resource": "0"})

        assert not [w for w in map_words(ARGUED) if w in routes.text_of(answer)]

    def test_no_bulk_decision_is_taken(self, site):
        client = sit_down(site, "curator")
        path = reverse("admin:icctracker_evidence_changelist")

        for action in ("publish", "send_back", "decline"):
            data = {"action": action, "_selected_action": [site.entry.pk]}
            text = routes.text_of(client.post(path, data, follow=True))
            assert not [w for w in map_words(ARGUED) if w in text], action

        site.entry.refresh_from_db()
        assert site.entry.state == State.SUBMITTED

    def test_the_page_of_the_entry_says_why(self, site):
        client = sit_down(site, "curator")
        path = reverse("admin:icctracker_evidence_change", args=[site.entry.pk])

        page = client.get(path)

        assert HIDDEN in " ".join(map(str, get_messages(page.wsgi_request)))
        assert page["Location"].startswith("/desk/coding/")

    def test_another_curator_sees_it_all(self, site):
        sit_down(site, "curator")
        client = Client()
        client.force_login(make_user("curator"))
        path = reverse("admin:icctracker_evidence_change", args=[site.entry.pk])

        text = routes.text_of(client.get(path))

        assert word("rationale") in text


class TestBeforeAnybodyHasIt:
    def test_a_list_tells_neutral_things_only(self, site):
        offer_coding(site.entry, by=make_user("curator"))
        client = Client()
        client.force_login(site.people["researcher"])

        text = routes.text_of(client.get(reverse("coding-list")))

        assert word("symbol") in text
        hidden = [*ARGUED, "title", "summary", "label"]
        assert not [each for each in map_words(hidden) if each in text]

    def test_the_queue_does_not_name_the_criteria_of_what_is_offered(self, site):
        client = Client()
        client.force_login(site.people["reviewer"])
        before = routes.text_of(client.get(reverse("review-queue")))
        offer_coding(site.entry, by=make_user("curator"))

        after = routes.text_of(client.get(reverse("review-queue")))

        assert TAG in before and TAG not in after
        assert "being coded a second time" in after

    def test_nor_does_the_list_of_the_admin(self, site):
        client = Client()
        client.force_login(site.people["curator"])
        path = reverse("admin:icctracker_evidence_changelist")
        offer_coding(site.entry, by=make_user("curator"))

        text = routes.text_of(client.get(path))

        assert word("title") in text and "9h: -2" not in text

    FILTERS = [
        ("review-queue", "reviewer", "recommendation=R9"),
        ("review-queue", "reviewer", "verification=noted"),
        ("review-queue", "reviewer", "risk=unchecked"),
        ("admin:icctracker_evidence_changelist", "curator", "recommendation=R9"),
    ]

    @pytest.mark.parametrize(("name", "role", "query"), FILTERS)
    def test_no_filter_tells_what_was_found(self, site, name, role, query):
        client = Client()
        client.force_login(site.people[role])
        path = f"{reverse(name)}?{query}"
        before = routes.text_of(client.get(path))
        offer_coding(site.entry, by=make_user("curator"))

        after = routes.text_of(client.get(path))

        assert word("title") in before and word("title") not in after
        assert word("title") in routes.text_of(client.get(reverse(name)))

    @pytest.mark.parametrize("wanted", ["noted", "plain"])
    def test_nor_by_what_it_leaves_out(self, site, wanted):
        offer_coding(site.entry, by=make_user("curator"))
        client = Client()
        client.force_login(site.people["reviewer"])
        path = f"{reverse('review-queue')}?verification={wanted}"

        text = routes.text_of(client.get(path))

        assert word("title") not in text
        assert "Leaves out what is being coded a second time" in text

    @pytest.mark.parametrize(("name", "role", "query"), [FILTERS[0], FILTERS[3]])
    def test_a_filter_finds_it_for_whoever_has_read_it(self, site, name, role, query):
        reader = site.people[role]
        offer_coding(site.entry, by=make_user("curator"))
        client = Client()
        client.force_login(reader)
        client.get(reverse("review-evidence", args=[site.entry.pk]))

        assert word("title") in routes.text_of(client.get(f"{reverse(name)}?{query}"))

    @pytest.mark.parametrize(("name", "role", "query"), [FILTERS[0], FILTERS[3]])
    def test_while_somebody_else_has_it_no_filter_tells_either(
        self, site, name, role, query
    ):
        make_coding(site.entry, coder=site.people["researcher"])
        client = Client()
        client.force_login(site.people[role])

        text = routes.text_of(client.get(f"{reverse(name)}?{query}"))

        assert word("title") not in text

    @pytest.mark.parametrize(
        "name",
        ["review-evidence", "desk-evidence", "admin:icctracker_evidence_change"],
    )
    def test_who_has_opened_it_is_offered_it_no_more(self, site, name):
        curator = site.people["curator"]
        client = Client()
        client.force_login(curator)
        coding = offer_coding(site.entry, by=make_user("curator"))
        client.get(reverse(name, args=[site.entry.pk]))

        listed = client.get(reverse("coding-list"))
        taken = client.post(
            reverse("coding-pick-up", args=[coding.pk]), {"unread": "on"}
        )

        assert word("symbol") not in listed.content.decode()
        assert taken.status_code == 404
        assert Coding.objects.get().state == "offered"


class TestTheSecondCodesToo:
    @pytest.mark.thorough
    def test_nobody_else_sees_a_coding_in_hand(self, site):
        coding = make_coding(site.entry, coder=site.people["researcher"])
        coding.lines.create(
            criterion=site.criterion, effect=1, form="signal", rationale="zbsecretbz"
        )
        client = Client()
        client.force_login(site.people["curator"])

        paths = [*all_addresses(site), *admin_addresses(site)]

        assert leaks(client, paths, ["zbsecretbz"], follow=False) == []

    def test_the_author_sees_both_once_it_is_handed_in(self, site):
        coding = make_coding(
            site.entry, rows=[finding_row(site.criterion, rationale="zbsecondbz")]
        )
        client = Client()
        client.force_login(site.people["author"])

        page = client.get(reverse("reconcile-detail", args=[coding.pk]))

        assert "zbsecondbz" in page.content.decode()

    def test_a_stranger_to_both_codings_does_not(self, site):
        coding = make_coding(site.entry, rows=[finding_row(site.criterion)])
        client = Client()
        client.force_login(site.people["researcher"])

        for name in ("reconcile-detail", "coding-detail"):
            assert client.get(reverse(name, args=[coding.pk])).status_code == 404


# What tells how an entry was coded: words of the first coder, and the codes in short.
# What remains to be checked a reviewer is told in the queue, until a coding is offered.
CODES = [word(part) for part in ARGUED if part != "verification"]
CODES += ["9h: -2", "9h | -2"]


def tells(text):
    """Whether a text tells how the entry was coded; in a list, in a cell of its own."""
    in_cells = word("title") in text and 'class="field-effect' in text
    return in_cells or any(each in text for each in CODES)


def may_still_code(entry, person):
    return Evidence.objects.filter(pk=entry.pk).codable_by(person).exists()


def told_without_note(site, role, asks):
    """Which addresses tell codes to somebody who could code the entry blind after it.

    Each is asked by its own person, who has seen nothing before.
    """
    found = []
    for path, data in asks:
        person = make_user(role)
        client = Client()
        client.force_login(person)
        answer = client.post(path, data) if data is not None else client.get(path)
        text = routes.text_of(answer).replace(path, "")
        if tells(text) and may_still_code(site.entry, person):
            found.append(path)
    return found


def exports(site):
    """Each file of the admin, as its form asks for it."""
    curator = Client()
    curator.force_login(site.people["curator"])
    for model, page in admin.site._registry.items():
        if hasattr(page, "resource_classes") and hasattr(page, "export_action"):
            path = reverse(f"admin:icctracker_{model._meta.model_name}_export")
            fields = set(curator.get(path).context["form"].fields) - {"export_items"}
            yield path, dict.fromkeys(fields, "on") | {"format": "0", "resource": "0"}


def searches():
    """Each list of the admin, searched for what the first coder wrote."""
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        path = reverse(f"admin:{name}_changelist")
        # Not the whole word: the page says what was asked for.
        yield f"{path}?q={word('rationale')[:-1]}", None
        yield f"{path}?effect__exact=-2", None


def asked_in_every_way(site, role):
    """Every address of the site that a role may open, read and sent to."""
    paths = all_addresses(site)
    if role == "curator":
        paths += admin_addresses(site)
    asks = [(path, None) for path in dict.fromkeys(paths)]
    wrong = {"outcome": "no such outcome", "note": "x", "text": "", "seen": "1"}
    asks += [(path, wrong) for path in entry_addresses(site)]
    if role == "curator":
        asks += [(path, wrong) for path in admin_posts(site)]
        asks += [*exports(site), *searches()]
    return asks


class TestWhoeverIsShownCodesIsNoLongerBlind:
    """Whatever shows codes notes that, by whatever method and in whatever state."""

    @pytest.mark.thorough
    @pytest.mark.parametrize("role", CODERS)
    @pytest.mark.parametrize("offered", [False, True])
    def test_on_every_address(self, site, role, offered):
        if offered:
            offer_coding(site.entry, by=make_user("curator"))

        assert told_without_note(site, role, asked_in_every_way(site, role)) == []

    DOORS = [
        ("admin:icctracker_finding_changelist", None),
        ("admin:icctracker_finding_change", None),
        ("admin:icctracker_evidence_export", {"format": "0", "resource": "0"}),
        ("review-evidence", {"outcome": "no such outcome", "seen": "1"}),
    ]

    def door(self, site, name, data):
        keys = {"change": Finding.objects.get(evidence=site.entry).pk}
        key = keys.get(name.rpartition("_")[2], site.entry.pk)
        bare = name.endswith(("changelist", "export"))
        return reverse(name, args=[] if bare else [key]), data

    @pytest.mark.parametrize("offered", [False, True])
    @pytest.mark.parametrize(("name", "data"), DOORS)
    def test_at_the_doors_that_stood_open(self, site, name, data, offered):
        if offered:
            offer_coding(site.entry, by=make_user("curator"))

        asks = [self.door(site, name, data)]
        assert told_without_note(site, "curator", asks) == []

    @pytest.mark.parametrize(("name", "data"), DOORS)
    def test_and_the_sweep_finds_a_door_that_notes_nothing(
        self, site, monkeypatch, name, data
    ):
        monkeypatch.setattr(type(Reading.objects.all()), "note", lambda *_args: None)

        asks = [self.door(site, name, data)]
        assert told_without_note(site, "curator", asks) == [asks[0][0]]

    @pytest.mark.parametrize(("name", "data"), DOORS[:3])
    def test_and_one_that_does_not_ask_whose_codes_one_may_learn(
        self, site, monkeypatch, name, data
    ):
        offer_coding(site.entry, by=make_user("curator"))
        everybody = type(Evidence.objects.all())
        monkeypatch.setattr(everybody, "codes_open_to", lambda self, _person: self)
        monkeypatch.setattr(type(Reading.objects.all()), "note", lambda *_args: None)

        asks = [self.door(site, name, data)]
        assert told_without_note(site, "curator", asks) == [asks[0][0]]

    def test_who_compares_two_codings_has_read_both(self, site):
        coding = make_coding(site.entry, rows=[finding_row(site.criterion, effect=1)])
        reviewer = site.people["reviewer"]
        client = Client()
        client.force_login(reviewer)

        page = client.get(reverse("reconcile-detail", args=[coding.pk]))

        assert word("rationale") in page.content.decode()
        assert not may_still_code(site.entry, reviewer)

    def test_the_record_of_what_is_offered_says_why_it_is_not_shown(self, site):
        offer_coding(site.entry, by=make_user("curator"))
        path, _data = self.door(site, "admin:icctracker_finding_change", None)
        client = Client()
        client.force_login(site.people["curator"])

        page = client.get(path, follow=True).content.decode()

        assert "you could still be the one to do it" in page

    def test_a_file_says_what_it_leaves_out(self, site):
        offer_coding(site.entry, by=make_user("curator"))
        client = Client()
        client.force_login(site.people["curator"])

        path, data = next(each for each in exports(site) if "/evidence/" in each[0])
        text = routes.text_of(client.post(path, data))

        assert word("title") in text and "hidden: being coded a second time" in text

    def test_a_list_of_titles_is_no_reading(self, site):
        client = Client()
        client.force_login(site.people["curator"])

        for name in ("review-queue", "admin:icctracker_evidence_changelist"):
            assert word("title") in routes.text_of(client.get(reverse(name)))

        assert may_still_code(site.entry, site.people["curator"])


class TestPublishedEntries:
    """Their codes are public: a coder who is signed in is kept from the page."""

    def test_its_page_is_kept_from_its_coder(self, site, client):
        entry = make_evidence(by=site.people["author"])
        coder = site.people["researcher"]
        make_coding(entry, coder=coder)
        client.force_login(coder)

        page = client.get(entry.get_absolute_url(), follow=True)

        assert HIDDEN in page.content.decode()
        assert Finding.objects.accepted().get().rationale not in page.content.decode()

    def test_everybody_else_reads_on(self, site, client):
        entry = make_evidence(by=site.people["author"])
        make_coding(entry, coder=site.people["researcher"])

        assert client.get(entry.get_absolute_url()).status_code == 200
