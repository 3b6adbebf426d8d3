import pytest
from django.urls import reverse

from icctracker.actions.entries import add_finding
from icctracker.models import Evidence, Finding, Situation
from tests.admin.pages import page
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

State = Evidence.State


def form_of(client, entry):
    """What a browser would send back for the page of an entry."""
    return values_of(client.get(page("evidence", "change", entry.pk)))


def values_of(answer):
    """What a browser would send back for a page as it is shown."""
    admin_form = answer.context["adminform"].form
    data = {name: admin_form[name].value() for name in admin_form.fields}
    for inline in answer.context["inline_admin_formsets"]:
        formset = inline.formset
        for form in [formset.management_form, *formset.forms]:
            for name in form.fields:
                data[form.add_prefix(name)] = form[name].value()
    data = {name: "" if value is None else value for name, value in data.items()}
    return {name: value for name, value in data.items() if value is not False}


def save(client, entry, data):
    return client.post(page("evidence", "change", entry.pk), data, follow=True)


@pytest.fixture
def waiting(db):
    """An entry that awaits review."""
    return make_evidence(State.SUBMITTED, by=make_user("researcher"))


class TestEntryBeforeReview:
    def test_a_curator_mends_it(self, curator_client, waiting):
        situation = make_situation()
        data = form_of(curator_client, waiting)
        data |= {"title": "A better title", "symbol": "s/2014/ 348"}
        data |= {"situations": [situation.pk]}

        save(curator_client, waiting, data)

        waiting.refresh_from_db()
        assert (waiting.title, waiting.symbol) == ("A better title", "S/2014/348")
        assert waiting.situations.get() == situation
        assert waiting.state == State.SUBMITTED
        assert waiting.version == 2
        assert waiting.sources.count() == waiting.findings.count() == 1

    def test_history_says_who_changed_it(self, curator_client, curator, waiting):
        data = form_of(curator_client, waiting) | {"title": "A better title"}

        save(curator_client, waiting, data)

        assert waiting.history.first().history_user == curator
        answer = curator_client.get(page("evidence", "history", waiting.pk))
        assert "A better title" in answer.content.decode()
        assert str(curator) in answer.content.decode()

    def test_findings_are_recoded_in_the_curators_name(
        self, curator_client, curator, waiting
    ):
        data = form_of(curator_client, waiting)
        data |= {"findings-0-effect": "-1", "findings-0-rationale": "Only in part."}

        save(curator_client, waiting, data)

        finding = waiting.findings.get()
        assert (finding.effect, finding.rationale) == (-1, "Only in part.")
        assert finding.coded_by == curator
        assert finding.accepted_at is None

    @pytest.mark.both_databases
    def test_a_source_and_a_finding_are_added(self, curator_client, waiting):
        criterion = make_criterion("4b")
        data = form_of(curator_client, waiting)
        data |= {
            "sources-TOTAL_FORMS": 2,
            "sources-1-position": 0,
            "sources-1-url": "https://press.un.org/en/2014/sc11407.doc.htm",
            "sources-1-label": "Press release",
            "findings-TOTAL_FORMS": 2,
            "findings-1-criterion": criterion.pk,
            "findings-1-effect": "1",
            "findings-1-rationale": "Its own text sets no limit.",
        }

        save(curator_client, waiting, data)

        assert [source.position for source in waiting.sources.all()] == [0, 1]
        assert waiting.sources.last().label == "Press release"
        assert waiting.findings.get(criterion=criterion).form == "decision"

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"occurred_on": "23/11/2999"}, "is in the future"),
            ({"occurred_on": "01/01/1900"}, "before 26 June 1945"),
            ({"occurred_on": "31/02/2014"}, "is not a date"),
            ({"title": ""}, "Give it a title."),
            ({"votes_yes": ""}, "Give all three numbers, or none"),
            (
                {"votes_yes": "13", "votes_no": "2", "votes_abstain": "1"},
                "The Council has 15 members",
            ),
            (
                {"votes_yes": "15", "votes_no": "0", "votes_abstain": "0"},
                "A veto is a vote against",
            ),
            ({"sources-0-url": "ftp://undocs.org/x"}, "Enter a valid URL"),
            ({"sources-0-DELETE": "on"}, "Give at least one source"),
            ({"findings-0-DELETE": "on"}, "Give at least one finding"),
            ({"findings-0-rationale": ""}, "This field is required"),
            ({"findings-0-form": "process"}, "Say why: this kind of event"),
        ],
    )
    def test_bad_input_is_explained(self, curator_client, waiting, values, says):
        data = form_of(curator_client, waiting) | values

        answer = save(curator_client, waiting, data)

        assert says in answer.content.decode()
        waiting.refresh_from_db()
        assert waiting.version == 1

    def test_one_criterion_is_coded_once(self, curator_client, waiting):
        data = form_of(curator_client, waiting)
        criterion = waiting.findings.get().criterion
        data |= {
            "findings-TOTAL_FORMS": 2,
            "findings-1-criterion": criterion.pk,
            "findings-1-effect": "1",
            "findings-1-rationale": "Again.",
        }

        answer = save(curator_client, waiting, data)

        assert "This criterion has a finding above" in answer.content.decode()

    def test_findings_may_trade_their_criteria(self, curator_client):
        first, second = make_criterion("7a"), make_criterion("7b")
        entry = make_evidence(
            State.SUBMITTED, findings=[finding_row(first), finding_row(second)]
        )
        data = form_of(curator_client, entry)
        data |= {"findings-0-criterion": second.pk, "findings-1-criterion": first.pk}

        save(curator_client, entry, data)

        assert entry.findings.count() == 2

    def test_sources_may_trade_their_addresses(self, curator_client):
        rows = [source_row("https://a.example/"), source_row("https://b.example/")]
        entry = make_evidence(State.SUBMITTED, sources=rows)
        data = form_of(curator_client, entry)
        data |= {"sources-0-url": rows[1]["url"], "sources-1-url": rows[0]["url"]}

        answer = save(curator_client, entry, data)

        assert answer.status_code == 200
        assert entry.sources.first().url == "https://b.example/"

    def test_who_saves_second_is_told_and_loses_nothing(self, curator_client, waiting):
        data = form_of(curator_client, waiting) | {"title": "Mine"}
        save(curator_client, waiting, form_of(curator_client, waiting))

        answer = save(curator_client, waiting, data)

        assert "Somebody saved this entry" in answer.content.decode()
        assert answer.context["adminform"].form["title"].value() == "Mine"
        data["seen"] = answer.context["adminform"].form["seen"].value()
        save(curator_client, waiting, data)
        waiting.refresh_from_db()
        assert waiting.title == "Mine"

    def test_a_page_that_does_not_say_what_was_seen_overwrites_nothing(
        self, curator_client, waiting
    ):
        data = form_of(curator_client, waiting) | {"title": "Mine"}
        del data["seen"]

        answer = save(curator_client, waiting, data)

        waiting.refresh_from_db()
        assert "Somebody saved this entry" in answer.content.decode()
        assert waiting.title != "Mine"

    def test_both_versions_are_shown_field_by_field(self, curator_client, waiting):
        waiting.situations.add(make_situation())
        mine = form_of(curator_client, waiting)
        mine |= {"title": "Mine", "kind": "statement", "occurred_on": "2014-05-23"}
        mine["situations"] = []
        theirs = {"title": "Theirs", "symbol": "S/2014/350"}
        save(curator_client, waiting, form_of(curator_client, waiting) | theirs)

        answer = save(curator_client, waiting, mine)

        errors = answer.context["adminform"].form.errors
        assert "“Theirs”" in str(errors["title"])
        assert "“S/2014/350”" in str(errors["symbol"])
        assert "“Veto”" in str(errors["kind"])
        assert "“22 May 2014”" in str(errors["occurred_on"])
        assert "Syrian Arab Republic" in str(errors["situations"])
        assert "summary" not in errors
        typed = answer.context["adminform"].form
        assert [typed[name].value() for name in ("title", "kind")] == [
            "Mine",
            "statement",
        ]

    def test_a_finding_that_another_rewrote_is_neither_lost_nor_doubled(
        self, curator_client, waiting
    ):
        mine = form_of(curator_client, waiting) | {"findings-0-rationale": "Mine."}
        theirs = form_of(curator_client, waiting) | {"findings-0-rationale": "Theirs."}
        save(curator_client, waiting, theirs)

        answer = save(curator_client, waiting, mine)

        page = answer.content.decode()
        assert "Somebody saved this entry" in page
        assert "Mine." in page and "Theirs." in page
        again = values_of(answer)
        answer = save(curator_client, waiting, again)
        assert "This criterion has a finding above" in answer.content.decode()
        save(curator_client, waiting, again | {"findings-0-DELETE": "on"})
        assert [row.rationale for row in waiting.findings.all()] == ["Mine."]

    def test_a_finding_that_another_added_is_shown_and_kept(
        self, curator_client, waiting
    ):
        mine = form_of(curator_client, waiting) | {"title": "Mine"}
        add_finding(waiting, finding_row(make_criterion("7b")), by=None)
        Evidence.objects.filter(pk=waiting.pk).update(version=2)

        answer = save(curator_client, waiting, mine)
        save(curator_client, waiting, values_of(answer))

        waiting.refresh_from_db()
        assert waiting.title == "Mine"
        assert sorted(row.criterion.code for row in waiting.findings.all()) == [
            "7a",
            "7b",
        ]

    def test_a_new_entry_is_the_curators_draft(self, curator_client, curator):
        answer = curator_client.post(
            page("evidence", "add"),
            {
                "title": "Begun here",
                "tier": "A",
                "sources-TOTAL_FORMS": 0,
                "sources-INITIAL_FORMS": 0,
                "findings-TOTAL_FORMS": 0,
                "findings-INITIAL_FORMS": 0,
            },
        )

        assert answer.status_code == 302
        entry = Evidence.objects.get(title="Begun here")
        assert (entry.state, entry.submitted_by) == (State.DRAFT, curator)


class TestEntryOnRecord:
    @pytest.mark.parametrize(
        "state",
        [State.PUBLISHED, State.WITHDRAWN, State.DECLINED, State.RETURNED],
    )
    def test_its_facts_are_read_only(self, curator_client, told, state):
        entry = make_evidence(state, by=make_user("researcher"), title="As it was")

        answer = save(curator_client, entry, {"title": "Rewritten", "tier": "C"})

        entry.refresh_from_db()
        assert entry.title == "As it was"
        assert "Nothing was changed" in told(answer)[0]
        assert 'name="title"' not in answer.content.decode()

    def test_accepted_findings_are_read_only_for_superusers_too(self, client, db):
        client.force_login(make_user(is_superuser=True, is_staff=True))
        entry = make_evidence()
        finding = entry.findings.get()
        address = page("evidence", "change", entry.pk)

        client.post(
            address,
            {
                "findings-TOTAL_FORMS": 1,
                "findings-INITIAL_FORMS": 1,
                "findings-0-id": finding.pk,
                "findings-0-effect": "2",
                "findings-0-DELETE": "on",
            },
        )

        assert Finding.objects.get(pk=finding.pk).effect == -2

    def test_the_way_to_a_correction_is_shown(self, curator_client):
        entry = make_evidence()

        answer = curator_client.get(page("evidence", "change", entry.pk))

        correct = reverse("evidence-correct", args=[entry.pk])
        assert f'href="{correct}"' in answer.content.decode()

    def test_an_earlier_version_cannot_be_saved_over_the_present(
        self, curator_client, told
    ):
        entry = make_evidence(State.SUBMITTED)
        version = entry.history.last()
        Evidence.objects.filter(pk=entry.pk).update(title="As it is")
        address = page("evidence", "simple_history", entry.pk, version.pk)

        answer = curator_client.post(address, {"title": "Old"}, follow=True)

        entry.refresh_from_db()
        assert entry.title == "As it is"
        assert "cannot be restored" in told(answer)[0]

    def test_an_earlier_version_is_shown_without_a_form(self, curator_client):
        entry = make_evidence(title="As it was")
        version = entry.history.first()
        Evidence.objects.filter(pk=entry.pk).update(title="As it is")

        answer = curator_client.get(
            page("evidence", "simple_history", entry.pk, version.pk)
        )

        text = answer.content.decode()
        assert "As it was" in text
        assert 'name="title"' not in text
        assert "Revert" not in text

    def test_a_version_that_never_was_is_not_found(self, curator_client):
        entry = make_evidence()

        for version in ("999999", "abc"):
            address = f"/admin/icctracker/evidence/{entry.pk}/history/{version}/"
            assert curator_client.get(address).status_code == 404


class TestFilters:
    def test_by_recommendation(self, curator_client):
        seven = make_evidence(
            title="About seven", findings=[finding_row(make_criterion("7a"))]
        )
        make_evidence(title="About four", findings=[finding_row(make_criterion("4b"))])

        answer = curator_client.get(
            page("evidence", "changelist"), {"recommendation": "R7"}
        )

        assert list(answer.context["cl"].queryset) == [seven]

    def test_by_situation_from_its_page(self, curator_client):
        entry = make_evidence()
        entry.situations.add(make_situation())
        make_evidence()
        situation = Situation.objects.get()
        answer = curator_client.get(page("situation", "change", situation.pk))
        query = {"situations__id__exact": situation.pk}
        assert f"?situations__id__exact={situation.pk}" in answer.content.decode()

        answer = curator_client.get(page("evidence", "changelist"), query)

        assert list(answer.context["cl"].queryset) == [entry]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("?p=999", {200, 302}),
            ("?state__exact=nonsense", {200, 302}),
            ("?nonsense=1", {302}),
            ("?q=%00", {400}),
        ],
    )
    def test_odd_addresses_are_survived(self, curator_client, query, status):
        make_evidence()

        answer = curator_client.get(page("evidence", "changelist") + query)

        assert answer.status_code in status

    def test_only_criteria_in_force_are_offered(self, curator_client):
        from datetime import date

        from tests.factories import make_codebook

        make_criterion("7a")
        newer = make_criterion("7a", codebook=make_codebook("1.1", date(2026, 1, 1)))

        answer = curator_client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "icctracker",
                "model_name": "finding",
                "field_name": "criterion",
                "term": "7a",
            },
        )

        assert [row["id"] for row in answer.json()["results"]] == [str(newer.pk)]
