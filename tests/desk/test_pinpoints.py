"""The list of findings without a pinpoint, and filling them in one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.models import Evidence, Finding, ReviewDecision
from icctracker.web.desk import pinpoints
from icctracker.web.desk.entry import EntryForm, with_parts
from icctracker.web.kit import kept
from tests.desk.posted import signed_in
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)
from tests.test_picking import DARFUR, log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_council")]
LIST = reverse("pinpoint-list")


@pytest.fixture
def curator(client):
    curator = make_user("curator")
    signed_in(client, curator)
    return curator


def listed(client, **asked):
    page = client.get(LIST, asked)
    return [each.criterion.code for each in page.context["page_obj"]]


def words(response):
    return " ".join(response.content.decode().split())


def opened(entry, **query):
    finding = entry.findings.get()
    page = reverse("evidence-correct", args=[entry.pk])
    return f"{page}?pinpoint={finding.pk}" + "".join(
        f"&{name}={value}" for name, value in query.items()
    )


@pytest.fixture
def fill(client, curator):
    """Sends the correction of an entry from the list, with a pinpoint."""

    def send(entry, pinpoint, address=None, **values):
        saved = with_parts(Evidence.objects.all()).get(pk=entry.pk)
        data = EntryForm(saved).as_sent().dict()
        data |= {"opened_by": kept.sign(curator), "reason": "It can be read there."}
        data |= {"findings-0-pinpoint": pinpoint, "correct": "1"}
        return client.post(address or opened(entry), data | values)

    return send


class TestTheList:
    def test_has_what_is_not_pinned_where_paragraphs_are_known(self, client, curator):
        log("4c", "")
        log("4b", "OP 2")
        log("4a", "", symbol="S/RES/9999(2099)")
        log("2b", "", symbol="")
        make_evidence(
            Evidence.State.SUBMITTED,
            symbol=DARFUR,
            findings=[finding_row(make_criterion("1c"))],
        )

        assert listed(client) == ["4c"]
        assert "One finding." in words(client.get(LIST))

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"criterion": "4c"}, ["4c"]),
            ({"criterion": ["4c", "2b"]}, ["2b", "4c"]),
            ({"recommendation": "R2"}, ["2b"]),
            ({"recommendation": ["R2", "R4"]}, ["2b", "4c"]),
            ({"document": "resolution 1593"}, ["2b", "4c"]),
            ({"document": "S/RES/1593 (2005)"}, ["2b", "4c"]),
            ({"document": "S/RES/1970(2011)"}, []),
            ({"criterion": "love"}, []),
            ({"recommendation": "R77"}, []),
            ({"document": "x\0y"}, []),
        ],
    )
    def test_is_filtered(self, client, curator, asked, found):
        log("4c", "")
        log("2b", "")

        assert listed(client, **asked) == found

    def test_counts_no_more_than_it_lists(self, client, curator, monkeypatch):
        monkeypatch.setattr(pinpoints, "MOST", 2)
        for code in ("4a", "4b", "4c"):
            log(code, "")

        with CaptureQueriesContext(connection) as made:
            page = client.get(LIST)

        counted = [q["sql"] for q in made if "COUNT(*)" in q["sql"]]
        assert all("LIMIT" in sql for sql in counted if "finding" in sql)
        assert len(page.context["page_obj"]) == 2
        assert "The newest 2 findings" in words(page)

    def test_a_researcher_reads_it_and_fills_nothing(self, client):
        signed_in(client, make_user("researcher"))
        entry = log("4c", "")

        page = words(client.get(LIST))

        assert entry.title in page
        assert "A curator fills them in" in page
        assert "Fill in the paragraph" not in page
        assert client.get(opened(entry)).status_code == 403

    def test_hides_what_a_person_codes_blind(self, client):
        coder = make_user("researcher")
        signed_in(client, coder)
        make_coding(log("4c", ""), coder=coder)

        assert listed(client) == []


class TestFillingOneByOne:
    def test_opens_the_correction_beside_that_finding(self, client, curator):
        entry = log("4c", "")

        page = words(client.get(opened(entry)))

        assert "From the list of findings without a pinpoint: the one on 4c" in page
        assert "Likely for 4c" in page
        assert 'value="0.op-7"' in page
        assert "The paragraph is added in which the finding can be read." in page

    def test_leads_from_the_list_to_it_and_on_to_the_next(self, client, fill):
        last, first = log("4c", ""), log("4b", "")

        page = words(client.get(LIST, {"document": DARFUR}))
        answer = fill(first, "OP 2", opened(first, document="S/RES/1593(2005)"))

        assert f"?pinpoint={first.findings.first().pk}&amp;document=" in page
        assert answer.status_code == 302
        following = opened(last, document="S%2FRES%2F1593%282005%29")
        assert answer.url == f"{following}#findings"
        assert first.findings.accepted().get().pinpoint == "OP 2"

    def test_comes_back_to_the_list_behind_the_last(self, client, fill):
        entry = log("4c", "")

        answer = fill(entry, "OP 7", opened(entry, criterion="4c"))

        assert answer.url == f"{LIST}?criterion=4c"
        assert listed(client) == []

    def test_is_a_correction_as_any_other(self, client, fill):
        entry = log("4c", "")

        fill(entry, "OP 7")

        decision = entry.decisions.get(outcome=ReviewDecision.Outcome.CORRECT)
        assert decision.note == "It can be read there."
        old, new = Finding.objects.filter(evidence=entry).order_by("pk")
        assert (old.pinpoint, new.pinpoint) == ("", "OP 7")
        assert new.supersedes == old
        assert new.codes == old.codes

    def test_somebody_quicker_is_told(self, client, fill):
        entry = log("4c", "")
        fill(entry, "OP 7")

        answer = fill(entry, "OP 6", opened_at(entry), seen="1")

        assert answer.status_code == 409
        assert entry.findings.accepted().get().pinpoint == "OP 7"

    def test_one_click_keeps_the_way_on(self, client, fill):
        entry = log("4c", "")

        answer = fill(entry, "", pin="0.op-7")

        assert 'value="OP 7"' in words(answer)
        assert f'action="{opened(entry)}"' in words(answer)

    def test_one_can_be_left_for_the_next(self, client, curator):
        last, first = log("4c", ""), log("4b", "")

        page = words(client.get(opened(first)))

        assert f'href="{opened(last)}#findings"' in page

    @pytest.mark.parametrize("asked", ["x", "", "999999", "9" * 30])
    def test_what_no_link_names_is_the_usual_correction(self, client, curator, asked):
        entry = log("4c", "")
        page = reverse("evidence-correct", args=[entry.pk])

        answer = client.get(page, {"pinpoint": asked})

        assert answer.status_code == 200
        assert "From the list" not in words(answer)


def opened_at(entry):
    """The address from the list, once the finding was superseded."""
    page = reverse("evidence-correct", args=[entry.pk])
    return f"{page}?pinpoint={entry.findings.order_by('pk').first().pk}"
