"""What becomes of the words of somebody who was signed out while writing them."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.urls import reverse

# The texts that people write on pages without a draft of their own.
WRITTEN = ("note", "rationale", "text", "reason")


class NothingLost(PermissionRequiredMixin):
    """For a role alone; whoever was signed out while writing is shown what they wrote.

    Whoever lost the role is given it back by the page that refuses.
    """

    def handle_no_permission(self):
        request = self.request
        written = [request.POST.get(name, "").strip() for name in WRITTEN]
        written = [text for text in written if text]
        if not written or request.user.is_authenticated:
            return super().handle_no_permission()
        sign_in = reverse("sign-in", query={"next": request.path})
        context = {"written": written, "sign_in": sign_in}
        return render(request, "signed_out.html", context, status=403)
