"""How far coders agree: percentage agreement and Krippendorff's alpha.

Pure: it is given what was coded and knows nothing of where that came from. Alpha is
computed as in K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011).
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, starmap

# With fewer units a percentage says more than is known; only counts are published.
ENOUGH = 50
NOMINAL, ORDINAL = "nominal", "ordinal"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two coders gave the same code, of how many units.

    ``alpha`` is None where there are too few units, or where all codes are the same.
    """

    units: int
    same: int
    alpha: float | None = None

    @property
    def enough(self):
        """Whether there are units enough to publish more than counts."""
        return self.units >= ENOUGH

    @property
    def percent(self):
        """The share of units coded alike, in whole per cent; None if too few."""
        return round(100 * self.same / self.units) if self.enough else None


def agreement(pairs, level):
    """The agreement of two coders on units, each a pair of codes.

    Of units that are alike a mapping tells how many there are.
    """
    pairs = Counter(pairs)
    same = sum(number for (one, other), number in pairs.items() if one == other)
    enough = pairs.total() >= ENOUGH
    return Agreement(pairs.total(), same, alpha(pairs, level) if enough else None)


def alpha(units, level):
    """Krippendorff's alpha of units, each with one code by coder, None where missing.

    A mapping tells of units how many there are. None if it is not defined: without two
    codes that differ there is nothing that chance could have got wrong.
    """
    comparable, counts = Counter(), Counter()
    for unit, number in Counter(units).items():
        codes = tuple(code for code in unit if code is not None)
        if len(codes) > 1:
            comparable[codes] += number
            for code in codes:
                counts[code] += number
    if len(counts) < 2:
        return None
    distance = _DISTANCES[level](counts)
    # A unit of many codes makes more pairs, but no code weighs more for it.
    observed = sum(
        number
        * Fraction(sum(starmap(distance, combinations(codes, 2))), len(codes) - 1)
        for codes, number in comparable.items()
    )
    expected = Fraction(
        sum(
            counts[one] * counts[other] * distance(one, other)
            for one, other in combinations(counts, 2)
        ),
        counts.total() - 1,
    )
    return float(1 - observed / expected)


def _nominal(counts):
    """Codes without an order are alike or not."""
    return lambda one, other: int(one != other)


def _ordinal(counts):
    """Codes with an order are as far apart as there are codes given between them.

    Doubled, so that half of each end is a whole number; alpha is a ratio of distances.
    """

    def distance(one, other):
        if one == other:
            return 0
        low, high = sorted((one, other))
        between = sum(count for code, count in counts.items() if low <= code <= high)
        return (2 * between - counts[low] - counts[high]) ** 2

    return distance


_DISTANCES = {NOMINAL: _nominal, ORDINAL: _ordinal}
