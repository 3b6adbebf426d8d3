"""Agenda items and titles: the same, the same in other words, or in conflict."""

import pytest

from icctracker.imports.cells import alike, read_title, says_the_same
from icctracker.models import Document
from tests.council_files import as_csv, dppa, voting_rows

R1593 = {"casts": "CHN:A DZA:A BRA:A USA:A"}


class TestWords:
    def test_stops_and_capitals_make_no_difference(self):
        assert alike("Taiwan (Formosa); Complaint", "TAIWAN (FORMOSA)--complaint.")
        assert not alike("The Spanish question", "The Spanish question again")

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("The situation in the Middle East", "Middle East - Syria"),
            ("Middle East - Syria", "Middle East situation--Syrian Arab Republic"),
            ("Sudan", "SUDAN--POLITICAL CONDITIONS"),
            ("The situation in Georgia", "Georgia"),
        ],
    )
    def test_a_shorter_one_says_the_same(self, one, other):
        assert says_the_same(one, other)
        assert says_the_same(other, one)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Application for Membership Italy", "Application for Membership Austria"),
            ("Sudan", "Libya"),
            ("Iran", "Iraq"),
        ],
    )
    def test_another_name_is_another_item(self, one, other):
        assert not says_the_same(one, other)


class TestTitles:
    @pytest.mark.parametrize(
        ("title", "says"),
        [
            (
                "On a new matter : resolution / adopted by the Security Council at its"
                " 5000th meeting, on 1 March 2026",
                "On a new matter",
            ),
            ("On a new matter / adopted by the Security Council.", "On a new matter"),
            ("On rules adopted by the Council", "On rules adopted by the Council"),
            ("Resolution 1593 (2005) / adopted by the Security Council", ""),
        ],
    )
    def test_how_catalogues_end_them_is_left_out(self, title, says):
        assert read_title(title) == (says, False)


@pytest.mark.django_db
class TestConflicts:
    def test_another_agenda_item_is_kept_beside_ours_once(self, council, bring_in):
        rows = as_csv(voting_rows(**R1593, agenda="Something quite different."))

        first = bring_in(rows)
        again = bring_in(rows)

        document = Document.objects.get(number=1593)
        assert first.only == {"conflict": 1, "same": 1}
        assert again.only == {"known": 1, "same": 1}
        assert document.agenda_item == "Sudan"
        assert document.other_values.filter(field="other").get().says == (
            "Library voting file, agenda item: Something quite different"
        )

    def test_votes_alike_at_one_meeting_are_told_apart_by_it(self, council, bring_in):
        question = "The Spanish question"
        veto = {"date": "1946-06-26", "draft_res#": "S/PV.49", "record": "49"}
        veto |= {"russian_federation_ussr": "1"}
        items = [f"{question} preliminary question", question, question]

        outcome = bring_in(dppa(*(veto | {"agenda": item} for item in items)))

        assert outcome.only == {"same": 3}
