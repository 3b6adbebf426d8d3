"""What no single row can break: disagreements between records, told in words.

Reads only. Each check yields one sentence for each disagreement it finds.
"""

from datetime import date, timedelta
from itertools import chain

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst

from icctracker.models import (
    Actor,
    Assessment,
    Ballot,
    Codebook,
    Criterion,
    Document,
    Edition,
    Evidence,
    Finding,
    Kind,
    Message,
    Recommendation,
    ReviewDecision,
    Search,
    Situation,
    Source,
    TitleWord,
    User,
    Vote,
    rules,
)
from icctracker.models.folded import folded_otherwise, searched_models
from icctracker.models.listings import wrongly_listed
from icctracker.models.roles import CURATOR
from icctracker.models.rules import Stops
from icctracker.texts.legible import legible

from . import forerunners
from .exports import wrong_lines
from .present import otherwise

State = Evidence.State


def disagreements(today: date):
    """Every disagreement there is, as a sentence; none if all is consistent."""
    for check in CHECKS:
        yield from check(today)


def entries_are_what_they_must_be(today):
    """Every entry keeps the rules that each door asks."""
    council = rules.Council()
    findings = Finding.objects.current().select_related("criterion")
    entries = Evidence.objects.prefetch_related(
        "actors",
        "sources",
        Prefetch("findings", queryset=findings, to_attr="current_findings"),
    )
    for entry in chain.from_iterable(_in_parts(entries)):
        for fault in rules.faults(rules.entry_of(entry, council=council)):
            if _counts(fault, entry):
                yield f"{_name(entry)}: {_place(fault)}: {fault.what}"


def _counts(fault, entry):
    """Whether a fault of an entry in its state is one: a draft may have gaps.

    What an older version of the codebook asked is no fault of what was coded then; what
    is closed keeps neither findings nor sources up.
    """
    if entry.state == State.DRAFT:
        return bool(fault.stops & Stops.SAVING)
    if fault.stops == Stops.SUBMITTING:
        return False
    open_rows = entry.state in (State.SUBMITTED, State.PUBLISHED)
    return open_rows or fault.where not in ("sources", "findings")


def _place(fault):
    """Where a fault is, in words: the fact, or the number of the row."""
    if fault.row is None:
        return fault.where.replace("_", " ")
    return f"{fault.where} {fault.row + 1}"


def publishing_accepts(today):
    """What is published has no finding that was never accepted."""
    never = Finding.objects.filter(evidence=OuterRef("pk"), accepted_at__isnull=True)
    for entry in Evidence.objects.published().filter(Exists(never)):
        yield f"{_name(entry)} is published with a finding that was never accepted."


def what_readers_saw_is_kept(today):
    """Of what is published, and of nothing else, an edition stands."""
    standing = Edition.objects.current().filter(evidence=OuterRef("pk"))
    for entry in Evidence.objects.published().filter(~Exists(standing)):
        yield f"{_name(entry)} is published, but no version of it is kept."
    others = Evidence.objects.exclude(state=State.PUBLISHED)
    for entry in others.filter(Exists(standing)):
        yield f"{_name(entry)} is not published, but a version of it stands."


def findings_follow_their_entry(today):
    """What an accepted finding copied of its entry is what the entry says.

    The database compares; only what differs is read.
    """
    first = Source.objects.filter(evidence=OuterRef("evidence"))
    first = first.order_by("position", "pk").values("publisher")[:1]
    alike = Q(
        evidence__state=State.PUBLISHED,
        event_date=F("evidence__occurred_on"),
        tier=F("evidence__tier"),
        publisher=Coalesce(Subquery(first), Value("")),
    )
    differing = Finding.objects.accepted().exclude(alike)
    differing = differing.select_related("evidence", "criterion")
    for finding in differing.prefetch_related("evidence__sources"):
        entry = finding.evidence
        source = entry.principal_source
        if entry.state != State.PUBLISHED:
            state = entry.get_state_display().lower()
            yield f"{_finding(finding)} is accepted, but its entry is {state}."
        for what, copied, says in (
            ("date", finding.event_date, entry.occurred_on),
            ("tier", finding.tier, entry.tier),
            ("publisher", finding.publisher, source.publisher if source else ""),
        ):
            if copied != says:
                yield (
                    f"{_finding(finding)} was accepted with the {what} {copied},"
                    f" but its entry says {says}."
                )


def corrections_stay_on_their_subject(today):
    """A finding supersedes a retired one of the same entry on the same criterion."""
    newer = Finding.objects.filter(supersedes__isnull=False)
    for finding in newer.select_related(
        "evidence", "criterion", "supersedes__evidence", "supersedes__criterion"
    ):
        older = finding.supersedes
        if older.evidence_id != finding.evidence_id:
            other = _name(older.evidence)
            yield f"{_finding(finding)} supersedes a finding of another entry: {other}."
        if older.criterion.identity != finding.criterion.identity:
            yield (
                f"{_finding(finding)} supersedes a finding on criterion"
                f" {older.criterion.code}."
            )
        if older.retired_at is None:
            yield f"{_finding(finding)} supersedes a finding that is not retired."


def entries_agree_with_the_record(today):
    """Date, meeting, votes and vetoes of an entry are those of the Council's record."""
    entries = Evidence.objects.exclude(state=State.DRAFT)
    newest = Ballot.objects.aggregate(newest=Max("held_on"))["newest"]
    if newest is None:
        return
    unnamed = {
        ballot.held_on: document
        for document in Document.objects.filter(symbol="").with_votes()
        for ballot in document.ballots.all()
    }
    symbols = Document.objects.exclude(symbol="").order_by().values("symbol")
    concerned = Q(symbol__in=symbols) | Q(symbol__startswith="S/RES/")
    entries = entries.filter(concerned | Q(kind=Kind.VETO))
    for some in _in_parts(entries.prefetch_related("actors")):
        cited = {entry.symbol for entry in some} - {""}
        documents = Document.objects.filter(symbol__in=cited).with_votes()
        known = {document.symbol: document for document in documents}
        for entry in some:
            document = known.get(entry.symbol)
            if not entry.symbol and entry.kind == Kind.VETO:
                document = unnamed.get(entry.occurred_on)
            if document is not None:
                yield from _against_record(entry, document)
            elif _belongs_in_the_record(entry, newest):
                yield f"{_name(entry)}: {entry.symbol} is not in the Council's record."


def titles_are_found_by_their_words(today):
    """What an entry's title is found by are the words of that title."""
    entries = Evidence.objects.only("title", "slug")
    for some in _in_parts(entries):
        titles = {entry.pk: entry.title for entry in some}
        wrong = TitleWord.objects.otherwise(titles)
        for entry in some:
            if entry.pk in wrong:
                yield (
                    f"{_name(entry)} is not found by the words of its title. Run"
                    " manage.py rebuild."
                )


def records_are_searched_by_their_texts(today):
    """What a record is searched by are its own texts, folded."""
    for model in searched_models():
        for wrong in folded_otherwise(model):
            for _folded, key in wrong:
                yield (
                    f"{capfirst(model._meta.verbose_name)} {key} is not searched by its"
                    " own texts. Run manage.py rebuild."
                )


# What curators write themselves, or correct where it was published.
LEGIBLE = {
    Evidence: ("title", "summary", "meeting", "verification_note"),
    Finding: ("rationale", "pinpoint", "form_reason", "searched_words"),
    Source: ("label",),
    Actor: ("name",),
    Situation: ("name",),
}


def texts_are_legible(today):
    """No text of the present holds characters that nobody sees."""
    for model, names in LEGIBLE.items():
        rows = model.objects
        rows = rows.current() if model is Finding else rows.all()
        for key, *texts in rows.values_list("pk", *names).iterator(PART):
            if any(legible(text) != text for text in texts):
                yield (
                    f"{capfirst(model._meta.verbose_name)} {key} holds characters that"
                    " nobody sees. Run manage.py setup_site, or correct it."
                )


PART = 500


def _in_parts(entries):
    """The entries in the order of their keys, some at a time: memory is bounded."""
    last = 0
    while some := list(entries.filter(pk__gt=last).order_by("pk")[:PART]):
        yield some
        last = some[-1].pk


def ballots_agree_with_their_votes(today):
    """No ballot holds more votes of one kind than its tally counts, or none at all."""
    tallies = {"yes": "Y", "no": "N", "abstain": "A", "non_voting": "X"}
    counted = {
        f"cast_{name}": Count("votes", filter=Q(votes__cast=cast))
        for name, cast in tallies.items()
    }
    excess = Q()
    for name in tallies:
        excess |= Q(**{f"cast_{name}__gt": F(name)})
    ballots = Ballot.objects.annotate(**counted).filter(excess)
    for ballot in ballots.select_related("document"):
        yield f"The votes stored for {ballot} are more than its tally counts."
    vetoes = Vote.objects.vetoes().filter(ballot=OuterRef("pk"))
    vetoed = Ballot.objects.filter(outcome=Ballot.Outcome.VETOED)
    unknown = vetoed.filter(~Exists(vetoes), yes__isnull=True)
    for ballot in unknown.select_related("document"):
        yield f"{ballot}: the record knows neither the votes nor who cast the veto."


def nothing_lies_in_the_future(today):
    """Nothing on record is dated after today, wherever on Earth it was written."""
    latest = max(today, rules.latest_today())
    for search in Search.objects.filter(searched_on__gt=latest).select_related(
        "criterion"
    ):
        yield f"The search “{search}” is dated in the future."
    late = Assessment.objects.filter(assessed_on__gt=latest)
    for assessment in late.select_related("recommendation"):
        yield f"The assessment “{assessment}” is dated in the future."
    for codebook in Codebook.objects.filter(published_on__gt=today):
        yield f"{codebook} is in force, but published in the future."


def decisions_match_states(today):
    """A published or withdrawn entry has the decision that made it so."""
    decisions = ReviewDecision.objects.filter(evidence=OuterRef("pk"))
    for state, outcome in (
        (State.PUBLISHED, ReviewDecision.Outcome.PUBLISH),
        (State.WITHDRAWN, ReviewDecision.Outcome.WITHDRAW),
        (State.DECLINED, ReviewDecision.Outcome.DECLINE),
    ):
        missing = ~Exists(decisions.filter(outcome=outcome))
        for entry in Evidence.objects.filter(missing, state=state):
            yield f"{_name(entry)} is {state.label.lower()}, but nobody decided so."


def own_reviews_are_marked(today):
    """Whoever decides about their own entry is marked as having decided alone."""
    own = ReviewDecision.objects.filter(
        reviewer=F("evidence__submitted_by"),
        outcome__in=["publish", "return", "decline"],
        alone=False,
    )
    for decision in own.select_related("evidence"):
        yield f"{_name(decision.evidence)} was decided on by its own author, unmarked."


def recommendations_can_be_judged(today):
    """Each recommendation has an essential criterion in the codebook in force."""
    criteria = Criterion.objects.filter(
        recommendation=OuterRef("pk"),
        codebook__in=Codebook.objects.each_in_force(),
        essential=True,
    )
    for recommendation in Recommendation.objects.filter(~Exists(criteria)):
        yield f"{recommendation} has no essential criterion in the codebook in force."
    owners = Criterion.objects.values("codebook__publication", "code").annotate(
        owners=Count("recommendation", distinct=True)
    )
    for row in owners.filter(owners__gt=1).order_by("code"):
        yield f"Criterion {row['code']} belongs to {row['owners']} recommendations."


def versions_follow_each_other(today):
    """A criterion's meaning never goes back."""
    seen = {}
    published = Criterion.objects.filter(codebook__published_on__isnull=False)
    for criterion in published.select_related("codebook").order_by(
        "codebook__published_on", "codebook__pk"
    ):
        before = seen.get(criterion.identity, criterion)
        if criterion.meaning < before.meaning:
            yield (
                f"Criterion {criterion.code} goes back to an earlier meaning in"
                f" {criterion.codebook}."
            )
        seen[criterion.identity] = criterion


def standings_follow_from_the_evidence(today):
    """What is written of each recommendation is what the rule says."""
    for recommendation, names in otherwise(today):
        what = ", ".join(name.replace("_", " ") for name in names)
        yield (
            f"{recommendation.code}: what is written of its standing is not what"
            f" follows from the evidence: {what}. Run manage.py rebuild."
        )


def lists_follow_from_the_entries(today):
    """Each entry stands in the lists that it belongs to, and is counted once."""
    for name, number in wrongly_listed():
        yield (
            f"List {name}: {number} entries or counts are not what follows from the"
            " entries. Run manage.py rebuild."
        )


def messages_leave(today):
    """No message by email is refused again and again, or was given up lately."""
    lately = timezone.now() - timedelta(days=7)
    for row in (
        Message.objects.stuck()
        .exclude(ended_at__lt=lately)
        .order_by()
        .values("state", "fault")
        .annotate(count=Count("pk"))
        .order_by("state", "fault")
    ):
        state = Message.State(row["state"]).label.lower()
        yield (
            f"Messages by email that could not be sent, {state}: {row['count']}"
            f" ({row['fault'] or 'no longer of use'})."
        )


def lines_follow_from_the_entries(today):
    """What the download tells of an entry, where it is kept, is what the entry says."""
    for slug in wrong_lines():
        yield f"Entry {slug}: the download tells it otherwise. Run manage.py rebuild."


def descents_follow_from_the_texts(today):
    """What paragraphs were taken from is, where computed, what the texts say."""
    missing, wrong = forerunners.difference()
    if rows := {forerunners.key_of(row) for row in (*missing, *wrong)}:
        yield (
            f"{len(rows)} descents of paragraphs are not what follows from the texts."
            " Run manage.py rebuild."
        )


def access_follows_roles(today):
    """Whoever may open the admin is a curator or a superuser."""
    curators = Q(groups__name=CURATOR)
    staff = User.objects.filter(is_active=True, is_staff=True, is_superuser=False)
    for user in staff.exclude(curators):
        yield f"Account {user} may open the admin, but is no curator."
    for user in User.objects.filter(curators, is_active=True, is_staff=False):
        yield f"Account {user} is a curator, but may not open the admin."


CHECKS = (
    entries_are_what_they_must_be,
    publishing_accepts,
    what_readers_saw_is_kept,
    findings_follow_their_entry,
    corrections_stay_on_their_subject,
    entries_agree_with_the_record,
    titles_are_found_by_their_words,
    records_are_searched_by_their_texts,
    texts_are_legible,
    ballots_agree_with_their_votes,
    nothing_lies_in_the_future,
    decisions_match_states,
    own_reviews_are_marked,
    recommendations_can_be_judged,
    versions_follow_each_other,
    standings_follow_from_the_evidence,
    lists_follow_from_the_entries,
    messages_leave,
    lines_follow_from_the_entries,
    descents_follow_from_the_texts,
    access_follows_roles,
)


def _against_record(entry, document):
    """Where an entry departs from the ballots of its day."""
    ballots = [
        ballot
        for ballot in document.ballots.all()
        if ballot.held_on == entry.occurred_on
    ]
    if not ballots:
        days = ", ".join(str(ballot.held_on) for ballot in document.ballots.all())
        yield (
            f"{_name(entry)} is dated {entry.occurred_on}; the Council's record has"
            f" {days}."
        )
        return
    meetings = {
        each for ballot in ballots for each in ballot.meeting.split("; ") if each
    }
    if entry.meeting and meetings and entry.meeting not in meetings:
        yield (
            f"{_name(entry)} has the meeting {entry.meeting}; the Council's record has"
            f" {', '.join(sorted(meetings))}."
        )
    counted = all(ballot.votes_known for ballot in ballots)
    tallies = [(ballot.yes, ballot.no, ballot.abstain) for ballot in ballots]
    votes = (entry.votes_yes, entry.votes_no, entry.votes_abstain)
    if entry.has_votes and counted and votes not in tallies:
        yield (
            f"{_name(entry)} has the votes {_tally(votes)}; the Council's record has"
            f" {', '.join(map(_tally, tallies))}."
        )
    if entry.roll_call:
        yield from _roll_call_against_record(entry, ballots)
    if entry.kind == Kind.VETO:
        yield from _vetoes_against_record(entry, ballots)


def _roll_call_against_record(entry, ballots):
    """Who is said to have voted otherwise than in the ballot that fits best."""
    unlike = min((_unlike(entry.roll_call, ballot) for ballot in ballots), key=len)
    if unlike:
        yield (
            f"{_name(entry)} has members voting otherwise than in the Council's record:"
            f" {_listed(unlike)}."
        )


def _unlike(roll_call, ballot):
    """The members whose vote is another than the ballot has for certain."""
    certain = {
        vote.member.code: vote.cast
        for vote in ballot.votes.all()
        if vote.cast != Vote.Cast.UNCERTAIN
    }
    return {code for code, cast in roll_call.items() if certain.get(code, cast) != cast}


def _vetoes_against_record(entry, ballots):
    actors = {actor.name for actor in entry.actors.all()}
    cast = {
        vote.member.name
        for ballot in ballots
        if ballot.outcome == Ballot.Outcome.VETOED
        for vote in ballot.votes.all()
        if vote.cast == Vote.Cast.NO and vote.member.permanent
    }
    if actors != cast:
        yield (
            f"{_name(entry)} has a veto by {_listed(actors)}; the Council's record has"
            f" {_listed(cast)}."
        )


def _belongs_in_the_record(entry, newest):
    """Whether the record, as far as it goes, should have the document of an entry."""
    if not entry.symbol or entry.occurred_on > newest:
        return False
    resolution = entry.symbol.startswith("S/RES/") and Kind(entry.kind).is_adopted
    return resolution or entry.kind == Kind.VETO


def _tally(votes):
    return "-".join(map(str, votes))


def _listed(names):
    return ", ".join(sorted(names)) or "nobody"


def _name(entry):
    return f"Entry {entry.slug or entry.pk}"


def _finding(finding):
    return f"{_name(finding.evidence)}: the finding on {finding.criterion.code}"
