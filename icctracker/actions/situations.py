"""Finding the documents of each situation by its words."""

from django.db import transaction

from icctracker.models import Document, Situation


@transaction.atomic
def link_situations(situations=None):
    """Bring the documents of situations, or of all, in line with their words.

    Returns how many links were added or taken away. To be called after documents were
    imported or words were changed; twice in a row changes nothing.
    """
    documents = list(
        Document.objects.values_list("pk", "symbol", "title", "agenda_item").order_by()
    )
    chosen = Situation.objects.all() if situations is None else situations
    return sum(_link(situation, documents) for situation in chosen)


def _link(situation, documents):
    belongs = situation.finder()
    wanted = {number for number, *texts in documents if belongs(*texts)}
    present = set(situation.documents.order_by().values_list("pk", flat=True))
    situation.documents.remove(*present - wanted)
    situation.documents.add(*wanted - present)
    return len(present ^ wanted)
