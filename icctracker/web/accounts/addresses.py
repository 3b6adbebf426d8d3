"""The pages of one's address: asking for another, confirming it, undoing the change."""

from allauth.account.adapter import get_adapter
from allauth.decorators import rate_limit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.mail import EmailMessage
from django.db import transaction
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View

from icctracker.actions import ActionRefused
from icctracker.actions.addresses import (
    NO_LONGER,
    ask_for_address,
    confirm_address,
    find,
    take_back,
    undo_address,
)
from icctracker.actions.outbox import put
from icctracker.models import EmailChange, Message
from icctracker.models.people import digest

from .forms import ConfirmCodeForm, PasswordResetForm


class AddressForm(forms.Form):
    """The new address, and what shows that it is its owner who asks.

    Asked for however recently somebody signed in: a desk may have been left unlocked.
    """

    email = forms.EmailField(
        label=gettext_lazy("New email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    proof = forms.CharField(
        label=gettext_lazy("Your password, or a code"),
        help_text=gettext_lazy(
            "The password that you sign in with; or six digits from your app, or one of"
            " your recovery codes. Asked for each time, so that nobody can change the"
            " address at a desk that you have left."
        ),
        max_length=254,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_proof(self):
        """One of the two; how often it was wrong is counted as at the sign-in."""
        proof = self.cleaned_data["proof"]
        digits = proof.replace(" ", "")
        if digits.isdigit() and self.user.authenticator_set.exists():
            form = ConfirmCodeForm(data={"code": digits}, user=self.user)
            if not form.is_valid():
                raise forms.ValidationError(form.errors["code"])
            form.save()
        elif not get_adapter().reauthenticate(self.user, proof):
            raise get_adapter().validation_error("incorrect_password")
        return proof


def write(to, name, *, until=None, **context):
    """Leave one of the messages about an address in the outbox."""
    subject = render_to_string(f"accounts/address_{name}_subject.txt").strip()
    body = render_to_string(f"accounts/address_{name}.txt", context)
    email = EmailMessage(subject, body, None, [to])
    put(email, kind=Message.Kind.ACCOUNT, until=until)


def link(name, token):
    return settings.SITE_ORIGIN + reverse(name, args=[token])


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("proof"), name="dispatch")
class AddressChange(LoginRequiredMixin, FormView):
    """Asks for another address, or takes back what was asked for."""

    form_class = AddressForm
    template_name = "accounts/address.html"
    success_url = reverse_lazy("profile")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    @method_decorator(rate_limit(action="manage_email"))
    def post(self, request, *args, **kwargs):
        if "take_back" not in request.POST:
            return super().post(request, *args, **kwargs)
        if take_back(request.user):
            messages.success(request, _("Your address stays as it is."))
        return redirect(self.success_url)

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        try:
            with transaction.atomic():
                change, *tokens = ask_for_address(self.request.user, email)
                self.tell(change, *tokens)
        except ActionRefused as refusal:
            form.add_error("email", str(refusal))
            return self.form_invalid(form)
        text = _(
            "A message is on its way to %(email)s. Your address changes when you open"
            " the link in it."
        )
        messages.success(self.request, text % {"email": change.email})
        return super().form_valid(form)

    def tell(self, change, confirming, undoing):
        """Tell both addresses; the former first."""
        if change.former:
            undo = link("address-undo", undoing)
            until = change.undo_until
            write(change.former, "asked", until=until, change=change, link=undo)
        confirm = link("address-confirm", confirming)
        until = change.confirm_until
        write(change.email, "confirm", until=until, change=change, link=confirm)

    def get_context_data(self, **kwargs):
        waiting = self.request.user.email_changes.waiting().first()
        return super().get_context_data(waiting=waiting, **kwargs)


@method_decorator(rate_limit(action="signup"), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ByLink(View):
    """What the link in a message leads to; programmes that open links change nothing.

    Signed in or not: the link is the proof.
    """

    template_name = ""

    def changes(self):
        """The changes for which such a link still works, and by what it is told."""
        raise NotImplementedError

    def get(self, request, token):
        changes, field = self.changes()
        try:
            change = find(changes, **{field: digest(token)})
        except ActionRefused:
            return self.ended()
        return render(request, self.template_name, {"change": change})

    def ended(self, why=NO_LONGER):
        context = {"why": why}
        return render(self.request, "accounts/address_ended.html", context, status=404)


class AddressConfirm(ByLink):
    """Confirms a new address."""

    template_name = "accounts/address_confirm.html"

    def changes(self):
        return EmailChange.objects.waiting(), "confirm_digest"

    def post(self, request, token):
        try:
            change = confirm_address(token)
        except ActionRefused as refusal:
            return self.ended(str(refusal))
        if change.former:
            write(change.former, "changed", change=change)
        text = _("Your address is %(email)s from now on.")
        messages.success(request, text % {"email": change.email})
        return redirect("profile" if request.user.is_authenticated else "sign-in")


class AddressUndo(ByLink):
    """Puts the former address back and shuts out whoever asked for another."""

    template_name = "accounts/address_undo.html"

    def changes(self):
        return EmailChange.objects.undoable(), "undo_digest"

    def post(self, request, token):
        try:
            change = undo_address(token)
        except ActionRefused as refusal:
            return self.ended(str(refusal))
        if request.user.is_authenticated and request.user.pk == change.person_id:
            get_adapter().logout(request)
        self.send_password(change.former)
        context = {"change": change, "done": True}
        return render(request, self.template_name, context)

    def send_password(self, email):
        """The message by which its owner chooses a new password."""
        form = PasswordResetForm({"email": email})
        if form.is_valid():
            form.save(self.request)
