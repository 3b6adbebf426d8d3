"""What a browser sends from the forms of the desk."""

import uuid

from icctracker.models import Criterion
from icctracker.web.kit import kept
from tests.factories import make_criterion


def signed_in(client, user):
    """The client, signed in as this person."""
    client.force_login(user)
    return client


def entry_post(user, *, sources=None, findings=None, button="save", **values):
    """A complete new entry as its form posts it, unless told otherwise."""
    data = {
        "opened_by": kept.sign(user),
        "creation_key": str(uuid.uuid4()),
        "seen": "1",
        "occurred_on": "22 May 2014",
        "kind": "veto",
        "title": "A draft on Syria is vetoed",
        "summary": "Two permanent members voted against.",
        "symbol": "S/2014/348",
        "meeting": "S/PV.7180",
        "votes_yes": "13",
        "votes_no": "2",
        "votes_abstain": "0",
        "tier": "A",
        "actor_names": "Russian Federation\nChina",
        "counter_evidence": "The sponsors knew it would fail.",
        button: "1",
    }
    data |= rows("sources", [source_post()] if sources is None else sources)
    data |= rows("findings", [finding_post()] if findings is None else findings)
    data |= values
    return {name: value for name, value in data.items() if value is not None}


def source_post(url="https://undocs.org/en/S/2014/348", label="The draft", **values):
    return {"url": url, "label": label, "official": "on"} | values


def finding_post(code="7a", **values):
    criterion = Criterion.objects.filter(code=code).first() or make_criterion(code)
    return {
        "criterion": str(criterion.pk),
        "effect": "-2",
        "rationale": "A permanent member stopped the text.",
        "occasion": "on",
    } | values


def rows(prefix, posted):
    """Rows under their prefix, with the counts that go with them."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(posted)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(posted):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def problems(response):
    """What the form says is to be mended, by the id of the field."""
    return {
        problem.target: str(problem.message)
        for problem in response.context["entry"].problems
    }
