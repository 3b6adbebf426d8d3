"""Times the rule on the ten real cases."""

from datetime import date

from loaded import load, milliseconds

load()

from icctracker import ruleset  # noqa: E402
from icctracker.readings import standing  # noqa: E402

AS_OF = date(2026, 11, 23)
START = date(2013, 3, 6)


def anew():
    """All standings as a page needs them, nothing remembered from before."""
    standing._evaluate.cache_clear()
    standing._history.cache_clear()
    for one in standing.standings(AS_OF):
        one.result, one.history  # noqa: B018


def remembered():
    for one in standing.standings(AS_OF):
        one.result, one.history  # noqa: B018


cases = [(one.recommendation.code, one.case) for one in standing.standings(AS_OF)]
print(f"{'case':<6}{'findings':>9}{'evaluate ms':>13}{'history ms':>12}")
for code, case in cases:
    evaluated = milliseconds(lambda case=case: ruleset.evaluate(case))
    changes = milliseconds(lambda case=case: ruleset.history(case, START))
    print(f"{code:<6}{len(case.findings):>9}{evaluated:>13.2f}{changes:>12.2f}")
print(f"ten standings, anew: {milliseconds(anew):.1f} ms")
print(f"ten standings, remembered: {milliseconds(remembered):.1f} ms")
