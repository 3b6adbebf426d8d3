"""What the buttons of the form fill in: a document of the record, the votes."""

from .beside import fill, record_with
from .grid import YES
from .lookup import ballot_of, look_up, outside_the_record, read_document
from .posted import whole_number

# Buttons that fill in and save nothing.
VOTE_BUTTONS = "show_grid rest_in_favour clear_grid".split()
BUTTONS = ["look_up", "choose", "use_symbol", "use_record", *VOTE_BUTTONS]
# What stands together is taken from the record together.
TOGETHER = {"votes": {"votes_yes", "votes_no", "votes_abstain", "roll_call"}}


def assist(entry, buttons, facts, sources):
    """The facts and sources of a form, after what the pressed button fills in."""
    if any(button in buttons for button in VOTE_BUTTONS):
        entry.focus = "votes"
    if "look_up" in buttons:
        entry.found = look_up(buttons.get("lookup", ""))
    elif "use_symbol" in buttons:
        entry.found = outside_the_record(buttons["use_symbol"])
    if entry.found and entry.found.exact:
        return choose(entry, entry.found.exact, facts, sources)
    if entry.found and entry.found.outside:
        return _outside(entry.found.symbol, facts, sources)
    if ballot := ballot_of(whole_number(buttons.get("choose"))):
        return choose(entry, ballot, facts, sources)
    if "use_record" in buttons and entry.record:
        wanted = buttons["use_record"]
        only = TOGETHER.get(wanted, {wanted})
        return fill(facts, sources, entry.record, only=only)
    if "clear_grid" in buttons:
        facts = facts | {"roll_call": {}}
    if "rest_in_favour" in buttons and entry.grid:
        rest = {member.code: YES for member in entry.grid.members}
        facts = facts | {"roll_call": rest | facts.get("roll_call", {})}
    return facts, sources


def choose(entry, ballot, facts, sources):
    """Fill in one vote of the record; what was typed stays."""
    before = entry.record
    record = record_with(read_document(pk=ballot.document_id), ballot)
    entry.ballot_key, entry.focus = ballot.pk, "from-record"
    return fill(facts, sources, record, before=before)


def _outside(symbol, facts, sources):
    """A symbol that the record does not have gives itself and its address."""
    if not facts.get("symbol"):
        facts = facts | {"symbol": symbol.official}
    given = [row for row in sources if row.get("url")]
    if symbol.url and not given:
        sources = [{"url": symbol.url, "official": True}]
    return facts, sources
