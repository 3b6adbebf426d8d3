"""Import and export in the admin: CSV and XLSX, told apart by their content."""

import io
import secrets
import zipfile
from datetime import datetime

import openpyxl
import tablib
from django import forms
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.resources import ModelResource
from import_export.results import RowResult
from openpyxl.styles import Alignment, Font

from icctracker.actions import ActionRefused
from icctracker.models import SOURCE_FIELDS, Vote
from icctracker.readings.spreadsheets import BOM, csv_lines, safe_cell, without_guard

# Cells of a spreadsheet: lists as lines, lines as parts.

_BAR = " | "

SOURCE_HELP = gettext_lazy(
    "One on a line, the one the entry rests on first: address | what it is | official |"
    " archived copy. The last two may be left out."
)
FINDING_LINE = "criterion effect form occasion pinpoint form_reason rationale".split()
FINDING_HELP = gettext_lazy(
    "One on a line: criterion | effect from -2 to 2 | form | occasion | pinpoint | why"
    " this form | reason. The four in the middle may stay empty between their bars;"
    " the kind then proposes the form."
)
VOTE_HELP = gettext_lazy(
    "Optional. How each member of the Council voted, one on a line, as in CHN | N: its"
    " code | Y in favour, N against, A abstained, X did not vote, U not certain. The"
    " three totals and, of a veto, the actors follow from it and may then stay empty."
)


def plain_cell(value):
    """A cell as text: dates as in 2014-05-22, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return without_guard(str(value).replace("\x00", ""))


def lines_of(cell):
    """The lines of a cell that say something."""
    return [line.strip() for line in cell.splitlines() if line.strip()]


def source_line(source):
    """A source as one line of a cell."""
    return _line(*(_cell(source, name) for name in SOURCE_FIELDS))


def read_source(line):
    """The fields of a source, as typed on one line."""
    return _read(line, SOURCE_FIELDS, marked="official")


def vote_line(code, cast):
    """How a member voted, as one line of a cell."""
    return _line(code, cast)


def read_vote(line):
    """The code of a member and its vote, as typed on one line; words will do too."""
    code, cast = _parts(line, 2)
    words = {label.casefold(): value for value, label in Vote.Cast.choices}
    return code.upper(), words.get(cast.casefold(), cast.upper())


def finding_line(finding):
    """A finding as one line of a cell."""
    cells = (_cell(finding, name) for name in FINDING_LINE[1:])
    return _line(finding.criterion.key, *cells)


def read_finding(line):
    """The fields of a finding, as typed on one line; the reason may hold bars."""
    return _read(line, FINDING_LINE, marked="occasion")


def _cell(row, name):
    """A fact of a source or a finding as a part of a line; one marked by its name."""
    value = getattr(row, name)
    return value if not isinstance(value, bool) else name if value else ""


def _read(line, names, *, marked):
    found = dict(zip(names, _parts(line, len(names)), strict=True))
    found[marked] = found[marked].lower() in (marked, "yes", "true")
    return found


def _line(*parts):
    texts = [" ".join(str(part).split()) for part in parts]
    texts = [text.replace("|", "/") for text in texts[:-1]] + texts[-1:]
    return _BAR.join(texts).rstrip(" |")


def _parts(line, count):
    parts = [part.strip() for part in line.split("|", count - 1)]
    return parts + [""] * (count - len(parts))


# Exchange of records by file: everything goes out, and only additions come in.
#
# A row whose record is there already is left alone and reported. All rows are saved,
# or none.

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


# Spreadsheets read within bounds, and empty ones to begin with.

MOST_COLUMNS = 100
_WIDTH = 24


class BoundedXLSX(XLSX):
    """A spreadsheet of which no more is read than an import takes.

    A single cell far down and far right makes millions of empty ones in between.
    """

    def create_dataset(self, in_stream):
        book = openpyxl.load_workbook(
            io.BytesIO(in_stream), read_only=True, data_only=True
        )
        bounds = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS}
        rows = [list(row) for row in book.active.iter_rows(values_only=True, **bounds)]
        while rows and not any(rows[-1]):
            rows.pop()
        dataset = tablib.Dataset()
        dataset.headers, *rows = _without_empty_columns(rows)
        dataset.extend(rows)
        return dataset

    def get_title(self):
        return "xlsx"


def blank_csv(columns):
    """A file that only names its columns."""
    dataset = tablib.Dataset(headers=[column["name"] for column in columns])
    return dataset.export("csv").encode("utf-8-sig")


def blank_xlsx(columns):
    """A spreadsheet that names its columns, and explains them on a second sheet."""
    book = openpyxl.Workbook()
    sheet, notes = book.active, book.create_sheet(_("Columns"))
    sheet.title = _("Rows")
    sheet.append([column["name"] for column in columns])
    notes.append([_("Column"), _("Compulsory"), _("What goes in")])
    for column in columns:
        required = _("yes") if column["required"] else ""
        notes.append([column["name"], required, str(column["help"])])
    for each in (sheet, notes):
        each.freeze_panes = "A2"
        for cell in each[1]:
            cell.font = Font(bold=True)
            each.column_dimensions[cell.column_letter].width = _WIDTH
    notes.column_dimensions["C"].width = 4 * _WIDTH
    for row in notes.iter_rows(min_row=2):
        row[2].alignment = Alignment(wrap_text=True)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _without_empty_columns(rows):
    """Rows as wide as the first, which names the columns; longer ones keep theirs."""
    width = max((len(_trimmed(row)) for row in rows), default=0)
    if not width:
        raise ValueError("no cells")
    return [row[:width] + [None] * (width - len(row)) for row in rows]


def _trimmed(row):
    row = list(row)
    while row and row[-1] is None:
        row.pop()
    return row


LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
FORMATS = [CSV, BoundedXLSX]
BLANKS = {"csv": blank_csv, "xlsx": blank_xlsx}
_SALT = "icctracker.admin.import"
_HOUR = 3600


class FileForm(ImportForm):
    """The file to import."""

    import_file = forms.FileField(
        label=gettext_lazy("File to import"),
        help_text=gettext_lazy(
            "CSV (UTF-8) or XLSX, up to 5 MB. You see what would be added before"
            " anything is saved."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    media = forms.Media()

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        del self.fields["format"]

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        if zipfile.is_zipfile(file) and self._unpacked(file) > LARGEST_UNPACKED:
            raise forms.ValidationError(_("The file unpacks to more than 50 MB."))
        return file

    def clean(self):
        data = super().clean()
        file = data.get("import_file")
        if file:
            data["format"] = str(FORMATS.index(BoundedXLSX if _is_zip(file) else CSV))
        return data

    def _unpacked(self, file):
        with zipfile.ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist())


class ConfirmForm(ConfirmImportForm):
    """The file that was previewed; its name is signed, so that none other is read."""

    def clean_import_file_name(self):
        try:
            return signing.loads(
                self.cleaned_data["import_file_name"], salt=_SALT, max_age=_HOUR
            )
        except signing.BadSignature as fault:
            raise forms.ValidationError(_("Choose the file again.")) from fault


class ExchangeMixin(ImportExportMixin):
    """Export of what the list shows; import of what is not there yet."""

    formats = FORMATS
    import_form_class = FileForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    import_template_name = "admin/curation_import.html"
    to_encoding = "utf-8-sig"

    def has_import_permission(self, request):
        return self.has_add_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        wrap, info = self.admin_site.admin_view, "_".join(self.get_model_info())
        own = [
            path("import/blank.<slug:kind>", wrap(self.blank), name=f"{info}_blank"),
            path(
                "import/faults/<slug:key>.csv", wrap(self.faults), name=f"{info}_faults"
            ),
        ]
        return own + super().get_urls()

    def blank(self, request, kind):
        """An empty file with the columns that an import reads."""
        self._may_import(request)
        if kind not in BLANKS:
            raise Http404
        content = BLANKS[kind](self._columns())
        return _attached(content, f"{self.opts.model_name}.{kind}")

    def faults(self, request, key):
        """The faults that were found in a file a while ago, as CSV."""
        self._may_import(request)
        rows = cache.get(_faults_key(request, key))
        if rows is None:
            raise Http404
        return _attached((BOM + "".join(csv_lines(rows))).encode(), "faults.csv")

    def import_action(self, request, **kwargs):
        answer = super().import_action(request, **kwargs)
        result = getattr(answer, "context_data", {}).get("result")
        rows = _faults_of(result) if result else []
        if rows:
            key = secrets.token_urlsafe(12)
            head = [_("Row"), _("Column"), _("Fault")]
            cache.set(_faults_key(request, key), [head, *rows], _HOUR)
            name = f"admin:{'_'.join(self.get_model_info())}_faults"
            answer.context_data["faults_url"] = reverse(name, args=[key])
        return answer

    def get_import_context_data(self, **kwargs):
        names = {
            kind: f"admin:{'_'.join(self.get_model_info())}_blank" for kind in BLANKS
        }
        blanks = [(kind.upper(), reverse(names[kind], args=[kind])) for kind in BLANKS]
        return {"columns": self._columns(), "blanks": blanks}

    def _may_import(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _columns(self):
        resource = self.resource_classes[0]
        return [
            {
                "name": name,
                "required": name in resource.required_columns,
                "help": resource.column_help.get(name, ""),
            }
            for name in resource.importable()
        ]

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if initial:
            name = initial["import_file_name"]
            initial["import_file_name"] = signing.dumps(name, salt=_SALT)
        return initial

    def add_data_read_fail_error_to_form(self, form, e):
        text = _("This file could not be read. Save it as CSV (UTF-8) or as XLSX.")
        form.add_error("import_file", text)

    def process_import(self, request, **kwargs):
        """Imports what was previewed; a file that is gone is asked for again."""
        if request.method == "POST" and self.has_import_permission(request):
            if not self.create_confirm_form(request).is_valid():
                return self._ask_again(request)
        try:
            return super().process_import(request, **kwargs)
        except (OSError, IndexError, ValueError):
            return self._ask_again(request)

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            text = _("Nothing was imported: the records changed since the preview.")
            messages.error(request, text)
            return redirect("..")
        return super().process_result(result, request)

    def add_success_message(self, result, request):
        text = _("%(new)d added; %(skip)d were there already and were left alone.")
        messages.success(request, text % result.totals)

    def _ask_again(self, request):
        text = _("This file was imported already or is gone. Choose it again.")
        messages.error(request, text)
        return redirect("../import/")


def _is_zip(file):
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start == b"PK\x03\x04"


def _attached(content, name):
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _faults_key(request, key):
    """Faults quote what was typed: only who chose the file may read them."""
    return f"import-faults-{request.user.pk}-{key}"


def _faults_of(result):
    """Rows of row, column and fault; the first row of the file names its columns."""
    rows = [
        ("", "", message)
        for error in result.base_errors
        for message in getattr(error.error, "messages", [str(error.error)])
    ]
    rows += [
        (number + 1, "", str(error.error))
        for number, errors in result.row_errors()
        for error in errors
    ]
    rows += [
        (row.number + 1, "" if column == "__all__" else column, fault)
        for row in result.invalid_rows
        for column, faults in row.error_dict.items()
        for fault in faults
    ]
    return [[safe_cell(cell) for cell in row] for row in rows]
