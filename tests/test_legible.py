"""Texts are kept without what nobody sees, and shown in their own direction."""

import pytest

from icctracker.imports.given import given
from icctracker.texts.legible import direction_of, language_of, legible
from icctracker.web.kit.forms import Text

KEPT = {
    "A title": "A title",
    "\u202eA title\u202c": "A title",
    "A\u200b ti\u00adtle\ufeff": "A title",
    "One_x000D_\ntwo_x000d_three": "One\ntwo\nthree",
    "A_x200B_ title_x202E_": "A title",
    "a_x0041_b and _xyz_": "a_x0041_b and _xyz_",
    "One\r\ntwo\u2028three\ttabbed": "One\ntwo\nthree tabbed",
    "bell\x07": "bell",
    "می\u200cخواهم": "می\u200cخواهم",
    "قرار مجلس الأمن": "قرار مجلس الأمن",
    "Côte d’Ivoire – 13–2–0": "Côte d’Ivoire – 13–2–0",
}
LANGUAGES = {
    "A resolution": ("en", "ltr"),
    "قرار مجلس الأمن ١٥٩٣": ("ar", "rtl"),
    "«قرار» 1593": ("ar", "rtl"),
    "החלטה": ("he", "rtl"),
    "Резолюция": ("ru", "ltr"),
    "第1593号决议": ("zh", "ltr"),
    "Résolution, قرار": ("en", "ltr"),
    "1593 (2005) – ": ("en", "ltr"),
}


@pytest.mark.parametrize("text", KEPT)
def test_what_nobody_sees_is_taken_out_at_every_door(text):
    assert legible(text) == KEPT[text]
    assert given(text) == KEPT[text]
    assert Text(max_length=99, rows=2).clean(text) == KEPT[text]


@pytest.mark.parametrize("text", ["_x200B_", "\u202e\u200b", "_x000D_ \u00ad"])
def test_a_text_of_nothing_else_is_none(text):
    assert given(text) == Text(max_length=99).clean(text) == ""


@pytest.mark.parametrize("text", LANGUAGES)
def test_the_script_of_a_text_tells_language_and_direction(text):
    language = language_of(text)

    assert (language, direction_of(language)) == LANGUAGES[text]
