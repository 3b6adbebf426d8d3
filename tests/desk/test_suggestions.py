"""The inbox on the desk."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.actions.record import dismiss
from icctracker.models import Dismissal, Document, Evidence
from icctracker.web.desk import inbox
from icctracker.web.kit import kept
from tests.desk.posted import signed_in
from tests.factories import make_evidence, make_user
from tests.inbox import document, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

State = Evidence.State
INBOX, ASIDE = reverse("suggestion-list"), reverse("dismissal-list")
SYMBOL = "S/2014/348"


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


def rows(response):
    return {str(found): because for found, because in response.context["rows"]}


def ticked(*symbols, **values):
    keys = [str(document(symbol).pk) for symbol in symbols]
    return {"documents": keys, "shown": keys, "reason": "Beside the point."} | values


class TestAccess:
    @pytest.mark.parametrize("path", [INBOX, ASIDE])
    def test_strangers_are_asked_to_sign_in(self, client, path):
        assert client.get(path).url == f"{reverse('sign-in')}?next={path}"

    @pytest.mark.parametrize("path", [INBOX, ASIDE])
    def test_people_without_a_role_are_turned_away(self, client, path):
        signed_in(client, make_user())

        assert client.get(path).status_code == 403
        assert client.post(path, ticked(SYMBOL)).status_code == 403
        assert not Dismissal.objects.exists()

    @pytest.mark.parametrize("role", [None, "stranger"])
    def test_nobody_else_accepts(self, client, role):
        if role is None:
            signed_in(client, make_user())

        answer = client.post(reverse("suggestion-accept", args=[document(SYMBOL).pk]))

        assert answer.status_code == (403 if role is None else 302)
        assert not Evidence.objects.exists()


class TestTheList:
    def test_it_says_what_is_suggested_and_why(self, desk):
        track()

        page = desk.get(INBOX)

        assert rows(page)[SYMBOL] == [
            "vetoed by China and Russian Federation",
            "on Syrian Arab Republic",
        ]
        assert "Vetoed by China and Russian Federation" in page.content.decode()

    def test_the_record_is_gone_through_once_for_the_list_and_its_pages(self, desk):
        track()
        with CaptureQueriesContext(connection) as made:
            desk.get(INBOX)

        through = [
            query["sql"]
            for query in made.captured_queries
            if '"icctracker_dismissal" U0' in query["sql"]
        ]
        assert len(through) == 2  # The list, and the count of its tab.

    def test_the_desk_leads_there_with_the_same_count(self, desk):
        count = desk.get(INBOX).context["paginator"].count

        page = desk.get(reverse("desk")).content.decode()

        assert count > 3
        assert f'Suggestions <span class="count">{count}</span>' in page

    @pytest.mark.parametrize(
        ("asked", "is_there"),
        [
            ({"why": "vetoed"}, True),
            ({"why": "court"}, False),
            ({"why": "situation"}, True),
            ({"situation": "syria"}, True),
            ({"situation": "other"}, False),
            ({"outcome": "vetoed"}, True),
            ({"outcome": "unanimous"}, False),
            ({"year": "2014"}, True),
            ({"year": "2015"}, False),
            ({"period": "all"}, True),
            ({"why": ["court", "vetoed"]}, True),
            ({"situation": ["other", "syria"]}, True),
            ({"outcome": ["unanimous", "majority"]}, False),
            ({"outcome": ["unanimous", "vetoed"], "year": "2014"}, True),
        ],
    )
    def test_it_is_filtered(self, desk, asked, is_there):
        track()
        track("other", "Other", title_words="Atlantis")

        assert (SYMBOL in rows(desk.get(INBOX, asked))) == is_there

    def test_of_several_situations_each_has_its_ledger(self, desk):
        track()
        track("other", "Other", title_words="Atlantis")

        page = desk.get(INBOX, {"situation": ["other", "syria"]}).content.decode()

        assert "has no vote on Other since its tracking begins" in page
        assert "Votes on Syrian Arab Republic since 2011" in page

    def test_older_documents_are_there_for_the_asking(self, desk):
        assert "S/5973" not in rows(desk.get(INBOX))
        assert "S/5973" in rows(desk.get(INBOX, {"period": "all"}))

    @pytest.mark.parametrize("asked", [{"year": "never"}, {"situation": "atlantis"}])
    def test_a_filter_that_is_not_understood_is_said(self, desk, asked):
        page = desk.get(INBOX, asked)

        assert rows(page) == {}
        assert "could not be understood" in page.content.decode()
        assert "could not be applied" in page.content.decode()

    def test_it_says_of_how_many_texts_the_mentions_are_not_known(self, desk):
        Document.objects.filter(series="resolution").update(court_mentions=0)
        Document.objects.filter(number=2756).update(court_mentions=None)

        page = desk.get(INBOX, {"why": "court"}).content.decode()

        assert "one resolution</a> the text was not available" in page
        assert "was not available" not in desk.get(INBOX).content.decode()

    def test_a_situation_shows_its_ledger_with_the_lists_behind_it(self, desk):
        track()

        text = " ".join(
            desk.get(INBOX, {"situation": "syria"}).content.decode().split()
        )

        documents = reverse("document-list")
        assert "Votes on Syrian Arab Republic since 2011:" in text
        voted = "&amp;series=resolution&amp;series=vetoed&amp;series=failed"
        assert f'{documents}?situation=syria&amp;since=2011{voted}">1</a>' in text
        assert 'outcome=vetoed">1 vetoed</a>' in text
        assert f'{INBOX}?situation=syria{voted}">1 not yet coded</a>' in text

    def test_a_draft_of_another_is_nowhere_to_be_seen(self, desk):
        track()
        before = desk.get(INBOX, {"situation": "syria"}).content.decode()

        make_evidence(State.DRAFT, symbol=SYMBOL, by=make_user("researcher"))

        after = desk.get(INBOX, {"situation": "syria"}).content.decode()
        assert without_tokens(after) == without_tokens(before)


def without_tokens(page):
    hidden = ("csrfmiddlewaretoken", "opened_by")
    return [line for line in page.splitlines() if not any(h in line for h in hidden)]


class TestItsForms:
    def test_no_field_of_the_filter_is_taken_for_one_of_the_form(self, desk):
        page = desk.get(INBOX).content.decode()

        ids = re.findall(r'\bid="([^"]+)"', page)

        assert len(ids) == len(set(ids))
        assert "id_reason" in ids


class TestAccepting:
    def accept(self, desk, symbol=SYMBOL, **options):
        path = reverse("suggestion-accept", args=[document(symbol).pk])
        return desk.post(path, **options)

    def test_it_opens_a_draft_filled_from_the_record(self, desk, user):
        answer = self.accept(desk)

        draft = Evidence.objects.get()
        assert answer.url == reverse("evidence-update", args=[draft.pk])
        assert (draft.symbol, draft.submitted_by) == (SYMBOL, user)
        assert SYMBOL not in rows(desk.get(INBOX))

    def test_a_refusal_is_said_in_words(self, desk):
        make_evidence(symbol=SYMBOL)

        page = self.accept(desk, follow=True)

        assert page.redirect_chain[-1][0] == INBOX
        assert "logged in the meantime" in page.content.decode()

    def test_looking_changes_nothing(self, desk):
        path = reverse("suggestion-accept", args=[document(SYMBOL).pk])

        assert desk.get(path).url == INBOX
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize("key", [0, 10**30])
    def test_a_document_that_is_not_there(self, desk, key):
        assert desk.post(f"{INBOX}{key}/accept/").status_code == 404

    def test_a_button_for_each_stands_on_the_page(self, desk):
        path = reverse("suggestion-accept", args=[document(SYMBOL).pk])

        assert f'formaction="{path}"' in desk.get(INBOX).content.decode()


class TestSettingAside:
    def test_several_at_once_for_one_reason(self, desk, user):
        page = desk.post(INBOX, ticked(SYMBOL, "S/2001/270"), follow=True)

        assert "2 documents are set aside" in page.content.decode()
        assert {str(row.document) for row in Dismissal.objects.all()} == {
            SYMBOL,
            "S/2001/270",
        }
        assert {row.dismissed_by for row in Dismissal.objects.all()} == {user}
        assert not {SYMBOL, "S/2001/270"} & set(rows(page))

    def test_or_the_whole_page_without_ticking(self, desk):
        data = ticked(SYMBOL, "S/2001/270", documents=[], everything="on")

        desk.post(INBOX, data)

        assert Dismissal.objects.count() == 2

    def test_without_a_reason_it_is_refused_and_the_ticks_stay(self, desk):
        page = desk.post(INBOX, ticked(SYMBOL, reason=" "))

        assert page.status_code == 200
        assert "Say why" in page.content.decode()
        assert 'href="#id_reason"' in page.content.decode()
        assert page.context["form"].ticked == {document(SYMBOL).pk}
        assert not Dismissal.objects.exists()

    def test_without_a_tick_it_is_refused_and_the_reason_stays(self, desk):
        page = desk.post(INBOX, ticked(reason="A reason of mine"))

        text = page.content.decode()
        assert "Tick at least one document" in text
        assert 'href="#id_documents"' in text and 'id="id_documents"' in text
        assert "A reason of mine" in text

    def test_too_long_a_reason_is_kept_to_be_shortened(self, desk):
        page = desk.post(INBOX, ticked(SYMBOL, reason="x" * 501))

        assert "at most 500 characters" in page.content.decode()
        assert "x" * 501 in page.content.decode()

    def test_more_than_a_page_holds_is_refused(self, desk):
        data = ticked(documents=list(map(str, range(1, 300))))

        page = desk.post(INBOX, data)

        assert "Tick at most 200" in page.content.decode()

    def test_what_a_colleague_was_faster_with_is_said(self, desk):
        dismiss([document(SYMBOL)], reason="First.", by=make_user("researcher"))

        page = desk.post(INBOX, ticked(SYMBOL))

        assert "in the meantime" in page.content.decode()
        assert Dismissal.objects.get().reason == "First."

    def test_it_returns_to_the_filtered_page(self, desk):
        answer = desk.post(f"{INBOX}?why=vetoed&page=1", ticked(SYMBOL))

        assert answer.url == f"{INBOX}?why=vetoed&page=1"

    def test_or_to_the_first_if_the_page_is_gone(self, desk, monkeypatch):
        monkeypatch.setattr(inbox.TickedList, "paginate_by", 1)
        last = desk.get(f"{INBOX}?why=vetoed").context["paginator"].num_pages
        (name,) = rows(desk.get(f"{INBOX}?why=vetoed&page={last}"))

        answer = desk.post(f"{INBOX}?why=vetoed&page={last}", ticked(name))

        assert answer.url == f"{INBOX}?why=vetoed"
        assert desk.get(answer.url).status_code == 200

    def test_signed_out_meanwhile_nothing_typed_is_lost(self, client, user):
        data = ticked(SYMBOL, opened_by=kept.sign(user))

        answer = client.post(INBOX, data)
        page = signed_in(client, user).get(INBOX)

        assert answer.url.startswith(reverse("sign-in"))
        assert page.context["form"].ticked == {document(SYMBOL).pk}
        assert "Beside the point." in page.content.decode()


class TestWhatWasSetAside:
    def test_it_is_listed_with_the_reason(self, desk, user):
        dismiss([document(SYMBOL)], reason="Beside the point.", by=user)

        page = desk.get(ASIDE)

        assert {tab.name: tab.count for tab in page.context["tabs"]}[
            "dismissal-list"
        ] == 1
        assert "Beside the point." in page.content.decode()

    def test_the_name_of_a_colleague_is_told_only_if_they_wish(self, desk):
        shy = make_user("researcher", username="zsecretz")
        open_one = make_user("researcher", public_name="Ada Open", show_name=True)
        dismiss([document(SYMBOL)], reason="One.", by=shy)
        dismiss([document("S/2001/270")], reason="Two.", by=open_one)

        page = desk.get(ASIDE).content.decode()

        assert "zsecretz" not in page and "A colleague" in page
        assert "Ada Open" in page

    def test_it_can_be_put_back(self, desk, user):
        dismiss([document(SYMBOL)], reason="A reason.", by=make_user("researcher"))

        page = desk.post(ASIDE, ticked(SYMBOL), follow=True)

        assert "back among the suggestions" in page.content.decode()
        assert Dismissal.objects.get().undone_by == user
        assert SYMBOL in rows(desk.get(INBOX))

    def test_it_is_filtered_by_situation(self, desk, user):
        track()
        both = Document.objects.filter(symbol__in=[SYMBOL, "S/2001/270"])
        dismiss(both, reason="A reason.", by=user)

        page = desk.get(ASIDE, {"situation": "syria"})

        assert [str(row.document) for row in page.context["page_obj"]] == [SYMBOL]

    def test_readers_see_nothing_of_it(self, client, user):
        dismiss([document(SYMBOL)], reason="zqreasonqz", by=user)
        path = reverse("document-detail", args=[SYMBOL])

        for address in (path, reverse("document-list"), reverse("home")):
            assert "zqreasonqz" not in client.get(address).content.decode()
