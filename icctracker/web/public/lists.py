"""Filtered lists of which only the page that is shown is read."""

from django.template.loader import render_to_string

from icctracker.web.kit.answers import digest

from .moments import InParts


class FilteredInParts(InParts):
    """A filtered list: its form is made once for all of its pages."""

    def asked(self):
        """What tells one filter from another, on whichever page."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return digest(asked.urlencode())

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
