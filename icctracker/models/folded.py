"""What records are searched by: their texts folded, kept beside them in one column.

Every way of saving writes it, one record or many; ``manage.py rebuild`` makes it anew.
"""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models
from django.db.models import Q

from icctracker.texts import states
from icctracker.texts.folding import fold_all, wanted


class FoldedField(models.TextField):
    """The texts of the fields ``of`` which it is made, folded, each on a line."""

    def __init__(self, *args, of=(), **kwargs):
        self.of = tuple(of)
        # A record that an older version of the code writes has none: see ``rebuild``.
        kwargs |= {"editable": False, "blank": True, "null": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def meant(self, record):
        """What it should hold of a record."""
        return fold_all(getattr(record, name) or "" for name in self.of)

    def pre_save(self, model_instance, add):
        """Follow from the others, whether one record is saved or many are."""
        folded = self.meant(model_instance)
        setattr(model_instance, self.attname, folded)
        return folded


class Searched(models.Model):
    """A record with a field ``folded``, written whenever what it is made of is."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        """Where only some fields are written, it is written with them."""
        if update_fields is not None and {*update_fields} & {*folded_of(type(self))}:
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **kwargs)


def folded_of(model):
    """The fields that a model is searched by; none if it is not searched."""
    try:
        return model._meta.get_field("folded").of
    except FieldDoesNotExist:
        return ()


def searched_models():
    """Every model that is searched by its folded texts."""
    models_of_ours = apps.get_app_config("icctracker").get_models()
    return [model for model in models_of_ours if folded_of(model)]


def having(text, of=""):
    """That a record, or what it is joined to ``of``, has each word and phrase."""
    name = f"{of}folded__contains"
    return asking(text, lambda piece: Q((name, piece)))


def asking(text, ask):
    """All that a text asks for, each piece as ``ask`` puts it; a State by any name."""
    found = Q()
    for piece in wanted(text):
        found &= _any([piece, *states.otherwise(piece)], ask)
    if found and (names := states.otherwise(text)):
        found |= _any(names, ask)
    return found


def _any(pieces, ask):
    return Q(*map(ask, pieces), _connector=Q.OR)


AT_ONCE = 500


def folded_otherwise(model, keys=None):
    """Some at a time, pairs of what a record should be searched by and its key."""
    field = model._meta.get_field("folded")
    rows = model.objects.only("pk", "folded", *field.of).order_by("pk")
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        yield [
            (field.meant(each), each.pk)
            for each in some
            if field.meant(each) != each.folded
        ]


def refold(model, keys=None):
    """Make anew what a model is searched by; how many were otherwise.

    ``keys`` are those of records that were written without being saved.
    """
    written = 0
    using = model.objects.db
    table = model._meta.db_table
    sql = f'UPDATE "{table}" SET folded = %s WHERE id = %s'  # noqa: S608
    for wrong in folded_otherwise(model, keys):
        with connections[using].cursor() as cursor:
            cursor.executemany(sql, wrong)
        written += len(wrong)
    return written
