"""What the rule says of a case without its old findings, it says of the whole."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.ruleset import (
    PUBLISHED,
    Case,
    TooShort,
    evaluate,
    gist_of,
    history,
    weight,
)
from icctracker.ruleset.moving import moved, moves_in
from icctracker.ruleset.rule import history_from

from .cases import TODAY, cases, criterion, days, finding

START = date(2013, 3, 6)


def shortened(case, since, told=False):
    """The case without the findings of each criterion up to a day."""
    kept = (f for f in case.findings if f.date > since.get(f.criterion, date.min))
    short = replace(case, findings=tuple(kept), since=tuple(since.items()))
    return replace(short, weighed=weighed(case)) if told else short


def weighed(case):
    """What is told of the whole case: its findings by their weight."""
    found = [
        f for f in case.findings if f.date <= case.as_of and f.effect and weight(f)
    ]
    publishers = {finding.publisher for finding in found} - {""}
    once = any(not finding.double_coded for finding in found)
    return len(found), len(publishers), once, any(f.disputed for f in found)


def some_since():
    return st.dictionaries(st.sampled_from("abc"), days, max_size=3)


def said(function, *words):
    """What a function says, or None where the case is too short to tell."""
    try:
        return function(*words)
    except TooShort:
        return None


def without_steps(result):
    """A result but for the steps, of which a shortened case has the newest only."""
    criteria = {code: replace(r, steps=()) for code, r in result.criteria.items()}
    return replace(result, criteria=criteria)


@given(cases(max_findings=25), some_since(), st.booleans())
def test_its_result_is_that_of_the_whole_or_none(case, since, weighed):
    since = {c.code: since[c.code] for c in case.criteria if c.code in since}
    told = said(evaluate, shortened(case, since, weighed))
    if told is None:
        return
    whole = evaluate(case)

    assert without_steps(told) == without_steps(whole)
    for code, result in told.criteria.items():
        steps = whole.criteria[code].steps
        assert result.steps == steps[len(steps) - len(result.steps) :]


@given(cases(max_findings=25), some_since())
def test_its_gist_is_that_of_the_whole_or_none(case, since):
    since = {c.code: since[c.code] for c in case.criteria if c.code in since}

    assert said(gist_of, shortened(case, since)) in (None, gist_of(case))


@given(cases(max_findings=25), days, days)
def test_its_history_is_that_of_the_whole_or_none(case, start, since):
    short = shortened(case, {c.code: since for c in case.criteria})
    told = said(moves_in, short, start, PUBLISHED)

    if start <= case.as_of:
        assert told in (None, moves_in(case, start, PUBLISHED))


@given(cases(max_findings=25))
def test_the_history_of_a_case_follows_from_the_moves_of_its_criteria(case):
    start = min(START, case.as_of)
    found = [f.date for f in case.findings if f.date <= case.as_of]
    moves = moves_in(case, start, PUBLISHED)

    told = history_from(case.criteria, moves, start, min(found, default=None))

    assert told == history(case, start)


@given(cases(max_findings=25), st.data())
def test_the_moves_after_findings_came_or_went_are_those_of_the_whole(case, data):
    """Some findings are there before or after only; others may be left out."""
    places = [f for f in case.findings if f.date <= case.as_of]
    which = st.sampled_from(["before", "after", "both", "both", "both"])
    there = {f: data.draw(which) for f in places}
    before = replace(case, findings=tuple(f for f in there if there[f] != "after"))
    after = replace(case, findings=tuple(f for f in there if there[f] != "before"))
    start = data.draw(st.dates(date(2010, 1, 1), case.as_of))
    since, until = data.draw(st.one_of(st.none(), days)), data.draw(days)
    old, new = (moves_in(each, start, PUBLISHED) for each in (before, after))
    for each in case.criteria:
        changed = {
            f.date for f in places if there[f] != "both" and f.criterion == each.code
        }
        if changed:
            told = said(_moved, old, after, each, changed, since, until)
            assert told in (None, new[each.code])


def _moved(old, case, criterion, changed, since, until):
    own = [f for f in case.findings if f.criterion == criterion.code]
    own = [f for f in own if (since is None or f.date > since) and f.date <= until]
    searches = [s.date for s in case.searches if s.criterion == criterion.code]
    return moved(
        old[criterion.code],
        criterion,
        sorted(own, key=lambda f: f.order),
        changed,
        since=since,
        until=until,
        searched_on=max(searches, default=None),
        as_of=case.as_of,
        parameters=PUBLISHED,
    )


@pytest.mark.parametrize("kind", ["deliver", "sustain", "refrain"])
def test_of_a_case_that_goes_on_for_long_a_few_years_tell_all(kind):
    many = [
        finding(effect, f"{year}-0{month}-01", double_coded=False, disputed=True)
        for year in range(1990, 2026)
        for month, effect in enumerate((2, 1, -2, 2), 1)
    ]
    many = [replace(f, publisher="Court") if f.id % 2 else f for f in many]
    case = Case(TODAY, (criterion("a", kind),), tuple(many))

    told = said(evaluate, shortened(case, {"a": date(2016, 1, 1)}))

    assert told and without_steps(told) == without_steps(evaluate(case))
    assert said(evaluate, shortened(case, {"a": date(2024, 1, 1)})) is None


def test_what_happened_long_ago_moves_no_history_since():
    many = [finding(1, f"{year}-06-01") for year in range(1980, 2026)]
    case = Case(TODAY, (criterion(),), tuple(many))
    moves = moves_in(case, START, PUBLISHED)
    more = finding(-2, "1981-01-01")

    recent = [f for f in many if f.date.year > 2008]
    asked = {"since": date(2008, 12, 31), "searched_on": None}
    asked |= {"as_of": TODAY, "parameters": PUBLISHED}

    # None of those before is read.
    assert moved(moves["a"], criterion(), recent, {more.date}, **asked) == moves["a"]
    with pytest.raises(TooShort):
        moved(moves["a"], criterion(), recent, {date(2012, 1, 1)}, **asked)
