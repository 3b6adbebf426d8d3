"""Import and export in the admin: CSV and XLSX, told apart by their content."""

import csv
import secrets
import zipfile

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm

from .cells import safe_cell
from .spreadsheets import BoundedXLSX, blank_csv, blank_xlsx

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
        answer = _attached(b"\xef\xbb\xbf", "faults.csv")
        csv.writer(answer).writerows(rows)
        return answer

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
