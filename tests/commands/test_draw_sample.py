"""Drawing the yearly sample at the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from icctracker.models import Sample
from tests.factories import make_criterion, make_evidence

pytestmark = pytest.mark.django_db


def draw(**options):
    out = StringIO()
    call_command("draw_sample", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def entries(db):
    make_criterion()
    return [make_evidence() for _number in range(3)]


def test_it_says_what_was_drawn(entries):
    said = draw(year=2026, size=2)

    assert "2 of 3 published entries drawn for 2026 with the seed '2026'" in said
    assert Sample.objects.get().codings.count() == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"year": 1999, "size": 1}, "1999"),
        ({"year": 2999, "size": 1}, "2999"),
        ({"year": 2026, "size": 4}, "at most 3"),
        ({"year": 2026, "size": 0}, "at least one"),
        ({"year": 2026, "size": 1, "seed": " "}, "characters"),
        ({"year": 2026, "size": 1, "seed": "x" * 41}, "characters"),
    ],
)
def test_what_cannot_be_is_refused_in_words(entries, options, said):
    with pytest.raises(CommandError, match=said):
        draw(**options)

    assert not Sample.objects.exists()
