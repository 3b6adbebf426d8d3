"""Votes that the record does not have: how they are written, and told in short."""


def new_record(statement, match):
    """How a vote that the record does not have is written; a new text with it."""
    yes, no, abstain, non_voting = statement.tally
    ballot = {"yes": yes, "no": no, "abstain": abstain, "non_voting": non_voting}
    ballot |= {
        "item": match.item,
        "held_on": statement.held_on.isoformat(),
        "meeting": statement.meeting[:80],
        "outcome": outcome_of(statement),
        "seats": sum(statement.tally),
        "library_record": statement.vote_record,
        "note": statement.note,
    }
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
    return write | {"ballot": ballot, "votes": statement.votes}


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
    return f"{digits(tally)}, not voting {tally[3]}"


def digits(tally):
    """A tally as in 14-0-1."""
    return "-".join(map(str, tally[:3]))
