"""What a worker does: nothing twice, nothing lost, though it be killed over it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from icctracker.actions import tasks
from icctracker.actions.mail import tell
from icctracker.imports import runs
from icctracker.models import Document, ImportRun, Message, Notice, User
from tests.admin.pages import page
from tests.council_files import as_csv, new_resolution
from tests.factories import make_user
from tests.mail_server import free_port

pytestmark = pytest.mark.django_db(transaction=True)
State = ImportRun.State
NAME = "worker-1"


@pytest.fixture
def site_with_a_worker(settings, tmp_path):
    settings.WORKER = True
    settings.IMPORT_DIR = tmp_path / "imports"


@pytest.fixture
def upload(site_with_a_worker, council, client):
    client.force_login(make_user("curator"))

    def send():
        file = SimpleUploadedFile("voting.csv", as_csv(new_resolution()))
        client.post(page("importrun", "add"), {"file": file})
        return ImportRun.objects.first()

    return send


def work():
    call_command("work", name=NAME, batch=True, verbosity=0)


def die_over(task):
    """As a worker leaves a task behind that is killed while it does it."""
    DBTaskResult.objects.get(pk=task.pk).claim(NAME)


class TestAnImport:
    def test_waits_for_the_worker_and_is_done_by_it(self, upload, client):
        run = upload()

        waiting = client.get(page("importrun", "change", run.pk)).content.decode()
        work()
        run.refresh_from_db()
        assert "Nobody has begun with it yet" in waiting
        assert run.state == State.CHECKED

        client.post(page("importrun", "confirm", run.pk))
        work()

        run.refresh_from_db()
        assert run.state == State.DONE
        assert Document.objects.filter(number=2826).exists()

    def test_that_waits_can_be_given_up(self, upload, client):
        run = upload()

        client.post(page("importrun", "discard", run.pk))
        work()

        run.refresh_from_db()
        assert run.state == State.DISCARDED

    def test_a_worker_that_was_killed_over_it_takes_it_up_again(self, upload, client):
        run = upload()
        work()
        client.post(page("importrun", "confirm", run.pk))
        die_over(DBTaskResult.objects.get(status=TaskResultStatus.READY))
        # Its process on another machine, of which nothing is known, holds the lock.
        run.refresh_from_db()
        runs.begin(run)
        ImportRun.objects.filter(pk=run.pk).update(process="elsewhere:4711")

        work()

        run.refresh_from_db()
        assert (run.state, run.holds_lock) == (State.DONE, False)
        assert Document.objects.filter(number=2826).count() == 1

    def test_one_with_a_bad_file_is_no_failure_of_the_worker(self, upload):
        run = upload()
        (run.folder / "file").write_bytes(b"no such layout")

        work()

        run.refresh_from_db()
        assert run.state == State.REFUSED
        assert not DBTaskResult.objects.failed().exists()


class TestTakingUp:
    def test_what_kills_every_worker_is_given_up(self, upload):
        upload()
        task = DBTaskResult.objects.get()
        for _attempt in range(tasks.MOST_ATTEMPTS):
            die_over(task)
            tasks.take_up(NAME)

        task.refresh_from_db()
        assert task.status == TaskResultStatus.FAILED

    def test_leaves_to_others_what_is_theirs(self, upload):
        upload()
        DBTaskResult.objects.get().claim("worker-2")

        assert tasks.take_up(NAME) == 0


class TestMessages:
    @pytest.fixture
    def person(self):
        return make_user("researcher", mail=User.Mail.AT_ONCE, email="a@example.org")

    def test_are_sent_by_the_worker(self, site_with_a_worker, person):
        tell([person], Notice.Kind.DUE, path="/")

        assert mail.outbox == []
        assert DBTaskResult.objects.ready().count() == 1

    def test_that_cannot_be_sent_bring_the_worker_back_once(
        self, site_with_a_worker, settings
    ):
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        for number in range(2):
            mail.send_mail("A subject", "Text", None, [f"a{number}@example.org"])

        work()

        (back,) = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
        first = Message.objects.waiting().earliest("next_at")
        assert back.run_after == first.next_at > timezone.now()
        settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            work()
        assert len(mail.outbox) == 2

    def test_are_not_left_to_a_worker_on_a_site_without_one(self, person):
        tell([person], Notice.Kind.DUE, path="/")

        assert not DBTaskResult.objects.exists()
