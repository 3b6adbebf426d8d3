import pytest

from icctracker.models import Actor, Criterion, Evidence, Situation
from tests.admin.pages import page
from tests.admin.test_pages import make_search
from tests.factories import (
    make_criterion,
    make_evidence,
    make_publication,
    make_recommendation,
    make_situation,
    make_user,
)


def delete(client, noun, record):
    address = page(noun, "delete", record.pk)
    return client.post(address, {"post": "yes"}, follow=True)


def exists(record):
    return type(record).objects.filter(pk=record.pk).exists()


@pytest.fixture
def cited(db):
    """Records that others cite, by noun."""
    entry = make_evidence()
    entry.situations.add(make_situation())
    entry.actors.add(Actor.objects.create(name="Security Council"))
    criterion = entry.findings.get().criterion
    return {
        "situation": entry.situations.get(),
        "actor": entry.actors.get(),
        "criterion": criterion,
        "codebook": criterion.codebook,
        "recommendation": criterion.recommendation,
        "addressee": criterion.recommendation.addressees.get(),
        "publication": criterion.recommendation.publication,
        "search": make_search(),
    }


class TestWhatIsCitedIsKept:
    @pytest.mark.parametrize(
        "noun",
        "situation actor criterion codebook recommendation addressee publication"
        " search".split(),
    )
    def test_it_is_explained_in_words(self, curator_client, cited, told, noun):
        record = cited[noun]

        answer = delete(curator_client, noun, record)

        assert exists(record)
        assert "was not deleted." in told(answer)[0]
        page_text = answer.content.decode()
        assert "Why there is no button to delete" in page_text

    @pytest.mark.parametrize("state", Evidence.State.values)
    def test_entries_are_never_deleted(self, curator_client, curator, told, state):
        entry = make_evidence(state, by=curator)

        answer = delete(curator_client, "evidence", entry)

        assert exists(entry)
        assert "withdrawn, with a reason" in told(answer)[0]

    def test_drafts_of_others_are_not_even_named(self, curator_client):
        draft = make_evidence("draft", by=make_user("researcher"), title="Secret")

        answer = delete(curator_client, "evidence", draft)

        assert exists(draft)
        assert "Secret" not in answer.content.decode()

    def test_in_bulk_only_the_uncited_go(self, curator_client, cited, told):
        unused = make_situation("nowhere", "Nowhere")
        chosen = {
            "action": "delete_selected",
            "_selected_action": [unused.pk, cited["situation"].pk],
        }
        address = page("situation", "changelist")

        asked = curator_client.post(address, chosen)
        assert "Syrian Arab Republic" in told(asked)[0]
        curator_client.post(address, chosen | {"post": "yes"})

        assert list(Situation.objects.all()) == [cited["situation"]]

    def test_in_bulk_entries_are_explained_one_by_one(self, curator_client, told):
        entries = [make_evidence(), make_evidence()]
        chosen = {
            "action": "delete_selected",
            "_selected_action": [entry.pk for entry in entries],
            "post": "yes",
        }

        answer = curator_client.post(
            page("evidence", "changelist"), chosen, follow=True
        )

        assert len(told(answer)) == 2
        assert all(map(exists, entries))


class TestWhatNobodyCites:
    @pytest.mark.parametrize(
        ("noun", "make"),
        [
            ("situation", make_situation),
            ("actor", lambda: Actor.objects.create(name="Nobody")),
            ("publication", make_publication),
            ("recommendation", make_recommendation),
        ],
    )
    def test_it_may_go(self, curator_client, noun, make):
        record = make()

        delete(curator_client, noun, record)

        assert not exists(record)

    def test_a_criterion_of_a_version_in_use_stays(self, curator_client, cited):
        unused = make_criterion("7c")

        delete(curator_client, "criterion", unused)

        assert Criterion.objects.filter(code="7c").exists()
