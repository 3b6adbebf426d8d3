"""The tabs of the desk, with what waits behind each."""

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from icctracker.models import (
    Coding,
    Dismissal,
    Evidence,
)
from icctracker.readings.inbox import suggested
from icctracker.readings.picking import unpinned
from icctracker.web.kit.tabs import Tab, TabbedMixin, few


def codings_for(user):
    """Second codings for one person: in hand, offered, and to be reconciled."""
    codings = Coding.objects.select_related("evidence")
    mine = codings.filter(coder=user).exclude(purpose=Coding.Purpose.FIRST)
    both = Q(coder=user) | Q(against__coder=user)
    blind = Coding.objects.blinding(user).values("evidence")
    return {
        "in_hand": mine.filter(state=Coding.State.OPEN),
        "offered": codings.filter(
            Exists(Evidence.objects.codable_by(user).filter(pk=OuterRef("evidence"))),
            state=Coding.State.OFFERED,
        ),
        "to_settle": codings.to_reconcile().filter(both).exclude(evidence__in=blind),
    }


class DeskTabs(TabbedMixin):
    """A page of the desk, with the way to the others."""

    tab = "desk"

    @cached_property
    def codings(self):
        """Those for whoever looks, by what is to be done with them."""
        return codings_for(self.request.user)

    def get_tabs(self):
        user = self.request.user
        tabs = [
            Tab("desk", _("Desk")),
            Tab("suggestion-list", _("Suggestions"), few(suggested(user))),
            Tab("dismissal-list", _("Set aside"), few(Dismissal.objects.stood())),
            Tab("pinpoint-list", _("Without a pinpoint"), few(unpinned(user))),
        ]
        if user.has_perm("icctracker.code_evidence"):
            count = sum(few(each) for each in self.codings.values())
            tabs.append(Tab("coding-list", _("Code blind"), count))
        return tabs
