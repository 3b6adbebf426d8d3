"""Titles and summaries composed of what the Council's record says, and nothing else."""

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icctracker.models import Ballot, Evidence, Vote

LONGEST_TITLE = Evidence._meta.get_field("title").max_length
Outcome, Cast = Ballot.Outcome, Vote.Cast


def title(document, ballot=None):
    """A neutral title: what the text was, and its subject as the record has it.

    A subject that cannot stand there whole gives way to the agenda item: a title that
    breaks off would be quoted as it is.
    """
    subject = ballot.subject if ballot else document.subject
    item = ballot.on_agenda if ballot else document.agenda_item
    said = {"text": name(document), "subject": subject}
    failed = document.series == document.Series.FAILED
    if document.is_resolution or document.is_statement:
        composed = said["text"]
    elif failed or (ballot and ballot.outcome == Outcome.FAILED):
        composed = _("Draft %(text)s, not adopted") % {"text": document.symbol}
    elif document.symbol:
        composed = _("Veto of the text %(text)s") % {"text": document.symbol}
    elif ballot:
        composed = _("Veto of %(day)s") % {"day": date_format(ballot.held_on)}
    else:
        composed = _("Veto")
    whole = [f"{composed}: {each}" for each in (subject, item) if each]
    if document.title_is_cut and subject == document.title:
        whole = whole[1:]
    fitting = (each for each in whole if len(each) <= LONGEST_TITLE)
    return next(fitting, composed)


def name(document):
    """What people call the text."""
    if document.is_resolution:
        return _("Security Council resolution %(symbol)s") % {
            "symbol": document.symbol.removeprefix("S/RES/").replace("(", " (")
        }
    if document.is_statement:
        return _("Statement by the President of the Security Council %(symbol)s") % {
            "symbol": document.symbol
        }
    if document.symbol:
        return _("The text %(symbol)s") % {"symbol": document.symbol}
    return _("A text without known symbol")


def summary(document, ballot):
    """What was put to the vote, what came of it and who voted how, in sentences."""
    said = {"text": name(document), "votes": votes(ballot)}
    said["members"] = get_text_list(
        [str(each) for each in voted(ballot, Cast.NO, permanent=True)], _("and")
    )
    sentences = [_came_of_it(ballot) % said]
    several = len(document.ballots.all())
    if several > 1:
        sentences.append(
            _("This was vote %(item)d of %(several)d on the text.")
            % {"item": ballot.item, "several": several}
        )
    if document.title:
        sentences.append(_("Subject: %(text)s") % {"text": _ended(document.title)})
    if ballot.on_agenda:
        item = _ended(ballot.on_agenda)
        sentences.append(_("Agenda item: %(text)s") % {"text": item})
    return " ".join(sentences)


def _came_of_it(ballot):
    """What came of a vote, as a sentence to be filled in."""
    if ballot.outcome == Outcome.STATEMENT:
        return _("%(text)s was made on behalf of the Council, without a vote.")
    if ballot.outcome == Outcome.WITHOUT_VOTE:
        return _("%(text)s was adopted without a vote.")
    if ballot.outcome == Outcome.FAILED and not ballot.votes_known:
        return _(
            "%(text)s was put to the vote and not adopted. How the members voted is not"
            " in the record."
        )
    if ballot.outcome == Outcome.FAILED:
        return _(
            "%(text)s received %(votes)s. It was not adopted, for want of votes; no"
            " veto was cast."
        )
    if not ballot.votes_known:
        return _(
            "%(text)s was put to the vote and not adopted, because of a vote against by"
            " %(members)s. How the others voted is not in the record."
        )
    if ballot.outcome == Outcome.VETOED:
        return ngettext(
            "%(text)s received %(votes)s. It was not adopted, a permanent member having"
            " voted against.",
            "%(text)s received %(votes)s. It was not adopted, permanent members having"
            " voted against.",
            len(voted(ballot, Cast.NO, permanent=True)),
        )
    return _("%(text)s was adopted with %(votes)s.")


def _ended(text):
    """The text with a mark at its end."""
    return text if text.endswith((".", "…")) else f"{text}."


def votes(ballot):
    """The count in words, naming those who did not vote in favour."""
    if not ballot.votes_known:
        return ballot.tally
    parts = [
        ngettext("%(n)d vote in favour", "%(n)d votes in favour", ballot.yes)
        % {"n": ballot.yes},
        _named(_("%(n)d against"), ballot, ballot.no, Cast.NO),
        ngettext("%(n)d abstention", "%(n)d abstentions", ballot.abstain)
        % {"n": ballot.abstain}
        + _names(ballot, ballot.abstain, Cast.ABSTAIN),
    ]
    text = _("%(yes)s, %(no)s and %(abstain)s") % {
        "yes": parts[0],
        "no": parts[1],
        "abstain": parts[2],
    }
    if ballot.non_voting:
        absent = _named(_("%(n)d not voting"), ballot, ballot.non_voting, "X")
        text = f"{text}; {absent}"
    return text


def voted(ballot, cast, *, permanent=None):
    """The members that voted so, under the names they bore then."""
    return [
        vote.member.name_in(ballot.held_on.year) or vote.member.name
        for vote in ballot.votes.all()
        if vote.cast == cast and permanent in (None, vote.member.permanent)
    ]


def _named(label, ballot, number, cast):
    return label % {"n": number} + _names(ballot, number, cast)


def _names(ballot, number, cast):
    """The names in brackets, where the record names as many as it counts."""
    found = [str(each) for each in voted(ballot, cast)]
    return f" ({', '.join(found)})" if found and len(found) == number else ""
