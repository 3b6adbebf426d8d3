"""Actors by their names: which names stand in a text, and who is meant by each."""

import re
from functools import cached_property

from icctracker.texts import states
from icctracker.texts.folding import fold

# Whose resolution a resolution is; known before anybody has named it.
COUNCIL = "Security Council"
_LINES = re.compile(r"[;\r\n]+")
_COMMAS = re.compile(r"\s*,\s*")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|&)\s+", re.IGNORECASE)
# What is no name by itself.
_OTHERS = re.compile(r"\d|(?:many |several |some )?others?\b", re.IGNORECASE)
# So many pieces at most make one name, as in “Heard, McDonald and other islands”.
_LONGEST = 4
# What lists set before a name: a bullet, a dash, a number, a letter in brackets.
_BULLET = re.compile(
    r"^\s*(?:[-–—•·*▪◦‣●○■□►➢]+\s+|[•·▪◦‣●○■□►➢]+\s*|\(?\d{1,3}[.)]\s+|\(?[a-z]\)\s+)"
)


class Names:
    """Reads names, given those on record."""

    def __init__(self, known=()):
        self._names = known

    @cached_property
    def known(self):
        """Those on record, as they are compared; not until a name is to be read."""
        return {fold(name): name for name in self._names}

    @cached_property
    def of_states(self):
        """The first name on record of each State, by its code."""
        found = {}
        for name in self._names:
            if state := states.find(name):
                found.setdefault(state.code, name)
        return found

    def known_as(self, name):
        """The name that somebody bears on record, or a State in the table; or None."""
        if found := self.known.get(fold(name)):
            return found
        state = states.find(name)
        if state is None:
            return COUNCIL if fold(name) == fold(COUNCIL) else None
        return self.of_states.get(state.code, state.name)

    def read(self, text):
        """The names in a text, each once: one a line, or with commas between."""
        names = {}
        for line in _LINES.split(text):
            for part in self._in_line(" ".join(_BULLET.sub("", line).split())):
                name = self.known_as(part) or part
                names.setdefault(fold(name), name)
        return [name for name in names.values() if fold(name)]

    def _in_line(self, line):
        """The names in one line; one that is known may hold a comma or an “and”."""
        if self.known_as(line):
            return [line]
        parts = self._joined(_COMMAS.split(line), ", ")
        return [name for part in parts for name in self._around_and(part)]

    def _around_and(self, part):
        part = part if self.known_as(part) else _LEADING_AND.sub("", part)
        names = self._joined(_AND.split(part), " and ")
        # “Peace and Justice” may be one name; beside one that is known stands another,
        # unless it only counts others, as in “Norway and 30 other States”.
        several = any(map(self.known_as, names)) and not any(map(_OTHERS.match, names))
        return names if several else [part]

    def _joined(self, pieces, between):
        """The pieces, with those joined again that are a known name together."""
        found, start = [], 0
        while start < len(pieces):
            end = next(
                end
                for end in range(min(len(pieces), start + _LONGEST), start, -1)
                if end == start + 1 or self.known_as(between.join(pieces[start:end]))
            )
            found.append(between.join(pieces[start:end]))
            start = end
        return [piece for piece in found if piece]
