"""The texts of a situation as a file tells them: which speak, and what is logged."""

from collections import defaultdict

from icctracker.models import Passage

from .passages import NOTHING, pinned
from .silence import terms_of
from .spreadsheets import BOM, csv_text

COLUMNS = (
    *("situation", "symbol", "uri", "kind", "date", "subject", "agenda_item"),
    *("text_read", "terms_asked_for", "speaks", "paragraphs"),
    *("entries_on_the_document", "paragraphs_logged"),
    *("address", "official_document"),
)
# So many at a time: read, then written.
PIECE = 500


def passages_of(documents, codes):
    """By document its paragraphs that bear the terms of some criteria, in order."""
    found = defaultdict(list)
    of_them = Passage.objects.speaking_of(terms_of(*codes))
    of_them = of_them.filter(document__in=documents).select_related("document")
    for passage in of_them.order_by("document", "place"):
        found[passage.document_id].append(passage)
    return found


def as_csv(situation, documents, codes, moment, address):
    """The lines of a CSV file, a piece at a time; lists are parted by semicolons.

    ``documents`` are marked and in order; ``address`` makes a full address of a path.
    """
    yield BOM + csv_text([COLUMNS])
    keys = list(documents.values_list("pk", flat=True))
    for start in range(0, len(keys), PIECE):
        rows = list(documents.filter(pk__in=keys[start : start + PIECE]))
        speaking = passages_of([each.pk for each in rows], codes)
        known = pinned([each.symbol for each in rows], moment.as_of, moment.known_at)
        for each in rows:
            on = known.get(each.symbol, NOTHING)
            yield csv_text(
                [_row(situation, each, speaking[each.pk], on, codes, address)]
            )


def _row(situation, document, passages, on, codes, address):
    speaks = _word(document.speaks) if document.read else ""
    logged = [each.cited for each in passages if on.at(each)]
    return (
        *(situation.slug, document.symbol, document.uri, document.series),
        *(document.held_on.isoformat(), document.title, document.agenda_item),
        *(_word(document.read), "; ".join(terms_of(*codes)), speaks),
        "; ".join(each.cited for each in passages if document.read),
        *("; ".join(on.entries), "; ".join(logged)),
        *(address(document.get_absolute_url()), document.url),
    )


def _word(value):
    return "true" if value else "false"
