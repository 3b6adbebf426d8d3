"""The versions of the codebook that took effect, each with what it changed."""

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from icctracker import versions
from icctracker.models import Codebook
from icctracker.public.moments import MomentMixin


class CodebookList(MomentMixin, ListView):
    """Every version, newest first, with its date and its reason."""

    template_name = "public/codebook_list.html"
    context_object_name = "codebooks"

    def get_queryset(self):
        return (
            Codebook.objects.published(self.moment.known_at)
            .annotate(size=Count("criteria"))
            .select_related("published_by")
            .order_by("-published_on", "-pk")
        )


class CodebookDetail(MomentMixin, DetailView):
    """All criteria of one version, with what differs from the version before."""

    template_name = "public/codebook_detail.html"
    context_object_name = "codebook"

    def get_object(self, queryset=None):
        known = Codebook.objects.published(self.moment.known_at)
        found = get_object_or_404(
            Codebook.objects.published().select_related("published_by"),
            version=self.kwargs["version"],
        )
        if not known.filter(pk=found.pk).exists():
            raise Http404(_("This version had not been published then."))
        return found

    def get_context_data(self, **kwargs):
        codebook = self.object
        before = Codebook.objects.before(codebook)
        rows = versions.changes(codebook, before)
        current = Codebook.objects.in_force(self.moment.known_at)
        return super().get_context_data(
            before=before,
            current=current,
            in_force=current == codebook,
            groups=versions.by_recommendation(rows),
            changed=[change for change in rows if before and change.is_change],
            counted=versions.counted(rows),
            **kwargs,
        )
