"""Codings, their lines and the sample, as the admin names them."""

import pytest

from icctracker.models import Sample
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence("submitted", by=make_user("researcher"))


@pytest.fixture
def coding(entry):
    return make_coding(entry, rows=[finding_row(effect=1)])


def test_records_say_what_they_are(coding):
    sample = Sample(year=2026)

    assert str(coding) == "Second coding, handed in"
    assert str(coding.lines.get()) == "7a: +1"
    assert str(sample) == "2026"
