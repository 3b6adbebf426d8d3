"""Whom somebody names in a draft, a witness perhaps, stays with the draft."""

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from icctracker.actions.entries import discard, save_entry, submit
from icctracker.models import Actor, Evidence
from tests import test_routes as routes
from tests.desk.posted import entry_post
from tests.factories import finding_row, make_evidence, make_user, source_row

pytestmark = pytest.mark.django_db

WITNESS = "Zebulon Quist"


@pytest.fixture
def author():
    return make_user("curator")


@pytest.fixture
def draft(author):
    facts = {
        "actor_names": [WITNESS, "The Council"],
        "title": "A draft",
        "summary": "So.",
        "kind": "resolution",
        "tier": "A",
        "symbol": "S/RES/1593 (2005)",
        "occurred_on": "2005-03-31",
    }
    return save_entry(
        Evidence(),
        by=author,
        facts=facts,
        sources=[source_row()],
        findings=[finding_row()],
    )


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def names_seen_by(person):
    return set(Actor.objects.visible_to(person).values_list("name", flat=True))


def admin_pages(actor):
    base = "admin:icctracker_actor"
    name = reverse("admin:autocomplete")
    field = "app_label=icctracker&model_name=evidence&field_name=actors"
    return [
        reverse(f"{base}_changelist"),
        f"{reverse(f'{base}_changelist')}?q=zebulon",
        reverse(f"{base}_change", args=[actor.pk]),
        reverse(f"{base}_history", args=[actor.pk]),
        reverse(f"{base}_delete", args=[actor.pk]),
        f"{name}?term=zeb&{field}",
        reverse("admin:index"),
    ]


def told(client, paths):
    pages = ((path, client.get(path, follow=True)) for path in paths)
    return [path for path, page in pages if "Quist" in routes.text_of(page)]


class TestUntilItIsSubmitted:
    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    def test_its_author_alone_knows_of_the_name(self, draft, author, role):
        assert WITNESS in names_seen_by(author)
        assert WITNESS not in names_seen_by(make_user(role))

    def test_no_page_of_the_admin_tells_it(self, draft):
        actor = Actor.objects.get(name=WITNESS)
        other = browser_of(make_user("curator"))

        assert told(other, admin_pages(actor)) == []

    def test_but_its_author_finds_it_there(self, draft, author):
        actor = Actor.objects.get(name=WITNESS)

        assert reverse("admin:icctracker_actor_changelist") in told(
            browser_of(author), admin_pages(actor)
        )

    def test_no_file_holds_it(self, draft):
        other = browser_of(make_user("curator"))
        path = reverse("admin:icctracker_actor_export")
        fields = set(other.get(path).context["form"].fields) - {"export_items"}

        data = dict.fromkeys(fields, "on") | {"format": "0", "resource": "0"}
        text = routes.text_of(other.post(path, data))

        assert "attachment" in text and "Quist" not in text

    @pytest.mark.parametrize("role", ["researcher", "curator"])
    def test_no_form_offers_it(self, draft, role):
        other = browser_of(make_user(role))
        paths = [reverse("evidence-create"), f"{reverse('evidence-list')}?actor=Quist"]

        assert told(other, paths[:1]) == []
        assert f'value="{WITNESS}"' not in other.get(paths[1]).content.decode()

    def test_who_types_it_too_is_asked_as_of_any_new_name(self, draft):
        other = make_user("researcher")
        sent = entry_post(other, actor_names=WITNESS)

        page = browser_of(other).post(reverse("evidence-create"), sent)

        assert f'name="new_actors" value="{WITNESS}"' in page.content.decode()

    def test_another_spelling_of_it_stays_as_it_was_typed(self, draft):
        other = make_user("researcher")
        mine = save_entry(
            Evidence(), by=other, facts={"actor_names": ["ZEBULON QUIST"]}
        )

        assert mine.actors.get().name == "ZEBULON QUIST"
        assert names_seen_by(other) == {"ZEBULON QUIST"}

    def test_a_curator_who_adds_it_is_not_told_that_it_was_there(self, draft):
        other = make_user("curator")
        path = reverse("admin:icctracker_actor_add")

        page = browser_of(other).post(path, {"name": WITNESS}, follow=True)

        assert "was added successfully" in page.content.decode()
        assert WITNESS in names_seen_by(make_user("curator"))
        assert Actor.objects.filter(name=WITNESS).count() == 1
        assert LogEntry.objects.filter(object_repr=WITNESS).exists()

    @pytest.mark.parametrize("gone", ["taken out", "discarded"])
    def test_once_no_draft_holds_it_nothing_does(self, draft, author, gone):
        if gone == "discarded":
            discard(draft, by=author)
        else:
            save_entry(draft, by=author, facts={"actor_names": ["The Council"]})

        assert not Actor.objects.filter(name=WITNESS).exists()
        assert not Actor.history.filter(name=WITNESS).exists()

    def test_the_author_is_told_so(self, author):
        sent = entry_post(author, actor_names=WITNESS) | {"new_actors": [WITNESS]}

        page = browser_of(author).post(reverse("evidence-create"), sent, follow=True)

        assert "Only you see them until you submit" in page.content.decode()


class TestOnceItIsSubmitted:
    def test_others_know_of_it_as_far_as_they_see_the_entry(self, draft, author):
        submit(draft, by=author)

        assert WITNESS in names_seen_by(make_user("reviewer"))
        assert WITNESS not in names_seen_by(make_user("researcher"))

    def test_who_is_on_record_by_another_spelling_takes_its_place(self, draft, author):
        known = Actor.objects.create(name="ZEBULON QUIST")

        submit(draft, by=author)

        assert known in draft.actors.all()
        assert not Actor.objects.filter(name=WITNESS).exists()

    def test_a_name_already_on_record_is_no_secret_for_a_draft(self, author):
        Actor.objects.create(name="Sudan")
        save_entry(Evidence(), by=author, facts={"actor_names": ["sudan"]})

        assert "Sudan" in names_seen_by(make_user("researcher"))


class TestASiteFromBefore:
    def test_names_that_only_drafts_hold_or_held_are_kept_from_others(self, author):
        migration = __import__(
            "icctracker.migrations.0033_people_and_names", fromlist=["keep_to_drafts"]
        )
        for name in ("Held", "Dropped", "Handed in", "By hand"):
            Actor.objects.create(name=name)
        draft = Evidence.objects.create(submitted_by=author)
        draft.actors.set(Actor.objects.filter(name__in=["Held", "Dropped"]))
        draft.save()
        draft.actors.remove(Actor.objects.get(name="Dropped"))
        entry = make_evidence(Evidence.State.SUBMITTED, by=author)
        entry.actors.set(Actor.objects.filter(name="Handed in"))

        class Editor:
            from django.db import connection

        migration.keep_to_drafts(apps, Editor)

        drafted = Actor.objects.filter(drafted=True).values_list("name", flat=True)
        assert set(drafted) == {"Held", "Dropped"}
