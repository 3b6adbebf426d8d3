"""Titles much like another are found by their words, as if all had been read."""

import random
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from icctracker.models import Evidence, TitleWord
from icctracker.models.evidence import title_words
from icctracker.readings.consistency import disagreements
from icctracker.readings.record import WORDS_SHARED, near, words_shared
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


def alike(title, entries=None):
    entries = Evidence.objects.all() if entries is None else entries
    return {row.entry.pk for row in near(entries, day=None, situations=[], title=title)}


def kept():
    found = {}
    for key, word in TitleWord.objects.values_list("evidence", "word"):
        found.setdefault(key, set()).add(word)
    return found


def told():
    today = timezone.localdate()
    return [each for each in disagreements(today) if "words of its title" in each]


def asked(titles):
    """The titles there are, and others made of their words."""
    yield from titles
    lots, words = random.Random(1), sorted({w for t in titles for w in t.split()})  # noqa: S311
    for title in titles:
        mixed = title.split() + lots.sample(words, 3)
        yield " ".join(lots.sample(mixed, len(mixed) * 2 // 3))


def test_it_finds_what_reading_all_would_find(first_data):
    there = dict(Evidence.objects.values_list("pk", "title"))
    found = 0
    for title in asked(list(there.values())[:60]):
        by_reading = {
            key
            for key, other in there.items()
            if words_shared(title, other) >= WORDS_SHARED
        }
        assert alike(title) == by_reading, title
        found += len(by_reading)
    assert found > 100


def test_nothing_is_found_that_may_not_be_seen():
    hidden = make_evidence("draft", title="A draft of the Council on Sudan")
    seen = make_evidence(title="A draft of the Council on Mali")

    others = Evidence.objects.published()

    assert alike(hidden.title) == {hidden.pk, seen.pk}
    assert alike(hidden.title, others) == {seen.pk}


def test_a_title_without_words_is_like_no_other():
    make_evidence(title="…")

    assert alike("…") == set()


class TestWhatIsKept:
    def test_follows_what_is_loaded_many_at_a_time(self, first_data):
        assert kept() == {
            key: title_words(title)
            for key, title in Evidence.objects.values_list("pk", "title")
        }

    def test_follows_a_title_that_is_changed(self):
        entry = make_evidence(title="Before")
        entry.title = "After it"
        entry.save()

        assert kept() == {entry.pk: {"after", "it"}}
        assert told() == []

    def test_what_went_past_it_is_told_and_mended(self):
        entry = make_evidence(title="Before")
        Evidence.objects.filter(pk=entry.pk).update(title="After")

        assert len(told()) == 1
        call_command("rebuild", stdout=(said := StringIO()))

        assert "1 titles written." in said.getvalue()
        assert told() == []
        assert kept() == {entry.pk: {"after"}}
