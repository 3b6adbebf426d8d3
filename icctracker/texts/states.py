"""The names of States: which State a name, however written, or a code stands for.

One table (``states.csv``): the Member States of the United Nations and the observer
States, with those that sat on the Council before and are no longer. A name of the time
stands for the State that holds the seat: the USSR's is the Russian Federation's.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .folding import fold

TABLE = Path(__file__).with_suffix(".csv")
_YEARS = re.compile(r" (\d{4})-(\d{4})$")
# As catalogues turn a name about: what it is called behind what it is known by.
_TURNED = re.compile(r"(.+\bof(?: the)?) (.+)")
# A part of so many names says little where words are looked for as parts of words.
_SHORTEST = 4


@dataclass(frozen=True)
class Name:
    """A name of a State, with the years in which it bore it where these are known."""

    text: str
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class State:
    """A State: its code in ISO 3166-1, its number in M49, and its names."""

    code: str
    m49: int
    name: str
    official: str
    others: tuple[str, ...]
    former: tuple[Name, ...]
    former_codes: tuple[str, ...]

    @property
    def names(self):
        """All of them, each once; the present ones first."""
        former = (each.text for each in self.former)
        return tuple(dict.fromkeys((self.name, self.official, *self.others, *former)))


@cache
def every():
    """All States of the table, by their codes."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _state(row) for row in csv.DictReader(lines)}


def _state(row):
    return State(
        row["code"],
        int(row["m49"]),
        row["name"],
        row["official"],
        tuple(_parts(row["others"])),
        tuple(map(_name, _parts(row["former"]))),
        tuple(_parts(row["codes"])),
    )


def _parts(cell):
    return filter(None, map(str.strip, cell.split(";")))


def _name(text):
    if years := _YEARS.search(text):
        return Name(text[: years.start()], *map(int, years.groups()))
    return Name(text)


def key(name):
    """A name as it is compared: its words, without articles or marks between them."""
    plain = fold(name).replace(".", "")
    return " ".join(w for w in re.findall(r"\w+", plain) if w != "the")


@cache
def _by_name():
    found = {}
    for state in every().values():
        for name in state.names:
            found.setdefault(key(name), state)
    for state in every().values():
        for name in state.names:
            if turned := _TURNED.fullmatch(name):
                found.setdefault(key(f"{turned[2]}, {turned[1]}"), state)
    return found


@cache
def _by_code():
    present = every()
    former = {code: each for each in present.values() for code in each.former_codes}
    return former | present


def find(name):
    """The State of a name, in whatever form; None if it is the name of none."""
    return _by_name().get(key(name))


def of_code(code):
    """The State of a code of three letters, present or former, or None."""
    return _by_code().get(code.strip().upper())


def m49(code):
    """The number of a State in the M49 of the United Nations, as it is written."""
    state = every().get(code)
    return f"{state.m49:03}" if state else ""


@lru_cache(maxsize=1_000)
def otherwise(text):
    """What else a text may be looked for as, folded: the names of the State it names.

    Without what would be found in the name of another State, as Guinea would.
    """
    state = find(text)
    if state is None:
        return ()
    names = {fold(name) for name in state.names} - {fold(text)}
    return tuple(sorted(n for n in names if len(n) > _SHORTEST and _is_clear(n, state)))


def _is_clear(name, state):
    others = (each for each in every().values() if each is not state)
    return not any(name in fold(other) for each in others for other in each.names)
