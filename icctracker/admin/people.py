"""Curation of people: accounts and roles, never more than a curator has."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import User
from icctracker.roles import CURATOR, LABELS, PERMISSIONS

from .accounts import close_accounts, reset_second_steps
from .base import CitedIsKept, RecordAdmin

# Only a superuser sees these, and nobody changes them for themselves.
SUPERUSER_FIELDS = ["is_superuser", "user_permissions"]
ACCESS_FIELDS = ["is_active", "groups"]


class RolesField(forms.ModelMultipleChoiceField):
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
class PersonAdmin(CitedIsKept, UserAdmin):
    """People and their roles; the right to enter the admin follows the role."""

    form = PersonForm
    add_form = AddPersonForm
    change_password_form = GivenPasswordForm
    list_per_page = 50
    show_full_result_count = False
    list_display = ["username", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    actions = ["delete_selected", reset_second_steps, close_accounts]
    change_list_template = "admin/people_change_list.html"
    search_fields = ["username", "email", "public_name"]
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
                {"fields": ["email", "public_name", "show_name"]},
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
