"""Who sat on the Council when, by any code or name that files use."""

import unicodedata

from django.utils.translation import gettext as _

from icctracker.imports.council_names import (
    ALIASES,
    PREDECESSORS,
    PRESENT_NAMES,
    seat,
)
from icctracker.models import Member, Membership

# Codes that were withdrawn or are in use beside the present ones.
FORMER_CODES = {
    "BYS": "BLR",
    "DHY": "BEN",
    "FRG": "DEU",
    "GDR": "DDR",
    "HVO": "BFA",
    "ROM": "ROU",
    "UAR": "EGY",
    "YMD": "YEM",
    "ZAR": "COD",
}
NAMES = {
    "Bolivia (Plurinational State of)": "BOL",
    "Bosnia": "BIH",
    "Byelorussian SSR": "BLR",
    "Cape Verde": "CPV",
    "Ceylon": "LKA",
    "China (Republic of China)": "CHN",
    "Egypt / United Arab Republic": "EGY",
    "Iran": "IRN",
    "Korea": "KOR",
    "Netherlands (Kingdom of the)": "NLD",
    "PRC": "CHN",
    "Republic of China": "CHN",
    "Russia": "RUS",
    "Russian Federation/USSR": "RUS",
    "Turkey": "TUR",
    "UK": "GBR",
    "US": "USA",
    "USA": "USA",
    "USSR (Union of Soviet Socialist Republics)": "RUS",
    "Ukrainian SSR": "UKR",
    "United Kingdom of Great Britain and Northern Ireland": "GBR",
    "United States of America": "USA",
    "Zaire": "COD",
}
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
        names |= {name: code for code, name in PRESENT_NAMES.items()} | ALIASES | NAMES
        self.names = {folded(name): code for name, code in names.items()}

    def of(self, year):
        """The codes of those who sat that year; none where the record does not say."""
        return self.by_year.get(year, set())

    def by_code(self, text, year):
        """The code of the seat of a member of that year; KeyError if it was none."""
        code = text.strip().upper()
        return self._sitting(seat(FORMER_CODES.get(code, code)), year)

    def by_name(self, text, year):
        """The same for a name."""
        return self._sitting(self.names[folded(text)], year)

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


def folded(name):
    """A name without differences that mean nothing: case, accents, spaces."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    letters = (c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().split())
