"""The map of the site: one include per audience."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("desk/", include("icctracker.web.desk.urls")),
    path("review/", include("icctracker.web.review.urls")),
    path("account/", include("icctracker.web.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("icctracker.web.respond.urls")),
    path("", include("icctracker.web.public.urls")),
]

handler400 = "icctracker.web.public.errors.bad_request"
handler403 = "icctracker.web.public.errors.forbidden"
handler404 = "icctracker.web.public.errors.not_found"
