"""What an older release stored is made legible; what readers have, by a correction."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.legible import make_texts_legible
from icctracker.models import Actor, Document, Evidence
from icctracker.readings.consistency import disagreements
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db

State = Evidence.State
UNSEEN = "A\u202e ti\u200btle\u200f"


def stored(state=State.PUBLISHED, **facts):
    """An entry as it was stored before."""
    entry = make_evidence(state, **({"title": "A title"} | facts))
    Evidence.objects.filter(pk=entry.pk).update(title=UNSEEN, folded=None)
    entry.editions.update(title=UNSEEN)
    entry.refresh_from_db()
    return entry


class TestAPublishedEntry:
    def test_is_corrected_and_the_past_stays_as_it_was_known(self, client):
        entry = stored()

        assert make_texts_legible() == 1

        entry.refresh_from_db()
        first, second = entry.editions.order_by("number")
        assert (first.title, second.title, entry.title) == (
            UNSEEN,
            "A title",
            "A title",
        )
        decision = entry.decisions.get(outcome="correct")
        assert decision.reviewer is None and second.decision == decision
        page = client.get(reverse("evidence-history", args=[entry.slug])).content
        assert "Characters that nobody sees" in page.decode()

    def test_keeps_its_findings_and_is_found_by_its_words(self, client):
        entry = stored()
        finding = entry.findings.get()
        before = list(disagreements(date.today()))

        make_texts_legible()

        assert entry.findings.get() == finding
        assert "A title" in client.get("/evidence/", {"q": "title"}).content.decode()
        told = list(disagreements(date.today()))
        assert set(told) <= set(before) and any("nobody sees" in e for e in before)

    def test_is_cleaned_once(self):
        stored()

        assert (make_texts_legible(), make_texts_legible()) == (1, 0)


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
def test_an_entry_that_no_reader_has_is_cleaned_with_its_reason_in_its_history(state):
    entry = stored(state)

    make_texts_legible()

    entry.refresh_from_db()
    assert (entry.title, entry.state) == ("A title", state)
    assert "nobody sees" in entry.history.first().history_change_reason
    assert not entry.decisions.filter(outcome="correct").exists()


def test_a_withdrawn_entry_stays_as_it_was_withdrawn():
    entry = stored(State.WITHDRAWN)

    assert make_texts_legible() == 0
    entry.refresh_from_db()
    assert entry.title == UNSEEN


def test_names_and_the_record_are_cleaned_too(council):
    Actor.objects.create(name="Chi\u200bna")
    Document.objects.filter(symbol="S/2014/348").update(title="A\x0bti\u200etle")

    assert make_texts_legible() == 2

    assert Actor.objects.get().name == "China"
    assert Document.objects.get(symbol="S/2014/348").title == "A\ntitle"


def test_a_name_that_would_be_another_s_is_left_to_a_curator():
    Actor.objects.bulk_create([Actor(name="China"), Actor(name="Chi\u200bna")])

    assert make_texts_legible() == 0


def test_what_is_legible_is_not_touched(council):
    entry = make_evidence(title="Résolution «finale» – 安全\nالأمن")

    assert make_texts_legible() == 0
    assert entry.editions.count() == 1


def test_what_is_left_is_told_by_the_check_of_consistency():
    entry = make_evidence()
    entry.findings.update(rationale="It\u200b shows.")
    entry.sources.update(label="A\u202e source")
    make_texts_legible()

    told = [e for e in disagreements(date.today()) if "nobody sees" in e]

    assert len(told) == 2
