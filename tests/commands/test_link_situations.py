from io import StringIO

import pytest
from django.core.management import call_command

from icctracker.models import Situation
from tests.factories import make_situation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]


def test_it_says_how_much_it_changed():
    make_situation()
    Situation.objects.update(agenda_words="Syria")
    said = StringIO()

    call_command("link_situations", stdout=said)
    call_command("link_situations", stdout=said)

    assert said.getvalue().splitlines() == [
        "Links of documents to situations changed: 1",
        "Links of documents to situations changed: 0",
    ]
