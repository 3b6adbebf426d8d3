import pytest

from icctracker.models import ImportRun

pytestmark = pytest.mark.django_db


class TestImportRun:
    def test_one_that_ended_or_waits_is_never_silent(self):
        for state in (ImportRun.State.DONE, ImportRun.State.CHECKED):
            assert not ImportRun(state=state, process="x:1").is_silent
