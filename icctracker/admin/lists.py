"""Lists of the admin that stay quick however many records there are.

Nothing is counted to its end, sorted without an index or made distinct as a whole.
"""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import BadRequest, EmptyResultSet
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.texts import states
from icctracker.texts.folding import fold, straight_quotes

# So many records are counted and paged; who looks for others narrows the list.
MOST_COUNTED = 2_000
# The largest number that either database has.
_LARGEST = 2**63 - 1


class BoundedPaginator(Paginator):
    """Counts no further than anybody turns pages."""

    @cached_property
    def count(self):
        """How many there are, or MOST_COUNTED where there are more."""
        return min(self._counted, MOST_COUNTED)

    @cached_property
    def has_more(self):
        """Whether there are more than are counted and paged."""
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self):
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()


class FoldedSearch:
    """A list whose search takes alike what is alike (``texts/folding.py``)."""

    # Fields of related rows, of which there may be many, that are searched too.
    search_related = ()

    def get_search_results(self, request, queryset, search_term):
        """Each word is found in one of the fields, or in a row that is related.

        A record with several such rows is still found once: they are asked for one
        record after the other, where a join would have to be made distinct.
        """
        names = self.get_search_fields(request)
        if not any(_is_folded(name) for name in (*names, *self.search_related)):
            return super().get_search_results(request, queryset, search_term)
        found = Q()
        for word in smart_split(straight_quotes(search_term)):
            found &= self._having(names, _asked(word))
        for name in states.otherwise(search_term) if found else ():
            found |= self._having(names, _asked(f'"{name}"'))
        several = any(self._has_several(name) for name in names)
        return queryset.filter(found), several

    def _having(self, names, asked):
        found = Q()
        for name in names:
            found |= asked(name)
        for name in self.search_related:
            found |= self._related(name, asked)
        return found

    def _has_several(self, name):
        return lookup_spawns_duplicates(self.opts, name.lstrip("="))

    def _related(self, name, asked):
        path, _dots, field = name.partition("__")
        relation = self.model._meta.get_field(path)
        links = relation.remote_field.through.objects.filter(
            asked(f"{relation.m2m_reverse_field_name()}__{field}"),
            **{relation.m2m_field_name(): OuterRef("pk")},
        )
        return Exists(links)


def _is_folded(name):
    return name.rpartition("__")[2] == "folded"


def _asked(word):
    """What asks a field for a word as it was typed, or for a phrase in quotes."""
    quoted = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
    word = unescape_string_literal(word) if quoted else word
    pieces = [fold(word)] if quoted else fold(word).split()

    def asked(name):
        if name.startswith("="):
            return Q((f"{name[1:]}__iexact", word))
        if not _is_folded(name):
            return Q((f"{name}__icontains", word))
        ask = f"{name}__contains"
        found = Q(*((ask, piece) for piece in pieces))
        names = ((ask, piece) for piece in states.otherwise(word))
        return Q(found, *names, _connector=Q.OR)

    return asked


class AskedList(ChangeList):
    """A list as its address asks for it, if a database can be asked that."""

    def get_queryset(self, *args, **kwargs):
        """Refuses years, days and numbers that are beyond any database."""
        try:
            found = super().get_queryset(*args, **kwargs)
            _sql, asked = found.query.get_compiler(found.db).as_sql()
        except EmptyResultSet:
            return found.none()
        except (OverflowError, ValueError) as fault:
            raise IncorrectLookupParameters(fault) from fault
        if any(isinstance(each, int) and abs(each) > _LARGEST for each in asked):
            raise IncorrectLookupParameters
        return found


def cannot_be():
    """What is said of an address that no list can be made for."""
    return _("The address of this list asks for what cannot be. All are shown.")


class AskedRightly:
    """A list that says of an address that none can be made for it."""

    def get_changelist(self, request, **kwargs):
        return AskedList

    def get_changelist_instance(self, request):
        """Where Django would show all and say nothing, or a page of its own."""
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters:
            if ERROR_FLAG in request.GET:
                raise BadRequest(cannot_be()) from None
            messages.error(request, cannot_be())
            raise


class LongList(AskedRightly, FoldedSearch):
    """A list that may have any number of rows."""

    paginator = BoundedPaginator
    show_full_result_count = False
    # Counting what each choice of each filter would leave reads all, once for each.
    show_facets = admin.ShowFacets.NEVER

    def action_checkbox(self, obj):
        """The box before a row as Django has it, without a widget and its template."""
        said = format_html(_("Select this object for an action - {}"), str(obj))
        box = '<input type="checkbox" name="{}" value="{}" class="{}" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, obj.pk, "action-select", said)

    def get_changelist_instance(self, request):
        """Where nothing is found, it is not looked for once more."""
        changelist = super().get_changelist_instance(request)
        if not changelist.result_count:
            changelist.result_list = changelist.result_list.none()
        return changelist


def by_year(name):
    """A filter by the year of a day or an instant, served by its index.

    The years offered are those from the first to the last; finding out which of them
    have records would take reading all.
    """

    class YearFilter(admin.SimpleListFilter):
        title = gettext_lazy("year")
        parameter_name = f"{name}__year"

        def lookups(self, request, model_admin):
            known = model_admin.model.objects.filter(**{f"{name}__isnull": False})
            in_order = known.order_by(name).values_list(name, flat=True)
            first, last = in_order.first(), in_order.last()
            if first is None:
                return []
            return [(str(y), str(y)) for y in range(last.year, first.year - 1, -1)]

        def queryset(self, request, queryset):
            year = self.value()
            if not year or year not in dict(self.lookup_choices):
                return queryset
            return queryset.filter(**{f"{name}__year": int(year)})

    return YearFilter
