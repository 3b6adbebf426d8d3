"""A refusal that needs a reason is itself refused without one, beside the field.

Which routes take a text is read from the table of all that write.
"""

import re
from dataclasses import dataclass

import pytest

from icctracker.imports.first_record import load_council_record
from icctracker.models import Evidence
from tests.contracts.browser import text_of
from tests.contracts.test_writing_twice import everything, opened
from tests.contracts.writing import WORDS, WRITES, make_site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BLANK = {"nothing": "", "blanks": "   \r\n ", "a NUL": "\x00"}


@dataclass(frozen=True)
class Refusal:
    """What is sent without its reason, in which field, and what is then said."""

    route: str
    field: str
    says: str
    sent: dict


def of(route, field, says, **sent):
    return Refusal(route, field, says, sent)


TOLD = "Say why: readers of the entry will be told."
DECIDED = "Say why: it is kept with the decision."
DISSENT = "Say why: readers see the reason."
REFUSALS = {
    "correct": of("evidence-correct", "reason", TOLD),
    "withdraw": of("evidence-withdraw", "reason", TOLD),
    "restore": of("evidence-restore", "reason", TOLD),
    "comment": of("evidence-comment", "text", "Write a comment first."),
    "dissent from a finding": of("finding-dissent", "reason", DISSENT),
    "dissent from a status": of("assessment-dissent", "reason", DISSENT),
    "take a dissent back": of("dissent-detail", "reason", "Say why: it is kept."),
    "set a suggestion aside": of(
        "suggestion-list",
        "reason",
        "Say why: whoever counts the votes later will want to know.",
    ),
    "propose a finding": of(
        "finding-propose",
        "findings-0-rationale",
        "Give the reason: an effect without one cannot be reviewed.",
    ),
    "give a coding back": of("coding-detail", "reason", "Say why", give_back="1"),
    "send back": of("review-evidence", "note", DECIDED, outcome="return"),
    "decline": of("review-evidence", "note", DECIDED, outcome="decline"),
    "withdraw a coding": of(
        "coding-offer", "reason", "Say why: the reason is kept with the coding."
    ),
    "decline a proposal": of("proposal-review", "note", "Say why"),
    "reconcile": of(
        "reconcile-detail",
        "line-reason",
        "Say why: the reason is kept with the decision.",
    ),
    "answer": of("response-answer", "text", "Write it: readers see it."),
    "withhold": of(
        "response-answer", "text", "Write it: readers see it.", outcome="withheld"
    ),
    "refuse a dissent": of("dissent-review", "reason", "Say why: its author reads it."),
    "override": of(
        "assessment-create",
        "rationale",
        "Say why it differs from what the rule suggests.",
    ),
    "publish a codebook": of("codebook-preview", "reason", "Say why"),
    "code silent": of(
        "recoding-update",
        "rationale",
        "Say why: readers will be told.",
        outcome="silent",
    ),
    "correct a descent": of("descent-correct", "reason", DISSENT),
    "publish a ruleset": of("ruleset-preview", "reason", "Say why"),
}
# Routes that take a text which is no reason for a refusal.
NO_REFUSAL = {
    *("evidence-create", "evidence-update", "search-create", "text-create"),
    *("criterion-create", "criterion-update"),
    *("respond", "evidence-respond", "recommendation-respond"),
}
# Not yet as it should be: it is said at the head of the page, or on a page of its own,
# and not at the field.
TODAY = {"give a coding back", "withdraw a coding", "decline a proposal"}


@pytest.fixture(scope="module")
def site(standing_database, council_folder):
    load_council_record(council_folder)
    return make_site()


def test_every_route_that_takes_a_text_stands_in_the_table(site):
    takes = {
        name for name, write in WRITES.items() if WORDS in write.sent(site).values()
    }

    assert takes == {each.route for each in REFUSALS.values()} | NO_REFUSAL


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("name", REFUSALS)
def test_without_a_reason_nothing_is_written(site, name, blank):
    refusal = REFUSALS[name]
    client, path, data = opened(site, WRITES[refusal.route])
    field = refusal.field
    if field == "line-reason":
        field = next(key for key in data if key.endswith("-reason"))
    before = everything()

    answer = client.post(path, data | refusal.sent | {field: BLANK[blank]}, follow=True)

    assert everything() == before
    assert answer.status_code in (200, 409)
    if blank != "a NUL":
        assert refusal.says in text_of(answer)
    assert marked(answer, field) or name in TODAY, text_of(answer)


def marked(answer, field):
    """Whether a field is marked as wrong, to eyes and to a screen reader."""
    page = answer.content.decode()
    tags = re.findall(rf'<(?:textarea|input)[^>]*name="{field}"[^>]*>', page)
    return any('aria-invalid="true"' in tag for tag in tags)


def test_who_decides_on_their_own_entry_says_why(site):
    """Only a curator may, and only with a reason."""
    curator = site.people["curator"]
    Evidence.objects.filter(pk=site.submitted.pk).update(submitted_by=curator)
    write = WRITES["review-evidence"]
    client, path, data = opened(site, write)
    client.force_login(curator)
    before = everything()

    sent = {"outcome": "publish", "checked": "on", "note": " "}
    answer = client.post(path, data | sent)

    assert everything() == before
    assert "Say why you decide on your own entry." in text_of(answer)
    assert marked(answer, "note")
