"""Forms for one's own password and profile."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import User


class SetPasswordForm(auth_forms.SetPasswordForm):
    """A password that a person chooses; it is no longer temporary."""

    def save(self, commit=True):
        self.user.password_is_temporary = False
        return super().save(commit)


class PasswordChangeForm(SetPasswordForm, auth_forms.PasswordChangeForm):
    """A new password, different from the one it replaces."""

    def clean_new_password2(self):
        password = self.cleaned_data.get("new_password2")
        # A one-time password has been seen by others, so it must not stay.
        if password and self.user.check_password(password):
            raise forms.ValidationError(
                _("Choose a password that differs from the present one.")
            )
        return password


class ProfileForm(forms.ModelForm):
    """How a person is named on the site, and where email reaches them."""

    class Meta:
        model = User
        fields = ["public_name", "show_name", "email"]
        help_texts = {
            "email": gettext_lazy(
                "Never shown. A new password can only be sent to this address."
            ),
        }
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def clean(self):
        data = super().clean()
        if data.get("show_name") and not data.get("public_name"):
            self.add_error("public_name", _("Write the name that is to be shown."))
        return data
