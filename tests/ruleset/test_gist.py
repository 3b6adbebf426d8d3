"""The gist of a case tells the status with findings more as the whole case does."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from icctracker.ruleset import (
    FORMS,
    TIERS,
    Case,
    Finding,
    gist_of,
    status_on,
    status_with,
)
from icctracker.ruleset.delivery import MOST_MOVES

from .cases import TODAY, cases, criterion, days, finding

added = st.builds(
    Finding,
    id=st.integers(100, 199),
    criterion=st.sampled_from("abc"),
    date=days,
    effect=st.integers(-2, 2),
    form=st.sampled_from(FORMS),
    tier=st.sampled_from(TIERS),
    occasion=st.booleans(),
    publisher=st.just("Court"),
)


def kept(case):
    """The gist as it comes back from where it is kept."""
    return json.loads(json.dumps(gist_of(case)))


def whole(case, more):
    return status_on(replace(case, findings=(*case.findings, *more)), case.as_of)


@given(cases(), st.lists(added, max_size=3, unique_by=lambda each: each.id))
def test_it_says_what_the_whole_case_says_or_nothing(case, more):
    codes = {each.code for each in case.criteria}
    more = [each for each in more if each.criterion in codes]

    assert status_with(kept(case), more, case.as_of) in (None, whole(case, more))


@given(cases())
def test_with_nothing_more_it_tells_the_status_itself(case):
    assert status_with(kept(case), [], case.as_of) == status_on(case, case.as_of)


@given(cases(kinds=["deliver"]), st.lists(added, max_size=1))
def test_of_what_is_to_be_delivered_it_always_tells(case, more):
    codes = {each.code for each in case.criteria}
    more = [each for each in more if each.criterion in codes]

    assert status_with(kept(case), more, case.as_of) == whole(case, more)


def test_of_a_conduct_tested_lately_it_tells():
    many = [finding(2, "2025-06-01") for _number in range(20)]
    case = Case(TODAY, (criterion(),), tuple(many))

    told = status_with(kept(case), [finding(-2, "2025-07-01")], TODAY)

    assert told == whole(case, [finding(-2, "2025-07-01")])
    assert told != status_on(case, TODAY)


def test_of_a_conduct_last_tested_long_ago_it_does_not():
    old = [finding(1, "1995-06-01") for _number in range(20)]
    case = Case(TODAY, (criterion(),), tuple(old))

    more = finding(1, "1995-07-01")

    assert status_with(kept(case), [more], TODAY) is None


def test_it_stays_short_however_long_the_case():
    def length(number):
        rows = [finding(2, "2025-06-01", form="formal") for _each in range(number)]
        both = criterion(kind="deliver"), criterion("b")
        return len(json.dumps(gist_of(Case(TODAY, both, tuple(rows)))))

    assert length(10 * MOST_MOVES) < length(MOST_MOVES - 1)
