"""Imports that a worker carries on with."""

from django_tasks import task

from icctracker.models import ImportRun

from . import runs, text_runs
from .files import FileRefused

# By what a run brings in: what carries on with it.
CARRY_ON = {
    ImportRun.Subject.RECORD: runs.carry_on,
    ImportRun.Subject.TEXTS: text_runs.carry_on,
}


def carry_on(run):
    """Do what a run waits for, whatever it brings in."""
    CARRY_ON[ImportRun.Subject(run.subject)](run)


@task()
def carry_on_with(pk):
    """Compare or import the file of a run; what it is refused for stands in the run."""
    try:
        carry_on(ImportRun.objects.get(pk=pk))
    except FileRefused:
        return
