"""The history of a model, as django-simple-history keeps it, for less."""

from functools import cache

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class Manager(HistoryManager):
    """Its class is made once, not each time that a history is asked for."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """What the rows of a model were, each time that they were saved."""

    def __init__(self, **options):
        super().__init__(history_manager=Manager, **options)

    def create_historical_record_m2ms(self, history_instance, instance):
        """What a row is related to; a new row is related to nothing yet."""
        if history_instance.history_type != "+":
            super().create_historical_record_m2ms(history_instance, instance)
