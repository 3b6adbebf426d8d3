"""The form of a search, in the admin and in imports."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import Search


class SearchForm(forms.ModelForm):
    """A search to put on the log."""

    class Meta:
        model = Search
        fields = ["criterion", "searched_on", "where", "query", "outcome"]

    def clean_searched_on(self):
        day = self.cleaned_data["searched_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A search cannot be dated in the future."))
        return day

    def clean(self):
        data = super().clean()
        names = ("criterion", "searched_on", "where", "query")
        same = {name: data.get(name) for name in names}
        if all(same.values()) and Search.objects.known().filter(**same).exists():
            self.add_error("query", _("This search is already on the log."))
        return data
