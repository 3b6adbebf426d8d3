"""A pinpoint that names no paragraph of its document is told to its writer."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence, rules
from icctracker.web.kit import kept
from tests.admin.test_evidence import form_of, save
from tests.admin.test_exchange import ROW, as_csv, bring_in, upload
from tests.desk.posted import entry_post, finding_post, signed_in
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)
from tests.test_picking import DARFUR, ENGLISH, type_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_council")]
BY_INDEX = f"The index of paragraphs has no OP 60 of {DARFUR}."
BY_TEXT = f"The text of {DARFUR} has no OP 60: check the number."


def words(response):
    return " ".join(response.content.decode().split())


def judged(*pinpoints, symbol=DARFUR):
    findings = [{"pinpoint": each} for each in pinpoints]
    return rules.Entry({"symbol": symbol}, findings=findings)


class TestTheRule:
    def test_says_what_the_index_has_not(self):
        [fault] = rules.pinpoint_advice(judged("OP 6", "OP 6; OP 60"))

        assert fault.what.startswith(BY_INDEX)
        assert (fault.where, fault.row, fault.field) == ("findings", 1, "pinpoint")
        assert fault.stops == rules.Stops.NOTHING

    def test_knows_all_of_a_text_that_was_imported(self):
        type_text(ENGLISH)

        [fault] = rules.pinpoint_advice(judged("OP 3", "OP 60", "PP 1"))

        assert fault.what == BY_TEXT

    @pytest.mark.parametrize("typed", ["", "whole text", "p. 4", "OP 6 (a)"])
    def test_says_nothing_of_what_may_be_right(self, typed):
        assert list(rules.pinpoint_advice(judged(typed))) == []

    @pytest.mark.parametrize("symbol", ["", None, "S/RES/9999(2099)", "ICC-02/05"])
    def test_says_nothing_of_a_document_that_is_not_known(self, symbol):
        assert list(rules.pinpoint_advice(judged("OP 60", symbol=symbol))) == []

    def test_asks_once_for_each_document(self, django_assert_num_queries):
        entry = judged(*["OP 60"] * 20)

        with django_assert_num_queries(2):
            assert len(list(rules.pinpoint_advice(entry))) == 20


class TestEveryDoor:
    def test_an_entry_is_saved_and_its_writer_told(self, client):
        author = make_user("researcher")
        signed_in(client, author)
        data = entry_post(
            author,
            symbol=DARFUR,
            findings=[finding_post(pinpoint="OP 60")],
        )

        page = words(client.post(reverse("evidence-create"), data, follow=True))

        assert BY_INDEX in page
        assert Evidence.objects.get().findings.get().pinpoint == "OP 60"

    def test_a_form_with_a_fault_tells_it_at_the_field(self, client):
        author = make_user("researcher")
        signed_in(client, author)
        data = entry_post(
            author,
            symbol=DARFUR,
            title="",
            button="submit",
            findings=[finding_post(pinpoint="OP 60")],
        )

        page = words(client.post(reverse("evidence-create"), data))

        assert f'<a href="#id_findings-0-pinpoint">{PINPOINT}</a>: {BY_INDEX}' in page

    def test_a_finding_that_is_proposed(self, client):
        author = make_user("researcher")
        signed_in(client, author)
        entry = make_evidence(symbol=DARFUR)
        row = finding_post("4c", pinpoint="OP 60")
        data = {f"findings-0-{name}": value for name, value in row.items()}
        data |= {"opened_by": kept.sign(author), "propose": "1"}
        address = reverse("finding-propose", args=[entry.pk])

        assert BY_INDEX in words(client.post(address, data, follow=True))

    def test_a_coding(self, client):
        coder = make_user("researcher")
        signed_in(client, coder)
        coding = make_coding(make_evidence(symbol=DARFUR), coder=coder)
        row = finding_post("4c", pinpoint="OP 60")
        data = {f"findings-0-{name}": value for name, value in row.items()}
        data |= {"findings-TOTAL_FORMS": "1", "findings-INITIAL_FORMS": "0"}
        data |= {"note": "", "seen": str(coding.version), "save": "1"}
        address = reverse("coding-detail", args=[coding.pk])

        assert BY_INDEX in words(client.post(address, data, follow=True))

    def test_the_admin(self, client):
        curator = make_user("curator")
        signed_in(client, curator)
        row = finding_row(make_criterion("4c"))
        waiting = make_evidence(Evidence.State.SUBMITTED, symbol=DARFUR, findings=[row])
        data = form_of(client, waiting) | {"findings-0-pinpoint": "OP 60"}

        page = words(save(client, waiting, data))

        assert waiting.findings.get().pinpoint == "OP 60"
        assert BY_INDEX in page

    def test_a_file(self, client):
        signed_in(client, make_user("curator"))
        make_criterion("4c")
        make_situation()
        row = ROW | {
            "symbol": DARFUR,
            "actors": "",
            "kind": "resolution",
            "occurred_on": "2005-03-31",
            "findings": "4c | -2 | | occasion | OP 60 | | It barred the funds.",
        }

        page = words(upload(client, as_csv(row)))
        bring_in(client, as_csv(row))

        assert BY_INDEX in page
        assert Evidence.objects.get().findings.get().pinpoint == "OP 60"


PINPOINT = "Where it can be read (optional)"
