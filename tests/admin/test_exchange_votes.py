"""The members' votes in a file of evidence: out, in, and what follows from them."""

import io

import openpyxl
import pytest

from icctracker.models import Actor, Evidence, Import, Member, Membership, Vote
from tests.admin.pages import page
from tests.admin.test_exchange import (
    ROW,
    XLSX,
    as_csv,
    bring_in,
    export,
    exported,
    faults,
    upload,
)
from tests.factories import make_criterion, make_evidence, make_situation

PERMANENT = {
    "CHN": "China",
    "FRA": "France",
    "GBR": "United Kingdom",
    "RUS": "Russian Federation",
    "USA": "United States",
}
ELECTED = {
    "ARG": "Argentina",
    "AUS": "Australia",
    "CHL": "Chile",
    "JOR": "Jordan",
    "KOR": "Republic of Korea",
    "LTU": "Lithuania",
    "LUX": "Luxembourg",
    "NGA": "Nigeria",
    "RWA": "Rwanda",
    "TCD": "Chad",
}
TOTALS = ("votes_yes", "votes_no", "votes_abstain")
BLANK = dict.fromkeys(("actors", *TOTALS), "")


def roll_call(**votes):
    """Everybody in favour, except as told."""
    return dict.fromkeys([*PERMANENT, *ELECTED], "Y") | votes


def lines(votes):
    return "\n".join(f"{code} | {cast}" for code, cast in votes.items())


def row(votes, **cells):
    """A row with these votes and nothing that follows from them, except as told."""
    return ROW | BLANK | {"roll_call": lines(votes)} | cells


def totals(entry):
    return tuple(getattr(entry, name) for name in TOTALS)


def vetoed_by(entry):
    return sorted(actor.name for actor in entry.actors.all())


@pytest.fixture
def known(db):
    """What a row refers to, and who sat on the Council in 2014."""
    make_criterion("7a")
    make_situation()
    imported = Import.objects.create(source="members.csv")
    for code, name in (PERMANENT | ELECTED).items():
        member = Member.objects.create(
            code=code, name=name, slug=code.lower(), permanent=code in PERMANENT
        )
        Membership.objects.create(
            member=member, year=2014, code=code, name=name, imported=imported
        )
    Member.objects.create(code="POL", name="Poland", slug="pol")


class TestVotesGoOutAndComeIn:
    @pytest.mark.parametrize("file_format", ["0", XLSX])
    def test_as_they_were(self, curator_client, known, file_format):
        votes = roll_call(CHN="N", RUS="N", ARG="A", TCD="X")
        entry = make_evidence(
            roll_call=votes,
            votes_yes=11,
            votes_no=2,
            votes_abstain=1,
            actors=[
                Actor.objects.create(name=PERMANENT[code]) for code in ("CHN", "RUS")
            ],
        )
        content = export(curator_client, file_format=file_format).content
        entry.editions.all().delete()
        entry.findings.all().delete()
        entry.delete()

        bring_in(curator_client, content)

        again = Evidence.objects.get()
        assert again.roll_call == votes
        assert totals(again) == (11, 2, 1)
        assert vetoed_by(again) == ["China", "Russian Federation"]

    def test_one_member_on_a_line(self, curator_client, known):
        make_evidence(roll_call={"RUS": "N", "CHN": "A"})

        [entry] = exported(export(curator_client))

        assert entry["roll_call"] == "CHN | A\nRUS | N"

    def test_an_entry_without_them_has_an_empty_cell(self, curator_client, known):
        make_evidence()

        [entry] = exported(export(curator_client))

        assert entry["roll_call"] == ""

    def test_an_older_file_has_no_such_column(self, curator_client, known):
        for name in ("China", "Russian Federation"):
            Actor.objects.create(name=name)

        bring_in(curator_client, as_csv(ROW))

        entry = Evidence.objects.get()
        assert (entry.roll_call, totals(entry)) == ({}, (13, 2, 0))
        assert vetoed_by(entry) == ["China", "Russian Federation"]


class TestTheEmptyFile:
    def test_has_the_column_and_explains_every_vote(self, curator_client, db):
        answer = curator_client.get(page("evidence", "blank", "xlsx"))

        rows, notes = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
        said = {line[0]: line[1:] for line in notes.iter_rows(values_only=True)}
        required, words = said["roll_call"]
        assert "roll_call" in [cell.value for cell in rows[1]]
        assert not required
        for cast in Vote.Cast:
            assert f"{cast.value} {cast.label}".casefold() in words.casefold()


class TestWhatFollowsFromTheVotes:
    def test_the_totals_and_who_cast_the_veto(self, curator_client, known):
        votes = roll_call(CHN="N", RUS="N", ARG="N", AUS="A", CHL="X")

        bring_in(curator_client, as_csv(row(votes)))

        entry = Evidence.objects.get()
        assert entry.roll_call == votes
        assert totals(entry) == (10, 3, 1)
        assert vetoed_by(entry) == ["China", "Russian Federation"]

    def test_of_a_resolution_the_totals_alone(self, curator_client, known):
        bring_in(curator_client, as_csv(row(roll_call(RUS="A"), kind="resolution")))

        entry = Evidence.objects.get()
        assert totals(entry) == (14, 0, 1)
        assert vetoed_by(entry) == []

    def test_a_matter_of_procedure_knows_no_veto(self, curator_client, known):
        bring_in(curator_client, as_csv(row(roll_call(RUS="N"), kind="resolution")))

        assert Evidence.objects.get().kind == "resolution"

    def test_totals_that_agree_may_be_given(self, curator_client, known):
        given = dict(zip(TOTALS, "13 2 0".split(), strict=True))

        bring_in(curator_client, as_csv(row(roll_call(CHN="N", RUS="N"), **given)))

        assert totals(Evidence.objects.get()) == (13, 2, 0)

    def test_unknown_votes_leave_the_totals_as_they_are(self, curator_client, known):
        given = dict(zip(TOTALS, "14 1 0".split(), strict=True))
        votes = roll_call(RUS="N", ARG="U")

        bring_in(
            curator_client,
            as_csv(row(votes, **given), row(votes, title="No totals")),
        )

        blank, typed = Evidence.objects.order_by("title")
        assert totals(typed) == (14, 1, 0)
        assert totals(blank) == (None, None, None)
        assert vetoed_by(blank) == ["Russian Federation"]

    @pytest.mark.parametrize(
        "line", ["rus|n", "RUS | Against", "  RUS |  against  ", "SUN | N"]
    )
    def test_small_letters_words_and_former_codes_will_do(
        self, curator_client, known, line
    ):
        votes = roll_call()
        del votes["RUS"]
        cell = f"{line}\n\n{lines(votes)}"

        bring_in(curator_client, as_csv(row({}, roll_call=cell)))

        assert Evidence.objects.get().roll_call == votes | {"RUS": "N"}


VETO = roll_call(RUS="N")
FEW = dict.fromkeys(list(ELECTED)[:7], "A")


class TestVotesThatCannotBe:
    @pytest.mark.parametrize(
        ("cells", "column", "says"),
        [
            (
                {"roll_call": lines(VETO | {"XXX": "Y"})},
                "roll_call",
                "no Council member with the code “XXX”",
            ),
            (
                {"roll_call": lines(VETO | {"POL": "Y"})},
                "roll_call",
                "Poland was no Council member in 2014",
            ),
            (
                {"roll_call": lines(VETO) + "\nRUS | N"},
                "roll_call",
                "The vote of Russian Federation is given twice",
            ),
            (
                {"roll_call": lines(VETO | {"FRA": "Q"})},
                "roll_call",
                "“FRA | Q”: write the member and its vote as in “CHN | N”",
            ),
            (
                {"roll_call": "CHN against"},
                "roll_call",
                "the vote is one of Y, N, A, X, U",
            ),
            (
                {"roll_call": "CHN | N\nRUS | N"},
                "roll_call",
                "mark them as not certain: Argentina, Australia",
            ),
            (
                {"occurred_on": "1999-05-22"},
                "roll_call",
                "does not list its members in 1999",
            ),
            ({"occurred_on": "22 Mai"}, "occurred_on", "“22 Mai” is not a date."),
            (
                {"votes_yes": "13", "votes_no": "2", "votes_abstain": "0"},
                "votes_yes",
                "add up to 14–1–0; here is 13–2–0",
            ),
            ({"votes_yes": "14"}, "votes_no", "all three numbers, or none"),
            ({"actors": "China"}, "actors", "Take out: China"),
            (
                {"roll_call": lines(roll_call(ARG="N"))},
                "kind",
                "that is no veto",
            ),
            (
                {"roll_call": lines(roll_call(ARG="U"))},
                "kind",
                "that is no veto",
            ),
            (
                {"roll_call": lines(VETO | FEW)},
                "kind",
                "the text failed in any case: that is no veto",
            ),
            ({"kind": "referral"}, "kind", "the text was vetoed: the kind is veto"),
        ],
    )
    def test_each_is_named_by_row_and_column(
        self, curator_client, known, cells, column, says
    ):
        Actor.objects.create(name="China")
        second = row(VETO, title="Another") | cells

        answer = upload(curator_client, as_csv(row(VETO), second))

        [(number, named, text), *_more] = faults(answer)
        assert (number, named) == (3, column)
        assert says in text
        assert not Evidence.objects.exists()

    def test_only_what_is_wrong_is_named(self, curator_client, known):
        answer = upload(curator_client, as_csv(row(roll_call())))

        [(_number, column, _text)] = faults(answer)
        assert column == "kind"

    def test_every_faulty_line_is_named_at_once(self, curator_client, known):
        cell = lines(VETO | {"XXX": "Y", "POL": "Y", "FRA": "Q"})

        answer = upload(curator_client, as_csv(row(VETO, roll_call=cell)))

        assert len(faults(answer)) == 3
