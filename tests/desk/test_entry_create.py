"""Logging a new entry: drafts, previews and submissions."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import Actor, Evidence
from tests.desk.posted import (
    entry_post,
    finding_post,
    problems,
    signed_in,
    source_post,
)
from tests.factories import (
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


class TestTheForm:
    def test_it_offers_an_empty_source_and_an_empty_finding(self, desk):
        make_criterion("7a")

        page = desk.get(CREATE).content.decode()

        assert 'name="sources-0-url"' in page
        assert 'name="findings-0-criterion"' in page
        assert "Does what the criterion asks" in page

    def test_strangers_are_asked_to_sign_in(self, client):
        response = client.get(CREATE)

        assert response.status_code == 302
        assert response.url == f"{reverse('sign-in')}?next={CREATE}"

    def test_people_without_a_role_are_turned_away(self, client):
        response = signed_in(client, make_user()).get(CREATE)

        assert response.status_code == 403

    def test_every_input_has_a_label(self, desk):
        make_criterion("7a")

        form = desk.get(CREATE).context["entry"]
        page = desk.get(CREATE).content.decode()

        for part in [form.facts, *form.sources, *form.findings]:
            for field in part:
                if not field.use_fieldset:
                    assert f'for="{field.auto_id}"' in page

    def test_nothing_is_written_inline(self, desk):
        page = desk.get(CREATE).content.decode()

        assert " style=" not in page
        assert "onclick" not in page and "hx-on" not in page


class TestSavingADraft:
    def test_an_empty_form_is_saved_as_an_untitled_draft(self, desk, user):
        response = desk.post(CREATE, entry_post_of_nothing(user))

        entry = Evidence.objects.get()
        assert response.url == reverse("desk-evidence", args=[entry.pk])
        assert entry.state == Evidence.State.DRAFT
        assert entry.submitted_by == user
        assert str(entry) == "Untitled draft"

    def test_all_that_was_typed_is_saved(self, desk, user):
        situation = make_situation()

        desk.post(CREATE, entry_post(user, situations="syria"))

        entry = Evidence.objects.get()
        finding = entry.findings.get()
        assert entry.occurred_on == date(2014, 5, 22)
        assert (entry.votes_yes, entry.votes_no, entry.votes_abstain) == (13, 2, 0)
        assert list(entry.situations.all()) == [situation]
        assert {actor.name for actor in entry.actors.all()} == {
            "Russian Federation",
            "China",
        }
        assert entry.sources.get().label == "The draft"
        assert (finding.effect, finding.form, finding.occasion) == (
            -2,
            "decision",
            True,
        )
        assert finding.coded_by == user

    def test_what_can_be_understood_is_saved_and_the_rest_is_shown(self, desk, user):
        data = entry_post(user, occurred_on="31 February 2014")

        response = desk.post(CREATE, data)

        entry = Evidence.objects.get()
        page = response.content.decode()
        assert entry.title == "A draft on Syria is vetoed"
        assert entry.occurred_on is None
        assert "Your draft is saved, except for what is marked below" in page
        assert 'value="31 February 2014"' in page
        assert f'action="{reverse("evidence-update", args=[entry.pk])}"' in page

    def test_what_could_not_be_saved_waits_in_the_form(self, desk, user):
        half = finding_post(effect="", rationale="Half a thought")
        desk.post(CREATE, entry_post(user, findings=[half]))
        entry = Evidence.objects.get()

        page = desk.get(reverse("evidence-update", args=[entry.pk])).content.decode()

        assert not entry.findings.exists()
        assert "Half a thought" in page

    def test_once_mended_nothing_waits_any_more(self, desk, user):
        desk.post(CREATE, entry_post(user, occurred_on="31 February 2014"))
        address = reverse("evidence-update", args=[Evidence.objects.get().pk])

        desk.post(address, entry_post(user, occurred_on="28 February 2014"))

        response = desk.get(address)
        assert "is back" not in response.content.decode()
        assert Evidence.objects.get().occurred_on == date(2014, 2, 28)

    def test_a_name_on_record_is_recognised_whatever_its_capitals(self, desk, user):
        Actor.objects.create(name="Russian Federation")

        desk.post(CREATE, entry_post(user, actor_names="russian federation; China"))

        names = set(Actor.objects.values_list("name", flat=True))
        assert names == {"Russian Federation", "China"}

    def test_a_name_with_a_comma_on_record_stays_whole(self, desk, user):
        Actor.objects.create(name="Netherlands, Kingdom of the")

        desk.post(CREATE, entry_post(user, actor_names="Netherlands, Kingdom of the"))

        assert Evidence.objects.get().actors.get().name == "Netherlands, Kingdom of the"

    @pytest.mark.parametrize("button", ["save", "submit"])
    def test_a_new_actor_is_asked_about_before_it_is_made(self, desk, user, button):
        typed = "Ruritanian Guard\nRusia\nFrance"
        posted = entry_post(user, button=button, actor_names=typed)

        asked = desk.post(CREATE, posted, follow=True)
        assert not Actor.objects.exists()
        assert (
            "no actors “Ruritanian Guard”, “Rusia” yet"
            in (problems(asked)["id_actor_names"])
        )

        posted |= {"actor_names": "Ruritanian Guard\nRussia\nFrance"}
        desk.post(CREATE, posted | {"new_actors": ["Ruritanian Guard"]})
        names = {"Ruritanian Guard", "Russian Federation", "France"}
        assert set(Actor.objects.values_list("name", flat=True)) == names

    def test_what_was_agreed_to_is_not_asked_again(self, desk, user):
        posted = entry_post(user, actor_names="A Guard", title="x" * 300)

        page = desk.post(CREATE, posted | {"new_actors": ["A Guard"]}).content.decode()

        assert 'name="new_actors" value="A Guard" checked' in page

    def test_an_actor_is_not_made_twice_for_its_spelling(self, desk, user):
        mine = Actor.objects.create(name="Académie d’État")
        other = make_evidence(state="draft", submitted_by=make_user("researcher"))
        other.actors.add(mine)

        posted = entry_post(user, actor_names="Academie d'Etat")
        desk.post(CREATE, posted | {"new_actors": ["Academie d'Etat"]})

        assert Evidence.objects.exclude(pk=other.pk).get().actors.get() == mine

    def test_the_writer_is_told_of_new_actors(self, desk, user):
        response = desk.post(CREATE, entry_post(user), follow=True)

        assert "Added to the actors: Russian Federation, China." in (
            response.content.decode()
        )

    def test_preview_saves_and_shows_the_entry(self, desk, user):
        response = desk.post(CREATE, entry_post(user, button="preview"), follow=True)

        page = response.content.decode()
        assert Evidence.objects.get().state == Evidence.State.DRAFT
        assert "This is how readers will see it" in page
        assert "A draft on Syria is vetoed" in page

    def test_a_source_without_a_name_takes_that_of_its_document(self, desk, user):
        desk.post(CREATE, entry_post(user, sources=[source_post(label="")]))

        assert Evidence.objects.get().sources.get().label == "UN document S/2014/348"

    def test_line_breaks_are_kept_as_one_character(self, desk, user):
        desk.post(CREATE, entry_post(user, summary="One.\r\nTwo."))

        assert Evidence.objects.get().summary == "One.\nTwo."


class TestSymbols:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            (" s/res/1593 (2005) ", "S/RES/1593(2005)"),
            ("resolution 1593", "S/RES/1593(2005)"),
            ("s / 2014 / 348", "S/2014/348"),
            ("https://undocs.org/en/S/2014/348", "S/2014/348"),
            ("  Kampala   Declaration ", "Kampala Declaration"),
            ("PSC/PR/COMM.2(CCCLV)", "PSC/PR/COMM.2(CCCLV)"),
        ],
    )
    def test_odd_spelling_is_put_right(self, desk, user, written, kept):
        desk.post(CREATE, entry_post(user, symbol=written))

        assert Evidence.objects.get().symbol == kept

    def test_a_symbol_that_cannot_be_is_refused_in_words(self, desk, user):
        data = entry_post(user, symbol="S/RES/9999", button="submit")

        response = desk.post(CREATE, data)

        assert "far from having adopted" in problems(response)["id_symbol"]
        assert 'value="S/RES/9999"' in response.content.decode()

    def test_a_doubtful_symbol_is_saved_with_advice(self, desk, user):
        data = entry_post(user, symbol="S/RES/1593(2006)")

        response = desk.post(CREATE, data, follow=True)

        assert Evidence.objects.get().symbol == "S/RES/1593(2006)"
        assert "was adopted in 2005" in response.content.decode()


class TestSubmitting:
    def test_a_complete_entry_awaits_review(self, desk, user):
        response = desk.post(CREATE, entry_post(user, button="submit"))

        entry = Evidence.objects.get()
        assert entry.state == Evidence.State.SUBMITTED
        assert response.url == reverse("desk-evidence", args=[entry.pk])

    def test_an_empty_one_is_told_what_it_needs(self, desk, user):
        make_criterion("7a")

        response = desk.post(CREATE, entry_post_of_nothing(user, button="submit"))

        assert problems(response) == {
            "id_occurred_on": "Give the date.",
            "id_kind": "Choose the kind of event.",
            "id_title": "Give it a title.",
            "id_summary": "Say in a few sentences what happened.",
            "id_tier_0": "Say how close to the act the best source is.",
            "id_sources-0-url": (
                "Give at least one source: nothing is published without."
            ),
            "id_findings-0-criterion": (
                "Give at least one finding: what does this event show?"
            ),
        }
        assert not Evidence.objects.exists()

    def test_the_summary_of_errors_links_to_the_fields(self, desk, user):
        response = desk.post(CREATE, entry_post(user, title="", button="submit"))

        page = response.content.decode()
        assert 'role="alert"' in page and 'tabindex="-1"' in page
        assert 'href="#id_title"' in page and 'id="id_title"' in page
        assert 'id="id_title_error"' in page
        assert (
            "id_title_error"
            in page.partition('id="id_title"')[2][:300]
            + (page.partition('id="id_title"')[0][-300:])
        )


def entry_post_of_nothing(user, button="save"):
    empty = dict.fromkeys(
        "occurred_on kind title summary symbol meeting votes_yes votes_no votes_abstain"
        " actor_names counter_evidence".split(),
        "",
    )
    data = entry_post(user, sources=[{}], findings=[{}], button=button) | empty
    del data["tier"]
    return data
