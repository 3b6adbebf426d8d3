"""Filtered lists of which only the page that is shown is read."""

from django.template.loader import render_to_string

from icctracker.web.kit.answers import digest

from .moments import InParts


class FilteredInParts(InParts):
    """A filtered list: its form, its count and the keys of a page are made once."""

    def asked(self):
        """What tells one filter from another, on whichever page."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return digest(asked.urlencode())

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        name = f"{self.model.__name__}-count:{self.asked()}"
        paginator.count = self.numbers(name, lambda: paginator.count)
        return paginator

    def filter_form(self):
        """The form, which every page of a list shows alike."""

        def make():
            context = {"filter": self.filterset, "moment": self.moment}
            path = "components/filter_form.html"
            return render_to_string(path, context, self.request)

        if self.filterset.form.errors:
            return make()
        name = f"{self.model.__name__}-filter:{bool(self.request.GET)}:{self.asked()}"
        return self.part(name, make)
