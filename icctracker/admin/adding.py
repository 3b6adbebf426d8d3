"""Exchange of records by file: everything goes out, and only additions come in.

A row whose record is there already is left alone and reported. All rows are saved,
or none.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from import_export.resources import ModelResource
from import_export.results import RowResult

from icctracker.actions import ActionRefused

from .cells import plain_cell, safe_cell

MOST_ROWS = 2_000


class AddingResource(ModelResource):
    """Exports every column; imports by a form, one row at a time, additions only."""

    row_form = None
    required_columns = ()
    column_help = {}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.refused = False

    @classmethod
    def importable(cls):
        """The columns that an import reads; the others are for reading only."""
        known = cls.row_form.base_fields
        return [name for name in cls._meta.export_order if name in known]

    def get_import_fields(self):
        return [self.fields[name] for name in self.importable()]

    def export_field(self, field, instance, **kwargs):
        return safe_cell(super().export_field(field, instance, **kwargs))

    def import_data(self, dataset, **kwargs):
        kwargs["rollback_on_validation_errors"] = True
        return super().import_data(dataset, **kwargs)

    def before_import(self, dataset, **kwargs):
        try:
            self._check_columns(dataset.headers or [], len(dataset))
        except ValidationError:
            self.refused = True
            raise

    def import_row(self, row, instance_loader, **kwargs):
        result = self.get_row_result_class()()
        result.import_type = RowResult.IMPORT_TYPE_SKIP
        if self.refused:
            return result
        cells = {name: plain_cell(row.get(name)) for name in self.importable()}
        result.diff = [Truncator(cells[name]).chars(80) for name in self.importable()]
        known = self.known(cells, kwargs["user"])
        if known is None:
            self._add_row(cells, kwargs["user"], result)
        else:
            result.add_instance_info(known)
            result.instance = known
        return result

    def known(self, cells, user):
        """The record a row is about, if it is there already."""
        raise NotImplementedError

    def add(self, data, user):
        """Add the record of a row that has no fault."""
        raise NotImplementedError

    def make_form(self, cells):
        return self.row_form(cells)

    def _add_row(self, cells, user, result):
        form = self.make_form(cells)
        try:
            if not form.is_valid():
                raise ValidationError(form.errors.as_data())
            with transaction.atomic():
                result.instance = self.add(form.cleaned_data, user)
        except (ActionRefused, IntegrityError) as clash:
            text = _("This row clashes with a record that is there already.")
            text = str(clash) if isinstance(clash, ActionRefused) else text
            fault = ValidationError(text)
        except ValidationError as invalid:
            fault = invalid
        else:
            result.import_type = RowResult.IMPORT_TYPE_NEW
            result.add_instance_info(result.instance)
            return
        result.import_type = RowResult.IMPORT_TYPE_INVALID
        result.validation_error = fault

    def _check_columns(self, headers, rows):
        named = [str(header) for header in headers if header is not None]
        missing = set(self.required_columns) - set(named)
        unknown = set(named) - set(self.fields)
        twice = {name for name in named if named.count(name) > 1}
        faults = [
            (_("Columns that are missing: %s."), missing),
            (_("Columns that are not known here: %s."), unknown),
            (_("Columns given twice: %s."), twice),
        ]
        texts = [text % ", ".join(sorted(names)) for text, names in faults if names]
        if rows > MOST_ROWS:
            texts.append(
                _("The file has %(rows)d rows; import no more than %(most)d at once.")
                % {"rows": rows, "most": MOST_ROWS}
            )
        if texts:
            raise ValidationError(texts)
