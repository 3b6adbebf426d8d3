"""Curation of invitations: made here, sent by email, withdrawn; never edited."""

import logging
from smtplib import SMTPException

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions import ActionRefused
from icctracker.actions.invitations import invite, withdraw_invitation
from icctracker.models import Invitation, User

from .base import CitedIsKept

logger = logging.getLogger(__name__)


class InviteForm(forms.ModelForm):
    """To whom, and with which role."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(
                _("Somebody with this address has an account already.")
            )
        return email


def send_invitation(invitation, token):
    """Send the link; the link, and whether the message could be sent."""
    link = settings.SITE_URL + reverse("invitation", args=[token])
    context = {"invitation": invitation, "link": link}
    subject = render_to_string("accounts/invitation_subject.txt").strip()
    body = render_to_string("accounts/invitation_email.txt", context)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (OSError, SMTPException):
        logger.exception("An invitation could not be sent")
        return link, False
    return link, True


@admin.action(
    description=gettext_lazy("Withdraw selected invitations"), permissions=["change"]
)
def withdraw_invitations(admin_of, request, queryset):
    """Make open invitations lead nowhere."""
    done = 0
    for invitation in queryset:
        try:
            withdraw_invitation(invitation, by=request.user)
        except ActionRefused as refusal:
            text = _("“%(name)s” was left as it is. %(why)s")
            messages.error(request, text % {"name": invitation.email, "why": refusal})
        else:
            done += 1
    if done:
        messages.success(request, _("Invitations withdrawn: %(n)d.") % {"n": done})


@admin.register(Invitation)
class InvitationAdmin(CitedIsKept, admin.ModelAdmin):
    """Who was invited, by whom, and what became of it."""

    form = InviteForm
    list_per_page = 50
    show_full_result_count = False
    list_display = ["email", "role", "invited_by", "created_at", "what_became_of_it"]
    list_filter = ["role"]
    list_select_related = ["invited_by"]
    search_fields = ["email"]
    actions = [withdraw_invitations]
    never_deleted = True
    keep_reason = gettext_lazy("Invitations stay on record until they are forgotten.")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["email", "role"]
        return [*self.get_readonly_fields(request, obj)]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return [
            *("email", "role", "invited_by", "created_at", "expires_at"),
            *("what_became_of_it", "accepted_by"),
        ]

    def save_model(self, request, obj, form, change):
        """A new one is made by its action; one that is there has no field to save."""
        if change:
            return
        made, token = invite(obj.email, obj.role, by=request.user)
        obj.pk = made.pk
        obj.refresh_from_db()
        link, sent = send_invitation(obj, token)
        self._tell(request, obj, link, sent)

    def _tell(self, request, invitation, link, sent):
        text = (
            _("The invitation is on its way to {}. Should the message not arrive, give")
            if sent
            else _("The message to {} could not be sent. Give")
        )
        rest = _(
            "this link to that person yourself. It is shown only now, and works once:"
        )
        level = messages.SUCCESS if sent else messages.WARNING
        words = format_html(
            "{} {} <code>{}</code>", text.format(invitation.email), rest, link
        )
        messages.add_message(request, level, words)

    @admin.display(description=gettext_lazy("what became of it"))
    def what_became_of_it(self, invitation):
        return invitation.state.label
