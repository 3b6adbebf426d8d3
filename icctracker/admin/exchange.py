"""Import and export in the admin: CSV and XLSX, told apart by their content."""

import re
import secrets
import zipfile
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.resources import ModelResource
from import_export.results import RowResult

from icctracker.actions import ActionRefused
from icctracker.imports.files import FileRefused
from icctracker.imports.given import given, is_error
from icctracker.models import SOURCE_FIELDS, Effect, Form, Vote
from icctracker.readings.spreadsheets import BOM, csv_lines, safe_cell, without_guard
from icctracker.texts import dates

from .base import list_url
from .forms import DATE_ORDERS, DATES_IN_FIGURES
from .lists import cannot_be
from .tables import (
    BESIDE,
    BoundedCSV,
    BoundedXLSX,
    Formula,
    blank_csv,
    blank_xlsx,
    formats_for,
)

# Cells of a spreadsheet: lists as lines, lines as parts.

_BAR = " | "

SOURCE_HELP = gettext_lazy(
    "One on a line, the one the entry rests on first: address | what it is | official |"
    " archived copy. The last two may be left out."
)
FINDING_LINE = (
    *("criterion", "effect", "form", "occasion", "pinpoint", "form_reason"),
    *("searched_words", "rationale"),
)
# What marks the one part of a line that files of an older release do not have.
SEARCHED = "searched: "
FINDING_HELP = gettext_lazy(
    "One on a line: criterion | effect from -2 to 2 | form | occasion | pinpoint | why"
    " this form | reason. The four in the middle may stay empty between their bars;"
    " the kind then proposes the form. An omission has one part more before the reason,"
    " as in “searched: International Criminal Court, Rome Statute”."
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


def read_choice(text, choices):
    """The value that a cell names, or means by its label; else the text as it is."""
    plain = re.sub(r"[‐‑‒–—−]", "-", " ".join(text.split())).casefold()
    for value, label in choices:
        if value not in (None, "") and plain in (
            str(value).casefold(),
            " ".join(str(label).split()).casefold(),
        ):
            return str(value)
    return text


def _invalid(result, fault):
    """The result of a row that has a fault."""
    result.import_type = RowResult.IMPORT_TYPE_INVALID
    result.validation_error = fault
    return result


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
    cells = {name: _cell(finding, name) for name in FINDING_LINE[1:]}
    if words := cells.pop("searched_words"):
        reason = cells.pop("rationale")
        cells |= {"searched_words": f"{SEARCHED}{words}", "rationale": reason}
    return _line(finding.criterion.key, *cells.values())


def read_finding(line):
    """The fields of a finding, as typed on one line; the reason may hold bars."""
    names = [name for name in FINDING_LINE if name != "searched_words"]
    found = _read(line, names, marked="occasion") | {"searched_words": ""}
    marked, bar, reason = found["rationale"].partition("|")
    if bar and marked.casefold().startswith(SEARCHED.strip()):
        words = marked[len(SEARCHED.strip()) :].strip()
        found |= {"searched_words": words, "rationale": reason.strip()}
    found["effect"] = read_choice(found["effect"], Effect.choices)
    found["form"] = read_choice(found["form"], Form.choices)
    return found


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
    parts = [given(part).strip() for part in line.split("|", count - 1)]
    return parts + [""] * (count - len(parts))


# Exchange of records by file: everything goes out, and only additions come in.
#
# A row whose record is there already is left alone and reported. All rows are saved,
# or none.


# So many remarks on a file are shown; whoever has more has seen enough.
MOST_ADVICE = 20


class AddingResource(ModelResource):
    """Exports every column; imports by a form, one row at a time, additions only."""

    row_form = None
    required_columns = ()
    column_help = {}
    # The columns whose cells have lines, each of which says something of its own.
    in_lines = ()

    def __init__(self, date_order="", **kwargs):
        super().__init__(**kwargs)
        self.refused, self.date_order = False, date_order
        # What is to be checked, though it stops nothing.
        self.advice = []

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
        result = super().import_data(dataset, **kwargs)
        for row in result.invalid_rows:
            # Rows are numbered as in the file, those above the table among them.
            row.number += getattr(dataset, "above", 0)
        result.advice = self.advice[:MOST_ADVICE]
        return result

    def before_import(self, dataset, **kwargs):
        try:
            self._check_columns(dataset.headers or [])
        except ValidationError:
            self.refused = True
            raise

    def import_row(self, row, instance_loader, **kwargs):
        result = self.get_row_result_class()()
        result.import_type = RowResult.IMPORT_TYPE_SKIP
        if self.refused:
            return result
        if faults := self._cell_faults(row):
            return _invalid(result, ValidationError(faults))
        cells = {name: self._cell(name, row.get(name)) for name in self.importable()}
        if not any(cells.values()):
            result.import_type = ""
            return result
        result.diff = [self._shown(name, cells[name]) for name in self.importable()]
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
        _invalid(result, fault)

    def _cell(self, name, value):
        """A cell as its field reads it; what has one line only, on one line."""
        text = given(plain_cell(value))
        field = self.row_form.base_fields[name]
        if name in self.in_lines or isinstance(field.widget, forms.Textarea):
            return text
        text = " ".join(text.split())
        return read_choice(text, getattr(field, "choices", ()))

    def _shown(self, name, cell):
        """A cell for the preview; a day as it was understood, in words."""
        if isinstance(self.row_form.base_fields[name], forms.DateField):
            try:
                return date_format(dates.read(cell, self.date_order))
            except dates.DateError:
                return cell
        return Truncator(cell).chars(80)

    def _cell_faults(self, row):
        """What no cell may be: a formula without a result, its error, a stray note."""
        faults = {}
        for name in self.importable():
            if isinstance(row.get(name), Formula):
                faults[name] = _(
                    "The cell holds a formula, and the file not its result. Open it in"
                    " a spreadsheet and save it, or put the value in its place."
                )
            elif is_error(str(row.get(name) or "")):
                text = _("The formula in this cell came to an error: %s.")
                faults[name] = text % row[name]
        filled = [row[name] for name in row if name and plain_cell(row[name]).strip()]
        if beside := row.get(BESIDE):
            text = _("“%s” stands beyond the last column that has a name. Remove it.")
            faults["__all__"] = text % Truncator(beside).chars(80)
        elif len(filled) == 1 and len(self.required_columns) > 2:
            text = _("“%s” stands alone in its row. If it is a note, remove it.")
            return {"__all__": text % Truncator(filled[0]).chars(80)}
        return faults

    def _check_columns(self, headers):
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
        if texts:
            raise ValidationError(texts)


LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
FORMATS = [BoundedCSV, BoundedXLSX]
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

    date_order = forms.ChoiceField(
        label=DATES_IN_FIGURES,
        required=False,
        choices=DATE_ORDERS,
    )

    media = forms.Media()

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        del self.fields["format"]
        fields = resources[0].row_form.base_fields.values()
        if not any(isinstance(field, forms.DateField) for field in fields):
            del self.fields["date_order"]

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
            data["format"] = str(
                FORMATS.index(BoundedXLSX if _is_zip(file) else BoundedCSV)
            )
        return data

    def _unpacked(self, file):
        with zipfile.ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist())


class ConfirmForm(ConfirmImportForm):
    """The file that was previewed; its name is signed, so that none other is read."""

    date_order = forms.ChoiceField(
        widget=forms.HiddenInput, required=False, choices=DATE_ORDERS
    )

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

    def export_action(self, request):
        """What the list would show; an address that none can be made for is said."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            messages.error(request, cannot_be())
            return redirect(list_url(self.model))

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
        for text in getattr(result, "advice", []):
            messages.warning(request, text)
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
            initial["date_order"] = import_form.cleaned_data.get("date_order", "")
        return initial

    def get_import_formats(self):
        """The formats, as they look for the columns of these records."""
        return formats_for(FORMATS, tuple(self.resource_classes[0].importable()))

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        chosen = getattr(form, "cleaned_data", {})
        return {"date_order": chosen.get("date_order", "")}

    def add_data_read_fail_error_to_form(self, form, e):
        text = _("This file could not be read. Save it as CSV (UTF-8) or as XLSX.")
        if isinstance(e, FileRefused):
            text = str(e)
        elif isinstance(e, UnicodeDecodeError):
            text = _(
                "This file could not be read: it is not text in UTF-8, and letters with"
                " accents would come out wrong. Save it as CSV (UTF-8) or as XLSX."
            )
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
