"""How far coders agree: percentage agreement and Krippendorff's alpha.

Pure: it is given what was coded and knows nothing of where that came from.
"""

from dataclasses import dataclass

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
    """The agreement of two coders on units, each a pair of codes."""
    pairs = list(pairs)
    same = sum(first == second for first, second in pairs)
    enough = len(pairs) >= ENOUGH
    return Agreement(len(pairs), same, alpha(pairs, level) if enough else None)


def alpha(units, level):
    """Krippendorff's alpha of units, each with one code by coder, None where missing.

    None if it is not defined: without two codes that differ there is nothing that
    chance could have got wrong.
    """
    comparable = [unit for unit in units if sum(code is not None for code in unit) > 1]
    codes = {code for unit in comparable for code in unit if code is not None}
    if len(codes) < 2:
        return None
    # Imported when first needed: it brings numpy, which would slow every start.
    import krippendorff

    missing = float("nan")
    by_coder = zip(*comparable, strict=True)
    table = [[missing if code is None else code for code in row] for row in by_coder]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))
