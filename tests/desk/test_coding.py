"""The coder's desk: what there is to code, and one coding in hand."""

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.coding import give_back, offer_coding, save_coding
from icctracker.models import Coding, Criterion, Effect, Evidence, Form
from icctracker.web.kit import kept
from tests.desk.posted import finding_post, rows
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = reverse("coding-list")


@pytest.fixture
def coder(client):
    user = make_user("researcher")
    client.force_login(user)
    return user


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))


@pytest.fixture
def coding(coder, entry):
    return make_coding(entry, coder=coder)


def address(coding):
    return reverse("coding-detail", args=[coding.pk])


def send(client, coding, *findings, button="hand_in", **values):
    data = {
        "opened_by": kept.sign(coding.coder),
        "seen": coding.version,
        "note": "",
        button: "1",
    }
    return client.post(address(coding), data | rows("findings", findings) | values)


def said(response):
    return [str(p.message) for p in response.context["form"].problems]


class TestList:
    def test_what_is_offered_is_picked_up_on_the_coders_word(
        self, client, coder, entry
    ):
        coding = offer_coding(entry, by=make_user("reviewer"))
        page = client.get(LIST).content.decode()

        answer = client.post(
            reverse("coding-pick-up", args=[coding.pk]), {"unread": "on"}
        )

        assert "Veto, 22 May 2014, S/2014/348" in page
        assert entry.title not in page
        assert answer["Location"] == address(coding)
        assert Coding.objects.get().coder == coder

    def test_without_the_word_it_is_refused_in_words(self, client, coder, entry):
        coding = offer_coding(entry, by=make_user("reviewer"))

        answer = client.post(
            reverse("coding-pick-up", args=[coding.pk]), follow=True
        ).content.decode()

        assert "has not read the first codes" in answer

    def test_somebody_quicker_is_told_of(self, client, coder, entry):
        coding = offer_coding(entry, by=make_user("reviewer"))
        Coding.objects.update(
            coder=make_user("researcher"), state="open", taken_at=timezone.now()
        )

        answer = client.post(
            reverse("coding-pick-up", args=[coding.pk]), {"unread": "on"}, follow=True
        ).content.decode()

        assert "Somebody else has picked it up" in answer

    def test_picking_up_takes_a_form(self, client, coder, entry):
        coding = offer_coding(entry, by=make_user("reviewer"))

        path = reverse("coding-pick-up", args=[coding.pk])

        assert client.get(path).status_code == 405

    def test_nothing_of_it_is_for_strangers(self, client, coding):
        client.logout()

        for path in (LIST, address(coding)):
            assert client.get(path)["Location"].startswith(reverse("sign-in"))

    def test_somebody_elses_coding_is_not_there(self, client, coding):
        client.force_login(make_user("curator"))

        assert client.get(address(coding)).status_code == 404

    def test_its_length_costs_no_queries(
        self, client, coder, django_assert_max_num_queries
    ):
        make_criterion()
        for _number in range(6):
            one = make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))
            offer_coding(one, by=make_user("reviewer"))
            other = make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))
            make_coding(other, coder=coder, rows=[finding_row(effect=1)])

        with django_assert_max_num_queries(14):
            page = client.get(LIST)

        assert len(page.context["offered"]) == len(page.context["to_settle"]) == 6


class TestForm:
    def test_the_event_and_its_sources_are_there(self, client, coding):
        page = client.get(address(coding)).content.decode()

        assert "UN document S/2014/348" in page and coding.evidence.summary in page
        assert "A permanent member stopped the text." not in page

    def test_handed_in_it_is_compared(self, client, coding):
        answer = send(client, coding, finding_post(rationale="My own words."))

        page = client.get(answer["Location"]).content.decode()
        coding.refresh_from_db()
        assert coding.state == "done" and not coding.differs
        assert "It agrees with the first coding." in page and "My own words." in page

    def test_differing_it_leads_to_the_reconciliation(self, client, coding):
        answer = send(client, coding, finding_post(effect="1"))

        page = client.get(answer["Location"]).content.decode()
        assert reverse("reconcile-detail", args=[coding.pk]) in page

    def test_saved_for_later_it_is_there_later(self, client, coding):
        send(client, coding, finding_post(effect="1"), button="save", note="Unsure.")

        form = client.get(address(coding)).context["form"]
        assert form.rows[0]["effect"].value() == 1
        assert form.note["note"].value() == "Unsure."

    def test_nothing_concerned_needs_a_word(self, client, coding):
        refused = send(client, coding)
        send(client, coding, note="It concerns no member of the Council.")

        coding.refresh_from_db()
        assert "at least one criterion" in said(refused)[0]
        assert coding.state == "done" and coding.differs

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"criterion": ""}, "Choose the criterion"),
            ({"criterion": "999999"}, "no such criterion"),
            ({"effect": ""}, "Say what it does"),
            ({"effect": "9"}, "one of those listed"),
            ({"rationale": ""}, "Give the reason"),
            ({"rationale": "x" * 2001}, "Shorten this"),
            ({"form": "signal"}, "Say why"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, client, coding, changed, message
    ):
        page = send(client, coding, finding_post(pinpoint="OP 7") | changed)

        assert any(message in each for each in said(page))
        assert page.context["form"].rows[0]["pinpoint"].value() == "OP 7"
        coding.refresh_from_db()
        assert coding.is_open and not coding.lines.exists()

    def test_a_criterion_twice_is_refused(self, client, coding):
        page = send(client, coding, finding_post(), finding_post(effect="1"))

        assert "has a finding above" in said(page)[0]

    def test_rows_come_and_go_with_what_was_typed(self, client, coding):
        added = send(
            client, coding, finding_post(rationale="Typed."), button="add_finding"
        )
        removed = client.post(
            address(coding),
            rows("findings", [finding_post(), finding_post(effect="1")])
            | {"remove_finding": "0"},
        )

        assert len(added.context["form"].rows.forms) == 2
        assert "Typed." in added.content.decode()
        assert removed.context["form"].rows[0]["effect"].value() == "1"

    def test_saved_in_another_window_both_are_shown(self, client, coding):
        shown = Coding.objects.get(pk=coding.pk)
        saved = finding_row(rationale="Saved in another window.")
        save_coding(coding, by=coding.coder, lines=[saved])

        page = send(client, shown, finding_post(rationale="Typed here."))

        text = page.content.decode()
        assert page.status_code == 409
        assert "Saved in another window." in text and "Typed here." in text
        again = page.context["form"].seen
        coding.refresh_from_db()
        send(client, shown, finding_post(rationale="Typed here."), seen=again)
        assert coding.lines.get().rationale == "Typed here."

    def test_handed_in_twice_it_is_handed_in_once(self, client, coding):
        said = finding_post(rationale="In two\r\nlines. ")
        send(client, coding, said, note=" Unsure.\r\n")

        answer = send(client, coding, said, note=" Unsure.\r\n")

        assert answer.status_code == 302
        assert coding.lines.get().effect == -2

    def test_handed_in_elsewhere_what_differs_is_given_back(self, client, coding):
        send(client, coding, finding_post())

        answer = send(client, coding, finding_post(effect="1"), note="Second thoughts.")

        text = answer.content.decode()
        assert answer.status_code == 409
        assert "not recorded" in text and "Second thoughts." in text
        assert str(Effect(1).label) in text
        assert coding.lines.get().effect == -2

    def test_withdrawn_meanwhile_it_says_so_and_all_is_given_back(self, client, coding):
        give_back(coding, by=make_user("reviewer"), reason="Not needed after all.")
        codes = {"effect": "-1", "form": "signal", "form_reason": "It is a speech."}

        answer = send(
            client,
            coding,
            finding_post(rationale="Thought over.", pinpoint="OP 7", **codes),
            finding_post(effect="9", criterion="999999", rationale="Half done."),
            note="Of two minds.",
        )

        text = answer.content.decode()
        said = [dict(row) for row in answer.context["unrecorded"]["rows"]]
        assert answer.status_code == 409
        assert "Withdrawn" in text and "Not needed after all." in text
        assert "Of two minds." in text and "Half done." in text
        assert said[0] == {
            "Criterion": str(Criterion.objects.get(code="7a")),
            "Effect": Effect(-1).label,
            "Reason": "Thought over.",
            "Where it can be read (optional)": "OP 7",
            "This was an occasion": "yes",
            "Form": Form.SIGNAL.label,
            "Why this form": "It is a speech.",
        }
        assert all(each in text for each in said[0].values())
        assert not coding.lines.exists()

    @pytest.mark.parametrize("button", ["add_finding", "save"])
    def test_whichever_button_was_pressed(self, client, coding, button):
        give_back(coding, by=make_user("reviewer"), reason="Not needed.")

        answer = send(client, coding, finding_post(rationale="Mine."), button=button)

        assert answer.status_code == 409 and "Mine." in answer.content.decode()

    def test_a_reason_for_giving_it_back_too(self, client, coding):
        give_back(coding, by=make_user("reviewer"), reason="Not needed.")

        answer = client.post(address(coding), {"give_back": "1", "reason": "I am ill."})

        assert answer.status_code == 409 and "I am ill." in answer.content.decode()

    def test_given_back_twice_it_is_given_back_once(self, client, coding):
        data = {"give_back": "1", "reason": "I am ill."}
        client.post(address(coding), data)

        assert client.post(address(coding), data).status_code == 302

    def test_withdrawn_while_signed_out_it_is_there_until_discarded(
        self, client, coding
    ):
        client.logout()
        send(client, coding, finding_post(rationale="Written while signed out."))
        give_back(coding, by=make_user("reviewer"), reason="Not needed.")
        client.force_login(coding.coder)

        page = client.get(address(coding)).content.decode()
        client.post(address(coding), {"forget": "1"})

        assert "Written while signed out." in page and "not recorded" in page
        assert "Written while" not in client.get(address(coding)).content.decode()

    def test_signed_out_while_writing_nothing_is_lost(self, client, coding):
        client.logout()
        send(client, coding, finding_post(rationale="Written while signed out."))
        client.force_login(coding.coder)

        page = client.get(address(coding))

        assert "Written while signed out." in page.content.decode()
        client.post(address(coding), {"forget": "1"})
        assert "Written while" not in client.get(address(coding)).content.decode()

    def test_given_back_with_a_reason(self, client, coding):
        refused = client.post(address(coding), {"give_back": "1", "reason": ""})
        done = client.post(address(coding), {"give_back": "1", "reason": "I know him."})

        coding.refresh_from_db()
        assert "Say why" in said(refused)[0]
        assert done["Location"] == LIST
        assert coding.state == "withdrawn"
