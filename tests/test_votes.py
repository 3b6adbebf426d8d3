"""What the votes of the Council's members amount to."""

import pytest

from icctracker.models import Ballot
from icctracker.ruleset.votes import ADOPTED, FAILED, VETOED, count

PERMANENT = ["CHN", "FRA", "GBR", "RUS", "USA"]
ELECTED = [f"E{number:02}" for number in range(10)]


def cast(**votes):
    """Everybody in favour, except as told."""
    return dict.fromkeys(PERMANENT + ELECTED, "Y") | votes


def counted(votes, year=2014):
    return count(votes, permanent=PERMANENT, year=year)


class TestAVeto:
    def test_is_a_vote_against_by_a_permanent_member(self):
        result = counted(cast(RUS="N", CHN="N"))

        assert (result.yes, result.no, result.abstain) == (13, 2, 0)
        assert result.verdict == VETOED
        assert set(result.vetoes) == {"CHN", "RUS"}

    def test_is_not_a_vote_against_by_an_elected_member(self):
        assert counted(cast(E01="N")).verdict == ADOPTED

    def test_is_not_an_abstention_or_an_absence(self):
        assert counted(cast(RUS="A", CHN="X")).verdict == ADOPTED

    def test_is_not_there_where_the_text_would_have_failed_without_it(self):
        few = cast(RUS="N", **{code: "A" for code in ELECTED[:6]})

        assert counted(few).yes == 8
        assert counted(few).verdict == FAILED
        assert counted(few).vetoes == ()

    def test_needed_seven_votes_in_favour_while_the_council_had_eleven_seats(self):
        eleven = dict.fromkeys(PERMANENT + ELECTED[:6], "Y")
        votes = eleven | {"RUS": "N", "E00": "A", "E01": "A", "E02": "A"}

        assert counted(votes, year=1950).verdict == VETOED
        assert counted(votes | {"E03": "A"}, year=1950).verdict == FAILED

    def test_stays_open_while_a_vote_is_not_known(self):
        assert counted(cast(RUS="N", E01="U")).verdict is None


@pytest.mark.django_db
class TestTheRecord:
    def test_agrees_wherever_the_roll_call_is_whole(self, council):
        for ballot in Ballot.objects.prefetch_related("votes__member"):
            votes = {each.member.code: each.cast for each in ballot.votes.all()}
            if len(votes) < ballot.seats or "U" in votes.values():
                continue
            result = counted(votes, ballot.held_on.year)
            assert (result.yes, result.no, result.abstain) == (
                ballot.yes,
                ballot.no,
                ballot.abstain,
            )
            assert (result.verdict == VETOED) == (ballot.outcome == "vetoed")
