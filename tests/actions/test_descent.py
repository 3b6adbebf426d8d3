"""What paragraphs were taken from, as it follows from texts that are brought in."""

from datetime import date

import pytest
from django.core.management import call_command

from icctracker.actions.descent import trace_descents
from icctracker.actions.passages import keep_typed
from icctracker.models import Ballot, Descent, Document, Import
from icctracker.readings.consistency import descents_follow_from_the_texts
from icctracker.readings.descent import Lines
from icctracker.texts.cutting import cut
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)
COURT = "to the International Criminal Court what the harbour master has found at dusk"
# By what a paragraph was changed, and how that is called.
CHANGES = {
    f"Asks the watch to tell {COURT}": "same",
    f"Asks the whole watch to tell soon {COURT}": "adapted",
    f"Asks the watch and all its men on land and at sea by day to tell {COURT}": (
        "reworked"
    ),
    "Recalls that the International Criminal Court is in The Hague": "new",
}


@pytest.fixture
def texts(db):
    """A series of mandates: makes one more text of it, on a later day."""
    imported = Import.objects.create(source="made.csv")
    by = make_user("researcher")

    def make(number, year, *paragraphs, mission="UNHARB"):
        document = Document.objects.create(
            symbol=f"S/RES/{number}({year})",
            series="resolution",
            number=number,
            title=f"On extension of the mandate of the UN Mission ({mission})",
            agenda_item="The situation in the harbours",
            imported=imported,
        )
        Ballot.objects.create(
            **{"document": document, "held_on": date(year, 3, 1), "item": 1},
            **{"outcome": "unanimous", "yes": 15, "no": 0, "abstain": 0},
            **{"non_voting": 0, "seats": 15, "imported": imported},
        )
        if paragraphs:
            numbered = [f"{n}. {text};" for n, text in enumerate(paragraphs, start=1)]
            words = "\n\n".join(["The Security Council,", *numbered])
            said = {"by": by, "language": "en", "variant": "pasted"}
            keep_typed(document, cut(words).passages, **said)
        return document

    return make


def row_of(document, label="OP 1"):
    return Descent.objects.get(document=document, label=label)


@pytest.mark.parametrize(("words", "change"), CHANGES.items())
def test_a_change_is_called_by_how_alike_the_words_are(texts, words, change):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")

    row = row_of(texts(2001, 2015, words))

    assert row.change == change
    assert (row.previous_label or None) == (None if change == "new" else "OP 1")


def test_the_latest_text_is_the_forerunner(texts):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    second = texts(2001, 2015, f"Asks the whole watch to tell soon {COURT}")

    assert (
        row_of(texts(2002, 2016, f"Asks the watch to tell {COURT}")).previous == second
    )


def test_save_an_older_one_is_much_closer(texts):
    first = texts(2000, 2014, f"Asks the watch to tell {COURT}")
    texts(
        2001,
        2015,
        f"Asks the watch and all its men, on land and at sea, to tell {COURT}",
    )

    assert (
        row_of(texts(2002, 2016, f"Asks the watch to tell {COURT}")).previous == first
    )


def test_a_text_that_arrives_later_moves_what_was_computed(texts):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    last = texts(2002, 2016, f"Asks the watch to tell {COURT}")
    before = row_of(last).previous

    between = texts(2001, 2015, f"Asks the whole watch to tell {COURT}")

    assert (before.number, row_of(last).previous) == (2000, between)


def test_nothing_is_computed_once_more(texts):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    texts(2001, 2015, f"Asks the watch to tell {COURT}")

    assert trace_descents() == 0


def test_a_text_without_words_of_the_court_has_no_descent(texts):
    texts(2000, 2014, "Asks the watch to light the lamps at dusk")

    assert not Descent.objects.exists()


def test_words_that_the_next_text_of_the_mission_lacks_were_dropped(texts):
    before = texts(2000, 2014, f"Asks the watch to tell {COURT}")
    after = texts(2001, 2015, "Asks the master to light every lamp of all the harbours")

    row = Descent.objects.get(label="")

    assert (row.change, row.document, row.previous) == ("dropped", after, before)


def test_nothing_is_said_of_another_mission(texts):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    texts(2001, 2015, "Asks the master to light every lamp", mission="UNPORT")

    assert not Descent.objects.filter(label="").exists()


def test_the_texts_ended_where_only_a_short_one_followed(texts):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    texts(2001, 2015, "Ends it")

    assert not Descent.objects.filter(label="").exists()

    # Only once three years have gone by can that be said.
    texts(2002, 2019, "Asks the master to light every lamp", mission="UNPORT")
    trace_descents()

    assert Descent.objects.get(label="").change == "ended"


def test_what_was_compared_with_all_stands_before_the_table(texts):
    before = texts(2000, 2014, f"Asks the watch to tell {COURT}")
    after = texts(2001, 2015, f"Asks the watch to tell {COURT}")
    shared = {"imported": before.imported, "series": "Harbours", "kind": "mandate"}
    Descent.objects.create(document=after, label="OP 1", change="new", **shared)

    step = Lines().steps[after.pk, "OP 1"]

    assert step.previous == before and not step.row.is_shipped
    assert [row.is_shipped for row in step.others] == [True]


def test_the_table_stands_before_what_was_compared_with_some(texts):
    before = texts(2000, 2014, f"Asks the watch to tell {COURT}")
    unread = texts(2001, 2015)
    Document.objects.filter(pk=unread.pk).update(languages="en")
    after = texts(2002, 2016, f"Asks the watch to tell {COURT}")
    shared = {"imported": before.imported, "series": "Harbours", "kind": "mandate"}
    Descent.objects.create(document=after, label="OP 1", change="new", **shared)

    step = Lines().steps[after.pk, "OP 1"]

    assert step.row.is_shipped
    assert [(row.compared, row.comparable) for row in step.others] == [(1, 2)]


def test_what_no_longer_follows_is_told_and_rebuilt(texts, capsys):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    after = texts(2001, 2015, f"Asks the watch to tell {COURT}")
    Descent.objects.filter(document=after).update(similarity=0.6)

    told = list(descents_follow_from_the_texts(TODAY))
    call_command("rebuild")

    assert told == [
        "1 descents of paragraphs are not what follows from the texts. Run manage.py"
        " rebuild."
    ]
    assert list(descents_follow_from_the_texts(TODAY)) == []


def test_words_added_and_dropped_are_marked_beside_a_paragraph(texts, client):
    texts(2000, 2014, f"Asks the watch to tell {COURT}")
    after = texts(2001, 2015, f"Asks the whole watch to tell {COURT}")

    page = client.get(after.get_absolute_url()).content.decode()

    assert "Taken from" in page and "S/RES/2000(2014), OP 1" in page
    assert "<ins>" in page and "whole" in page.partition("<ins>")[2][:90]
