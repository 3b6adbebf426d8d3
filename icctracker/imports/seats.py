"""Who sat on the Council when, by any code or name that files use."""

import unicodedata

from django.utils.translation import gettext as _

from icctracker.models import Member, Membership

# Whose vote a name in the Council's record stands for.
#
# Names of the time and present names are joined by the code of the seat: the USSR's
# seat is the Russian Federation's, and China's is one whoever represented it.

# Seats that continue under another code.
CONTINUED = {"SUN": "RUS", "TWN": "CHN"}

# Present names as the United Nations writes them, where the source has others.
PRESENT_NAMES = {
    "BGR": "Bulgaria",
    "BLR": "Belarus",
    "BOL": "Bolivia",
    "CHN": "China",
    "CIV": "Côte d'Ivoire",
    "COG": "Congo",
    "CPV": "Cabo Verde",
    "CSK": "Czechoslovakia",
    "CZE": "Czechia",
    "DDR": "German Democratic Republic",
    "FRA": "France",
    "GMB": "Gambia",
    "IRN": "Iran (Islamic Republic of)",
    "IRQ": "Iraq",
    "KOR": "Republic of Korea",
    "LKA": "Sri Lanka",
    "NPL": "Nepal",
    "RUS": "Russian Federation",
    "SYR": "Syrian Arab Republic",
    "TUR": "Türkiye",
    "TZA": "United Republic of Tanzania",
    "VEN": "Venezuela (Bolivarian Republic of)",
    "VNM": "Viet Nam",
    "YUG": "Yugoslavia",
}

# Other names that the lists of voters use.
ALIASES = {
    "Czech Republic": "CZE",
    "USSR": "RUS",
    "Libyan Arab Jamahiriya": "LBY",
    "Germany, Federal Republic of": "DEU",
    "Sri Lanka/Ceylan": "LKA",
}
# The lists of voters name Czechoslovakia, a member in 1964, by its successor's name.
PREDECESSORS = {"CZE": "CSK"}


def seat(code):
    """The code of the seat that a code in the source stands for."""
    return CONTINUED.get(code, code)


class Names:
    """Reads the names in the lists of voters, given the list of members."""

    def __init__(self, members):
        members = list(members)
        self.codes = {row["name"]: seat(row["iso3"]) for row in members}
        self.codes |= {name: code for code, name in PRESENT_NAMES.items()} | ALIASES
        self.seats = {}
        for row in members:
            self.seats.setdefault(int(row["year"]), set()).add(seat(row["iso3"]))

    def code(self, name, year):
        """The code of a member of that year; KeyError if it was none."""
        code = self.codes[name]
        sat = self.seats.get(year, ())
        if code not in sat and PREDECESSORS.get(code) in sat:
            code = PREDECESSORS[code]
        if code not in sat:
            raise KeyError(name)
        return code


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
    "People's Republic of China": "CHN",
    "Russia": "RUS",
    "Russian Federation/USSR": "RUS",
    "Soviet Union": "RUS",
    "Turkey": "TUR",
    "Great Britain": "GBR",
    "UK": "GBR",
    "Union of Soviet Socialist Republics": "RUS",
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
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace(".", ""))
    letters = (c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().split())
