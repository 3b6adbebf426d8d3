"""What is done later by a worker, and taken up again when a worker died over it."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

# A task that was begun so often and never ended is not begun once more.
MOST_ATTEMPTS = 3


def later(task, *args):
    """Have a worker do it, if the site has one; else do it after the transaction.

    The worker is told in the same transaction, so that neither can be there alone.
    """
    if settings.WORKER:
        task.enqueue(*args)
    else:
        transaction.on_commit(partial(task.func, *args))


def take_up(worker):
    """Ready once more what a worker of this name had begun when it died; how many."""
    begun = [each for each in DBTaskResult.objects.running() if _is_of(each, worker)]
    for each in begun:
        again = len(each.worker_ids) < MOST_ATTEMPTS
        each.status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        each.finished_at = None if again else timezone.now()
        each.save(update_fields=["status", "finished_at"])
    return len(begun)


def _is_of(task, worker):
    return task.worker_ids[-1:] == [worker]
