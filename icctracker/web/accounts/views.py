"""One's own profile and sessions, invitations, and closing an account.

Signing in and out, passwords and second steps are django-allauth's.
"""

import re
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.views import LoginView, PasswordResetFromKeyView
from allauth.decorators import rate_limit
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, UpdateView, View

from icctracker.actions import ActionRefused
from icctracker.actions.mail import person_of
from icctracker.actions.people import (
    accept,
    close_account,
    drafts_of,
    end_sessions,
    returned_to,
)
from icctracker.models import Invitation, User
from icctracker.models.roles import LABELS

from .forms import ClosingForm, InvitationForm, ProfileForm
from .known import remember, store_is_busy
from .middleware import SECOND_STEPS

# What kind of browser a session runs in, in words.

# In this order: most browsers claim to be another one as well.
BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/|Opera",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrome/|CriOS/|Chromium/",
    "Safari": r"Safari/",
}
SYSTEMS = {
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Android": r"Android",
    "Windows": r"Windows",
    "macOS": r"Mac OS X|Macintosh",
    "ChromeOS": r"CrOS",
    "Linux": r"Linux|X11",
}


def described(user_agent):
    """The browser and the system, as far as they say who they are."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _first(patterns, text):
    names = (name for name, pattern in patterns.items() if re.search(pattern, text))
    return next(names, "")


class SignIn(LoginView):
    """Signing in with a name and a password."""

    def form_invalid(self, form):
        """Where nothing could be counted no password was looked at: 503, not 200."""
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "busy"):
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            response["Retry-After"] = SECONDS_UNTIL_FREE
        return response


class NewPassword(PasswordResetFromKeyView):
    """Choosing a new password by a link; its browser is known from then on."""

    def form_valid(self, form):
        response = super().form_valid(form)
        remember(self.request, response, self.reset_user, anew=True)
        return response


SECONDS_UNTIL_FREE = 60


def too_many(request):
    """429; or 503, if what refused is not a limit but a store that cannot count."""
    if store_is_busy():
        response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = SECONDS_UNTIL_FREE
        return response
    return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)


class Profile(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own profile: the name shown, if any, and the way to all else."""

    form_class = ProfileForm
    context_object_name = "profile"
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("profile")
    success_message = gettext_lazy("Your profile is saved.")

    def get_object(self, queryset=None):
        """A fresh copy, so that a refused form changes nothing on the page."""
        return User.objects.get(pk=self.request.user.pk)

    def get_context_data(self, **kwargs):
        groups = self.request.user.groups.values_list("name", flat=True)
        roles = [LABELS[name] for name in LABELS if name in set(groups)]
        waiting = self.request.user.email_changes.waiting().first()
        return super().get_context_data(roles=roles, waiting=waiting, **kwargs)


class SessionList(ListUserSessionsView):
    """Where one is signed in, and signing out of it all."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = described(session.user_agent)
        return context

    def form_valid(self, form):
        response = super().form_valid(form)
        if "here_too" not in self.request.POST:
            return response
        get_adapter().logout(self.request)
        messages.success(self.request, _("You are signed out everywhere."))
        return redirect("home")


class SecondStepAdded:
    """With the first second step all sessions end that were begun without one."""

    def form_valid(self, form):
        user, here = self.request.user, self.request.session.session_key
        first = not is_mfa_enabled(user, SECOND_STEPS)
        response = super().form_valid(form)
        if first and end_sessions(user, but=here):
            text = _("You are signed out everywhere else: sign in there with it.")
            messages.info(self.request, text)
        return response


class AppAdd(SecondStepAdded, ActivateTOTPView):
    """Setting up an app for one-time codes."""


class PasskeyAdd(SecondStepAdded, AddWebAuthnView):
    """Adding a passkey."""


@method_decorator(rate_limit(action="signup"), name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
class InvitationAccept(FormView):
    """Making an account by an invitation; says why one no longer works."""

    form_class = InvitationForm
    template_name = "accounts/invitation.html"
    success_url = reverse_lazy("sign-in")

    def dispatch(self, request, *args, token, **kwargs):
        self.token = token
        self.invitation = Invitation.objects.by_token(token)
        if self.invitation is None:
            return self.ended(404)
        if self.invitation.state != Invitation.State.OPEN:
            return self.ended(410)
        if request.user.is_authenticated:
            return render(request, "accounts/invitation_signed_in.html")
        return super().dispatch(request, *args, **kwargs)

    def ended(self, status):
        context = {"invitation": self.invitation}
        return render(
            self.request, "accounts/invitation_ended.html", context, status=status
        )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "instance": User(email=self.invitation.email)
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            invitation=self.invitation, role=LABELS[self.invitation.role], **kwargs
        )

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            accept(
                self.token,
                username=data["username"],
                password=data["password1"],
                public_name=data["public_name"],
                show_name=data["show_name"],
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Your account is ready. Sign in to begin your work.")
        )
        return super().form_valid(form)


@method_decorator(reauthentication_required, name="dispatch")
class AccountClose(FormView):
    """Closing one's own account, for good."""

    form_class = ClosingForm
    template_name = "accounts/close.html"
    success_url = reverse_lazy("home")

    def get_initial(self):
        return {"drafts": drafts_of(self.request.user).count()}

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            drafts=drafts_of(user), returned=returned_to(user), **kwargs
        )

    def form_valid(self, form):
        person = self.request.user
        try:
            close_account(person, by=person, drafts=form.cleaned_data["drafts"])
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        self.request.session.flush()
        messages.success(self.request, _("Your account is closed. Thank you."))
        return super().form_valid(form)


# How often the tracker writes to a person, and the link that stops it.


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
