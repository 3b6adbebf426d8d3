"""Keeps an entry from whoever is coding it blind: the first codes are on its pages."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icctracker.models import Coding, Evidence, Reading

from . import kept

HIDDEN = _(
    "You are coding this entry: what was found in it before stays hidden until you"
    " hand in your own coding."
)


class NotesReading:
    """A page of one entry: whoever is shown it, by whatever method, has read the codes.

    The address names the entry, or what belongs to it: ``entry_by`` says, for each
    part of the address that does, by which field of the entry it is found.
    """

    entry_by = {"pk": "pk", "slug": "slug"}
    # What is open to everybody is no reading, and its pages write nothing.
    notes_reading = True

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        noted = self.notes_reading and request.user.is_authenticated
        if noted and shows_a_page(response):
            entries = Evidence.objects.filter(**self.entry_named(kwargs))
            Reading.objects.note(entries, request.user)
        return response

    def entry_named(self, kwargs, prefix=""):
        """The condition by which the address names its entry."""
        return {
            prefix + field: kwargs[name]
            for name, field in self.entry_by.items()
            if name in kwargs
        }


class NotWhileCoding(NotesReading):
    """A page of one entry, from which its blind coder is sent back to the coding."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            entry = self.entry_named(kwargs, "evidence__")
            coding = Coding.objects.blinding(request.user).filter(**entry).first()
            if coding:
                return turn_away(request, coding)
        return super().dispatch(request, *args, **kwargs)


def shows_a_page(response):
    """Whether an answer shows what was asked for: no way on, no refusal, no fault."""
    return response.status_code not in {301, 302, 303, 403, 404, 405, 500, 503}


def turn_away(request, coding):
    """Send a blind coder back to the coding; what they were writing is given back."""
    back = reverse("coding-detail", args=[coding.pk])
    typed = newly_typed(request, coding.evidence) if request.method == "POST" else []
    if typed:
        onward = (back, gettext("Go to your coding"))
        return kept.page(request, HIDDEN, onward=onward, typed=typed, status=403)
    messages.info(request, HIDDEN)
    return redirect(back)


def newly_typed(request, evidence):
    """What was written, without what the form held before: that shows the codes."""
    return kept.words(request, known=_texts_of(evidence))


def _texts_of(evidence):
    """All that an entry, its findings and its sources say."""
    entries = Evidence.objects.filter(pk=evidence.pk)
    for rows in (entries, evidence.findings.all(), evidence.sources.all()):
        for row in rows.values_list():
            yield from (value for value in row if isinstance(value, str))
