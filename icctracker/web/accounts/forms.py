"""The forms of signing in, of passwords and second steps, and of one's own account."""

from struct import error as StructError

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import User

CODE_HINT = gettext_lazy("Six digits from your app, or one of your recovery codes.")


class Plain:
    """Has its words in labels and hints, none inside the fields themselves.

    ``words`` gives the label and, where there is one, the hint of each field.
    """

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignInForm(Plain, account_forms.LoginForm):
    words = {
        "login": (gettext_lazy("User name or email address"), ""),
        "password": (gettext_lazy("Password"), ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.max_length = 254
        field.validators.append(forms.CharField(max_length=254).validators[0])
        field.widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def user_credentials(self):
        """What was typed, as a name; the backend tries it as an address as well.

        Given as both, the password of a known address would be tried twice, and the
        time it takes would tell that the address is known.
        """
        return {
            "username": self.cleaned_data["login"],
            "password": self.cleaned_data["password"],
        }


NEW_PASSWORD = (
    gettext_lazy("New password"),
    password_validation.password_validators_help_text_html(),
)
AGAIN = (gettext_lazy("The new password again"), "")


class PasswordChangeForm(Plain, account_forms.ChangePasswordForm):
    words = {
        "oldpassword": (gettext_lazy("Present password"), ""),
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }


class NewPasswordForm(Plain, account_forms.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class PasswordResetForm(Plain, account_forms.ResetPasswordForm):
    """Sends a message in any case, so that the time it takes tells nothing."""

    words = {"email": (gettext_lazy("Email address"), "")}

    def save(self, request, **kwargs):
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class ConfirmPasswordForm(Plain, account_forms.ReauthenticateForm):
    words = {"password": (gettext_lazy("Password"), "")}


class CodeForm(Plain, mfa_forms.AuthenticateForm):
    words = {"code": (gettext_lazy("Code"), CODE_HINT)}


class ConfirmCodeForm(Plain, mfa_forms.ReauthenticateForm):
    words = {"code": (gettext_lazy("Code"), CODE_HINT)}


class AppForm(Plain, ActivateTOTPForm):
    words = {
        "code": (
            gettext_lazy("Code"),
            gettext_lazy("The six digits that the app shows now."),
        )
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def secret_in_groups(self):
        """The secret as one types it: four characters at a time."""
        return " ".join(
            self.secret[at : at + 4] for at in range(0, len(self.secret), 4)
        )


class CredentialField(forms.JSONField):
    """What a browser says of a passkey; refused however deep or long its parts are."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid"
            ) from None

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except (RecursionError, ValueError):
            return None


class OddCredentialsRefused:
    """Says so when something is no passkey; the library expects all its parts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self):
        return self._or_refused(super().clean_credential)

    def _or_refused(self, clean):
        try:
            return clean()
        except (LookupError, TypeError, ValueError, AttributeError, StructError):
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class PasskeySignInForm(OddCredentialsRefused, LoginWebAuthnForm):
    pass


class PasskeySecondStepForm(OddCredentialsRefused, AuthenticateWebAuthnForm):
    pass


class PasskeyConfirmForm(OddCredentialsRefused, ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(Plain, OddCredentialsRefused, AddWebAuthnForm):
    words = {
        "name": (
            gettext_lazy("Name"),
            gettext_lazy("To tell your passkeys apart: the telephone, the blue key."),
        ),
        "passwordless": (
            gettext_lazy("Sign in with it alone, without name and password"),
            gettext_lazy(
                "The device then asks for your finger, your face or its PIN. Untick"
                " this for a security key that cannot."
            ),
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["passwordless"].initial = True

    def clean_name(self):
        return super().clean_name()[:60]

    def clean_credential(self):
        return self.cleaned_data["credential"]

    def clean(self):
        return self._or_refused(super().clean)


class PasskeyNameForm(Plain, EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)


class ProfileForm(forms.ModelForm):
    """How a person is named on the site."""

    class Meta:
        model = User
        fields = ["public_name", "show_name"]

    def clean(self):
        data = super().clean()
        if data.get("show_name") and not data.get("public_name"):
            self.add_error("public_name", _("Write the name that is to be shown."))
        return data


class InvitationForm(ProfileForm):
    """What somebody chooses who was invited; the address and the role are given."""

    password1 = SetPasswordField(label=gettext_lazy("Password"))
    password2 = PasswordField(
        label=gettext_lazy("The password again"), autocomplete="new-password"
    )

    class Meta(ProfileForm.Meta):
        fields = ["username", "public_name", "show_name"]
        labels = {"username": gettext_lazy("User name")}
        help_texts = {
            "username": gettext_lazy(
                "To sign in with; only your colleagues see it. It need not be your"
                " name. Letters, digits and @ . + - _ only."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {
            "autocomplete": "username",
            "spellcheck": "false",
        }
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].user = self.instance

    def clean(self):
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return data


class ClosingForm(forms.Form):
    """That the owner of an account means it."""

    drafts = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    sure = forms.BooleanField(
        label=gettext_lazy("I understand that this cannot be undone"),
        error_messages={
            "required": gettext_lazy("Tick this, or leave the account as it is.")
        },
    )
