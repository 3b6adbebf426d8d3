"""Signing in and out, passwords, and one's own profile."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.shortcuts import resolve_url
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import UpdateView

from icctracker.models import User
from icctracker.roles import LABELS

from .forms import PasswordChangeForm, ProfileForm, SetPasswordForm
from .throttle import SECONDS, SignInThrottle


class SignIn(auth_views.LoginView):
    """The sign-in page; after ten failures it holds off for a quarter of an hour."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        self.username = request.POST.get("username", "")
        self.throttle = SignInThrottle(request, self.username)
        if self.throttle.holds_off:
            return self.hold_off()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        self.throttle.clear()
        return super().form_valid(form)

    def form_invalid(self, form):
        self.throttle.failed()
        return super().form_invalid(form)

    def hold_off(self):
        """Say how long to wait, without trying the password."""
        form = self.form_class(self.request, initial={"username": self.username[:150]})
        context = self.get_context_data(form=form, wait_minutes=SECONDS // 60)
        return self.render_to_response(
            context, status=429, headers={"Retry-After": str(SECONDS)}
        )

    def get_redirect_url(self):
        """The page asked for, if it is ours and is not this one."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] == self.request.path else url

    def get_default_redirect_url(self):
        """The desk for those who have one, else the profile."""
        if self.request.user.has_perm("icctracker.add_evidence"):
            return super().get_default_redirect_url()
        return resolve_url("profile")


class PasswordChange(auth_views.PasswordChangeView):
    """Change one's own password."""

    form_class = PasswordChangeForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("password-change-done")


class PasswordReset(auth_views.PasswordResetView):
    """Ask for a link to choose a new password; the answer tells nothing."""

    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = reverse_lazy("password-reset-sent")
    extra_email_context = {"site_url": settings.SITE_URL}


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    """Choose a new password by the link that was sent."""

    form_class = SetPasswordForm
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("password-reset-complete")


class Profile(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own profile: the name shown, if any, and the email address."""

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
        return super().get_context_data(roles=roles, **kwargs)


class SignOut(auth_views.LogoutView):
    """Signs out, by POST only, and says so."""

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        messages.success(request, _("You are signed out."))
        return response
