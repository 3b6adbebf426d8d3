"""Whose vote a name in the Council's record stands for.

Names of the time and present names are joined by the code of the seat: the USSR's
seat is the Russian Federation's, and China's is one whoever represented it.
"""

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
