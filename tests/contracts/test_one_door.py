"""One door: what cannot be is refused wherever it is tried, in the same words."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions import ActionRefused
from icctracker.actions.entries import submit
from icctracker.actions.review import correct, decide
from icctracker.admin.forms import EntryForm as AdminForm
from icctracker.admin.rows import EvidenceRow
from icctracker.models import Evidence
from icctracker.readings.consistency import disagreements
from tests.desk.posted import entry_post, signed_in
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State
# A text that the Council adopted, and what is changed in it so that it cannot be.
SOUND = {
    "occurred_on": "2014-05-22",
    "kind": "resolution",
    "tier": "A",
    "symbol": "S/RES/2155(2014)",
    "meeting": "S/PV.7182",
    "title": "The mandate is renewed",
    "summary": "All members voted for the text.",
    "votes_yes": "15",
    "votes_no": "0",
    "votes_abstain": "0",
}
NO_VOTES = dict.fromkeys(("votes_yes", "votes_no", "votes_abstain"), "")


def cast(yes, no, abstain):
    totals = map(str, (yes, no, abstain))
    return dict(zip(("votes_yes", "votes_no", "votes_abstain"), totals, strict=True))


IMPOSSIBLE = {
    "a veto without votes": (
        {"kind": "veto", "symbol": "S/2014/348"} | NO_VOTES,
        "the votes",
    ),
    "a veto that nobody cast": (
        {"kind": "veto", "symbol": "S/2014/348"} | cast(15, 0, 0),
        "A veto is a vote against",
    ),
    "a letter O in a symbol": ({"symbol": "S/2O14/348"}, "S/2014/348"),
    "a deferral by twenty": (
        {"kind": "deferral"} | cast(20, 0, 0),
        "The Council has 15 members; these votes add up to 20.",
    ),
    "a resolution with seven in favour": (
        cast(7, 8, 0),
        "with 7 the text was not adopted",
    ),
    "twelve votes in 1950": (
        {"occurred_on": "1950-06-27", "symbol": "", "meeting": ""} | cast(12, 0, 0),
        "The Council had 11 members in 1950",
    ),
    "six in favour in 1950": (
        {"occurred_on": "1950-06-27", "symbol": "", "meeting": ""} | cast(6, 1, 2),
        "The Council adopts with at least 7 votes in favour",
    ),
    "more votes than States": (
        {"kind": "ga-resolution", "symbol": "", "meeting": ""} | cast(190, 4, 0),
        "There are 193 Member States; these votes add up to 194.",
    ),
    "twenty at a visit": (
        {"kind": "visit"} | cast(20, 0, 0),
        "The Council has 15 members",
    ),
    "in the future": (
        {"occurred_on": "2999-01-01", "symbol": "", "meeting": ""} | NO_VOTES,
        "is in the future",
    ),
}
# The database itself refuses to hold these in what is no draft any more.
NEVER_ON_RECORD = {
    "before the Charter": (
        {"occurred_on": "1945-06-25", "symbol": "", "meeting": ""} | NO_VOTES,
        "26 June 1945",
    ),
    "no title": ({"title": ""}, "Give it a title."),
    "no summary": ({"summary": ""}, "Say in a few sentences what happened."),
}
POSSIBLE = {
    "a veto without votes": (
        {"kind": "veto", "symbol": "S/2014/348"} | NO_VOTES,
        "the votes",
    ),
    "a veto that nobody cast": (
        {"kind": "veto", "symbol": "S/2014/348"} | cast(15, 0, 0),
        "A veto is a vote against",
    ),
    "a letter O in a symbol": ({"symbol": "S/2O14/348"}, "S/2014/348"),
    "a deferral by twenty": (
        {"kind": "deferral"} | cast(20, 0, 0),
        "The Council has 15 members; these votes add up to 20.",
    ),
    "a resolution with seven in favour": (
        cast(7, 8, 0),
        "with 7 the text was not adopted",
    ),
    "twelve votes in 1950": (
        {"occurred_on": "1950-06-27", "symbol": "", "meeting": ""} | cast(12, 0, 0),
        "The Council had 11 members in 1950",
    ),
    "six in favour in 1950": (
        {"occurred_on": "1950-06-27", "symbol": "", "meeting": ""} | cast(6, 1, 2),
        "The Council adopts with at least 7 votes in favour",
    ),
    "more votes than States": (
        {"kind": "ga-resolution", "symbol": "", "meeting": ""} | cast(190, 4, 0),
        "There are 193 Member States; these votes add up to 194.",
    ),
    "twenty at a visit": (
        {"kind": "visit"} | cast(20, 0, 0),
        "The Council has 15 members",
    ),
    "before the Charter": (
        {"occurred_on": "1945-06-25", "symbol": "", "meeting": ""} | NO_VOTES,
        "26 June 1945",
    ),
    "in the future": (
        {"occurred_on": "2999-01-01", "symbol": "", "meeting": ""} | NO_VOTES,
        "is in the future",
    ),
    "no title": ({"title": ""}, "itle"),
    "no summary": ({"summary": ""}, "summary|few sentences"),
}
POSSIBLE = {
    "as it is": {},
    "two hundred at another body": {
        "kind": "other",
        "symbol": "",
        "meeting": "",
    }
    | cast(150, 20, 20),
    "eleven in 1950": {"occurred_on": "1950-06-27", "symbol": "", "meeting": ""}
    | cast(7, 1, 3),
    "a veto": {"kind": "veto", "symbol": "S/2014/348"} | cast(13, 2, 0),
    "no votes where nobody voted": {"kind": "visit"} | NO_VOTES,
}


def stored(values):
    """An entry of such facts as a record holds them."""
    facts = SOUND | values
    numbers = {name: facts[name] for name in NO_VOTES}
    read = {name: int(value) if value else None for name, value in numbers.items()}
    return facts | read | {"occurred_on": date.fromisoformat(facts["occurred_on"])}


def on_file(state, values):
    """An entry put into a state past every action, as an older site may hold it."""
    finding = finding_row(make_criterion(), form="decision", form_reason="As it binds.")
    author = make_user("researcher")
    entry = make_evidence(State.DRAFT, by=author, findings=[finding])
    submitted_at = None if state == State.DRAFT else timezone.now()
    Evidence.objects.filter(pk=entry.pk).update(
        state=state, submitted_at=submitted_at, **stored(values)
    )
    entry.refresh_from_db()
    return entry


def at_the_desk(values, client):
    author = make_user("researcher")
    make_criterion("7a")
    data = entry_post(author, button="submit", actor_names="", **(SOUND | values))
    response = signed_in(client, author).post(reverse("evidence-create"), data)
    if response.status_code == 302:
        return []
    return [str(problem.message) for problem in response.context["entry"].problems]


def in_a_file(values, client):
    make_criterion("7a")
    cells = dict.fromkeys(EvidenceRow.base_fields, "") | SOUND | values
    cells |= {
        "sources": "https://undocs.org/en/S/RES/2155(2014) | The resolution",
        "findings": "7a | 1 | | yes | | | It renews the mandate.",
    }
    row = EvidenceRow(cells, context=EvidenceRow.context())
    return [message for messages in row.errors.values() for message in messages]


def in_the_admin(values, client):
    entry = on_file(State.SUBMITTED, {})
    form = AdminForm(SOUND | values | {"seen": entry.version}, instance=entry)
    return [message for messages in form.errors.values() for message in messages]


def on_submitting(values, client):
    entry = on_file(State.DRAFT, values)
    return refusal(submit, entry, by=entry.submitted_by)


def on_publishing(values, client):
    entry = on_file(State.SUBMITTED, values)
    return refusal(decide, entry, reviewer=make_user("reviewer"), outcome="publish")


def on_correcting(values, client):
    finding = finding_row(make_criterion(), form="decision", form_reason="As it binds.")
    return refusal(
        correct,
        make_evidence(findings=[finding]),
        by=make_user("curator"),
        reason="It was wrong.",
        facts=stored(values),
        sources=[source_row()],
        findings=[finding],
    )


def in_the_check_of_consistency(values, client):
    entry = on_file(State.SUBMITTED, values)
    found = disagreements(timezone.localdate())
    return [said for said in found if said.startswith(f"Entry {entry.pk}: ")]


def refusal(action, *args, **kwargs):
    try:
        action(*args, **kwargs)
    except ActionRefused as refused:
        return [str(refused)]
    return []


TYPED = (at_the_desk, in_a_file, in_the_admin)
DOORS = (
    *TYPED,
    on_submitting,
    on_publishing,
    on_correcting,
    in_the_check_of_consistency,
)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
class TestEveryDoor:
    @pytest.mark.parametrize("case", IMPOSSIBLE)
    def test_what_cannot_be_is_refused(self, client, door, case):
        values, because = IMPOSSIBLE[case]

        assert because in " ".join(door(values, client))

    @pytest.mark.parametrize("case", POSSIBLE)
    def test_what_can_be_is_taken(self, client, door, case):
        assert door(POSSIBLE[case], client) == []


@pytest.mark.parametrize("door", TYPED, ids=lambda door: door.__name__)
@pytest.mark.parametrize("case", NEVER_ON_RECORD)
def test_what_no_record_can_hold_is_refused_where_it_is_typed(client, door, case):
    values, because = NEVER_ON_RECORD[case]

    assert because in " ".join(door(values, client))
