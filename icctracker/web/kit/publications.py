"""Which publication, and which of its recommendations, an address speaks of."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from icctracker.models import Publication, Recommendation

# The pages of a publication that its other pages lead to.
LEADS_TO = (
    "methodology methodology-try recommendation-list codebook-list codebook-draft"
    " codebook-preview codebook-discard criterion-create ruleset-draft ruleset-preview"
    " ruleset-discard"
).split()


def addresses_of(publication):
    """The addresses of a publication's pages, by name."""
    first = publication == Publication.objects.principal()
    return addresses_within([] if first else [publication.slug])


def others(publication):
    """The other publications that are tracked."""
    found = Publication.objects.filter(recommendations__isnull=False).distinct()
    return found.exclude(pk=publication.pk) if publication else found


def addresses_within(within):
    """The same by what an address of the publication begins with."""
    return {name.replace("-", "_"): reverse(name, args=within) for name in LEADS_TO}


class OfPublication:
    """A page of the publication that its address names, or else of the first."""

    @cached_property
    def publication(self):
        if slug := self.kwargs.get("publication"):
            return get_object_or_404(Publication, slug=slug)
        return Publication.objects.principal()

    @cached_property
    def within(self):
        """What an address of this publication begins with; nothing in the first."""
        slug = self.kwargs.get("publication")
        return [slug] if slug else []

    def address(self, page, *named):
        return reverse(page, args=[*self.within, *named])

    def dispatch(self, request, *args, **kwargs):
        """The first publication is cited by its short addresses alone."""
        named = kwargs.pop("publication", None)
        if named and request.method == "GET":
            if self.publication == Publication.objects.principal():
                return _sent_on(request, kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        addresses = addresses_within(self.within)
        given = {"publication": self.publication, "addresses": addresses}
        return super().get_context_data(**given | kwargs)


class OfRecommendation:
    """A page of one recommendation, at the address that is its own."""

    recommendations = Recommendation.objects.with_parts()

    @cached_property
    def recommendation(self):
        found = self.recommendations.filter(code__iexact=self.kwargs["code"])
        if slug := self.kwargs.get("publication"):
            return get_object_or_404(found, publication__slug=slug)
        # A short address is the first publication's, else whosever code it is alone.
        rows = list(found)
        rows = [row for row in rows if not row.within] or rows
        if len(rows) != 1:
            raise Http404
        return rows[0]

    def dispatch(self, request, *args, **kwargs):
        within = self.recommendation.within
        if request.method == "GET" and within != kwargs.get("publication", ""):
            code = self.recommendation.code.lower()
            named = kwargs | {"publication": within, "code": code}
            if not within:
                del named["publication"]
            return _sent_on(request, named)
        return super().dispatch(request, *args, **kwargs)


def _sent_on(request, named):
    """To the address that the same page is cited by, with the same question."""
    address = reverse(request.resolver_match.url_name, kwargs=named)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)
