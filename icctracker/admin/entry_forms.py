"""Forms for an entry, its sources and its findings: what the admin accepts."""

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker import symbols
from icctracker.models import Codebook, Evidence, Finding, Kind, Source
from icctracker.models.evidence import EARLIEST

VOTES = ("votes_yes", "votes_no", "votes_abstain")
COUNCIL_SEATS = 15
# Kinds on which bodies larger than the Council vote.
_LARGER_BODIES = (Kind.GA_RESOLUTION, Kind.ASP_RESOLUTION, Kind.OTHER)


class WideInput(forms.TextInput):
    """A line as wide as the texts below it."""

    def __init__(self, attrs=None):
        super().__init__({"class": "vLargeTextField"} | (attrs or {}))


class FactsForm(forms.ModelForm):
    """Facts of an entry that cannot be: future dates, impossible votes."""

    def clean_occurred_on(self):
        day = self.cleaned_data["occurred_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The date lies in the future."))
        if day and day < EARLIEST:
            raise forms.ValidationError(_("Nothing before 26 June 1945 is kept here."))
        return day

    def clean_symbol(self):
        return symbols.normalise(self.cleaned_data["symbol"])

    def clean_meeting(self):
        return symbols.normalise(self.cleaned_data["meeting"])

    def clean(self):
        data = super().clean()
        self._check_votes(data)
        return data

    def _check_votes(self, data):
        votes = {name: data.get(name) for name in VOTES}
        cast = [vote for vote in votes.values() if vote is not None]
        if not cast or any(name in self.errors for name in VOTES):
            return
        for name, vote in votes.items():
            if vote is None:
                self.add_error(name, _("Give all three numbers, or none."))
        if sum(cast) > COUNCIL_SEATS and data.get("kind") not in _LARGER_BODIES:
            text = _("The votes add up to %(sum)d; the Council has 15 members.")
            self.add_error("votes_yes", text % {"sum": sum(cast)})
        if data.get("kind") == Kind.VETO and votes["votes_no"] == 0:
            self.add_error("votes_no", _("A veto is a vote against."))


class EntryForm(FactsForm):
    """An entry in the admin; knows whether somebody else saved it meanwhile."""

    version_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Evidence
        fields = [
            *"occurred_on kind title summary situations actors tier".split(),
            *"symbol meeting votes_yes votes_no votes_abstain".split(),
            *"counter_evidence verification_note".split(),
        ]
        widgets = {"title": WideInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "version_seen" in self.fields:
            self.initial["version_seen"] = self.instance.version
        # A draft may have gaps; what awaits review may not.
        if self.instance.state != Evidence.State.DRAFT:
            for name in ("occurred_on", "kind", "title", "summary"):
                if name in self.fields:
                    self.fields[name].required = True

    def clean(self):
        data = super().clean()
        seen, current = data.get("version_seen"), self.instance.version
        if self.instance.pk and seen is not None and seen != current:
            # What was typed stays; saving once more is then a choice.
            self.data = self.data.copy()
            self.data[self.add_prefix("version_seen")] = current
            raise forms.ValidationError(
                _(
                    "Somebody saved this entry while you were editing it. Compare with"
                    " its history; to keep what is typed here, save again."
                )
            )
        return data


class PartsFormSet(BaseInlineFormSet):
    """Sources or findings of an entry; what awaits review has at least one."""

    missing = ""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        if self.instance.state != Evidence.State.DRAFT and not self.kept_forms():
            raise forms.ValidationError(self.missing)

    def kept_forms(self):
        """The rows that are filled and not marked to be deleted."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms
            and (form.instance.pk or form.has_changed())
        ]


class SourceForm(forms.ModelForm):
    """One source."""

    class Meta:
        model = Source
        fields = ["position", "url", "label", "official", "archived_url"]
        widgets = {"url": WideInput, "label": WideInput, "archived_url": WideInput}


class SourceFormSet(PartsFormSet):
    """The sources of an entry, in order: it rests on the first."""

    missing = gettext_lazy("An entry needs at least one source.")

    def rows(self):
        """What the actions take, in the order of the positions given."""
        forms_in_order = sorted(self.kept_forms(), key=self._place)
        return [form.cleaned_data for form in forms_in_order]

    def _place(self, form):
        """A new row whose position was left alone comes last."""
        placed = form.instance.pk or "position" in form.changed_data
        return (not placed, form.cleaned_data.get("position") or 0)


class FindingForm(forms.ModelForm):
    """One finding; without a form the kind of the entry proposes one."""

    class Meta:
        model = Finding
        fields = [
            *"criterion effect form form_reason occasion pinpoint rationale".split()
        ]
        widgets = {"form_reason": WideInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "criterion" in self.fields:
            # The codebook is kept on pages of its own.
            widget = self.fields["criterion"].widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = False
        if "form" in self.fields:
            self.fields["form"].required = False
            self.fields["form"].help_text = _("Leave empty for what the kind proposes.")


class FindingFormSet(PartsFormSet):
    """The findings of an entry, one per criterion."""

    missing = gettext_lazy("An entry needs at least one finding.")

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        current, seen = Codebook.objects.in_force(), set()
        for form in self.kept_forms():
            self._check(form, current, seen)

    def _check(self, form, current, seen):
        data = form.cleaned_data
        criterion = data["criterion"]
        if criterion.code in seen:
            form.add_error("criterion", _("There is a finding on it already."))
        seen.add(criterion.code)
        if "criterion" in form.changed_data and criterion.codebook_id != current.pk:
            form.add_error("criterion", _("It is not in the codebook in force."))
        proposed = self.instance.default_form
        chosen = data["form"] or proposed
        if proposed and chosen != proposed and not data["form_reason"].strip():
            text = _("The kind of the entry proposes “%(form)s”. Say why not.")
            form.add_error("form_reason", text % {"form": proposed.label})
