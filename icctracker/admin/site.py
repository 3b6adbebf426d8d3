"""The admin site that curators use."""

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

# The index in the order of a curator's work, not of the alphabet.
SECTIONS = {
    _("Evidence"): ("Evidence", "Search", "Situation", "Actor"),
    _("Recommendations and codebook"): (
        "Recommendation",
        "Criterion",
        "Codebook",
        "Publication",
        "Addressee",
        "Gap",
    ),
    _("The Council's record: to be read, and imported"): (
        "Document",
        "Ballot",
        "Member",
        "OtherValue",
        "Import",
        "ImportRun",
    ),
    _("Records, to be read only"): (
        *("Finding", "Coding", "Reconciliation", "Sample"),
        *("ReviewDecision", "Assessment", "Dismissal"),
    ),
    _("People"): ("User", "Invitation", "Group"),
}


class CurationSite(AdminSite):
    """Django's admin under the tracker's name and behind the site's own sign-in."""

    site_title = _("ICC Tracker curation")
    site_header = _("ICC Tracker curation")
    index_title = _("Curation")
    enable_nav_sidebar = False

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Sends a stranger to the sign-in page; tells others they may not enter."""
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target, reverse("sign-in"))
        if self.has_permission(request):
            return redirect("admin:index")
        return self._refuse(request)

    def password_change(self, request, extra_context=None):
        """Passwords are changed on the site's own page."""
        return redirect("password-change")

    def get_app_list(self, request, app_label=None):
        """The models a person may see, in sections."""
        apps = super().get_app_list(request, app_label)
        models = {
            model["object_name"]: model for app in apps for model in app["models"]
        }
        sections = [
            {
                "name": name,
                "app_label": "icctracker",
                "app_url": reverse("admin:index", current_app=self.name),
                "has_module_perms": True,
                "models": [models[noun] for noun in nouns if noun in models],
            }
            for name, nouns in SECTIONS.items()
        ]
        return [section for section in sections if section["models"]]

    def _refuse(self, request):
        context = {**self.each_context(request), "title": _("Curation is for curators")}
        return TemplateResponse(request, "admin/refused.html", context, status=403)
