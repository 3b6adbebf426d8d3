"""What the database itself refuses, whoever writes to it: one table of all of it.

Each constraint of each model stands in ``BREAKS`` under its name (a unique field as
``model.field``), with what breaks it.
"""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from icctracker.models import (
    Actor,
    Answer,
    Assessment,
    Ballot,
    Codebook,
    Comment,
    DataVersion,
    Descent,
    DescentCorrection,
    Dismissal,
    Dissent,
    Document,
    DocumentText,
    EmailChange,
    Gap,
    Import,
    ImportRun,
    Invitation,
    Member,
    Membership,
    Message,
    OtherValue,
    Paragraph,
    Passage,
    PresentStanding,
    Proposal,
    Reading,
    Recoding,
    Recommendation,
    ReconciledLine,
    Reconciliation,
    Response,
    ReviewDecision,
    Sample,
    Search,
    Sponsor,
    StatusChange,
    ValueOrigin,
    Verdict,
    Vote,
)
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_rule_draft,
    make_ruleset,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
VOTES = ("votes_yes", "votes_no", "votes_abstain")
NUMBERS = ("yes", "no", "abstain", "non_voting")
UNKNOWN = dict.fromkeys(NUMBERS)
# Stands in the table for a person, where it matters only that it is one.
SOMEBODY = "somebody"


def set_to(record, **values):
    """Break it by writing these values into a record that is right."""
    return "set", record, values


def again(record, **values):
    """Break it by writing the same record once more, with these values otherwise."""
    return "again", record, values


def each(*breaks):
    return list(breaks)


BREAKS = {
    # People
    "user.username": again("author"),
    "closed_account_names_nobody": set_to("author", closed_at=NOW),
    "invitation.token_digest": again("invitation"),
    "invitation.accepted_by": again("accepted"),
    "invitation_accepted_or_withdrawn": set_to("accepted", withdrawn_at=NOW),
    "invitation_accepted_by_somebody": set_to("invitation", accepted_at=NOW),
    "invitation_role_is_known": set_to("invitation", role="owner"),
    "message_kind_is_known": set_to("message", kind="fax"),
    "message_state_is_known": set_to("sent_message", state="lost"),
    "message_ended_keeps_no_text": each(
        set_to("message", ended_at=NOW),
        set_to("message", next_at=None),
        set_to("sent_message", sealed="A link."),
        set_to("sent_message", address_digest="0f"),
        set_to("sent_message", next_at=NOW),
        set_to("sent_message", ended_at=None),
    ),
    "message_has_a_text_or_a_person": each(
        set_to("message", sealed=""), set_to("message", person=SOMEBODY)
    ),
    "emailchange.confirm_digest": again("email_change", undo_digest="c", ended_at=NOW),
    "emailchange.undo_digest": again("email_change", confirm_digest="c", ended_at=NOW),
    "email_change_one_at_a_time": again(
        "email_change", confirm_digest="c", undo_digest="c"
    ),
    "data_version_once_per_transaction": again("data_version"),
    "data_version_part_is_known": set_to("data_version", part="rumours"),
    # Publications and their criteria
    "publication.slug": again("publication"),
    "addressee.slug": again("addressee"),
    "recommendation_code_once_per_publication": again("recommendation", number=99),
    "recommendation_number_once_per_publication": again("recommendation", code="R0"),
    "recommendation_has_text": set_to("recommendation", text=""),
    "codebook_version_once_per_publication": again("codebook"),
    "codebook_one_draft": again("next_codebook", version="1.9"),
    "codebook_instant_only_when_published": each(
        set_to("next_codebook", published_at=NOW, note="So."),
        set_to("codebook", published_at=None, published_by=SOMEBODY),
    ),
    "codebook_published_has_a_reason": set_to("codebook", published_at=NOW, note=""),
    "recoding_once_per_draft": again("recoding"),
    "recoding_outcome_is_known": set_to("recoding", outcome="other"),
    "recoding_has_codes_or_is_silent": each(
        set_to("recoding", effect=None),
        set_to("recoding", effect=3),
        set_to("recoding", form="letter"),
        set_to("silent_recoding", effect=1, form="signal"),
    ),
    "recoding_has_a_reason": set_to("recoding", rationale=""),
    "recoding_became_a_finding_in_force": each(
        set_to("recoding", took_effect_at=NOW),
        set_to("recoding", became="finding"),
    ),
    "recoding.became": again("recoding_in_force", finding="successor"),
    "ruleset_version_once_per_publication": again("ruleset"),
    "ruleset_one_draft": again("next_ruleset", version="1.9"),
    "ruleset_published_has_a_reason": each(
        set_to("ruleset", reason=""),
        set_to("next_ruleset", published_by=SOMEBODY),
    ),
    "criterion_code_once_per_codebook": again("criterion"),
    "criterion_kind_is_known": set_to("criterion", kind="encourage"),
    "criterion_delivered_by_is_known": set_to("criterion", delivered_by="signal"),
    "criterion_meaning_counts_from_one": set_to("criterion", meaning=0),
    "gap.slug": again("gap"),
    "gap_says_what": set_to("gap", text=""),
    "gap_closed_after_noted": set_to("gap", closed_on=date(2025, 12, 31)),
    # Entries
    "evidence.slug": again("entry"),
    "evidence.creation_key": again("draft"),
    "evidence_complete_unless_draft": [
        set_to(state, **{name: value})
        for state in ("submitted", "entry")
        for name, value in {
            "occurred_on": None,
            "submitted_at": None,
            "kind": "",
            "title": "",
            "summary": "",
        }.items()
    ],
    "evidence_published_has_slug_and_instant": [
        set_to(state, **{name: None})
        for state in ("entry", "withdrawn")
        for name in ("slug", "published_at")
    ],
    "evidence_withdrawn_has_instant": each(
        set_to("withdrawn", withdrawn_at=None), set_to("entry", withdrawn_at=NOW)
    ),
    "evidence_unverified_is_not_published": set_to("entry", verification="unverified"),
    "evidence_votes_together": [set_to("entry", **{name: None}) for name in VOTES],
    "evidence_date_is_possible": set_to("entry", occurred_on=date(1945, 6, 25)),
    "evidence_kind_is_known": set_to("entry", kind="rumour"),
    "evidence_tier_is_known": set_to("entry", tier="D"),
    "evidence_state_is_known": set_to("submitted", state="lost"),
    "source_once_per_entry": again("source"),
    "source_address_is_http": [
        set_to("source", url=url)
        for url in ("ftp://un.org/a", "javascript:alert(1)", "un.org/a", "")
    ],
    "situation.slug": again("situation"),
    "situation_since_1946": set_to("situation", since=1945),
    "actor.name": again("actor"),
    "edition.decision": again("corrected", number=2, until=NOW),
    "edition_number_once_per_entry": again("edition", until=NOW),
    "edition_stands_once_per_entry": again("edition", number=2),
    "edition_ends_after_it_began": set_to("edition", until=EARLIER),
    "edition_source_once": again("edition_source"),
    # Findings and what is said of them
    "finding.supersedes": again("successor", criterion="other_criterion"),
    "finding_once_per_criterion": again("finding"),
    "finding_effect_in_range": [set_to("finding", effect=n) for n in (-3, 3)],
    "finding_form_is_known": set_to("finding", form="gesture"),
    "finding_has_a_reason": set_to("finding", rationale=""),
    "finding_accepted_is_frozen": each(
        set_to("finding", event_date=None),
        set_to("finding", tier=""),
        set_to("unaccepted", event_date=date(2014, 5, 22)),
        set_to("unaccepted", tier="A"),
    ),
    "finding_retired_after_accepted": set_to("finding", retired_at=EARLIER),
    "proposal.finding": again("added", proposed_by=SOMEBODY),
    "proposal_waits_once": again("proposal"),
    "proposal_effect_in_range": [set_to("proposal", effect=n) for n in (-3, 3)],
    "proposal_has_a_reason": set_to("proposal", rationale=""),
    "proposal_is_decided_or_waits": each(
        set_to("proposal", outcome="accepted"),
        set_to("proposal", outcome="declined"),
        set_to("proposal", decided_at=NOW),
        set_to("declined", note=""),
        set_to("declined", decided_by=None),
        set_to("added", finding=None),
    ),
    "dissent_is_from_one_thing": each(
        set_to("dissent", assessment="assessment"),
        set_to("dissent", finding=None),
        set_to("dissent", effect=None),
        set_to("dissent", status="followed"),
        set_to("dissent_from_status", status=""),
    ),
    "dissent_says_a_known_code": each(
        set_to("dissent", effect=3),
        set_to("dissent", effect=-3),
        set_to("dissent_from_status", status="excellent"),
    ),
    "dissent_has_a_reason": set_to("dissent", reason=""),
    "dissent_is_confirmed_by_another": each(
        set_to("dissent", confirmed_by="author", confirmed_at=NOW),
        set_to("dissent", confirmed_at=NOW),
        set_to("dissent", confirmed_by=SOMEBODY),
    ),
    "dissent_is_refused_with_a_reason": each(
        set_to("dissent", refused_at=NOW, refused_by=SOMEBODY),
        set_to("dissent", refused_at=NOW, refusal_reason="No."),
        set_to("dissent", refusal_reason="No."),
    ),
    "dissent_is_withdrawn_with_a_reason": each(
        set_to("dissent", withdrawn_at=NOW),
        set_to("dissent", withdrawal_reason="I was wrong."),
    ),
    "dissent_once_from_a_finding": again("dissent"),
    "dissent_once_from_an_assessment": again("dissent_from_status"),
    "search_logged_once": again("search"),
    "search_withdrawn_has_a_reason": set_to("search", withdrawn_at=NOW),
    # Codings
    "sample.year": again("sample"),
    "sample_is_part_of_its_population": each(
        set_to("sample", size=3, population=2), set_to("sample", size=0)
    ),
    "coding.against": again("coding"),
    "coding_one_at_a_time": again("coding_in_hand"),
    "coding_purpose_is_known": set_to("coding", purpose="third"),
    "coding_state_is_known": set_to("coding", state="lost"),
    "coding_in_hand_has_a_coder": each(
        set_to("coding_in_hand", coder=None), set_to("coding_in_hand", state="offered")
    ),
    "coding_handed_in_has_instant": each(
        set_to("coding", done_at=None), set_to("coding", state="open")
    ),
    "coding_handed_in_is_beside_the_first": each(
        set_to("coding", against=None),
        set_to("coding", purpose="first"),
    ),
    "coding_against_drift_is_of_a_sample": each(
        set_to("coding", purpose="drift"), set_to("coding", sample="sample")
    ),
    "coding_settled_if_it_does_not_differ": set_to(
        "coding", differs=False, settled_at=NOW
    ),
    "coding_line_once_per_criterion": again("line"),
    "coding_line_effect_in_range": [set_to("line", effect=n) for n in (-3, 3)],
    "coding_line_form_is_known": set_to("line", form="rumour"),
    "coding_line_has_a_reason": set_to("line", rationale=""),
    "reading_once_per_person": again("reading"),
    "title_word_once": again("title_word"),
    "reconciliation.coding": again("reconciliation"),
    "reconciliation_takes_a_third_person_or_both_coders": each(
        set_to("reconciliation", together=False),
        set_to("reconciliation", decided_at=NOW),
        set_to("reconciliation", confirmed_by="reviewer"),
    ),
    "reconciliation_is_confirmed_by_the_other": set_to(
        "reconciliation", confirmed_by="coder", decided_at=NOW
    ),
    "reconciled_line_once_per_criterion": again("reconciled"),
    "reconciled_line_has_a_reason": set_to("reconciled", reason=""),
    "reconciled_line_decision_is_known": set_to("reconciled", taken="third"),
    "reconciled_line_effect_and_form_together": each(
        set_to("reconciled", form=""),
        set_to("reconciled", effect=None),
        set_to("reconciled", effect=3),
        set_to("reconciled", effect=None, form="", occasion=True),
    ),
    # Decisions, status, and answers from outside
    "decision_against_has_a_reason": each(
        *(
            set_to("decision", outcome=outcome, note="")
            for outcome in ("return", "decline", "correct", "withdraw")
        ),
        set_to("decision", outcome="publish", alone=True, note=""),
    ),
    "decision_outcome_is_known": set_to("decision", outcome="postpone"),
    "comment_says_something": set_to("comment", text=""),
    "assessment_override_has_a_reason": set_to("assessment", decided="overtaken"),
    "assessment_statuses_are_known": [
        set_to("assessment", rationale="We liked it.", **{name: "excellent"})
        for name in ("suggested", "decided")
    ],
    "assessment_review_follows": [
        set_to("assessment", review_due_on=date(year, 1, 1)) for year in (2020, 2019)
    ],
    "status_change_changes_something": set_to("change", before="followed"),
    "status_change_first_has_nothing_before": each(
        set_to("change", before=""), set_to("change", cause="first")
    ),
    "status_change_is_known": set_to("change", after="splendid"),
    "present_standing_is_good_for_a_day": set_to(
        "standing", good_until=date(2026, 1, 1)
    ),
    "verdict_is_quoted": each(
        set_to("verdict", verdict=""), set_to("verdict", tracker="")
    ),
    "verdict_recorded_once": again("verdict"),
    "verdict_withdrawn_has_a_reason": set_to("verdict", withdrawn_at=NOW),
    "response.reference": again("response"),
    "response.creation_key": again("response"),
    "response_says_something": set_to("response", text=""),
    "response_is_about_one_thing": set_to(
        "response", evidence="entry", recommendation="recommendation"
    ),
    "response_kind_is_known": set_to("response", kind="threat"),
    "answer_says_something": set_to("answer", text=""),
    "answer_outcome_is_known": set_to("answer", outcome="deleted"),
    # The Council's own record
    "member.code": again("member"),
    "member.name": again("member"),
    "member.slug": again("member"),
    "member_has_code_and_name": each(
        set_to("member", name=""), set_to("member", code="")
    ),
    "membership_once_a_year": again("membership"),
    "membership_since_1946": set_to("membership", year=1945),
    "document_symbol_once": again("document"),
    "resolution_number_once": again("resolution", symbol="S/RES/2"),
    "resolution_has_number_and_symbol": each(
        set_to("resolution", number=None),
        set_to("resolution", symbol=""),
        set_to("document", number=1),
        set_to("document", series="failed", number=1),
        set_to("document", series="statement", number=1),
        set_to("document", series="statement", symbol=""),
    ),
    "ballot_item_once": again("ballot"),
    "ballot_adds_up": each(
        set_to("ballot", yes=14), *(set_to("ballot", **{n: None}) for n in NUMBERS)
    ),
    "ballot_without_known_votes_was_vetoed": [
        set_to("ballot", outcome=outcome, **UNKNOWN)
        for outcome in ("unanimous", "majority", "without vote", "statement")
    ],
    "ballot_has_a_seat_for_all": set_to("ballot", yes=14, seats=16),
    "ballot_without_vote_has_no_votes": each(
        set_to("ballot", outcome="without vote"), set_to("ballot", outcome="statement")
    ),
    "ballot_outcome_is_known": set_to("ballot", outcome="tied"),
    "vote_once_a_ballot": again("vote"),
    "vote_is_known": set_to("vote", cast="?"),
    "other_value_once": again("other_value"),
    "other_value_says_something": set_to("other_value", says=""),
    "official_text_once_a_language": again("text"),
    "typed_text_once_a_language": again("typed_text"),
    "text_is_imported_or_typed": each(
        set_to("text", imported=None), set_to("text", typed_by=SOMEBODY)
    ),
    "text_language_is_known": set_to("text", language="xx"),
    "paragraph_order_once": again("paragraph", anchor="op-2"),
    "paragraph_address_once": again("paragraph", order=2),
    "paragraph_says_something": set_to("paragraph", words=""),
    "paragraph_place_is_known": set_to("paragraph", place="margin"),
    "heading_bears_no_label": set_to("paragraph", is_heading=True),
    "origin_names_a_field": set_to("origin", field=""),
    "passage_anchor_once": again("passage"),
    "passage_has_a_place_and_a_term": each(
        *(set_to("passage", **{name: ""}) for name in ("label", "anchor", "terms"))
    ),
    "descent_of_paragraph_once_shipped": again("descent"),
    "descent_of_paragraph_once_computed": again("computed"),
    "descent_end_once_shipped": again("end"),
    "descent_end_once_computed": again("computed_end"),
    "descent_change_has_its_ends": each(
        set_to("descent", label=""),
        set_to("descent", previous_label=""),
        set_to("descent", change="new"),
        set_to("end", label="OP 1"),
        set_to("end", change="lost"),
    ),
    "descent_is_shipped_or_computed": each(
        set_to("descent", imported=None),
        set_to("descent", compared=3, comparable=3),
        set_to("computed", text=None),
        set_to("computed", compared=None),
    ),
    "descent_kind_is_known": set_to("descent", kind="song"),
    "descent_correction_one_standing": again("correction"),
    "descent_correction_has_a_reason": each(
        set_to("correction", reason=""), set_to("correction", label="")
    ),
    "descent_correction_names_a_paragraph": set_to("correction", previous_label="OP 1"),
    "descent_correction_withdrawn_with_a_reason": each(
        set_to("correction", withdrawn_at=NOW, withdrawn_by=SOMEBODY),
        set_to("correction", withdrawal_reason="So."),
    ),
    "sponsor_place_once": again("sponsor"),
    "sponsor_has_a_name": set_to("sponsor", name=""),
    "one_import_at_a_time": again("run"),
    "import_run_ends_without_the_lock": set_to("run", finished_at=NOW),
    "dismissal_stands_once": again("dismissal"),
    "dismissal_has_a_reason": set_to("dismissal", reason=""),
    "dismissal_undone_by_somebody": each(
        set_to("dismissal", undone_at=NOW), set_to("dismissal", undone_by=SOMEBODY)
    ),
    "dismissal_undone_afterwards": set_to(
        "dismissal", undone_at=EARLIER, undone_by=SOMEBODY
    ),
}


@pytest.fixture(scope="module")
def records(standing_database):
    """One record of each model that the database takes, by the name in the table."""
    people = {role: make_user(role) for role in ("reviewer", "curator")}
    people |= {"author": make_user("researcher", email="anna@example.org")}
    people |= {"coder": make_user("researcher"), SOMEBODY: make_user("reviewer")}
    subjects = _subjects(people)
    found = people | subjects
    found |= _entries(found)
    for part in (_said, _codings, _status, _council):
        found |= part(found)
    return found


def _subjects(people):
    criterion = make_criterion()
    recommendation = Recommendation.objects.get()
    return {
        "criterion": criterion,
        "other_criterion": make_criterion("7b"),
        "recommendation": recommendation,
        "publication": recommendation.publication,
        "addressee": recommendation.addressees.get(),
        "codebook": Codebook.objects.get(),
        "next_codebook": make_draft(people["curator"]),
        "ruleset": make_ruleset(),
        "next_ruleset": make_rule_draft(people["curator"]),
        "data_version": DataVersion.objects.create(pk=7, transaction=7, at=NOW),
        "gap": Gap.objects.create(slug="a", text="A.", noted_on=date(2026, 1, 1)),
        "message": Message.objects.create(sealed="A link."),
        "sent_message": Message.objects.create(
            state="sent", next_at=None, ended_at=NOW
        ),
        "email_change": EmailChange.objects.create(
            person=people["reviewer"],
            email="ruth@example.net",
            confirm_digest="a",
            undo_digest="b",
        ),
        "invitation": Invitation.objects.create(
            email="rita@example.org", invited_by=people["curator"], token_digest="a"
        ),
        "accepted": Invitation.objects.create(
            email="ruth@example.org",
            invited_by=people["curator"],
            token_digest="b",
            accepted_at=EARLIER,
            accepted_by=people["reviewer"],
        ),
    }


def _entries(found):
    author, criterion = found["author"], found["criterion"]
    situation, actor = make_situation(), Actor.objects.create(name="The Council")
    entry = make_evidence(
        by=author,
        published_at=NOW - timedelta(days=1),
        votes_yes=13,
        votes_no=2,
        votes_abstain=0,
        situations=[situation],
        actors=[actor],
    )
    submitted, draft = (make_evidence(s, by=author) for s in ("submitted", "draft"))
    corrected = make_evidence(by=author, published_at=EARLIER)
    decision = ReviewDecision.objects.create(
        evidence=corrected, outcome="correct", note="Why.", reviewer=found["reviewer"]
    )
    corrected.editions.update(decision=decision)
    old = corrected.findings.get()
    corrected.findings.update(retired_at=old.accepted_at)
    successor = copied(old, supersedes=old)
    successor.save()
    return {
        "entry": entry,
        "submitted": submitted,
        "draft": draft,
        "withdrawn": make_evidence("withdrawn", by=author),
        "source": entry.sources.get(),
        "situation": situation,
        "actor": actor,
        "edition": entry.editions.get(),
        "edition_source": entry.editions.get().sources.get(),
        "corrected": corrected.editions.get(),
        "decision": decision,
        "finding": entry.findings.get(criterion=criterion),
        "unaccepted": submitted.findings.get(),
        "successor": successor,
    }


def _said(found):
    entry, curator = found["entry"], found["curator"]
    proposal = Proposal.objects.create(
        evidence=entry,
        criterion=found["other_criterion"],
        proposed_by=found["author"],
        effect=1,
        rationale="It says so.",
    )
    decided = {"decided_by": curator, "decided_at": NOW}
    added = copied(proposal, outcome="accepted", finding=found["finding"], **decided)
    declined = copied(proposal, outcome="declined", note="No.", **decided)
    Proposal.objects.bulk_create([added, declined])
    response = Response.objects.create(kind="reply", text="Our side.")
    return _recodings(found) | {
        "proposal": proposal,
        "added": added,
        "declined": declined,
        "dissent": Dissent.objects.create(
            finding=found["finding"], author=found["author"], effect=1, reason="No."
        ),
        "comment": Comment.objects.create(
            evidence=entry, author=found["author"], text="A remark."
        ),
        "search": Search.objects.create(
            criterion=found["criterion"],
            searched_on=date(2026, 1, 10),
            where="UN Digital Library",
            query="strategy referral",
            outcome="Nothing.",
        ),
        "response": response,
        "answer": Answer.objects.create(
            response=response, outcome="answered", text="Thanks.", answered_by=curator
        ),
    }


def _recodings(found):
    said = {"codebook": found["next_codebook"], "test": "x", "rationale": "It says so."}
    coded = {"outcome": "changed", "effect": 1, "form": "signal"}
    finding, other = found["finding"], found["withdrawn"].findings.get()
    third = found["submitted"].findings.get()
    silent = {"outcome": "silent", "form": ""}
    make = Recoding.objects.create
    return {
        "recoding": make(finding=finding, **coded, **said),
        "silent_recoding": make(finding=other, **silent, **said),
        "recoding_in_force": make(
            finding=third, became=finding, took_effect_at=NOW, **coded, **said
        ),
    }


def _codings(found):
    coding = make_coding(
        make_evidence("submitted", by=found["author"]),
        coder=found["coder"],
        rows=[finding_row(found["criterion"], effect=1)],
    )
    reconciliation = Reconciliation.objects.create(
        coding=coding, together=True, proposed_by=found["coder"]
    )
    return {
        "coding": coding,
        "line": coding.lines.get(),
        "coding_in_hand": make_coding(make_evidence("submitted", by=found["author"])),
        "sample": Sample.objects.create(year=2026, size=1, population=2, seed="x"),
        "title_word": found["submitted"].title_words.first(),
        "reading": Reading.objects.create(
            evidence=found["submitted"], reader=found["reviewer"]
        ),
        "reconciliation": reconciliation,
        "reconciled": ReconciledLine.objects.create(
            reconciliation=reconciliation,
            criterion=found["criterion"],
            taken="second",
            effect=1,
            form="decision",
            reason="So it is.",
        ),
    }


def _status(found):
    recommendation = found["recommendation"]
    assessment = Assessment.objects.create(
        recommendation=recommendation,
        codebook=found["codebook"],
        ruleset="1.0",
        assessed_on=date(2020, 1, 1),
        suggested="limited",
        decided="limited",
        confidence="low",
        review_due_on=date(2020, 7, 1),
        assessed_by=found["curator"],
    )
    return {
        "assessment": assessment,
        "dissent_from_status": Dissent.objects.create(
            assessment=assessment,
            author=found["author"],
            status="followed",
            reason="No.",
        ),
        "standing": PresentStanding.objects.update_or_create(
            recommendation=recommendation,
            defaults={
                "worked_out_for": date(2026, 1, 1),
                "suggested_code": "limited",
                "since": date(2020, 1, 1),
                "confidence": "low",
                "review_due_months": 6,
            },
        )[0],
        "change": StatusChange.objects.create(
            recommendation=recommendation,
            at=NOW,
            as_of=date(2026, 1, 1),
            before="limited",
            after="followed",
            cause="correction",
        ),
        "verdict": Verdict.objects.create(
            recommendation=recommendation,
            tracker="A tracker",
            verdict="not met",
            url="https://example.org/",
            said_on=date(2026, 1, 1),
        ),
    }


def _council(found):
    imported = Import.objects.create(source="a.csv")
    member = Member.objects.create(code="FRA", name="France", slug="france")
    document = Document.objects.create(
        symbol="S/2014/348", series="vetoed", imported=imported
    )
    ballot = Ballot.objects.create(
        document=document,
        held_on=date(2014, 5, 22),
        outcome="vetoed",
        seats=15,
        imported=imported,
        **dict(zip(NUMBERS, (13, 2, 0, 0), strict=True)),
    )
    text = DocumentText.objects.create(
        document=document, language="en", variant="akn", imported=imported
    )
    return {
        "text": text,
        "typed_text": DocumentText.objects.create(
            document=document, language="en", variant="pdf", typed_by=found["author"]
        ),
        "paragraph": Paragraph.objects.create(
            text=text,
            order=1,
            place="operative",
            label="OP 1",
            anchor="op-1",
            words="x",
        ),
        "member": member,
        "document": document,
        "ballot": ballot,
        "membership": Membership.objects.create(
            member=member, year=2014, imported=imported
        ),
        "resolution": Document.objects.create(
            symbol="S/RES/1(1946)", series="resolution", number=1, imported=imported
        ),
        "vote": Vote.objects.create(ballot=ballot, member=member, cast="Y"),
        "other_value": OtherValue.objects.create(
            document=document, field="date", says="2014-05-23", imported=imported
        ),
        "origin": ValueOrigin.objects.create(
            document=document, imported=imported, field="title"
        ),
        "passage": Passage.objects.create(
            **{"document": document, "imported": imported, "place": 1, "words": 40},
            **{"label": "OP 6", "anchor": "op-6", "terms": " court "},
        ),
        **_descents(document, imported, found["author"]),
        "sponsor": Sponsor.objects.create(
            document=document, imported=imported, place=1, name="France", code="FRA"
        ),
        "run": ImportRun.objects.create(state="importing", holds_lock=True),
        "dismissal": Dismissal.objects.create(
            document=document,
            dismissed_by=found["author"],
            reason="It concerns something else.",
            dismissed_at=EARLIER + timedelta(days=1),
        ),
    }


def _descents(document, imported, author):
    """Steps that ship and that were computed, ends of both, and a correction."""
    text = DocumentText.objects.create(
        document=document, language="fr", imported=imported
    )
    before = Document.objects.create(
        symbol="S/PRST/2000/6", series="statement", imported=imported
    )
    shared = {"document": document, "previous": before, "previous_label": "PARA 2"}
    shared |= {"series": "Harbours", "kind": "mandate"}
    shipped, computed = (
        {"imported": imported},
        {"text": text, "compared": 3, "comparable": 3},
    )
    taken = {"label": "OP 6", "change": "same"}
    create = Descent.objects.create
    return {
        "descent": create(**shared, **taken, **shipped),
        "computed": create(**shared, **taken, **computed),
        "end": create(**shared, change="dropped", **shipped),
        "computed_end": create(**shared, change="ended", **computed),
        "correction": DescentCorrection.objects.create(
            document=document, label="OP 6", reason="So.", corrected_by=author
        ),
    }


def copied(record, *, keep="", **values):
    """The same record once more; what must be unique is new, save the field to keep."""
    copy = type(record)(
        **{field.attname: getattr(record, field.attname) for field in _fields(record)}
    )
    for field in _fields(record):
        if field.unique and field.name not in (keep, *values):
            setattr(copy, field.name, _another(field))
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def _fields(record):
    return [field for field in record._meta.local_concrete_fields if field.name != "id"]


def _another(field):
    if field.null:
        return None
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    return uuid.uuid4().hex[: field.max_length]


def constraints():
    """Every constraint of every model: its name, the model, the columns it is about."""
    for model in apps.get_app_config("icctracker").get_models():
        for constraint in model._meta.constraints:
            yield constraint.name, model, getattr(constraint, "fields", ())
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key:
                yield f"{model._meta.model_name}.{field.name}", model, [field.name]


def is_named(name, message):
    """Whether the database names this constraint as the one that it was broken."""
    model, fields = next(rest for each, *rest in constraints() if each == name)
    columns = [model._meta.get_field(field).column for field in fields]
    table = model._meta.db_table
    by_column = f"failed: {', '.join(f'{table}.{column}' for column in columns)}"
    by_key = f"Key ({', '.join(columns)})="
    if "." in name:
        return message.endswith(by_column) or by_key in message
    return name in message or bool(columns) and message.endswith(by_column)


CASES = [
    pytest.param(name, each, id=f"{name}-{number}" if number else name)
    for name, breaks in BREAKS.items()
    for number, each in enumerate(breaks if isinstance(breaks, list) else [breaks])
]


@pytest.mark.parametrize(("name", "break_"), CASES)
def test_the_database_refuses_what_breaks_it(records, name, break_):
    how, key, values = break_
    record = records[key]
    values = {
        field: records.get(value, value) if _is_link(record, field) else value
        for field, value in values.items()
    }

    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        if how == "set":
            type(record)._base_manager.filter(pk=record.pk).update(**values)
        else:
            copy = copied(record, keep=name.partition(".")[2], **values)
            type(record)._base_manager.bulk_create([copy])

    assert is_named(name, str(fault.value)), fault.value


def _is_link(record, field):
    return record._meta.get_field(field).is_relation


def test_every_constraint_of_every_model_stands_in_the_table():
    assert {name for name, _model, _fields in constraints()} == set(BREAKS)
