from icctracker.models import Situation


def finds(title="", *, agenda="", symbol="", **words):
    """Whether a situation with these words finds a document with these texts."""
    return Situation(**words).finder()(symbol, title, agenda)


class TestWords:
    def test_a_word_is_found_in_the_title(self):
        assert finds("On the situation in Mali", title_words="Mali")

    def test_only_as_a_whole_word(self):
        assert not finds("On the situation in Somalia", title_words="Mali")

    def test_whatever_its_capitals_and_spaces(self):
        title = "On the  Democratic\nRepublic of the CONGO"

        assert finds(title, title_words="democratic republic of the congo")

    def test_each_line_is_a_phrase_of_its_own(self):
        words = "Yemen\n\n  Hodeidah  \r\nHouthi"

        assert finds("The Hodeidah Agreement", title_words=words)
        assert not finds("The agreement", title_words=words)

    def test_words_for_the_title_are_not_looked_for_in_the_agenda_item(self):
        assert not finds("On UNDOF", agenda="Middle East – Syria", title_words="Syria")

    def test_those_for_the_agenda_item_are(self):
        assert finds("On UNMIL", agenda="Liberia", agenda_words="Liberia")
        assert not finds("From Liberia", agenda="Others", agenda_words="Liberia")

    def test_a_phrase_to_pass_over_hides_only_itself(self):
        words = {"title_words": "Sudan", "ignored_words": "South Sudan"}

        assert not finds("On the UN Mission in South Sudan", **words)
        assert finds("On the situation in Sudan and South Sudan", **words)

    def test_a_document_may_be_named_by_its_symbol(self):
        assert finds(symbol="S/2018/321", title_words="S/2018/321")
        assert not finds(symbol="S/2018/3210", title_words="S/2018/321")

    def test_signs_stand_for_themselves(self):
        assert not finds("On Syria", title_words=".*\nS?yria")

    def test_without_words_nothing_is_found(self):
        assert not finds("On anything", agenda="Anything")
