"""Keeps an entry from whoever is coding it blind: the first codes are on its pages."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icctracker.models import Coding, Evidence

from . import kept

HIDDEN = _(
    "You are coding this entry: what was found in it before stays hidden until you"
    " hand in your own coding."
)


class NotWhileCoding:
    """A page of one entry, from which its blind coder is sent back to the coding.

    The address names the entry, or what belongs to it: ``entry_by`` says, for each
    part of the address that does, by which field of the entry it is found.
    """

    entry_by = {"pk": "pk", "slug": "slug"}

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            entry = {
                f"evidence__{field}": kwargs[name]
                for name, field in self.entry_by.items()
                if name in kwargs
            }
            coding = Coding.objects.blinding(request.user).filter(**entry).first()
            if coding:
                return turn_away(request, coding)
        return super().dispatch(request, *args, **kwargs)


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
