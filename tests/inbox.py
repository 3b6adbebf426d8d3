"""A tracked situation and its documents, as tests of the inbox want them."""

from icctracker.actions.record import link_situations
from icctracker.models import Document, Situation


def document(symbol):
    """A document of the small part of the Council's record."""
    return Document.objects.get(symbol=symbol)


def track(slug="syria", name="Syrian Arab Republic", *, since=2011, **words):
    """A situation with words that find its documents; those of Syria unless told."""
    words = words or {"agenda_words": "Syria"}
    situation, _created = Situation.objects.update_or_create(
        slug=slug, defaults={"name": name, "since": since} | words
    )
    link_situations([situation])
    return situation
