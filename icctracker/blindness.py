"""Keeps an entry from whoever is coding it blind: the first codes are on its pages."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from icctracker.models import Coding

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
                messages.info(request, HIDDEN)
                return redirect("coding-detail", coding.pk)
        return super().dispatch(request, *args, **kwargs)
