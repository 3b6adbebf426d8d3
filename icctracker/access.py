"""What becomes of the words of somebody who may no longer send them."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.urls import reverse

# The texts that people write on pages without a draft of their own.
WRITTEN = ("note", "rationale", "text", "reason")


class NothingLost(PermissionRequiredMixin):
    """For a role alone; whoever lost it while writing is shown what they wrote."""

    def handle_no_permission(self):
        request = self.request
        written = [request.POST.get(name, "").strip() for name in WRITTEN]
        written = [text for text in written if text]
        if not written:
            return super().handle_no_permission()
        context = {"written": written}
        if not request.user.is_authenticated:
            context["sign_in"] = reverse("sign-in", query={"next": request.path})
        return render(request, "may_not.html", context, status=403)
