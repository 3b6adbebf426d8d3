"""A table of the database as a cache in which things are counted."""

from django.core.cache.backends.db import DatabaseCache
from django.db import IntegrityError, connections, router, transaction


class CountingTable(DatabaseCache):
    """Says so when a count could not be written; Django's own takes it for a refusal.

    Whoever counts attempts would else tell people that they had tried too often.
    """

    def _base_set(self, mode, *args, **kwargs):
        failed = []

        def noting(execute, sql, params, many, context):
            try:
                return execute(sql, params, many, context)
            except Exception as fault:
                failed.append(fault)
                raise

        db = router.db_for_write(self.cache_model_class)
        # A disk that is full says so at the end of a transaction: so this one is ours.
        with transaction.atomic(using=db), connections[db].execute_wrapper(noting):
            done = super()._base_set(mode, *args, **kwargs)
            # Somebody else added the same key meanwhile: that is what adding is for.
            if not done and failed and not isinstance(failed[-1], IntegrityError):
                raise failed[-1]
        return done
