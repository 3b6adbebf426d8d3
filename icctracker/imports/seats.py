"""Who sat on the Council when, by any code or name that files use."""

from django.utils.translation import gettext as _

from icctracker.models import Member, Membership
from icctracker.texts import states

# Whose vote a name in the Council's record stands for.
#
# Names of the time and present names are joined by the code of the seat: the USSR's
# seat is the Russian Federation's, and China's is one whoever represented it.

# Seats that continue under another code.
CONTINUED = {"SUN": "RUS", "TWN": "CHN"}

# Only one State of this name ever sat on the Council.
SAT_ALONE = {"korea": "KOR"}
# The lists of voters name Czechoslovakia, a member in 1964, by its successor's name.
PREDECESSORS = {"CZE": "CSK"}


def seat(code):
    """The code of the seat that a code in the source stands for."""
    return CONTINUED.get(code, code)


def code_of(name):
    """The code of the seat of the State of a name; None if it is that of none."""
    state = states.find(name)
    return state.code if state else SAT_ALONE.get(states.key(name))


class Names:
    """Reads the names in the lists of voters, given the list of members."""

    def __init__(self, members):
        members = list(members)
        self.codes = {row["name"]: seat(row["iso3"]) for row in members}
        self.seats = {}
        for row in members:
            self.seats.setdefault(int(row["year"]), set()).add(seat(row["iso3"]))

    def code(self, name, year):
        """The code of a member of that year; KeyError if it was none."""
        code = self.codes.get(name) or code_of(name)
        sat = self.seats.get(year, ())
        if code not in sat and PREDECESSORS.get(code) in sat:
            code = PREDECESSORS[code]
        if code not in sat:
            raise KeyError(name)
        return code


FIVE = ("CHN", "FRA", "RUS", "GBR", "USA")


class NotSitting(KeyError):
    """A member of the Council, but not in that year; the message says so."""

    def __str__(self):
        text = _("%(name)s was no Council member in %(year)d, says the record.")
        return text % {"name": self.args[0], "year": self.args[1]}


class Seats:
    """The members of each year, read once from the record."""

    def __init__(self):
        self.by_year, self.codes, names = {}, set(), {}
        rows = Membership.objects.values_list("member__code", "year", "name")
        for code, year, name in rows.iterator():
            self.by_year.setdefault(year, set()).add(code)
            self.codes.add(code)
            names[name] = code
        self.members = {member.code: member for member in Member.objects.all()}
        names |= {member.name: code for code, member in self.members.items()}
        self.names = {states.key(name): code for name, code in names.items()}

    def of(self, year):
        """The codes of those who sat that year; none where the record does not say."""
        return self.by_year.get(year, set())

    def by_code(self, text, year):
        """The code of the seat of a member of that year; KeyError if it was none."""
        code, state = text.strip().upper(), states.of_code(text)
        return self._sitting(state.code if state else code, year)

    def by_name(self, text, year):
        """The same for a name."""
        code = self.code(text)
        if code is None:
            raise KeyError(text)
        return self._sitting(code, year)

    def code(self, name):
        """The code of a name, by the record or by the table; None if it is of none."""
        return self.names.get(states.key(name)) or code_of(name)

    def name(self, code):
        """The present name of a member."""
        return self.members[code].name

    def _sitting(self, code, year):
        sat = self.of(year)
        if code not in sat and PREDECESSORS.get(code) in sat:
            code = PREDECESSORS[code]
        if code not in self.members:
            raise KeyError(code)
        if code not in sat:
            raise NotSitting(self.name(code), year)
        return code
