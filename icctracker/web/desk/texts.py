"""The text of one document, typed by a person: pasted or read from a PDF, then checked.

What is kept is what the preview showed: the text is cut anew each time, and the button
that keeps it is there only once its paragraphs have been looked at.
"""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.passages import digest_of, keep_typed
from icctracker.models import Document, DocumentText
from icctracker.readings.pdf import PdfUnread, words_in
from icctracker.texts.cutting import as_typed, cut, names_in
from icctracker.texts.languages import language_guessed
from icctracker.texts.passages import Passage
from icctracker.web.kit.acting import ActingForm
from icctracker.web.kit.forms import PlainForm
from icctracker.web.kit.kept import DeskAccess

from .fields import NOT_OFFERED, SymbolField

Language, Variant = DocumentText.Language, DocumentText.Variant
LONGEST = 400_000
STATEMENTS = "S/PRST/"


class TextForm(PlainForm):
    """Which document, in which language, and its words."""

    symbol = SymbolField(
        label=gettext_lazy("Document symbol"),
        required=True,
        help_text=gettext_lazy("For example, S/RES/1593(2005)."),
        error_messages={"required": gettext_lazy("Say which document it is.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language.choices,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    words = forms.CharField(
        label=gettext_lazy("Text (paste it, or choose a PDF below)"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16, "class": "passage-typed"}),
        help_text=gettext_lazy(
            "Begin with the opening words. Paragraphs stand apart by blank lines, or"
            " begin with their number, as 6. or (a). A line that begins with # is a"
            " heading."
        ),
    )
    pdf = forms.FileField(
        label=gettext_lazy("PDF of the document (optional)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=gettext_lazy("Its words take the place of the text above."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    variant = forms.ChoiceField(
        choices=[(Variant.PASTED, ""), (Variant.PDF, "")],
        required=False,
        widget=forms.HiddenInput,
    )
    # What marks the typed text that would be replaced, as its writer saw it.
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.document = self.cut = None
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_symbol(self):
        symbol = self.cleaned_data["symbol"]
        self.document = Document.objects.filter(symbol=symbol).first()
        if self.document is None:
            text = _(
                "%s is not in the catalogue; only texts of its documents are kept."
            )
            raise forms.ValidationError(text % symbol)
        return symbol

    def clean(self):
        cleaned = super().clean()
        if file := cleaned.get("pdf"):
            self._read(file, cleaned)
        if self.errors:
            return cleaned
        words = cleaned.get("words", "")
        if not words.strip():
            self.add_error("words", _("Paste the text, or choose a PDF."))
            return cleaned
        self._check(words, cleaned["language"])
        return cleaned

    def _read(self, file, cleaned):
        """Put the words of the PDF where they can be corrected."""
        try:
            text = words_in(file)
        except PdfUnread as unread:
            self.add_error("pdf", str(unread))
            return
        found = cut(text, statement=self.is_statement)
        self.was_cut_from = text
        cleaned["words"] = as_typed(found.passages)
        self.data = self.data.copy()
        self.data["variant"], self.data["words"] = Variant.PDF, cleaned["words"]
        cleaned["variant"] = Variant.PDF

    @property
    def is_statement(self):
        return bool(self.document) and self.document.symbol.startswith(STATEMENTS)

    def _check(self, words, language):
        """Refuse a text of another document or language, or one without paragraphs."""
        named = names_in(getattr(self, "was_cut_from", words))
        if named and self.document.symbol not in named:
            text = _("This text says that it is %(named)s, not %(symbol)s.")
            values = {"named": ", ".join(named), "symbol": self.document}
            self.add_error("symbol", text % values)
        guessed = language_guessed(words)
        if guessed == "?":
            self.add_error("words", _("Its language is none that is read here."))
        elif guessed and guessed != language:
            text = _("This text seems to be in %s: choose its language.")
            self.add_error("language", text % Language(guessed).label)
        self.cut = cut(words, statement=self.is_statement)
        labels = [each.label for each in self.cut.passages if each.label]
        if not labels:
            text = _(
                "No paragraph was found in this text: set them apart by blank lines."
            )
            self.add_error("words", text)


class TextCreate(DeskAccess, ActingForm):
    """Keeps a text that somebody pasted, or read from a PDF, once it was looked at."""

    permission_required = "icctracker.add_documenttext"
    template_name = "desk/text_form.html"
    form_class = TextForm
    success_message = gettext_lazy("The text is kept, marked as typed by you.")
    way_on = gettext_lazy("Compare it with yours, and keep yours if it is better.")
    # The text that somebody else kept meanwhile.
    theirs = None

    def get_initial(self):
        document, language = self._asked
        found = {"symbol": self.request.GET.get("symbol", ""), "language": language}
        if document and (typed := self._typed(document, language)):
            found |= {"words": as_typed(_passages(typed)), "replaces": typed.digest}
            found |= {"variant": typed.variant}
        return found

    @cached_property
    def _asked(self):
        """The document and the language that the address names."""
        symbol = self.request.GET.get("symbol", "").strip()
        language = self.request.GET.get("language", "")
        document = Document.objects.filter(symbol=symbol).first() if symbol else None
        return document, language if language in Language.values else Language.ENGLISH

    def _typed(self, document, language):
        texts = document.texts.filter(typed_by__isnull=False, language=language)
        return texts.prefetch_related("paragraphs").first()

    def form_valid(self, form):
        passages = form.cut.passages
        looked_at = self.request.POST.get("previewed") == digest_of(passages)
        if "keep" in self.request.POST and looked_at:
            return self.carry_out(form)
        return self.preview(form)

    def preview(self, form):
        """The paragraphs as they would be kept, above the text to be corrected."""
        return self.render_to_response(
            self.get_context_data(
                form=form,
                passages=form.cut.passages,
                above=form.cut.above,
                remarks=form.cut.labelled.remarks,
                previewed=digest_of(form.cut.passages),
                changed="keep" in self.request.POST,
            )
        )

    def act(self, form):
        cleaned = form.cleaned_data
        return keep_typed(
            form.document,
            form.cut.passages,
            by=self.request.user,
            language=cleaned["language"],
            variant=cleaned["variant"] or Variant.PASTED,
            seen=cleaned["replaces"],
        )

    def slower(self, form, why):
        """Somebody kept another text meanwhile: theirs can be read, ours sent again."""
        self.theirs = self._typed(form.document, form.cleaned_data["language"])
        form.data = form.data.copy()
        form.data["replaces"] = self.theirs.digest if self.theirs else ""
        return super().slower(form, why)

    def get_context_data(self, **kwargs):
        if self.theirs:
            kwargs["theirs"] = as_typed(_passages(self.theirs))
        return super().get_context_data(**kwargs)

    def done(self, form, made):
        self.document = form.document
        return super().done(form, made)

    def onward(self, made):
        return f"{self.document.get_absolute_url()}#text"


def _passages(text):
    """The paragraphs of a text that is kept, as they were cut."""
    names = "place label anchor words level section annex is_heading".split()
    return [
        Passage(**{name: getattr(each, name) for name in names})
        for each in text.paragraphs.all()
    ]
