import pytest

from icctracker.actions.record import link_situations
from icctracker.models import Situation
from tests.factories import make_situation
from tests.inbox import track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]


def linked(situation):
    return sorted(str(each) for each in situation.documents.all())


class TestLinkSituations:
    def test_a_situation_gets_the_documents_its_words_find(self):
        syria = make_situation()
        Situation.objects.update(agenda_words="Syria")

        assert link_situations() == 1
        assert linked(syria) == ["S/2014/348"]

    def test_twice_in_a_row_changes_nothing(self):
        track()

        assert link_situations() == 0

    def test_changed_words_take_links_away_again(self):
        syria = track()
        syria.agenda_words, syria.title_words = "", "Gaza"

        assert link_situations([syria]) == 2
        assert linked(syria) == ["S/RES/2720(2023)"]

    def test_others_are_left_alone(self):
        syria = track()
        Situation.objects.update(agenda_words="")

        link_situations([])

        assert linked(syria) == ["S/2014/348"]
