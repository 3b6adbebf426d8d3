"""The form by which anybody says that something is wrong, or answers."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.fields import PlainForm, Text, WebAddress, limit
from icctracker.models import Response


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
