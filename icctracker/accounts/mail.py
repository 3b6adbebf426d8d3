"""How often the tracker writes to a person, and the link that stops it."""

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import UpdateView, View

from icctracker.letters import person_of
from icctracker.models import User


class MailForm(forms.ModelForm):
    """How often to be written to."""

    class Meta:
        model = User
        fields = ["mail"]
        widgets = {"mail": forms.RadioSelect}


class MailSettings(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own choice of messages."""

    form_class = MailForm
    context_object_name = "profile"
    template_name = "accounts/mail_settings.html"
    success_url = reverse_lazy("profile")
    success_message = gettext_lazy("Your choice of messages is saved.")

    def get_object(self, queryset=None):
        """A fresh copy, so that a refused form changes nothing on the page."""
        return User.objects.get(pk=self.request.user.pk)


# Mail programmes press the button for their owner, without a page and its token; the
# signed address is the proof.
@method_decorator(csrf_exempt, name="dispatch")
class MailOff(View):
    """Stops all messages to the person a message was sent to, signed in or not.

    Opening the page changes nothing, since programmes that check links open it too.
    """

    def get(self, request, token):
        return self.answer(self.person(token), done=False)

    def post(self, request, token):
        person = self.person(token)
        person.mail = User.Mail.NEVER
        person.save(update_fields=["mail"])
        return self.answer(person, done=True)

    def person(self, token):
        person = person_of(token)
        if person is None:
            raise Http404
        return person

    def answer(self, person, *, done):
        done = done or person.mail == User.Mail.NEVER
        return render(self.request, "accounts/mail_off.html", {"done": done})
