"""Curation of people: accounts and roles, never more than a curator has."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.db.models import Q
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.actions import ActionRefused
from icctracker.actions.outbox import end, hurry, put
from icctracker.actions.people import (
    close_account,
    invite,
    reset_two_factor,
    withdraw_invitation,
)
from icctracker.models import Invitation, Message, User
from icctracker.models.people import people_named
from icctracker.models.roles import CURATOR, LABELS, PERMISSIONS

from .base import CitedIsKept, RecordAdmin, confirm_and_apply
from .forms import KeysField
from .lists import AskedRightly, FoldedSearch

# What a curator does to accounts besides changing their fields, with a reason.


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


# Only a superuser sees these, and nobody changes them for themselves.
SUPERUSER_FIELDS = ["is_superuser", "user_permissions"]
ACCESS_FIELDS = ["is_active", "groups"]


class RolesField(KeysField):
    """The three roles, in the reader's words."""

    def label_from_instance(self, group):
        return str(LABELS.get(group.name, group.name))


class AddPersonForm(UserCreationForm):
    """A new account, with a password that its owner must replace."""

    class Meta(UserCreationForm.Meta):
        model = User

    def save(self, commit=True):
        self.instance.password_is_temporary = True
        return super().save(commit)


class PersonForm(UserChangeForm):
    """An account; the password is changed on a page of its own."""

    class Meta(UserChangeForm.Meta):
        model = User


class GivenPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else has seen, so its owner must replace it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An account is put out of use by making it inactive, not by a lost password.
        self.fields.pop("usable_password", None)

    def save(self, commit=True):
        self.user.password_is_temporary = True
        return super().save(commit)


@admin.register(User)
class PersonAdmin(CitedIsKept, AskedRightly, FoldedSearch, UserAdmin):
    """People and their roles; the right to enter the admin follows the role."""

    form = PersonForm
    add_form = AddPersonForm
    change_password_form = GivenPasswordForm
    list_per_page = 25
    show_full_result_count = False
    list_display = ["username", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    actions = ["delete_selected", reset_second_steps, close_accounts]
    change_list_template = "admin/people_change_list.html"
    search_fields = ["folded"]
    ordering = ["username"]
    date_hierarchy = None
    filter_horizontal = ["user_permissions"]
    # Whether and how to be named is for each person to say.
    readonly_fields = [
        "public_name",
        "show_name",
        "password_is_temporary",
        "is_staff",
        "last_login",
        "date_joined",
        "closed_at",
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "email", "groups", "password1", "password2"],
                "description": gettext_lazy(
                    "Give the password to the person; at the first sign-in they must"
                    " choose their own."
                ),
            },
        )
    ]
    cited_by = "evidence findings searches decisions assessments invitations".split()
    keep_reason = gettext_lazy(
        "What people did stays on record. Make an account inactive, or close it from"
        " the list of people: then the person is forgotten and the work stays."
    )

    def use(self):
        """Only an account that was never used may go."""
        return super().use() | Q(last_login__isnull=False)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is not None and obj.closed_at:
            return False
        if obj is not None and obj.is_superuser:
            return allowed and request.user.is_superuser
        return allowed

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is not None and obj.is_superuser:
            return allowed and request.user.is_superuser
        return allowed

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        account = ["username", "password", "password_is_temporary"]
        if not self.has_change_permission(request, obj):
            account.remove("password")
        access = [*ACCESS_FIELDS, "is_staff"]
        if request.user.is_superuser:
            access += SUPERUSER_FIELDS
        return [
            (None, {"fields": account}),
            (
                gettext_lazy("Person"),
                {
                    "fields": ["email", "public_name", "show_name"],
                    "description": gettext_lazy(
                        "An address that is given is changed by its owner alone, on the"
                        " profile: the new one confirms, the former can undo it."
                    ),
                },
            ),
            (
                gettext_lazy("Access"),
                {
                    "fields": access,
                    "description": gettext_lazy(
                        "Each role includes the one before it. Curators may open these"
                        " pages; a change of role sees to that. Nobody changes their"
                        " own access."
                    ),
                },
            ),
            (
                gettext_lazy("Dates"),
                {"fields": ["last_login", "date_joined", "closed_at"]},
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if not request.user.is_superuser:
            fields += SUPERUSER_FIELDS
        if obj is not None and obj.email:
            # Its owner changes it, who alone can confirm both the old and the new one.
            fields.append("email")
        if obj is not None and obj.pk == request.user.pk:
            fields += ACCESS_FIELDS + SUPERUSER_FIELDS
        return list(dict.fromkeys(fields))

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups":
            return RolesField(
                queryset=Group.objects.filter(name__in=PERMISSIONS).order_by("pk"),
                label=_("Roles"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        person = form.instance
        is_curator = person.groups.filter(name=CURATOR).exists()
        is_staff = is_curator or person.is_superuser
        if person.is_staff != is_staff:
            person.is_staff = is_staff
            person.save(update_fields=["is_staff"])

    def user_change_password(self, request, id, form_url=""):
        """A password for somebody else; one's own is changed on the site's page."""
        person = self.get_object(request, id)
        if person is not None and person.pk == request.user.pk:
            return redirect("password-change")
        if person is not None and not self.has_change_permission(request, person):
            text = _("Only a superuser may change the account of a superuser.")
            messages.error(request, text)
            return redirect("admin:icctracker_user_changelist")
        return super().user_change_password(request, id, form_url)

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person):
        names = [
            str(LABELS.get(group.name, group.name)) for group in person.groups.all()
        ]
        if person.is_superuser:
            names.append(_("Superuser"))
        return ", ".join(names) or "–"


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(RecordAdmin):
    """The roles, which the code defines: to be read by superusers."""

    fields = ["name", "permissions"]
    search_fields = ["name"]


# Curation of invitations: made here, sent by email, withdrawn; never edited.


class InviteForm(forms.ModelForm):
    """To whom, and with which role."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if people_named(email).exists():
            raise forms.ValidationError(
                _("Somebody with this address has an account already.")
            )
        return email


def send_invitation(invitation, token):
    """Have the link sent, for as long as it leads to an account; the link."""
    link = settings.SITE_ORIGIN + reverse("invitation", args=[token])
    context = {"invitation": invitation, "link": link}
    subject = render_to_string("accounts/invitation_subject.txt").strip()
    body = render_to_string("accounts/invitation_email.txt", context)
    message = EmailMessage(subject, body, None, [invitation.email])
    put(message, kind=Message.Kind.INVITATION, until=invitation.expires_at)
    return link


@admin.action(
    description=gettext_lazy("Withdraw selected invitations"), permissions=["change"]
)
def withdraw_invitations(admin_of, request, queryset):
    """Make open invitations lead nowhere."""
    done = 0
    for invitation in queryset:
        try:
            withdraw_invitation(invitation, by=request.user)
        except ActionRefused as refusal:
            text = _("“%(name)s” was left as it is. %(why)s")
            messages.error(request, text % {"name": invitation.email, "why": refusal})
        else:
            done += 1
    if done:
        messages.success(request, _("Invitations withdrawn: %(n)d.") % {"n": done})


@admin.register(Invitation)
class InvitationAdmin(CitedIsKept, AskedRightly, admin.ModelAdmin):
    """Who was invited, by whom, and what became of it."""

    form = InviteForm
    list_per_page = 25
    show_full_result_count = False
    list_display = ["email", "role", "invited_by", "created_at", "what_became_of_it"]
    list_filter = ["role"]
    list_select_related = ["invited_by"]
    search_fields = ["email"]
    actions = [withdraw_invitations]
    never_deleted = True
    keep_reason = gettext_lazy("Invitations stay on record until they are forgotten.")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["email", "role"]
        return [*self.get_readonly_fields(request, obj)]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return [
            *("email", "role", "invited_by", "created_at", "expires_at"),
            *("what_became_of_it", "accepted_by"),
        ]

    def save_model(self, request, obj, form, change):
        """A new one is made by its action; one that is there has no field to save."""
        if change:
            return
        made, token = invite(obj.email, obj.role, by=request.user)
        obj.pk = made.pk
        obj.refresh_from_db()
        self._tell(request, obj, send_invitation(obj, token))

    def _tell(self, request, invitation, link):
        text = _(
            "The invitation is on its way to {}. Should the message not arrive, give"
            " this link to that person yourself. It is shown only now, and works once:"
        )
        words = format_html("{} <code>{}</code>", text.format(invitation.email), link)
        messages.add_message(request, messages.SUCCESS, words)

    @admin.display(description=gettext_lazy("what became of it"))
    def what_became_of_it(self, invitation):
        return invitation.state.label


# The outbox: what is on its way by email. What it says is for its reader alone.


@admin.action(description=gettext_lazy("Try to send now"), permissions=["curate"])
def try_now(admin_of, request, queryset):
    """Do not wait for the end of the pause."""
    done = hurry(queryset)
    text = ngettext(
        "%(n)d message is tried now.", "%(n)d messages are tried now.", done
    )
    messages.success(request, text % {"n": done})


@admin.action(description=gettext_lazy("Drop, unsent"), permissions=["curate"])
def drop(admin_of, request, queryset):
    """Send it no more."""
    done = end(queryset.waiting(), Message.State.NEEDLESS)
    text = ngettext(
        "%(n)d message is dropped. Nobody will get it.",
        "%(n)d messages are dropped. Nobody will get them.",
        done,
    )
    messages.success(request, text % {"n": done})


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """Whether messages leave, and why one does not."""

    list_display = "created_at kind shown_to subject state attempts fault".split()
    list_filter = ["state", "kind"]
    ordering = ["-pk"]
    actions = [try_now, drop]
    fields = [
        *("kind", "shown_to", "subject", "created_at", "valid_until"),
        *("state", "attempts", "next_at", "fault", "ended_at"),
    ]

    def has_curate_permission(self, request):
        return request.user.has_perm("icctracker.curate_evidence")
