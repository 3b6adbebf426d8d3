"""What the form of a filter refuses: conditions that nothing can fulfil."""

from urllib.parse import urlencode

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .either import Several, values_of


class FilterForm(forms.Form):
    """Says which conditions cannot hold together, and offers the other order."""

    # The address with the two ends of a period exchanged, if they stand the wrong way.
    other_order = ""

    def clean(self):
        data = super().clean()
        for name, field in self.fields.items():
            given = values_of(self.data, self.add_prefix(name))
            if len(given) > 1 and not isinstance(field.widget, Several):
                text = _("Give one value here; the address has %(first)s and %(last)s.")
                said = {"first": given[0][:40], "last": given[-1][:40]}
                self.add_error(name, text % said)
        self._period(data.get("date_from"), data.get("date_to"))
        since, year = data.get("since"), data.get("year")
        if since and year and since > year:
            text = _("Nothing of %(year)d is since %(since)d.")
            self.add_error("since", text % {"year": year, "since": since})
        return data

    def _period(self, first, last):
        if not (first and last and first > last):
            return
        text = _("%(first)s is after %(last)s, the end of the period.")
        said = {"first": date_format(first), "last": date_format(last)}
        self.add_error("date_from", text % said)
        turned = {"date_from": last.isoformat(), "date_to": first.isoformat()}
        others = [
            (name, value)
            for name in self.data
            if name not in (*turned, "page")
            for value in values_of(self.data, name)
        ]
        self.other_order = f"?{urlencode([*others, *turned.items()])}"
