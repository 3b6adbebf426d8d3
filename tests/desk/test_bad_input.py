"""Bad input: said at the field, in the writer's words, and nothing typed is lost."""

import pytest
import time_machine
from django.urls import reverse

from icctracker.models import Criterion, Evidence
from tests.desk.posted import (
    entry_post,
    finding_post,
    problems,
    signed_in,
    source_post,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def submit(client, user):
    """Submit an entry with something wrong in it; returns the page."""
    return submitting(client, user)


def submitting(client, user):
    """Signs in and gives what submits an entry and returns the page."""
    signed_in(client, user)

    def post(**values):
        values.setdefault("button", "submit")
        return client.post(CREATE, entry_post(user, **values))

    return post


class TestFacts:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("occurred_on", "31 February 2014", "is not a date"),
            ("occurred_on", "last May", "is not a date"),
            ("occurred_on", "9" * 500, "is not a date"),
            ("occurred_on", "5/6/2014", "either 5 June 2014 or 6 May 2014"),
            ("occurred_on", "22 May 14", "Write the year with four digits"),
            ("occurred_on", "14-15 May 2014", "several days, 14 May 2014 to 15 May"),
            ("occurred_on", "25 June 1945", "before 26 June 1945"),
            ("title", "\u200b", "Give it a title."),
            ("kind", "coup", "Choose one of those listed."),
            ("title", "x" * 201, "at most 200 characters; it has 201"),
            ("summary", "x" * 4001, "at most 4000 characters; it has 4001"),
            ("counter_evidence", "x" * 4001, "at most 4000 characters"),
            ("symbol", "x" * 90, "at most 80 characters; it has 90"),
            ("symbol", "x" * 500, "at most 400 characters; it has 500"),
            ("meeting", "S/PV.0", "numbered from 1"),
            ("situations", "atlantis", "Choose one of those listed."),
            ("actor_names", "x" * 161, "is too long for a name"),
            ("actor_names", ",".join(f"A{n}" for n in range(61)), "at most 60"),
            ("title", "nul\x00", "Null characters are not allowed"),
            ("votes_yes", "many", "Write a whole number"),
            ("votes_yes", "-1", "fewer than 0"),
            ("votes_yes", "9" * 5000, "Write a whole number"),
            ("votes_yes", "9" * 30, "193 Member States"),
            ("votes_yes", "", "Give all three numbers"),
            ("votes_yes", "14", "has 15 members; these votes add up to 16"),
        ],
    )
    def test_it_is_explained_at_the_field(self, submit, field, value, message):
        response = submit(**{field: value})

        found = problems(response)
        target = "id_situations_0" if field == "situations" else f"id_{field}"
        assert message in found[target]
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        "written",
        ["May 22nd, 2014", "22\u00a0May\u00a02014", "2014‑05‑22", "22 mai 2014"],
    )
    def test_a_day_is_read_as_it_is_seen(self, submit, written):
        submit(occurred_on=written)

        assert Evidence.objects.get().occurred_on.isoformat() == "2014-05-22"

    def test_a_day_is_said_as_it_was_understood(self, submit):
        page = submit(occurred_on="May 22nd, 2014", title="").content.decode()

        assert "This is understood as 22 May 2014." in page

    def test_a_symbol_of_a_kind_that_is_not_known_is_kept(self, submit):
        submit(symbol="S/Agenda/7180")

        assert Evidence.objects.get().symbol == "S/Agenda/7180"

    def test_a_future_date_is_explained(self, client, user):
        with time_machine.travel("2026-05-01", tick=False):
            response = submitting(client, user)(occurred_on="2 May 2026")

        assert problems(response)["id_occurred_on"] == (
            "2 May 2026 is in the future. Evidence is logged after it has happened."
        )

    def test_today_is_not_the_future(self, client, user):
        with time_machine.travel("2026-05-01", tick=False):
            submitting(client, user)(occurred_on="2026-05-01")

        assert Evidence.objects.get().state == Evidence.State.SUBMITTED

    def test_the_assembly_has_more_votes_than_the_council(self, submit):
        submit(kind="ga-resolution", votes_yes="116")

        assert Evidence.objects.get().votes_yes == 116

    def test_there_are_no_more_votes_than_states(self, submit):
        response = submit(kind="ga-resolution", votes_yes="193")

        assert "add up to 195" in problems(response)["id_votes_yes"]

    def test_a_veto_has_a_vote_against(self, submit):
        response = submit(votes_yes="15", votes_no="0")

        assert "give at least one" in problems(response)["id_votes_no"]

    def test_a_veto_has_votes(self, submit):
        response = submit(votes_yes="", votes_no="", votes_abstain="")

        assert problems(response) == {"id_votes_no": "A veto needs the votes."}

    def test_all_that_was_typed_is_shown_again(self, submit):
        response = submit(occurred_on="31 February 2014", title="An unusual title")

        page = response.content.decode()
        for typed in (
            "31 February 2014",
            "An unusual title",
            "Two permanent members voted against.",
            "https://undocs.org/en/S/2014/348",
            "A permanent member stopped the text.",
            "The sponsors knew it would fail.",
        ):
            assert typed in page

    def test_a_garbled_key_or_version_does_no_harm(self, submit):
        submit(creation_key="nonsense", seen="-1", button="save")

        assert Evidence.objects.count() == 1


class TestSources:
    @pytest.mark.parametrize(
        "address",
        ["ftp://un.org/a", "javascript:alert(1)", "http://", "http://[", "not one"],
    )
    def test_a_link_is_to_the_web(self, submit, address):
        response = submit(sources=[source_post(address)])

        assert (
            "begins with http:// or https://"
            in (problems(response)["id_sources-0-url"])
        )
        assert not Evidence.objects.exists()

    def test_so_is_an_archived_copy(self, submit):
        response = submit(sources=[source_post(archived_url="ftp://un.org/a")])

        assert "id_sources-0-archived_url" in problems(response)

    def test_an_address_without_its_scheme_is_put_right(self, submit):
        submit(sources=[source_post("undocs.org/en/S/2014/348")])

        assert Evidence.objects.get().sources.get().url.startswith("https://undocs")

    def test_the_same_source_is_given_once(self, submit):
        response = submit(sources=[source_post(), source_post()])

        assert problems(response) == {
            "id_sources-1-url": "This source is already given above."
        }

    def test_a_description_needs_an_address(self, submit):
        response = submit(sources=[source_post(), source_post("", "A book")])

        assert "id_sources-1-url" in problems(response)

    def test_a_source_says_what_it_is(self, submit):
        response = submit(sources=[source_post("https://example.org/news", "")])

        assert problems(response) == {"id_sources-0-label": "Say what this source is."}

    def test_oversize_text_is_counted(self, submit):
        response = submit(sources=[source_post(label="x" * 201)])

        assert "it has 201" in problems(response)["id_sources-0-label"]

    def test_an_oversize_address_is_counted(self, submit):
        response = submit(sources=[source_post("https://un.org/" + "x" * 500)])

        assert "at most 500" in problems(response)["id_sources-0-url"]

    def test_rows_that_went_missing_are_no_crash(self, submit):
        response = submit(**{"sources-TOTAL_FORMS": "many"})

        assert "Part of the form was lost" in problems(response)["sources"]

    def test_there_are_not_endless_rows(self, submit):
        response = submit(**{"findings-TOTAL_FORMS": "5000"})

        assert "at most 40" in problems(response)["findings"]


class TestFindings:
    def test_an_unknown_criterion_is_refused(self, submit):
        response = submit(findings=[finding_post(criterion="999999")])

        assert "no such criterion" in problems(response)["id_findings-0-criterion"]

    def test_an_effect_needs_a_reason(self, submit):
        response = submit(findings=[finding_post(rationale="  ")])

        assert "cannot be reviewed" in problems(response)["id_findings-0-rationale"]

    def test_a_reason_needs_an_effect(self, submit):
        response = submit(findings=[finding_post(effect="")])

        assert "id_findings-0-effect_0" in problems(response)

    def test_an_effect_is_one_of_five(self, submit):
        response = submit(findings=[finding_post(effect="3")])

        assert problems(response)["id_findings-0-effect_0"] == (
            "Choose one of those listed."
        )

    def test_a_criterion_has_one_finding(self, submit):
        response = submit(findings=[finding_post(), finding_post()])

        assert "one finding for each" in problems(response)["id_findings-1-criterion"]

    def test_another_form_than_the_kinds_needs_a_reason(self, submit):
        response = submit(findings=[finding_post(form="signal")])

        assert problems(response) == {
            "id_findings-0-form_reason": (
                "Say why: this kind of event is taken as “Decision”."
            )
        }

    def test_with_its_reason_it_is_accepted(self, submit):
        said = {"form_reason": "It was silent.", "searched_words": "the Court"}
        submit(findings=[finding_post(form="omission", **said)])

        finding = Evidence.objects.get().findings.get()
        assert (finding.form, finding.form_reason) == ("omission", "It was silent.")

    def test_oversize_text_is_counted(self, submit):
        response = submit(findings=[finding_post(rationale="x" * 2001)])

        assert "it has 2001" in problems(response)["id_findings-0-rationale"]

    def test_criteria_of_an_older_codebook_are_not_offered(self, submit):
        row = finding_post()
        old = Criterion.objects.get()
        old.codebook.version, old.codebook.pk = "2.0", None
        old.codebook.published_on = "2020-01-01"
        old.codebook.save()

        response = submit(findings=[row])

        assert "id_findings-0-criterion" in problems(response)
