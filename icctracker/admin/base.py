"""What all pages of the admin share: what is cited is kept, and the past is read."""

from functools import wraps
from urllib.parse import unquote_plus

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite, helpers
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db.models import CharField, DateField, EmailField, Q, SlugField, TextField
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from simple_history.admin import SimpleHistoryAdmin

from icctracker.actions import ActionRefused
from icctracker.actions.review import decide, withdraw
from icctracker.actions.status import withdraw_search, withdraw_verdict
from icctracker.models import ReviewDecision
from icctracker.texts.legible import legible
from icctracker.web.kit.days import DayField
from icctracker.web.kit.forms import Text

from .forms import ChosenByName
from .lists import LongList


class LegibleField(forms.CharField):
    """Text as the desk keeps it."""

    def to_python(self, value):
        text = super().to_python(value)
        return legible(text).strip() if text else text


class CitedIsKept:
    """Refuses to delete what other records cite, and says why.

    ``cited_by`` names the relations that count; ``keep_reason`` says what to do
    instead. ``never_deleted`` keeps every record, cited or not.
    """

    cited_by = ()
    never_deleted = False
    keep_reason = gettext_lazy("Other records cite it, so it cannot be deleted.")
    actions = ["delete_selected"]
    change_form_template = "admin/curation_change_form.html"

    def response_action(self, request, queryset):
        """Runs a bulk action; keys that no list has sent choose nothing."""
        keys = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            messages.error(request, _("Choose the records again. Nothing was changed."))
            return None
        return super().response_action(request, queryset)

    def use(self):
        """The condition under which a record is in use."""
        use = Q(pk__in=[])
        for relation in self.cited_by:
            use |= Q(**{f"{relation}__isnull": False})
        return use

    def kept(self, queryset):
        """Those of a queryset that may not be deleted."""
        if self.never_deleted:
            return queryset
        return queryset.filter(self.use()).distinct()

    def is_kept(self, obj):
        """Whether one record may not be deleted."""
        return self.kept(self.model._default_manager.filter(pk=obj.pk)).exists()

    def has_delete_permission(self, request, obj=None):
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or not self.is_kept(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        note = self.keep_reason if obj is not None and self.is_kept(obj) else ""
        context = {"keep_reason": note} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        """Explains on the record's own page why it stays, instead of a bare 403."""
        obj = self.get_object(request, unquote(object_id))
        if obj and self.has_view_permission(request, obj) and self.is_kept(obj):
            self._explain(request, obj)
            return redirect(change_url(obj))
        return super().delete_view(request, object_id, extra_context)

    @admin.action(
        description=gettext_lazy("Delete selected %(verbose_name_plural)s"),
        permissions=["delete"],
    )
    def delete_selected(self, request, queryset):
        """Asks before deleting what may go, and says of the others why they stay."""
        kept = self.kept(queryset)
        for obj in kept:
            self._explain(request, obj)
        rest = queryset.exclude(pk__in=[obj.pk for obj in kept])
        return delete_selected(self, request, rest) if rest.exists() else None

    def _explain(self, request, obj):
        text = _("“%(name)s” was not deleted. %(reason)s")
        messages.error(request, text % {"name": obj, "reason": self.keep_reason})


class CurationAdmin(CitedIsKept, LongList, ChosenByName, SimpleHistoryAdmin):
    """A noun that curators keep: with history, and nothing cited is deleted."""

    list_per_page = 25
    # Days are read here as everywhere, and texts kept without what nobody sees.
    formfield_overrides = {
        DateField: {"form_class": DayField},
        CharField: {"form_class": LegibleField},
        SlugField: {"form_class": forms.SlugField},
        EmailField: {"form_class": forms.EmailField},
        TextField: {"form_class": LegibleField},
    }
    history_list_per_page = 25
    # Fields that never change once the record is there, such as addresses in print.
    lasting_fields = ()
    # The field that proposes the slug of a new record.
    slug_from = ""
    # A past version knows its own columns; its links to others are those of today.
    links_to_many = ()

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if getattr(request, "shows_past_version", False):
            columns = (*self.opts.fields, *self.opts.many_to_many)
            names = [f.name for f in columns if f.editable and not f.primary_key]
            return list(dict.fromkeys([*names, *fields]))
        return [*fields, *self.lasting_fields] if obj else fields

    def get_prepopulated_fields(self, request, obj=None):
        adding = obj is None and self.slug_from
        return {"slug": [self.slug_from]} if adding else {}

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not getattr(request, "shows_past_version", False):
            return fieldsets
        return [
            (
                name,
                options
                | {"fields": [f for f in options["fields"] if self._was_known(f)]},
            )
            for name, options in fieldsets
        ]

    def history_view(self, request, object_id, extra_context=None):
        self._visible_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A past version to read. The past is never saved over the present."""
        obj = self._visible_or_404(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        if request.method == "POST":
            text = _("Earlier versions are kept to be read and cannot be restored.")
            messages.error(request, text)
            return redirect(change_url(obj))
        request.shows_past_version = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request, obj=None):
        return True

    def _was_known(self, field):
        computed = isinstance(field, str) and hasattr(type(self), field)
        return not computed and field not in self.links_to_many

    def _visible_or_404(self, request, object_id):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj


class RecordAdmin(LongList, admin.ModelAdmin):
    """A record written by actions: to be searched and read, changed by nobody."""

    list_per_page = 25

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadInline(admin.TabularInline):
    """Records shown on the page of another, with a link to their own."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def change_url(obj):
    """The admin page of a record."""
    return reverse(
        f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk]
    )


def list_url(model, **lookups):
    """The admin list of a model, filtered."""
    meta = model._meta
    return reverse(
        f"admin:{meta.app_label}_{meta.model_name}_changelist", query=lookups or None
    )


# Deciding about several records at once, each by its own action, with a reason.

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


# The admin site that curators use.

# The index in the order of a curator's work, not of the alphabet.
SECTIONS = {
    gettext_lazy("Evidence"): ("Evidence", "Search", "Situation", "Actor"),
    gettext_lazy("Recommendations and codebook"): (
        "Recommendation",
        "Criterion",
        "Codebook",
        "Ruleset",
        "Publication",
        "Addressee",
        "Gap",
        "Verdict",
    ),
    gettext_lazy("The Council's record: to be read, and imported"): (
        "Document",
        "Ballot",
        "Member",
        "OtherValue",
        "DocumentText",
        "Import",
        "ImportRun",
    ),
    gettext_lazy("Records, to be read only"): (
        *("Finding", "Coding", "Reconciliation", "Sample"),
        *("ReviewDecision", "Assessment", "Dismissal"),
        *("Dissent", "Response"),
    ),
    gettext_lazy("People"): ("User", "Invitation", "Group"),
}


class CurationSite(AdminSite):
    """Django's admin under the tracker's name and behind the site's own sign-in."""

    site_url = reverse_lazy("home")
    site_title = gettext_lazy("ICC Tracker curation")
    site_header = gettext_lazy("ICC Tracker curation")
    index_title = gettext_lazy("Curation")
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        """A page of the admin; an address that holds NUL is refused at the door.

        No database takes it as text, and PostgreSQL cannot even be asked for it.
        """
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def at_the_door(request, *args, **kwargs):
            if "\0" in unquote_plus(request.get_full_path()):
                text = _("The address holds a character that no text has.")
                raise BadRequest(text)
            return inner(request, *args, **kwargs)

        return at_the_door

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Sends a stranger to the sign-in page; tells others they may not enter."""
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target, reverse("sign-in"))
        if self.has_permission(request):
            return redirect("admin:index")
        return self._refuse(request)

    def password_change(self, request, extra_context=None):
        """Passwords are changed on the site's own page."""
        return redirect("password-change")

    def get_app_list(self, request, app_label=None):
        """The models a person may see, in sections; worked out where they are shown."""
        return SimpleLazyObject(lambda: self._sections(request, app_label))

    def _sections(self, request, app_label):
        apps = super().get_app_list(request, app_label)
        models = {
            model["object_name"]: model for app in apps for model in app["models"]
        }
        sections = [
            {
                "name": name,
                "app_label": "icctracker",
                "app_url": reverse("admin:index", current_app=self.name),
                "has_module_perms": True,
                "models": [models[noun] for noun in nouns if noun in models],
            }
            for name, nouns in SECTIONS.items()
        ]
        return [section for section in sections if section["models"]]

    def _refuse(self, request):
        context = {
            **self.each_context(request),
            "title": gettext_lazy("Curation is for curators"),
        }
        return TemplateResponse(request, "admin/refused.html", context, status=403)
