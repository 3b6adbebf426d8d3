"""Small cases for the rule, and strategies that make many of them."""

from datetime import date
from itertools import count

from hypothesis import strategies as st

from icctracker.ruleset import (
    FORMS,
    KINDS,
    TIERS,
    Case,
    Criterion,
    Finding,
    Search,
    evaluate,
)

TODAY = date(2026, 11, 23)

_ids = count(1)


def day(text):
    return date.fromisoformat(text)


def criterion(code="a", kind="sustain", **fields):
    fields.setdefault("essential", True)
    return Criterion(code=code, kind=kind, **fields)


def finding(effect, on="2025-06-01", **fields):
    """A finding on criterion ``a`` that could hardly be stronger, unless told."""
    values = {
        "id": next(_ids),
        "criterion": "a",
        "form": "decision",
        "tier": "A",
        "occasion": True,
        "publisher": "United Nations",
        "double_coded": True,
        "disputed": False,
    }
    return Finding(date=day(on), effect=effect, **values | fields)


def search(on, criterion="a"):
    return Search(criterion, day(on))


def judged(kind, *findings, as_of=TODAY, searches=(), delivered_by="decision"):
    """The result of the one criterion ``a``."""
    only = criterion("a", kind, delivered_by=delivered_by)
    return evaluate(Case(as_of, (only,), findings, tuple(searches))).criteria["a"]


def outcome(criteria, *findings, as_of=TODAY, searches=()):
    """All that the rule says of these criteria."""
    return evaluate(Case(as_of, tuple(criteria), findings, tuple(searches)))


# Days around leap days and windows' edges as well as anywhere.
days = st.one_of(
    st.dates(date(2010, 1, 1), date(2026, 12, 31)),
    st.sampled_from(
        [
            day(text)
            for text in (
                "2015-02-28",
                "2016-02-28",
                "2016-02-29",
                "2016-03-01",
                "2020-02-29",
                "2021-02-28",
                "2021-03-01",
                "2025-02-28",
            )
        ]
    ),
)


@st.composite
def cases(draw, kinds=KINDS, max_findings=9):
    """Any case of up to three criteria, several findings and some searches."""
    codes = ["a", "b", "c"][: draw(st.integers(1, 3))]
    criteria = tuple(
        Criterion(
            code,
            draw(st.sampled_from(kinds)),
            draw(st.booleans()) or code == "a",
            draw(st.sampled_from(["decision", "formal"])),
        )
        for code in codes
    )
    ids = draw(
        st.lists(st.integers(1, 99), unique=True, max_size=max_findings).map(tuple)
    )
    findings = tuple(
        Finding(
            id=number,
            criterion=draw(st.sampled_from(codes)),
            date=draw(days),
            effect=draw(st.integers(-2, 2)),
            form=draw(st.sampled_from(FORMS)),
            tier=draw(st.sampled_from(TIERS)),
            occasion=draw(st.booleans()),
            publisher=draw(st.sampled_from(["", "United Nations", "Court"])),
            double_coded=draw(st.booleans()),
            disputed=draw(st.booleans()),
        )
        for number in ids
    )
    searches = tuple(
        draw(
            st.lists(st.builds(Search, st.sampled_from(codes), days), max_size=3),
        )
    )
    return Case(draw(days), criteria, findings, searches)
