"""The map of the site: one include per audience."""

from django.urls import include, path

from icctracker.admin.registry import site

urlpatterns = [
    path("desk/", include("icctracker.web.desk.urls")),
    path("review/", include("icctracker.web.review.urls")),
    path("account/", include("icctracker.web.accounts.urls")),
    path("admin/", site.urls),
    path("", include("icctracker.web.respond.urls")),
    path("", include("icctracker.web.public.urls")),
]

handler400 = "icctracker.web.public.errors.bad_request"
handler403 = "icctracker.web.public.errors.forbidden"
handler404 = "icctracker.web.public.errors.not_found"
handler429 = "icctracker.web.accounts.views.too_many"
handler500 = "icctracker.web.public.errors.server_error"
