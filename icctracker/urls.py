"""The map of the site: one include per audience."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("desk/", include("icctracker.contribute.urls")),
    path("review/", include("icctracker.review.urls")),
    path("account/", include("icctracker.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("icctracker.public.urls")),
]

handler400 = "icctracker.public.errors.bad_request"
handler403 = "icctracker.public.errors.forbidden"
handler404 = "icctracker.public.errors.not_found"
