"""Times the rule on cases of 100 to 10,000 findings, beside the rule as first written.

The first one works every removal and every day out anew, and is not asked of more than
1,000 findings.
"""

import random
from datetime import date
from math import log

from loaded import milliseconds

from icctracker import ruleset
from tests.ruleset import reference
from tests.ruleset.random_cases import long_case

SIZES = [100, 250, 500, 1_000, 2_500, 5_000, 10_000]
AS_FIRST_WRITTEN = 1_000
START = date(2013, 3, 6)
WAYS = {
    "evaluate": lambda rule, case: rule.evaluate(case),
    "history": lambda rule, case: rule.history(case, START),
}


def exponent(times):
    """The power of the findings that the time grows by, from the least to the most."""
    (least, fast), *_, (most, slow) = times.items()
    return log(slow / fast) / log(most / least)


rows = random.Random(2013)  # noqa: S311
cases = {size: long_case(rows, size) for size in SIZES}
for name, way in WAYS.items():
    print(f"{name:<10}{'findings':>9}{'ms':>10}{'as first written':>18}{'ratio':>8}")
    now, first = {}, {}
    for size, case in cases.items():
        now[size] = milliseconds(lambda way=way, case=case: way(ruleset, case))
        line = f"{size:>19}{now[size]:>10.2f}"
        if size <= AS_FIRST_WRITTEN:
            first[size] = milliseconds(
                lambda way=way, case=case: way(reference, case), times=1
            )
            line += f"{first[size]:>18.1f}{first[size] / now[size]:>8.0f}"
        print(line)
    print(f"{'exponent':>19}{exponent(now):>10.2f}{exponent(first):>18.2f}\n")
