"""Votes that the record does not have: how they are written, and told in short."""

from django.utils.translation import gettext as _

from icctracker.imports.agenda_items import alike
from icctracker.imports.cells import seats_in

UNKNOWN = (None, None, None, None)


def new_record(statement, match):
    """How a vote that the record does not have is written; a new text with it.

    Of a list of vetoes the vetoes are all there is: the votes of others stay unknown.
    """
    yes, no, abstain, non_voting = statement.tally or UNKNOWN
    ballot = {"yes": yes, "no": no, "abstain": abstain, "non_voting": non_voting}
    ballot |= {
        "item": match.item,
        "held_on": statement.held_on.isoformat(),
        "meeting": statement.meeting[:80],
        "outcome": outcome_of(statement),
        "seats": sum(statement.tally or [seats_in(statement.held_on.year)]),
        "library_record": statement.vote_record,
        "note": statement.note,
    }
    if match.document and not alike(statement.agenda_item, match.document.agenda_item):
        ballot["agenda_item"] = statement.agenda_item
    named = statement.named if statement.named != statement.symbol else ""
    document = {
        "symbol": statement.symbol,
        "series": statement.series,
        "number": statement.number,
        "title": statement.title,
        "title_is_cut": statement.title_is_cut,
        "agenda_item": statement.agenda_item,
        "drafts": (statement.drafts or named)[:200],
        "library_record": statement.document_record,
    }
    known = match.document.pk if match.document else None
    write = {"op": "new", "document": known, "facts": document}
    return write | {"ballot": ballot, "votes": statement.votes or vetoes(statement)}


def vetoes(statement):
    """The votes that follow from who cast the veto."""
    return dict.fromkeys(sorted(statement.vetoed_by), "N")


def in_short(statement):
    """What a new vote is, in a line: the day, the votes and the subject."""
    votes = tally_in_words(statement.tally, statement.without_vote)
    if statement.tally is None:
        who = ", ".join(sorted(statement.vetoed_by))
        votes = _("vetoed by %(who)s, %(votes)s") % {"who": who, "votes": votes}
    subject = statement.title or statement.agenda_item
    return f"{statement.held_on}: {votes}. {subject}".strip()


def outcome_of(statement):
    """How a vote ended, as the record puts it."""
    if statement.series == "vetoed":
        return "vetoed"
    if statement.without_vote:
        return "without vote"
    yes, *others = statement.tally
    return "unanimous" if not any(others) else "majority"


def tally_in_words(tally, without_vote):
    """A tally as other values say it."""
    if without_vote:
        return "adopted without vote"
    if None in (tally or UNKNOWN):
        return "votes not known"
    return f"{digits(tally)}, not voting {tally[3]}"


def digits(tally):
    """A tally as in 14-0-1."""
    return "-".join(map(str, tally[:3]))
