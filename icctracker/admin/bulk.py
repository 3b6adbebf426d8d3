"""Deciding about several records at once, each by its own action, with a reason."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.actions import ActionRefused
from icctracker.actions.review import decide, withdraw
from icctracker.actions.searches import withdraw_search
from icctracker.actions.verdicts import withdraw_verdict
from icctracker.fields import Text
from icctracker.models import ReviewDecision

MOST_AT_ONCE = 100

Outcome = ReviewDecision.Outcome


class ReasonForm(forms.Form):
    """Why; kept with each record."""

    reason = Text(
        label=gettext_lazy("Reason"),
        max_length=2000,
        rows=4,
    )

    def __init__(self, *args, needed=True, help_text="", **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.required, field.help_text = needed, help_text
        field.widget.attrs["class"] = "vLargeTextField"
        field.error_messages["required"] = _("Say why: the reason is kept.")


def confirm_and_apply(admin_of, request, queryset, *, apply, title, **words):
    """Ask for a reason, then apply one action to each record by itself.

    ``apply(record, reason, version)`` raises ActionRefused where it may not be done;
    what was refused is told record by record, and the others are done.
    """
    name = request.POST["action"]
    if queryset.count() > MOST_AT_ONCE:
        text = _("Choose no more than %(most)d at once. Nothing was changed.")
        messages.error(request, text % {"most": MOST_AT_ONCE})
        return None
    records = list(queryset)
    asked = "confirmed" in request.POST
    form = ReasonForm(
        request.POST if asked else None,
        needed=words.get("needed", True),
        help_text=words.get("help_text", ""),
    )
    if asked and form.is_valid():
        _apply_to_each(request, records, apply, form.cleaned_data["reason"])
        return None
    context = {
        **admin_of.admin_site.each_context(request),
        "title": title,
        "opts": admin_of.opts,
        "media": admin_of.media,
        "records": records,
        "form": form,
        "action": name,
        "checkbox": ACTION_CHECKBOX_NAME,
        "button": words["button"],
        "dangerous": words.get("dangerous", False),
    }
    return TemplateResponse(request, "admin/bulk_reason.html", context)


def _apply_to_each(request, records, apply, reason):
    done = 0
    for record in records:
        seen = request.POST.get(f"version-{record.pk}", "")
        try:
            apply(
                record,
                reason,
                int(seen) if seen.isdecimal() and len(seen) < 10 else None,
            )
        except ActionRefused as refusal:
            text = _("“%(name)s” was left as it is. %(why)s")
            messages.error(request, text % {"name": record, "why": refusal})
        else:
            done += 1
    if done:
        text = ngettext("Done for %(n)d record.", "Done for %(n)d records.", done)
        messages.success(request, text % {"n": done})


def _decide(admin_of, request, queryset, outcome, **words):
    def apply(entry, reason, version):
        decide(
            entry,
            reviewer=request.user,
            outcome=outcome,
            note=reason,
            version=version,
            # Deciding alone is told to readers, so it is done one by one.
            may_be_alone=False,
        )

    return confirm_and_apply(admin_of, request, queryset, apply=apply, **words)


@admin.action(
    description=gettext_lazy("Publish selected entries"), permissions=["review"]
)
def publish(admin_of, request, queryset):
    """Publish entries that await review."""
    return _decide(
        admin_of,
        request,
        queryset,
        Outcome.PUBLISH,
        title=_("Publish these entries"),
        button=_("Publish"),
        needed=False,
        help_text=_(
            "A comment, if you wish; readers see it. What you wrote or changed yourself"
            " is left out: somebody else decides on it."
        ),
    )


@admin.action(
    description=gettext_lazy("Send back selected entries"), permissions=["review"]
)
def send_back(admin_of, request, queryset):
    """Send entries that await review back to their authors."""
    return _decide(
        admin_of,
        request,
        queryset,
        Outcome.RETURN,
        title=_("Send these entries back to their authors"),
        button=_("Send back"),
        help_text=_("What the authors should do; they read it at their desk."),
    )


@admin.action(
    description=gettext_lazy("Decline selected entries"), permissions=["review"]
)
def decline(admin_of, request, queryset):
    """Decline entries that await review."""
    return _decide(
        admin_of,
        request,
        queryset,
        Outcome.DECLINE,
        title=_("Decline these entries"),
        button=_("Decline"),
        dangerous=True,
        help_text=_("Kept with the decision. A declined entry is never published."),
    )


@admin.action(
    description=gettext_lazy("Withdraw selected entries"), permissions=["curate"]
)
def withdraw_entries(admin_of, request, queryset):
    """Withdraw published entries."""

    def apply(entry, reason, version):
        withdraw(entry, by=request.user, reason=reason, version=version)

    return confirm_and_apply(
        admin_of,
        request,
        queryset,
        apply=apply,
        title=_("Withdraw these entries"),
        button=_("Withdraw"),
        dangerous=True,
        help_text=_("Readers see it. The pages stay; no status counts them any more."),
    )


@admin.action(
    description=gettext_lazy("Withdraw selected searches"), permissions=["change"]
)
def withdraw_searches(admin_of, request, queryset):
    """Take searches off the log."""

    def apply(search, reason, version):
        withdraw_search(search, by=request.user, reason=reason)

    return confirm_and_apply(
        admin_of,
        request,
        queryset.select_related("criterion"),
        apply=apply,
        title=_("Withdraw these searches"),
        button=_("Withdraw"),
        dangerous=True,
        help_text=_("Kept with the search. The past stays as it was known."),
    )


@admin.action(
    description=gettext_lazy("Withdraw selected verdicts"), permissions=["change"]
)
def withdraw_verdicts(admin_of, request, queryset):
    """Take verdicts of other trackers off the page."""

    def apply(verdict, reason, version):
        withdraw_verdict(verdict, by=request.user, reason=reason)

    return confirm_and_apply(
        admin_of,
        request,
        queryset,
        apply=apply,
        title=_("Withdraw these verdicts"),
        button=_("Withdraw"),
        dangerous=True,
        help_text=_("Kept with the verdict. The past stays as it was known."),
    )
