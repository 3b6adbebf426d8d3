"""Corrections and replies from outside: sent without an account."""

import uuid

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from icctracker.actions.answering import receive
from icctracker.models import Evidence, Response
from icctracker.web.kit.forms import PlainForm, Text, WebAddress, limit
from icctracker.web.kit.publications import OfRecommendation

# The form by which anybody says that something is wrong, or answers.


class ResponseForm(PlainForm):
    """A correction or a reply; only what it is and what it says are asked for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What you send"),
        widget=forms.RadioSelect,
        choices=Response.Kind.choices,
        error_messages={"required": gettext_lazy("Choose what you send.")},
    )
    text = Text(
        label=gettext_lazy("What is wrong, or your reply"),
        required=True,
        max_length=limit(Response, "text"),
        rows=8,
        help_text=gettext_lazy(
            "Up to 5000 characters, about 800 words. It is published with our answer."
        ),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    shown_by = WebAddress(
        label=gettext_lazy("What shows it (optional)"),
        max_length=limit(Response, "shown_by"),
        help_text=gettext_lazy("The web address of a document or a record."),
    )
    name = Text(
        label=gettext_lazy("Your name (optional)"),
        max_length=limit(Response, "name"),
        spellcheck=False,
    )
    affiliation = Text(
        label=gettext_lazy("Who you write for (optional)"),
        max_length=limit(Response, "affiliation"),
        help_text=gettext_lazy("A mission, an office, an organisation."),
        spellcheck=False,
    )
    publish_name = forms.BooleanField(
        required=False,
        label=gettext_lazy("You may publish my name and whom I write for"),
        help_text=gettext_lazy("Otherwise readers see “a reader”."),
    )
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("E-mail (optional, never published)"),
        help_text=gettext_lazy("Only if you want us to be able to ask you something."),
        error_messages={
            "invalid": gettext_lazy("Write it like name@example.org, or leave it out.")
        },
    )
    # People neither see nor reach it; programs that fill every field do.
    homepage = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    creation_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["affiliation"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    @property
    def asked(self):
        """The fields that people are shown."""
        return [field for field in self.visible_fields() if field.name != "homepage"]

    def clean_homepage(self):
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError(
                _("This field is for catching programs. Leave it empty, please.")
            )
        return ""

    def clean_creation_key(self):
        try:
            return uuid.UUID(self.cleaned_data["creation_key"])
        except ValueError:
            return uuid.uuid4()

    def clean(self):
        data = super().clean()
        named = data.get("name") or data.get("affiliation")
        if data.get("publish_name") and not named and "name" not in self.errors:
            self.add_error("name", _("Give the name that we may publish."))
        return data

    def facts(self):
        """What is kept of it."""
        return {name: self.cleaned_data[name] for name in KEPT}


KEPT = "kind text shown_by name affiliation publish_name email creation_key".split()


# Holds off a flood of responses, without keeping a note of who sends them.

FROM_ONE_ADDRESS = 5
FROM_ALL = 60
SECONDS = 60 * 60


class ResponseThrottle:
    """Counts responses for an hour, from one address and from all together.

    An address is never stored: what stands for it here changes daily.
    """

    def __init__(self, request):
        sender = get_adapter().get_client_ip(request)
        self.limits = {
            f"responses-{sender}": FROM_ONE_ADDRESS,
            "responses-from-all": FROM_ALL,
        }

    @property
    def holds_off(self):
        """Whether there have been so many that no more are taken for now."""
        return any(cache.get(key, 0) >= most for key, most in self.limits.items())

    def count(self):
        """Count one; the first one starts the hour."""
        for key in self.limits:
            cache.add(key, 0, SECONDS)
            try:
                cache.incr(key)
            except ValueError:
                # It expired between the two lines.
                cache.set(key, 1, SECONDS)


class Respond(FormView):
    """The form; what cannot be taken is shown again with the reason."""

    form_class = ResponseForm
    template_name = "respond/respond_form.html"
    # What the response is about, as a field of it; none for the site as a whole.
    about = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.subject = self.find_subject()

    def find_subject(self):
        """The record it is about; raises Http404 for what is not public."""
        return None

    def get_initial(self):
        return {"creation_key": uuid.uuid4()}

    def form_valid(self, form):
        facts = form.facts()
        throttle = ResponseThrottle(self.request)
        if throttle.holds_off and not _is_known(facts["creation_key"]):
            return self.held_off(form)
        if self.about:
            facts[self.about] = self.subject
        made, is_new = receive(**facts)
        if is_new:
            throttle.count()
        return redirect(made)

    def held_off(self, form):
        """Keep what was typed, and say when to send it again."""
        form.add_error(
            None,
            _(
                "So many corrections and replies came in the last hour that no more are"
                " taken for now. Nothing you typed is lost: leave this page open and"
                " send it again in an hour."
            ),
        )
        response = self.form_invalid(form)
        response.status_code, response["Retry-After"] = 429, SECONDS
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.subject, **kwargs)


class RespondToSite(Respond):
    """About the site as a whole."""


class RespondToEvidence(Respond):
    """About one entry that is or was published."""

    about = "evidence"

    def find_subject(self):
        return get_object_or_404(Evidence.objects.public(), slug=self.kwargs["slug"])


class RespondToRecommendation(OfRecommendation, Respond):
    """About one recommendation."""

    about = "recommendation"

    def find_subject(self):
        return self.recommendation


def _is_known(key):
    return Response.objects.filter(creation_key=key).exists()
