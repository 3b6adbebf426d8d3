"""Who may sit at the desk, and what becomes of the work of those signed out."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin

from . import typed


class DeskAccess(PermissionRequiredMixin, ContextMixin):
    """For those who may log evidence; strangers are asked to sign in.

    Whoever was signed out while writing finds what they typed after signing in again.
    """

    permission_required = "icctracker.add_evidence"

    def handle_no_permission(self):
        request = self.request
        if request.method == "POST" and not request.user.is_authenticated:
            if typed.keep(request, request.POST):
                messages.info(
                    request,
                    _("You were signed out. Sign in: what you typed has been kept."),
                )
            elif typed.opened_by(request.POST):
                messages.warning(
                    request,
                    _(
                        "You were signed out, and what you typed is too long to be kept"
                        " here. Go back in your browser and copy it before you sign in."
                    ),
                )
        elif request.method == "POST" and self.kept_for_later():
            messages.warning(
                request,
                _(
                    "Your role was changed in the meantime. What you typed has been"
                    " kept: you find it here should your role come back."
                ),
            )
        return super().handle_no_permission()

    def kept_for_later(self):
        """Whether what was typed by somebody who lost their role could be kept."""
        data = self.request.POST
        own = typed.opened_by(data) == self.request.user.pk
        return own and typed.keep(self.request, data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            opened_by=typed.sign(self.request.user), **kwargs
        )
