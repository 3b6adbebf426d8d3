"""A veto of the record whose votes are not known, as a list of vetoes brings it."""

from datetime import date

from icctracker.models import Ballot, Document, Import, Member, Vote

SYMBOL = "S/2014/999"


def add_veto(symbol=SYMBOL, held_on=date(2014, 6, 1), by=("CHN", "RUS")):
    """The ballot, with the votes of those who cast the veto and no others."""
    imported = Import.objects.create(source="vetoes.csv", credit="A list of vetoes")
    document = Document.objects.create(
        symbol=symbol, series="vetoed", agenda_item="A matter", imported=imported
    )
    ballot = Ballot.objects.create(
        document=document,
        held_on=held_on,
        meeting="S/PV.7190",
        outcome="vetoed",
        seats=15,
        imported=imported,
    )
    for member in Member.objects.filter(code__in=by):
        Vote.objects.create(ballot=ballot, member=member, cast="N")
    return ballot
