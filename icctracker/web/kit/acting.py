"""Doing what a page is for: it is done and said, or given back with what stands now.

A form says in ``seen`` which state of things its writer had before them. Whoever was
slower than somebody else is answered with 409 and the page anew: what the other made of
it, and what they typed themselves, to be sent once more.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import FormView

from icctracker.actions import ActionRefused, EditConflict

from . import kept
from .forms import whole_number

# What no version is: a form that does not say what was seen is always out of date.
NOTHING = -1


def seen(data):
    """The number that a form gives as seen; the button pressed has the last word."""
    number = whole_number(data.get("seen"))
    return NOTHING if number is None else number


class Acting:
    """A page that does one thing, through one action.

    Each page says how to ``act``, where one goes ``onward``, what it shows where the
    action ``refused`` and where somebody else was quicker and its writer ``slower``.
    """

    success_message = ""

    def said(self, made):
        """What was done, in a sentence; nothing where the next page shows it."""
        return self.success_message

    def carry_out(self, form):
        """Do it, say so and go on; or show the page again, with the reason."""
        try:
            made = self.act(form)
        except EditConflict as conflict:
            return self.slower(form, str(conflict))
        except ActionRefused as refusal:
            return self.refused(form, str(refusal))
        return self.done(form, made)

    def done(self, form, made):
        """Say what was done, and go on; what was kept of it is needed no more."""
        kept.forget(self.request)
        if sentence := self.said(made):
            messages.success(self.request, sentence)
        return redirect(self.onward(made))


class ActingForm(Acting, FormView):
    """A page with one form. ``way_on`` is what whoever was slower may do."""

    way_on = ""
    # Whether the page shows its form: else what was typed has to be given back.
    is_open = True

    @property
    def stands(self):
        """What marks the state of things on the page, where its form is to say it."""
        return ""

    def read_again(self):
        """Forget what was read before somebody else changed it."""

    def onward(self, made):
        return self.get_success_url()

    def form_valid(self, form):
        return self.carry_out(form)

    def form_invalid(self, form):
        if self.is_open:
            return super().form_invalid(form)
        context = self.get_context_data(form=form, typed=kept.words(self.request))
        return self.render_to_response(context, status=409)

    def refused(self, form, why):
        form.add_error(None, why)
        return self.form_invalid(form)

    def slower(self, form, why):
        self.read_again()
        for sentence in filter(None, (why, self.way_on)):
            form.add_error(None, sentence)
        context = self.get_context_data(form=form, conflict=True, seen=self.stands)
        return self.render_to_response(context, status=409)

    def get_form_kwargs(self):
        """With what its writer had typed before they were signed out."""
        given = super().get_form_kwargs()
        if self.request.method == "GET" and (typed := kept.found(self.request)):
            given["initial"] = given["initial"] | typed.dict()
        return given

    def get_context_data(self, **kwargs):
        # A page shown again for another fault still answers to what was seen first.
        kwargs.setdefault("seen", self.request.POST.get("seen", self.stands))
        return super().get_context_data(**kwargs)
