"""The form of a reconciliation: one decision for each criterion that differs."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import Effect, Form, ReconciledLine

Taken = ReconciledLine.Taken
NONE = "none"


class LineForm(forms.Form):
    """What is decided about one criterion, and why."""

    taken = forms.ChoiceField(
        label=gettext_lazy("What the finding says"),
        choices=Taken.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the three."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("Effect"),
        required=False,
        choices=[
            ("", ""),
            *Effect.choices,
            (NONE, gettext_lazy("No finding on this criterion")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose one of those listed.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        choices=[("", gettext_lazy("As the kind of event proposes")), *Form.choices],
        error_messages={"invalid_choice": gettext_lazy("Choose one of those listed.")},
    )
    occasion = forms.BooleanField(
        label=gettext_lazy("This was an occasion"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with both codings; readers of the entry see it."),
        error_messages={
            "required": gettext_lazy("Say why: the reason is kept with the decision."),
            "max_length": gettext_lazy(
                "Shorten it to %(limit_value)d characters: it has %(show_value)d."
            ),
        },
    )

    def __init__(self, *args, difference, proposed_form, **kwargs):
        prefix = f"line-{difference.criterion.pk}"
        super().__init__(*args, prefix=prefix, label_suffix="", **kwargs)
        self.difference, self.proposed_form = difference, proposed_form
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        said = _said(difference)
        self.fields["taken"].choices = [
            (Taken.FIRST, _("As the first coder: %(says)s") % {"says": said[0]}),
            (Taken.SECOND, _("As the second coder: %(says)s") % {"says": said[1]}),
            (Taken.OTHER, _("Otherwise, with the codes below")),
        ]

    def clean(self):
        data = super().clean()
        if data.get("taken") == Taken.OTHER and not data.get("effect"):
            if "effect" not in self.errors:
                self.add_error("effect", _("Choose what it is, if otherwise."))
        return data

    @property
    def shows_codes(self):
        """Whether the codes of one's own need to be seen: chosen or wrong."""
        names = ("effect", "form", "occasion")
        wrong = self.is_bound and any(self[name].errors for name in names)
        return wrong or self["taken"].value() == Taken.OTHER

    def line(self):
        """The decision, as the action wants it."""
        data = self.cleaned_data
        other = data["taken"] == Taken.OTHER and data["effect"] != NONE
        return {
            "criterion": self.difference.criterion,
            "taken": data["taken"],
            "reason": data["reason"],
            "effect": int(data["effect"]) if other else None,
            "form": (data["form"] or self.proposed_form) if other else "",
            "occasion": data["occasion"] if other else False,
        }


class ReconcileForm:
    """One line form for each difference, and what the person was shown."""

    def __init__(self, coding, *, stamp, data=None, proposal=None):
        self.stamp = data.get("stamp", "") if data is not None else stamp
        self.errors_first, self.refusal = [], ""
        proposed_form = coding.evidence.default_form or Form.SIGNAL
        earlier = _initial(proposal)
        self.lines = [
            LineForm(
                data,
                difference=difference,
                proposed_form=proposed_form,
                initial=earlier.get(difference.criterion.pk),
            )
            for difference in coding.differences()
        ]

    def is_valid(self):
        return all([line.is_valid() for line in self.lines])

    def decided(self):
        return [line.line() for line in self.lines]

    @property
    def problems(self):
        """Pairs of the id of a field and what is to be mended there."""
        found = [("", self.refusal)] if self.refusal else []
        for line in self.lines:
            for field in line:
                target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
                where = f"{line.difference.criterion.code}, {field.label}"
                found += [(target, f"{where}: {error}") for error in field.errors]
        return found


def _said(difference):
    """What each coder says: the effect, and whatever else they differ on."""
    pair = difference.first, difference.second
    forms = {line.form for line in pair if line}
    occasions = {line.occasion for line in pair if line}
    found = []
    for line in pair:
        words = [line.get_effect_display()] if line else [_("no finding")]
        if line and len(forms) > 1:
            words.append(line.get_form_display())
        if line and len(occasions) > 1:
            words.append(_("an occasion") if line.occasion else _("not an occasion"))
        found.append("; ".join(each[:1].lower() + each[1:] for each in words))
    return found


def _initial(proposal):
    """What a proposal says, by criterion, for whoever wants to change it."""
    if proposal is None:
        return {}
    return {
        line.criterion_id: {
            "taken": line.taken,
            "effect": NONE if line.effect is None else line.effect,
            "form": line.form,
            "occasion": line.occasion,
            "reason": line.reason,
        }
        for line in proposal.lines.all()
    }
