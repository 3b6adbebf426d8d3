"""A day is in the future when it is so everywhere on Earth, at every door."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from icctracker.actions.status import assess, log_search
from icctracker.admin.forms import SearchForm
from icctracker.models import PresentStanding
from icctracker.models.rules import (
    EVENT_IN_FUTURE,
    Entry,
    fact_faults,
    latest_today,
)
from icctracker.readings.consistency import disagreements
from icctracker.readings.present import otherwise, present
from icctracker.web.desk.fields import PastDayField
from icctracker.web.review.forms import AssessmentForm
from tests.factories import make_criterion, make_evidence, make_publication, make_user

pytestmark = pytest.mark.django_db

# Half past ten in the morning in London, and past midnight on Kiritimati.
NOW = "2026-11-26 10:30 +0000"
THERE = date(2026, 11, 27)
NOWHERE = date(2026, 11, 28)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def in_an_entry(day):
    return any(fault.where == "occurred_on" for fault in fact_faults(Entry(_on(day))))


def _on(day):
    return {"occurred_on": day, "kind": "statement", "title": "A", "summary": "B"}


def on_the_desk(day):
    field = PastDayField(in_future=EVENT_IN_FUTURE)
    try:
        return field.clean(f"{day:%d %B %Y}") != day
    except ValidationError:
        return True


def of_a_search(day):
    return "searched_on" in SearchForm({"searched_on": day.isoformat()}).errors


def of_an_assessment(day):
    form = AssessmentForm({"as_of": day}, publication=make_publication())
    return "as_of" in form.errors


class TestADayThatHasBegunSomewhere:
    @pytest.mark.parametrize(
        "refuses", [in_an_entry, on_the_desk, of_a_search, of_an_assessment]
    )
    def test_is_accepted_and_the_next_is_not(self, refuses):
        assert latest_today() == THERE
        assert not refuses(THERE)
        assert refuses(NOWHERE)

    def test_can_be_asked_for(self, client):
        make_criterion()

        for day, answer in ((THERE, 200), (NOWHERE, 400)):
            said = client.get(reverse("recommendation-list"), {"as_of": day})
            assert said.status_code == answer

    def test_is_no_disagreement(self):
        criterion = make_criterion()
        by = make_user("researcher")
        told = {"where": "Library", "query": "veto", "outcome": "Nothing."}
        log_search(by=by, criterion=criterion, searched_on=THERE, **told)
        make_evidence(occurred_on=THERE, symbol="", meeting="")

        assert not [
            text for text in disagreements(date(2026, 11, 26)) if "future" in text
        ]


class TestWhatIsDatedAhead:
    def test_counts_from_its_day_on(self, time_machine):
        criterion = make_criterion()
        make_evidence(occurred_on=date(2014, 5, 22))
        decided = {"decided": "overtaken", "rationale": "It is over."}
        assess(
            criterion.recommendation, by=make_user("curator"), as_of=THERE, **decided
        )

        assert PresentStanding.objects.get().good_until <= THERE
        assert present(date(2026, 11, 26))[0].status.code != "overtaken"
        time_machine.move_to("2026-11-27 00:00 +0000", tick=False)
        assert present(THERE)[0].status.code == "overtaken"
        assert not list(otherwise(THERE))
