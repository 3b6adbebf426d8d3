import pytest
from django.utils import timezone

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
    def test_one_writes_at_a_time(self):
        ImportRun.objects.create(state="importing", holds_lock=True)

        with refused_by("one_import_at_a_time"):
            ImportRun.objects.create(state="importing", holds_lock=True)

    def test_one_that_has_ended_holds_nobody_up(self):
        with refused_by("import_run_ends_without_the_lock"):
            ImportRun.objects.create(
                state="done", holds_lock=True, finished_at=timezone.now()
            )

    def test_one_that_ended_or_waits_is_never_silent(self):
        for state in (ImportRun.State.DONE, ImportRun.State.CHECKED):
            assert not ImportRun(state=state, process="x:1").is_silent
