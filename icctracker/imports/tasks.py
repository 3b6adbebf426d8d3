"""Imports that a worker carries on with."""

from django_tasks import task

from icctracker.models import ImportRun

from .files import FileRefused
from .runs import carry_on


@task()
def carry_on_with(pk):
    """Compare or import the file of a run; what it is refused for stands in the run."""
    try:
        carry_on(ImportRun.objects.get(pk=pk))
    except FileRefused:
        return
