"""Files of the Council's record: chosen, compared, and imported once a curator agrees.

Comparing and importing are done by a worker, or on a site without one in a process of
their own, so that neither depends on how long a request may take; the page of the run
shows how far it is.
"""

import subprocess
import sys
from functools import partial
from operator import attrgetter

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from icctracker.imports import runs
from icctracker.imports.compare import KINDS, Report, in_words
from icctracker.imports.recognise import FORMATS
from icctracker.imports.tasks import carry_on_with
from icctracker.models import Ballot, Document, ImportRun
from icctracker.readings.spreadsheets import BOM, csv_lines

from .base import RecordAdmin, change_url, list_url
from .forms import DATE_ORDERS, DATES_IN_FIGURES

State, Subject = ImportRun.State, ImportRun.Subject
SHOWN = 25
REPORT_COLUMNS = ("kind", "line", "symbol", "field", "ours", "theirs", "message")
# The kinds of findings a curator decides by, in the order of the page.
HEADINGS = {
    "fault": gettext_lazy("Faults"),
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "conflict": gettext_lazy("In conflict: kept beside ours"),
    "doubt": gettext_lazy("Doubtful votes: left out"),
    "passed": gettext_lazy("Passed over"),
    "known": gettext_lazy("In conflict: kept already"),
    "worded": gettext_lazy("Agenda items worded otherwise: ours stay"),
}

# The same of texts of documents.
HEADINGS_OF_TEXTS = {
    "fault": gettext_lazy("Refused"),
    "new": gettext_lazy("Texts"),
    "changed": gettext_lazy("Texts in the place of others"),
    "conflict": gettext_lazy("Said otherwise than in the record: kept beside"),
    "doubt": gettext_lazy("Odd"),
    "passed": gettext_lazy("Passed over"),
    "known": gettext_lazy("Said otherwise: kept beside already"),
}


class LimitedFileForm(forms.Form):
    """A file to import, no larger than any import may be."""

    accepts = ""
    # What it may be, and how large.
    kinds = ""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    def __init__(self, *args, too_large=False, **kwargs):
        super().__init__(*args, **kwargs)
        largest, field = filesizeformat(settings.LARGEST_IMPORT), self.fields["file"]
        field.widget.attrs["accept"] = self.accepts
        field.help_text = self.kinds % largest
        if too_large:
            text = _("The file is larger than %s.") % largest
            field.error_messages["required"] = text

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_IMPORT:
            largest = filesizeformat(settings.LARGEST_IMPORT)
            raise forms.ValidationError(_("The file is larger than %s.") % largest)
        return file


class CouncilFileForm(LimitedFileForm):
    """The file to compare with the record."""

    accepts = ".csv,.xml,.json,.txt"
    kinds = gettext_lazy("CSV, XML or JSON, %s at most.")

    date_order = forms.ChoiceField(
        label=DATES_IN_FIGURES, required=False, choices=DATE_ORDERS
    )


class TextFileForm(LimitedFileForm):
    """A file with the text of a document, or an archive of such files."""

    accepts = ".xml,.zip"
    kinds = gettext_lazy("XML in Akoma Ntoso, or a ZIP of such files, %s at most.")

    replaces = forms.BooleanField(
        label=gettext_lazy("Put texts that differ in the place of those kept"),
        required=False,
    )

    def clean_file(self):
        file = super().clean_file()
        if not file.name.casefold().endswith((".xml", ".zip")):
            text = _("The name of the file has to end in .xml or .zip.")
            raise forms.ValidationError(text)
        return file


def start(run):
    """Have a run carried on with; called in the transaction that makes it wait."""
    if settings.WORKER:
        carry_on_with.enqueue(run.pk)
    else:
        transaction.on_commit(partial(start_process, run))


def start_process(run):
    """Carry a run on in a process that outlives the request."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_council"]
    with (run.folder / "log").open("ab") as log:
        subprocess.Popen(  # noqa: S603 - our own command, with a number
            [*command, "--run", str(run.pk)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@admin.register(ImportRun)
class ImportRunAdmin(RecordAdmin):
    list_display = ["file", "layout", "state", "started_by", "started_at"]
    list_filter = ["state", "subject"]
    list_select_related = ["started_by"]
    search_fields = ["file"]
    change_list_template = "admin/council_import_list.html"

    def has_add_permission(self, request):
        return request.user.has_perm("icctracker.add_importrun")

    def get_urls(self):
        pages = {
            "texts/": ("texts", self.texts_view),
            "<int:pk>/report/<slug:kind>/": ("report", self.report_view),
            "<int:pk>/import/": ("confirm", self.confirm_view),
            "<int:pk>/discard/": ("discard", self.discard_view),
        }
        own = [
            path(
                address,
                self.admin_site.admin_view(view),
                name=f"icctracker_importrun_{name}",
            )
            for address, (name, view) in pages.items()
        ]
        return own + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        """Choose a file; it is compared, and nothing is imported yet."""
        title = _("Import a file of the Council's record")
        context = {"title": title, "formats": FORMATS.values()}
        return self._chosen(request, CouncilFileForm, Subject.RECORD, "add", context)

    def texts_view(self, request):
        """Choose a file with texts; it is read, and nothing is kept yet."""
        context = {"title": _("Import texts of documents")}
        return self._chosen(request, TextFileForm, Subject.TEXTS, "texts", context)

    def _chosen(self, request, form_class, subject, template, context):
        self._may_import(request)
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        # Known only now that the request has been read.
        too_large = getattr(request, "file_was_too_large", False)
        form = form_class(*data, too_large=too_large)
        if form.is_bound and form.is_valid():
            run = self._begin(request.user, form.cleaned_data, subject)
            return redirect(change_url(run))
        template = f"admin/council_import_{template}.html"
        return self._page(request, template, context | {"form": form})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far a run is, and what it found."""
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        waits = run.is_running and not run.is_silent
        if request.htmx and not waits:
            return HttpResponseClientRefresh()
        template = "run_progress" if request.htmx else "run"
        context = {"run": run, "waits": waits, "title": run.file}
        if not run.is_running:
            context["groups"] = self._groups(run)
        return self._page(request, f"admin/council_import_{template}.html", context)

    def report_view(self, request, pk, kind):
        """All findings of one kind, or of all, as CSV."""
        run = get_object_or_404(ImportRun, pk=pk)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        report = Report(run.folder / "report.jsonl")
        if kind not in (*KINDS, "all") or not report.path.exists():
            raise Http404
        found = report if kind == "all" else report.of(kind)
        answer = StreamingHttpResponse(_as_csv(found), content_type="text/csv")
        name = f"import-{run.pk}-{kind}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def confirm_view(self, request, pk):
        """Import what was compared."""
        run = self._posted(request, pk)
        partly = bool(request.POST.get("partly"))
        # Of texts each is kept or refused by itself.
        if run.counts.get("fault") and not partly and not run.is_of_texts:
            text = _(
                "The file has faults: say whether to import the rest without them."
            )
            messages.error(request, text)
            return redirect(change_url(run))
        if not _begin_importing(run, partly):
            messages.error(request, _("This file is not waiting to be imported."))
        return redirect(change_url(run))

    def discard_view(self, request, pk):
        """Give a file up; one whose process has died as well."""
        run = self._posted(request, pk)
        if run.state == State.CHECKED or run.is_silent or run.waits_for_a_worker:
            runs.discard(run)
            messages.success(
                request, _("The file was discarded; nothing was imported.")
            )
            return redirect(list_url(ImportRun))
        messages.error(request, _("This file is not waiting to be imported."))
        return redirect(change_url(run))

    @transaction.atomic
    def _begin(self, user, data, subject):
        runs.clear_away()
        run = ImportRun.objects.create(
            file=data["file"].name[:200],
            state=State.CHECKING,
            subject=subject,
            date_order=data.get("date_order", ""),
            replaces=data.get("replaces", False),
            started_by=user,
        )
        run.folder.mkdir(parents=True)
        with (run.folder / "file").open("wb") as kept:
            for piece in data["file"].chunks():
                kept.write(piece)
        start(run)
        return run

    def _groups(self, run):
        """The first findings of each kind, for the page."""
        headings = HEADINGS_OF_TEXTS if run.is_of_texts else HEADINGS
        found = {kind: [] for kind in headings if run.counts.get(kind)}
        report = Report(run.folder / "report.jsonl")
        for each in report if report.path.exists() else ():
            if len(found.get(each.kind, range(SHOWN))) < SHOWN:
                found[each.kind].append(_row(each))
        return [
            {
                "kind": kind,
                "heading": headings[kind],
                "count": run.counts[kind],
                "rows": rows,
                "rest": run.counts[kind] - len(rows),
            }
            for kind, rows in found.items()
        ]

    def _posted(self, request, pk):
        self._may_import(request)
        run = get_object_or_404(ImportRun, pk=pk)
        if request.method != "POST":
            raise Http404
        return run

    def _may_import(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request, template, context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, template, context)


@transaction.atomic
def _begin_importing(run, partly):
    """Have a run that was compared imported; whether it was waiting for that."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.CHECKED)
    begun = waiting.update(
        state=State.IMPORTING,
        partly=partly,
        percent=0,
        process="",
        message="",
        seen_at=timezone.now(),
    )
    if begun:
        start(run)
    return begun


def _row(finding):
    return {
        "line": finding.line,
        "symbol": finding.symbol,
        "field": field_in_words(finding.field),
        "said": in_words(finding),
    }


def field_in_words(name):
    """A field of the record, or a column of a file, as it is called."""
    for model in (Document, Ballot):
        if any(field.name == name for field in model._meta.fields):
            return model._meta.get_field(name).verbose_name
    return name


def _as_csv(findings):
    yield BOM
    yield from csv_lines([REPORT_COLUMNS])
    yield from csv_lines(map(attrgetter(*REPORT_COLUMNS), findings))


# Uploads that are too large are not kept anywhere, and their form can say so.


class LimitedUploadHandler(FileUploadHandler):
    """Stops at the first file of a request that is larger than any import may be.

    The rest is read past without being kept, so that the form can answer in words.
    """

    def handle_raw_input(self, input_data, META, content_length, *args, **kwargs):
        self.too_large = content_length > settings.LARGEST_IMPORT + 1024 * 1024

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.too_large:
            self.request.file_was_too_large = True
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
