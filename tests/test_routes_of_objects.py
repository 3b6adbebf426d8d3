"""Who may open what hangs on an entry, in each of its states: the rest of the map.

The tables are in tests/test_routes.py.
"""

import pytest
from django.apps import apps
from django.urls import reverse

from icctracker.actions.answering import (
    accept_proposal,
    confirm,
    decline_proposal,
    propose_finding,
    refuse,
    take_back,
)
from icctracker.actions.coding import give_back, offer_coding
from icctracker.models import Coding, Dissent, Document, Evidence, Response
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)
from tests.test_routes import (
    BUTTONS,
    CODED,
    ENTRY,
    NAMED,
    OBJECTS,
    RESPONSES,
    ROLES,
    TELLS_NO_CODES,
    client_of,
    entry_address,
    make_site,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

State = Evidence.State
AT_THE_CODING = reverse("coding-list")


@pytest.fixture
def site(kept, council):
    return kept(make_site)


@pytest.fixture
def objects(kept, site):
    return kept(make_objects, site)


def make_objects(site):
    """For each route of an object: one object in each of its states."""
    codings, dissents = make_codings(site), make_dissents(site)
    return {
        "coding-detail": codings,
        "reconcile-detail": codings,
        "dissent-detail": dissents,
        "dissent-review": dissents,
        "finding-dissent": {
            state: entry.findings.get() for state, entry in site.entries.items()
        },
        "response-answer": {
            outcome or "waiting": Response.objects.get(reference=reference)
            for reference, outcome in RESPONSES.items()
        },
        "proposal-review": make_proposals(),
    }


def make_codings(site):
    """Codings by the coder, of entries by the author; one is for anyone to take."""
    coder, author = site.people["coder"], site.people["author"]
    other = [finding_row(site.criterion, effect=1, occasion=False)]
    same = [finding_row(site.criterion, form="decision")]

    def entry():
        return make_evidence(by=author, findings=[finding_row(form="decision")])

    settled = make_coding(entry(), coder=coder, rows=other)
    settled.settled_at = settled.done_at
    settled.save()
    given_back = make_coding(entry(), coder=coder)
    give_back(given_back, by=coder, reason="I know the case.")
    return {
        "offered": offer_coding(entry(), by=make_user("reviewer")),
        "open": Coding.objects.blinding(coder).first(),
        "agrees": make_coding(entry(), coder=coder, rows=same),
        "differs": make_coding(entry(), coder=coder, rows=other),
        "settled": settled,
        "withdrawn": given_back,
    }


def make_dissents(site):
    """The author's dissents, from findings that nobody is coding blind."""
    author, reviewer = site.people["author"], make_user("reviewer")

    def dissent():
        finding = make_evidence().findings.get()
        return Dissent.objects.create(
            author=author, finding=finding, effect=1, reason="It was minor."
        )

    refused, taken_back = dissent(), dissent()
    refuse(refused, by=reviewer, reason="It is none.")
    take_back(taken_back, by=author, reason="I was wrong.")
    confirmed = confirm(dissent(), by=reviewer)
    return {
        "refused": refused,
        "withdrawn": taken_back,
        "confirmed": confirmed,
        "waiting": dissent(),
    }


def make_proposals():
    """Somebody's proposals for an entry that nobody is coding blind."""
    entry, reviewer = make_evidence(), make_user("reviewer")

    def proposal(code):
        row = finding_row(make_criterion(code))
        return propose_finding(entry, row, by=make_user("researcher"))

    return {
        "accepted": accept_proposal(proposal("4a"), reviewer=reviewer),
        "declined": decline_proposal(proposal("4b"), reviewer=reviewer, note="No."),
        "waiting": proposal("4c"),
    }


def object_address(name, thing):
    _model, field = NAMED[name]
    return reverse(name, args=[getattr(thing, field)])


def is_hung_on_what_is_coded(thing, coder):
    """Whether the coder has the entry in hand, to which an object belongs."""
    finding = getattr(thing, "finding", None)
    entry = getattr(thing, "evidence_id", None) or getattr(finding, "evidence_id", None)
    blind = Coding.objects.blinding(coder)
    return entry is not None and blind.filter(evidence=entry).exists()


def outcome_of(response):
    """What a page says to whoever asked for it, in a word."""
    where = response.get("Location", "")
    if where.startswith(reverse("sign-in")):
        return "asked to sign in"
    if where.startswith(AT_THE_CODING):
        return "led back to the coding"
    return {200: "open", 403: "forbidden", 404: "not there", 405: "a button only"}.get(
        response.status_code, f"{response.status_code} {where}"
    )


def expected(name, role, state):
    allowed, states = OBJECTS[name]
    if role == "stranger":
        return "asked to sign in"
    if role not in allowed:
        return "forbidden"
    return "open" if state in states.get(role, ()) else "not there"


class TestTheMap:
    def test_every_route_of_an_object_has_an_object_in_every_state(self, objects):
        assert set(objects) == set(OBJECTS) == set(NAMED)
        for name, (_allowed, states) in OBJECTS.items():
            assert set().union(*states.values()) <= set(objects[name]), name


@pytest.mark.parametrize("role", ROLES)
class TestObjects:
    def test_each_opens_to_those_it_is_for(self, site, objects, role):
        client = client_of(site, role)

        found = {
            (name, state): outcome_of(client.get(object_address(name, thing)))
            for name, things in objects.items()
            for state, thing in things.items()
        }

        wanted = {(name, state): expected(name, role, state) for name, state in found}
        if role == "coder":
            wanted |= self.kept_from_the_coder(site, objects)
        assert found == wanted

    @staticmethod
    def kept_from_the_coder(site, objects):
        """What belongs to the entries in hand; the coding itself is not among it."""
        apart = ("coding-detail", "reconcile-detail")
        return {
            (name, state): "led back to the coding"
            for name, things in objects.items()
            if name not in apart
            for state, thing in things.items()
            if is_hung_on_what_is_coded(thing, site.people["coder"])
        }

    def test_nothing_is_sent_to_what_does_not_open(self, site, objects, role):
        client = client_of(site, role)
        before = everything()

        for name, things in objects.items():
            for state, thing in things.items():
                if expected(name, role, state) == "open":
                    continue
                answer = client.post(object_address(name, thing), SENT)
                assert outcome_of(answer) != "open", (name, state)

        assert everything() == before

    def test_a_button_shows_nothing_and_is_for_those_who_may_press_it(
        self, site, objects, role
    ):
        client = client_of(site, role)
        before = everything()

        for name, path in button_addresses(objects).items():
            shown, pressed = outcome_of(client.get(path)), None
            if role not in BUTTONS[name]:
                pressed = outcome_of(client.post(path, SENT))
            if role == "stranger":
                # What was written with it is given back first.
                assert (shown, pressed) == ("asked to sign in", "forbidden"), name
            elif role not in BUTTONS[name]:
                assert (shown, pressed) == ("forbidden",) * 2, name
            elif name == "suggestion-accept":
                assert shown == f"302 {reverse('suggestion-list')}"
            else:
                assert shown == "a button only", name

        assert everything() == before


SENT = {
    **{"outcome": "accept", "note": "x", "reason": "x", "text": "x", "effect": "1"},
    **{"unread": "on", "hand_in": "1", "confirm": "1", "seen": "1"},
}


def button_addresses(objects):
    codings = objects["coding-detail"]
    return {
        "coding-pick-up": reverse("coding-pick-up", args=[codings["offered"].pk]),
        "coding-offer": reverse("coding-offer", args=[codings["agrees"].evidence_id]),
        "suggestion-accept": reverse(
            "suggestion-accept", args=[Document.objects.first().pk]
        ),
    }


def everything():
    """Every record of ours, save what is noted of reading and of people."""
    apart = ("user", "reading", "notice")
    return {
        model._meta.model_name: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("icctracker").get_models()
        if model._meta.model_name not in apart
    }


@pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
class TestACoderOfAnyRole:
    """Whoever codes blind is kept from the entry, whatever else they may do."""

    @pytest.fixture
    def client(self, site, role):
        """Takes the coding of each entry over from the coder of the map."""
        Coding.objects.update(coder=site.people[role])
        return client_of(site, role)

    @pytest.fixture
    def hung(self, site):
        """For each route, the address of what hangs on the published entry."""
        entry = site.entries[State.PUBLISHED]
        finding, row = entry.findings.get(), finding_row(make_criterion("4a"))
        things = {
            "finding-dissent": finding,
            "dissent-review": Dissent.objects.waiting().get(finding=finding),
            "response-answer": Response.objects.waiting().get(evidence=entry),
            "proposal-review": propose_finding(entry, row, by=make_user("researcher")),
        }
        return {name: object_address(name, thing) for name, thing in things.items()}

    def test_every_route_of_the_entry_turns_them_away(self, site, client, role):
        turned_away = {"led back to the coding"}

        for name in set(ENTRY) - TELLS_NO_CODES:
            for state in CODED:
                path = entry_address(name, site.entries[state])
                # A curator asks for what is public alone: the other is not there.
                gone = name == "evidence-withdraw" and state == State.SUBMITTED
                allowed = turned_away | ({"not there"} if gone else set())
                for send in (client.get, client.post):
                    assert outcome_of(send(path)) in allowed, (name, state)

    def test_and_every_route_of_what_hangs_on_it(self, client, hung, role):
        for name, path in hung.items():
            assert outcome_of(client.get(path)) == "led back to the coding", name

    def test_it_is_the_coding_of_that_entry(self, site, client, role):
        for state in CODED:
            entry = site.entries[state]
            answer = client.get(reverse("desk-evidence", args=[entry.pk]))

            coding = entry.codings.get()
            assert answer.url == reverse("coding-detail", args=[coding.pk])

    def test_no_queue_leads_to_what_hangs_on_it(self, client, hung, role):
        queues = [reverse("review-queue"), reverse("response-queue")]

        text = "".join(client.get(path).content.decode() for path in queues)

        assert not [path for path in hung.values() if path in text]


def test_the_queues_lead_everybody_else_to_what_waits(site, objects):
    """The addresses that a blind coder is not shown do stand where they may."""
    client = client_of(site, "reviewer")
    names = ("dissent-review", "response-answer", "proposal-review")
    queues = [reverse("review-queue"), reverse("response-queue")]

    text = "".join(client.get(path).content.decode() for path in queues)

    for name in names:
        assert object_address(name, objects[name]["waiting"]) in text, name
