"""Alike texts are taken for the same, whatever keyboard they were typed on."""

import pytest

from icctracker.texts.folding import fold, has, wanted

ALIKE = [
    ("Cote d'Ivoire", "Côte d’Ivoire", "CÔTE D´IVOIRE", "Co\u0302te d\u02bcIvoire"),
    ("al-Bashir", "Al Bashir", "Al\u2011Bashir", "al \u2013 Bashir", "AL\u00a0BASHIR"),
    ("Türkiye", "Turkiye", "TÜRKİYE", "Tu\u0308rkiye"),
    ("Łódź", "Lodz"),
    ("Straße", "STRASSE"),
    ("Ko\u200bsovo", "Kosovo", "\u202aKosovo\u202c", "Ko\u00adsovo"),
    ("“Sudan” again", '"Sudan" again', "Sudan again", "«Sudan» again"),
    ("Ja\u02bfafar", "Jaafar"),
    ("أحمد", "احمد", "احـمد"),
    ("\uff33/RES/１５９３(2005)", "s/res/1593(2005)"),
]


@pytest.mark.parametrize("texts", ALIKE)
def test_alike_texts_fold_to_the_same(texts):
    assert len({fold(text) for text in texts}) == 1


@pytest.mark.parametrize("one, other", [("Niger", "Nigeria"), ("S/1", "S/11")])
def test_others_do_not(one, other):
    assert fold(one) != fold(other)


def test_what_is_folded_stays_as_it_is_and_no_text_falls_apart():
    every = map(chr, (*range(0x3100), *range(0xF900, 0x10000)))

    odd = [each for each in every if fold(fold(f"a{each}b")) != fold(f"a{each}b")]

    assert odd == []


def test_quotation_marks_mean_a_phrase():
    assert wanted("Court “Al-Bashir” Sudan") == ["al bashir", "court", "sudan"]
    assert has("The case of al Bashir", '"al-Bashir"')
    assert not has("Bashir, Al", '"al-Bashir"')


def test_the_two_ways_to_write_a_name_ask_for_the_same():
    assert wanted("al-Bashir") == wanted("Al Bashir") == ["al", "bashir"]


def test_a_text_of_nothing_that_shows_asks_for_nothing():
    assert wanted(" \u200b\u202a – ’ “” ") == []
