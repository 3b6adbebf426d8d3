"""What everything is compared with: the site with one more page, which does nothing.

It has the site's settings, middleware and layout, and asks the database for one row.
Beside it stands Django's own list of entries, without anything of ours.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")

application = get_wsgi_application()

from django.contrib import admin  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

from icctracker import urls  # noqa: E402
from icctracker.models import Evidence  # noqa: E402

PAGE = engines["django"].from_string(
    "{% extends 'base.html' %}"
    "{% block title %}{{ title }}{% endblock %}"
    "{% block content %}<h1>{{ title }}</h1>{% endblock %}"
)


class WithoutDjango:
    """Answers one address before Django is asked: what serving as such costs."""

    def __init__(self, beneath):
        self.beneath = beneath

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != "/nothing/":
            return self.beneath(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"nothing"]


application = WithoutDjango(application)


def without_layout(request):
    """One row, and nothing around it."""
    return HttpResponse(Evidence.objects.filter(pk=1).values_list("title")[0])


def bare(request):
    """One row in the layout of every page."""
    row = Evidence.objects.filter(pk=1).values_list("title")[0]
    return HttpResponse(PAGE.render({"title": row[0]}, request))


class StockList(admin.ModelAdmin):
    list_display = ["title", "occurred_on", "kind", "tier"]
    list_filter = ["kind", "tier"]
    list_per_page = 25


stock = admin.AdminSite("stock")
stock.register(Evidence, StockList)
urls.urlpatterns[:0] = [
    path("bare/", bare),
    path("without-layout/", without_layout),
    path("stock/", stock.urls),
]
