"""The picture of the figures: a line a page, a dot a size, on a scale of powers."""

from html import escape
from math import log10

WIDTH, LEFT, RIGHT, TOP, STEP = 900, 250, 40, 70, 24
LEAST, MOST = 0.5, 2_000
COLOURS = ("#9a4b00", "#005a8c")
NAMES = ("before", "now")
TITLE = "What each page costs, in bare views"


def draw(rows):
    """An SVG; each row has a label, a goal, and dots before and now.

    A dot is a size, a ratio, and whether the answer was given up.
    """
    height = TOP + STEP * len(rows) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}" role="img" aria-labelledby="t d"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#1a1a1a">',
        f'<title id="t">{TITLE}</title>',
        f'<desc id="d">{escape(_in_words(rows))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_scale(height),
        *_legend(rows),
    ]
    for number, row in enumerate(rows):
        parts += _row(TOP + STEP * number + STEP / 2, *row)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _in_words(rows):
    return "One line a page: " + "; ".join(
        f"{label}, at most {goal:g} wanted{_said(dots)}" for label, goal, dots in rows
    )


def _said(dots):
    said = ""
    for name, found in zip(NAMES, dots, strict=True):
        for size, ratio, late in found:
            cost = "too long" if late else f"{ratio:.1f}"
            said += f", {name} at {size:,} entries {cost}"
    return said


def _x(ratio):
    share = log10(min(max(ratio, LEAST), MOST) / LEAST) / log10(MOST / LEAST)
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _scale(height):
    for value in (1, 10, 100, 1000):
        x = _x(value)
        yield (
            f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{height - 30}" stroke="#ccc"/>'
            f'<text x="{x}" y="{height - 12}" text-anchor="middle">× {value:,}</text>'
        )
    yield f'<text x="{LEFT}" y="{height - 12}" text-anchor="end">bare view</text>'


def _legend(rows):
    yield f'<text x="12" y="24" font-size="16" font-weight="600">{TITLE}</text>'
    x = 12
    for name, colour, when in zip(NAMES, COLOURS, (0, 1), strict=True):
        sizes = sorted({size for _l, _g, dots in rows for size, *_rest in dots[when]})
        said = ", ".join(f"{size:,}" for size in sizes)
        said = f"{said} entries" if said else "not yet measured"
        yield _mark(x + 6, 46, 5, colour)
        yield f'<text x="{x + 18}" y="50">{name}: {said}</text>'
        x += 300
    yield f'<path d="M{x} 41l9 5l-9 5z" fill="{COLOURS[0]}"/>'
    yield f'<text x="{x + 16}" y="50">given up</text>'
    x += 120
    yield (
        f'<line x1="{x}" y1="39" x2="{x}" y2="53" stroke="#1a1a1a" stroke-width="2"/>'
        f'<text x="{x + 10}" y="50">goal</text>'
    )


def _row(y, label, goal, dots):
    yield f'<text x="{LEFT - 14}" y="{y + 4}" text-anchor="end">{escape(label)}</text>'
    yield (
        f'<line x1="{_x(goal)}" y1="{y - 8}" x2="{_x(goal)}" y2="{y + 8}"'
        ' stroke="#1a1a1a" stroke-width="2"/>'
    )
    for shift, colour, found in zip((-4, 4), COLOURS, dots, strict=True):
        yield from _dots(y + shift, colour, sorted(found))


def _dots(y, colour, found):
    """From the smallest size to the largest; an arrow where an answer was given up."""
    places = [_x(MOST if late else ratio) for _size, ratio, late in found]
    if len(places) > 1:
        yield (
            f'<line x1="{places[0]}" y1="{y}" x2="{places[-1]}" y2="{y}"'
            f' stroke="{colour}" stroke-width="2"/>'
        )
    for number, (x, (_size, _ratio, late)) in enumerate(
        zip(places, found, strict=True)
    ):
        if late:
            yield f'<path d="M{x} {y - 5}l9 5l-9 5z" fill="{colour}"/>'
        else:
            yield _mark(x, y, 3 + number, colour)


def _mark(x, y, radius, colour):
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
