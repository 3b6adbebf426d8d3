import pytest

from icctracker.models import Document, Import, ImportRun, ValueOrigin
from tests.models.refusals import refused_by

pytestmark = pytest.mark.django_db


class TestValueOrigin:
    def test_it_names_the_field(self, council):
        document = Document.objects.first()
        imported = Import.objects.first()

        with refused_by("origin_names_a_field"):
            ValueOrigin.objects.create(document=document, imported=imported, field="")


class TestImportRun:
    def test_one_that_ended_or_waits_is_never_silent(self):
        for state in (ImportRun.State.DONE, ImportRun.State.CHECKED):
            assert not ImportRun(state=state, process="x:1").is_silent
