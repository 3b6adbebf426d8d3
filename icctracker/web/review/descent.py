"""Correcting what a paragraph was taken from."""

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.descent import (
    PERMISSION,
    correct_descent,
    take_back_correction,
)
from icctracker.models import Document
from icctracker.models.rules import latest_today
from icctracker.readings.descent import Lines, labels_of
from icctracker.texts import pinpoints, symbols
from icctracker.web.kit.acting import ActingForm, seen
from icctracker.web.kit.forms import PlainForm, Text

from .access import ReviewAccess
from .forms import long_text

ANOTHER, NONE, BACK = "another", "none", "back"


class DescentForm(PlainForm):
    """Another forerunner, or none; or the correction that stands is taken back."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What the paragraph was taken from"),
        widget=forms.RadioSelect,
        choices=[
            (ANOTHER, gettext_lazy("From the paragraph that I name below")),
            (NONE, gettext_lazy("From no earlier paragraph")),
            (BACK, gettext_lazy("Take the correction back that stands now")),
        ],
        error_messages={"required": gettext_lazy("Choose what it was taken from.")},
    )
    symbol = Text(
        label=gettext_lazy("Document symbol"),
        max_length=80,
        spellcheck=False,
        help_text=gettext_lazy("Of the earlier text, for example S/RES/1593(2005)."),
    )
    paragraph = Text(
        label=gettext_lazy("Its paragraph"),
        max_length=80,
        spellcheck=False,
        help_text=gettext_lazy("For example OP 6, PP 4 or OP 30 (f) (i)."),
    )
    reason = long_text(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Readers see it beside the paragraph."),
    )

    forerunner = None

    def __init__(self, *args, stands=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not stands:
            outcome = self.fields["outcome"]
            outcome.choices = [each for each in outcome.choices if each[0] != BACK]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Say why: readers see the reason."))
        if cleaned.get("outcome") == ANOTHER and not self.errors:
            self._find(cleaned["symbol"], cleaned["paragraph"])
        return cleaned

    def _find(self, typed, paragraph):
        """The document and the paragraph that are named."""
        try:
            symbol = symbols.read(typed, today_year=latest_today().year).official
        except symbols.SymbolError as fault:
            self.add_error("symbol", str(fault))
            return
        document = Document.objects.filter(symbol=symbol).first()
        if document is None:
            text = _("%s is not in the catalogue of documents.")
            self.add_error("symbol", text % symbol)
            return
        named = pinpoints.read(paragraph)
        if len(named) != 1:
            text = _("Name one paragraph, such as OP 6 or PP 4.")
            self.add_error("paragraph", text)
            return
        labels, has_text = labels_of(document)
        label = labels.get(named[0], "" if has_text else named[0])
        if not label:
            text = _("%(document)s has no paragraph %(paragraph)s.")
            said = {"document": document, "paragraph": named[0]}
            self.add_error("paragraph", text % said)
        self.forerunner = document, label


class DescentCorrect(ReviewAccess, ActingForm):
    """What is known of the descent of one paragraph, and the form to correct it."""

    permission_required = PERMISSION
    form_class = DescentForm
    template_name = "review/descent_correct.html"
    success_message = gettext_lazy("The correction is on record.")
    way_on = gettext_lazy("Read it below. If yours is still needed, send it again.")

    @cached_property
    def found(self):
        """All chains, that of the paragraph, and its step."""
        lines = Lines()
        chain, step = lines.chain_of(self.kwargs["symbol"], self.kwargs["anchor"])
        if step is None:
            raise Http404(_("No paragraph of this address is in a chain of descent."))
        return lines, chain, step

    @property
    def step(self):
        return self.found[2]

    @property
    def stands(self):
        return self.step.correction.pk if self.step.correction else 0

    def read_again(self):
        del self.found

    def get_form_kwargs(self):
        stands = bool(self.step.correction)
        return super().get_form_kwargs() | {"stands": stands}

    def act(self, form):
        said = {"by": self.request.user, "reason": form.cleaned_data["reason"]}
        said["seen"] = seen(self.request.POST)
        of = self.step.document, self.step.label
        if form.cleaned_data["outcome"] == BACK:
            return take_back_correction(*of, **said)
        return correct_descent(*of, forerunner=form.forerunner, **said)

    def onward(self, made):
        return reverse("descent-detail", kwargs=self.kwargs)

    def get_context_data(self, **kwargs):
        lines, _chain, step = self.found
        corrections = lines.corrections[step.key]
        return super().get_context_data(step=step, corrections=corrections, **kwargs)
