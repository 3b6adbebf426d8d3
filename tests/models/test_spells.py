from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from icctracker.models import Dissent, Edition, Finding, Search, Verdict
from icctracker.models.council import Dismissal
from icctracker.models.spells import Spell
from tests.factories import finding_row, make_criterion, make_evidence, make_user

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def spells():
    return [m for m in apps.get_models() if isinstance(m.objects.all(), Spell)]


def test_whatever_can_end_is_asked_in_one_way():
    assert set(spells()) == {Dismissal, Dissent, Edition, Finding, Search, Verdict}


@pytest.mark.parametrize("model", spells(), ids=lambda model: model.__name__)
def test_every_spell_says_when_it_begins_and_ends(model):
    rows = model.objects.all()

    for name in (rows.since, rows.until):
        assert model._meta.get_field(name).get_internal_type() == "DateTimeField"
    assert model._meta.get_field(rows.until).null


@pytest.mark.django_db
class TestSpell:
    @pytest.fixture
    def searches(self):
        return {
            name: Search.objects.create(
                criterion=make_criterion(code),
                searched_by=make_user(),
                searched_on=NOON.date(),
                recorded_at=since,
                withdrawn_at=until,
                withdrawal_reason="It looked in the wrong place." if until else "",
            )
            for name, code, since, until in (
                ("ended", "7a", NOON - 2 * MOMENT, NOON - MOMENT),
                ("ends now", "7b", NOON - MOMENT, NOON),
                ("begins now", "7c", NOON, NOON + MOMENT),
                ("stands", "7d", NOON - MOMENT, None),
                ("is to come", "7e", NOON + MOMENT, None),
            )
        }

    def test_what_began_and_has_not_ended_stood_at_an_instant(self, searches):
        stood = set(Search.objects.stood(NOON))

        assert stood == {searches["begins now"], searches["stands"]}

    def test_what_has_a_beginning_and_no_end_stands_now(self, searches):
        assert set(Search.objects.stood()) == {
            searches["stands"],
            searches["is to come"],
        }

    def test_one_row_as_it_was_read_is_asked_the_same(self, searches):
        held = type(Search.objects.all()).held

        for at in (None, NOON - MOMENT, NOON, NOON + MOMENT):
            stood = set(Search.objects.stood(at))
            assert {each for each in searches.values() if held(each, at)} == stood

    def test_what_has_not_begun_does_not_stand_but_has_not_ended_either(self):
        entry = make_evidence("submitted", findings=[finding_row()])

        finding = entry.findings.get()

        assert list(Finding.objects.current()) == [finding]
        for at in (None, NOON):
            assert not Finding.objects.stood(at).exists()
            assert not type(Finding.objects.all()).held(finding, at)
