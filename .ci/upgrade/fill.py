"""Fills a site of the earlier commit with records in every state.

Runs in the shell of that commit, with its own actions; it is rewritten when another
commit takes its place. Prints two instants: with the first data alone, and with new
entries that nothing has been done to yet.
"""

import json
import sys
import tempfile
import uuid
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from icctracker.suggestions import suggested

from icctracker import models, standing
from icctracker.actions import (
    accounts,
    assessments,
    blinding,
    codebook,
    coding,
    comments,
    dissents,
    evidence,
    invitations,
    proposals,
    reconciling,
    reminders,
    responses,
    restoring,
    review,
    sampling,
    searches,
    suggestions,
    verdicts,
)
from icctracker.models import Criterion, Document, Evidence
from tests import council_files
from tests.factories import make_user, source_row

PAST = date(2025, 5, 5)
CODED = "offered open back withdrawn same differs third proposed both".split()
PASSWORD = "A long one, for nobody."  # noqa: S105
# What no action of that commit leads to, or only with time.
NEVER_SEEN = {
    ("statuschange", "before", ""),
    ("statuschange", "cause", "time"),
}


class People:
    """Everybody who works on the site, by what they do."""

    def __init__(self):
        for name in ("cora", "carl"):
            setattr(self, name, self._person(name, "curator"))
        for name in ("rita", "ralf"):
            setattr(self, name, self._person(name, "reviewer"))
        for name in ("ada", "ben", "cleo", "dan", "eve"):
            setattr(self, name, self._person(name, "researcher"))
        for person, mail in ((self.ralf, "never"), (self.rita, "at-once")):
            person.mail = mail
            person.save()
        self.ada.show_name, self.ada.public_name = True, "Ada Author"
        self.ada.save()

    def _person(self, name, role):
        return make_user(role, username=name, email=f"{name}@example.org")


def criterion(code):
    return Criterion.objects.in_force().get(code=code)


def finding(code, effect=-2, **values):
    """A finding as the actions take it."""
    return {
        "criterion": criterion(code),
        "effect": effect,
        "occasion": False,
        "pinpoint": "paragraph 3",
        "rationale": f"Why {effect} on {code} – “as said”.",
    } | values


def facts(title, **values):
    situation = models.Situation.objects.order_by("pk").first()
    return {
        "occurred_on": PAST,
        "kind": "court-decision",
        "tier": "A",
        "title": title,
        "summary": f"{title}: a summary with é, 中, “quotes” and\ntwo lines.",
        "counter_evidence": "Others read it otherwise.",
        "verification_note": "The second source.",
        "situations": [situation],
        "actors": list(models.Actor.objects.order_by("pk")[:2]),
    } | values


def draft(title, by, *rows, **values):
    sources = [
        source_row(),
        source_row("https://example.org/report", label="A report", official=False),
    ]
    return evidence.save_entry(
        Evidence(), by=by, facts=facts(title, **values), sources=sources, findings=rows
    )


def submitted(title, by, *rows, **values):
    return evidence.submit(draft(title, by, *rows, **values), by=by)


def published(title, by, reviewer, *rows, **values):
    entry = submitted(title, by, *rows, **values)
    review.decide(entry, reviewer=reviewer, outcome="publish", note="Well shown.")
    entry.refresh_from_db()
    return entry


def correct(entry, by, title, *rows):
    review.correct(
        entry,
        by=by,
        reason=f"Read again: {title}.",
        facts=facts(title),
        sources=[source_row()],
        findings=rows,
    )
    entry.refresh_from_db()
    return entry


def fill_entries(people):
    """An entry in each state, and those that the second part goes on with."""
    for row, cut in (([], "unfinished"), ([finding("7a")], "")):
        kept = draft(f"A draft, {cut or 'complete'}", people.ada, *row)
        evidence.keep_unfinished(kept, cut and "title=As+typed", by=people.ada)
    evidence.save_entry(Evidence(), by=people.ben, facts={"title": "Only a title"})
    waits = submitted("It waits", people.ada, finding("7a", 0, occasion=True))
    blinding.note_reading(waits, people.rita)
    comments.comment(waits, by=people.rita, text="Which paragraph?")
    comments.comment(waits, by=people.ada, text="The third.")
    for outcome in ("return", "decline"):
        entry = submitted(f"To {outcome}", people.ada, finding("7a", -1))
        review.decide(
            entry, reviewer=people.rita, outcome=outcome, note="Not shown by this."
        )
    alone = submitted("Decided on alone", people.cora, finding("1a", 2))
    review.decide(
        alone, reviewer=people.cora, outcome="publish", note="Nobody else is there."
    )
    weighty = published("Withdrawn", people.ada, people.rita, finding("10a", -2))
    others = [
        published(
            f"Published, number {number}",
            people.ada,
            people.rita,
            finding("7a", (-1) ** number),
            finding("4a", 1, form="process", form_reason="No more than a step."),
            occurred_on=PAST + timedelta(days=number),
        )
        for number in range(4)
    ]
    return [alone, weighty, *others]


def change_entries(people, entries):
    """Corrections, a restored version, withdrawals, proposals."""
    corrected, withdrawn, restored, proposed, *_others = entries
    # Both moved a status when they were published, and move it back.
    review.withdraw(withdrawn, by=people.cora, reason="It was another case.")
    correct(corrected, people.carl, "Corrected", finding("1a", 0))
    correct(restored, people.cora, "Corrected, then restored", finding("7a", 0))
    # What was left out comes back with its sources: both are cited again first.
    sources = [
        {"url": each.url, "label": each.label, "official": each.official}
        for each in restored.editions.get(number=1).sources.all()
    ]
    review.correct(
        restored,
        by=people.cora,
        reason="Both sources hold.",
        facts=facts("Corrected, then restored"),
        sources=sources,
        findings=[finding("7a", 0)],
    )
    restoring.restore(restored, number=1, by=people.carl, reason="It was right.")
    propose(people, proposed)


def propose(people, entry):
    rows = [finding(code, 2) for code in ("1a", "2a", "3a")]
    accepted, declined, _waits = (
        proposals.propose_finding(entry, row, by=people.ben) for row in rows
    )
    proposals.accept_proposal(accepted, reviewer=people.rita, note="Yes.")
    proposals.decline_proposal(declined, reviewer=people.rita, note="It says less.")


def hand_in(entry, coder, by, *rows):
    offered = coding.offer_coding(entry, by=by, coder=coder)
    return coding.hand_in(offered, by=coder, lines=rows, note="Read twice.")


def fill_codings(people):
    """A coding in each state; differences decided by a third person and by both."""
    named = {
        name: submitted(f"Coded: {name}", people.ada, finding("7a"), finding("4a", 1))
        for name in CODED
    }
    coding.offer_coding(named["offered"], by=people.rita)
    in_hand = coding.offer_coding(named["open"], by=people.rita, coder=people.ben)
    coding.save_coding(in_hand, by=people.ben, lines=[finding("7a", -1)], note="So far")
    given = coding.offer_coding(named["back"], by=people.rita)
    given = coding.pick_up(given, by=people.dan, unread=True)
    coding.give_back(given, by=people.dan, reason="I know the author.")
    ended = coding.offer_coding(named["withdrawn"], by=people.rita, coder=people.dan)
    coding.give_back(ended, by=people.rita, reason="It takes too long.")
    hand_in(named["same"], people.ben, people.rita, finding("7a"), finding("4a", 1))
    rows = [finding("7a", -1), finding("1a", 1)]
    hand_in(named["differs"], people.cleo, people.rita, *rows)
    for name in ("third", "proposed", "both"):
        second = hand_in(named[name], people.cleo, people.rita, *rows)
        decide_differences(people, second, name)
    sampling.draw_sample(year=2026, size=2, seed="a seed")


def decide_differences(people, second, how):
    codes = {"effect": 0, "form": "decision", "occasion": False}
    lines = [
        {"criterion": each.criterion, "reason": f"Because, {how}.", **taken}
        for each, taken in zip(
            second.differences(),
            ({"taken": "second"}, {"taken": "first"}, {"taken": "other"} | codes),
            strict=True,
        )
    ]
    by = people.ralf if how == "third" else people.ada
    stamp = reconciling.stamp_of(second)
    reconciling.reconcile(second, by=by, lines=lines, stamp=stamp)
    if how == "both":
        stamp = reconciling.stamp_of(second)
        reconciling.confirm(second, by=people.cleo, stamp=stamp)


def fill_statuses(people):
    """Assessments that confirm and override, searches, verdicts."""
    today = timezone.localdate()
    first, second, third = models.Recommendation.objects.order_by("number")[:3]
    suggested_status = standing.result_for(first, today).status.code
    made = assessments.assess(
        first, by=people.cora, as_of=today, decided=suggested_status
    )
    over = assessments.assess(
        second,
        by=people.carl,
        as_of=today,
        decided="overtaken",
        rationale="The matter is closed.",
    )
    for number, code in enumerate(("1a", "3a")):
        logged = searches.log_search(
            by=people.ben,
            criterion=criterion(code),
            searched_on=today - timedelta(days=number),
            where="The Library",
            query="“Court”",
            outcome="Nothing new.",
        )
    searches.withdraw_search(logged, by=people.cora, reason="It was another.")
    for n in range(2):
        said = models.Verdict.objects.create(
            recommendation=third,
            tracker=f"Tracker {n}",
            verdict="“Half done”",
            url="https://example.org/verdict",
            said_on=PAST,
        )
    verdicts.withdraw_verdict(said, by=people.cora, reason="Misread.")
    return [made, over]


def fill_dissents(people, entry, made, over):
    rows = list(entry.findings.accepted())
    waits = dissents.dissent_from_finding(rows[0], by=people.ben, effect=0, reason="A.")
    shown = dissents.dissent_from_finding(rows[1], by=people.ben, effect=0, reason="B.")
    dissents.confirm(shown, by=people.rita)
    back = dissents.dissent_from_finding(rows[1], by=people.dan, effect=-1, reason="C.")
    dissents.confirm(back, by=people.rita)
    dissents.take_back(back, by=people.dan, reason="I misread it.")
    against = [
        dissents.dissent_from_assessment(
            each, by=people.dan, status="not-testable", reason="D."
        )
        for each in (made, over)
    ]
    dissents.confirm(against[0], by=people.rita)
    dissents.refuse(against[1], by=people.rita, reason="It is about something else.")
    return waits


def fill_responses(people, entry):
    about = [
        {"evidence": entry, "kind": "correction"},
        {"recommendation": models.Recommendation.objects.first(), "kind": "reply"},
        {"kind": "correction", "shown_by": "https://example.org/shown"},
        {"evidence": entry, "kind": "reply", "publish_name": True, "name": "A. Reader"},
    ]
    received = [
        responses.receive(
            creation_key=uuid.uuid4(),
            text=f"Response {n}: it was on the 6th.",
            email="reader@example.org",
            **facts,
        )[0]
        for n, facts in enumerate(about)
    ]
    for response, outcome in zip(
        received, ("answered", "withheld", "answered"), strict=False
    ):
        responses.answer(response, by=people.rita, outcome=outcome, text="Thank you.")
    responses.answer(received[2], by=people.carl, outcome="withheld", text="A name.")


def fill_people(people):
    """Invitations of each kind, a closed account, a second step, a session."""
    for n, role in enumerate(("researcher", "reviewer", "curator", "researcher")):
        made, token = invitations.invite(f"new{n}@example.org", role, by=people.cora)
        if n == 0:
            new = invitations.accept(token, username="newcomer", password=PASSWORD)
        elif n == 1:
            invitations.withdraw_invitation(made, by=people.cora)
        elif n == 2:
            made.created_at -= timedelta(days=90)
            made.expires_at -= timedelta(days=90)
            made.save()
    submitted("By somebody who left", people.eve, finding("7a"))
    accounts.close_account(people.eve, by=people.eve)
    Authenticator.objects.create(user=people.cora, type="totp", data={"secret": "x"})
    Authenticator.objects.create(
        user=people.cora, type="recovery_codes", data={"seed": "x", "used_mask": 0}
    )
    Authenticator.objects.create(user=people.carl, type="webauthn", data={"name": "x"})
    address = EmailAddress.objects.create(user=new, email=new.email, primary=True)
    EmailConfirmation.create(address)
    new.user_permissions.add(Permission.objects.order_by("pk").first())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(people.ada)
    UserSession.objects.create(
        user=people.ada, session_key=client.session.session_key, ip="127.0.0.1"
    )
    LogEntry.objects.create(
        user=people.cora,
        content_type_id=1,
        object_id="1",
        object_repr="Something",
        action_flag=CHANGE,
    )


def fill_record(people):
    """Files brought in and refused, later values, documents set aside."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "voting.csv")
        Document.objects.filter(symbol="S/RES/1593(2005)").update(agenda_item="")
        later = council_files.voting_rows(
            agenda="Reports on the Sudan.", description="Other words for it"
        )
        new = council_files.new_resolution()
        path.write_bytes(council_files.as_csv(new + later))
        call_command("import_council", path, partly=True, stdout=StringIO())
    for state in models.ImportRun.State.values:
        ended = state not in ("checking", "importing")
        models.ImportRun.objects.create(
            file=f"{state}.csv",
            state=state,
            started_by=people.cora,
            finished_at=timezone.now() if ended else None,
            counts={"new": 1},
            holds_lock=state == "importing",
        )
    documents = list(suggested(people.ben)[:3])
    suggestions.accept(documents[0], by=people.ben)
    suggestions.dismiss(documents[1:], reason="Nothing of the Court.", by=people.ben)
    suggestions.put_back(documents[2:], by=people.dan)


def fill_codebooks(people):
    """A version that asks something else of two things, and a draft of the next."""
    second = codebook.draft_next(by=people.cora, version="1.1")
    for code in ("9a", "10a"):
        codebook.revise_criterion(
            second.criteria.get(code=code),
            by=people.cora,
            recode=True,
            statement="Tested otherwise.",
        )
    codebook.publish(second, by=people.cora, reason="It asked for too little.")
    # Nothing counts under the new test yet; that somebody has looked moves the status.
    searches.log_search(
        by=people.ben,
        criterion=criterion("10a"),
        searched_on=timezone.localdate(),
        where="The Library",
        query="as tested now",
        outcome="Nothing.",
    )
    third = codebook.draft_next(by=people.cora, version="1.2", note="A draft")
    codebook.revise_criterion(
        third.criteria.get(code="7a"), by=people.cora, recode=False, counts="Each vote."
    )


def missing():
    """Which tables hold nothing, and which choices nothing has."""
    for model in apps.get_models():
        name = model._meta.model_name
        rows = model._base_manager
        if not rows.exists():
            yield f"{name} has no rows"
        if name.startswith("historical") or model._meta.app_label != "icctracker":
            continue
        for field in model._meta.fields:
            if field.name in ("state", "outcome", "cause", "purpose", "taken", "mail"):
                seen = set(rows.values_list(field.name, flat=True).distinct())
                for choice in {value for value, _label in field.choices or ()} - seen:
                    if (name, field.name, choice) not in NEVER_SEEN:
                        yield f"no {name} has the {field.name} “{choice}”"


def main():
    people = People()
    before = timezone.now()
    entries = fill_entries(people)
    between = timezone.now()
    change_entries(people, entries)
    made, over = fill_statuses(people)
    fill_dissents(people, entries[4], made, over)
    fill_responses(people, entries[4])
    fill_codings(people)
    fill_record(people)
    fill_people(people)
    fill_codebooks(people)
    reminders.remind_of_due(timezone.localdate())
    if gaps := sorted(missing()):
        sys.exit("Not every state is there:\n" + "\n".join(gaps))
    print(json.dumps([before.isoformat(), between.isoformat()]))


main()
