"""What a curator does to accounts besides changing their fields, with a reason."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.accounts import close_account, reset_two_factor

from .bulk import confirm_and_apply


@admin.action(
    description=gettext_lazy("Close selected accounts and forget the people"),
    permissions=["change"],
)
def close_accounts(admin_of, request, queryset):
    """Forget people; their work stays."""

    def apply(person, reason, version):
        closed = close_account(person, by=request.user)
        said = _("Account closed: %(why)s") % {"why": reason}
        admin_of.log_change(request, closed, said)

    return confirm_and_apply(
        admin_of,
        request,
        queryset,
        apply=apply,
        title=_("Close these accounts"),
        button=_("Close for good"),
        dangerous=True,
        help_text=_(
            "This cannot be undone. Names, addresses, passwords and drafts that nobody"
            " else has seen are deleted; what was submitted and decided stays under a"
            " made-up name, and what was sent back to them goes to the reviewers again."
            " Do not name the person here: the reason is kept."
        ),
    )


@admin.action(
    description=gettext_lazy("Remove the second step of selected people"),
    permissions=["change"],
)
def reset_second_steps(admin_of, request, queryset):
    """Help those who have lost telephone, key and recovery codes."""

    def apply(person, reason, version):
        reset_two_factor(person, by=request.user)
        said = _("Second step removed: %(why)s") % {"why": reason}
        admin_of.log_change(request, person, said)

    return confirm_and_apply(
        admin_of,
        request,
        queryset,
        apply=apply,
        title=_("Remove the second step of these people"),
        button=_("Remove it"),
        dangerous=True,
        help_text=_(
            "How you made sure that it is they who ask. They are signed out, sign in"
            " with the password alone, and set up another second step."
        ),
    )
