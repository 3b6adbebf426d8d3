"""Synthetic entries, drawn with a seed: the same recipe always makes the same ones.

Every text says that it is synthetic, its words are no words, every address ends in
``.invalid``, which leads nowhere, and no symbol is one of the United Nations.
"""

import random
from bisect import bisect
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

FIRST_DAY = date(1946, 1, 17)
FIRST_PUBLISHED = datetime(2014, 1, 1, 9)
SITUATIONS, ACTORS, PUBLISHERS, PEOPLE = 20, 200, 30, 8
WITHDRAWN_SHARE, SUBMITTED, DRAFTS = 100, 240, 20
CORRECTED_EVERY, CODED_TWICE_EVERY = 33, 20

# How often each kind occurs among a thousand entries.
KINDS = {
    "resolution": 190,
    "statement": 170,
    "report": 120,
    "briefing": 110,
    "presidential-statement": 80,
    "press-statement": 70,
    "ga-resolution": 50,
    "debate": 40,
    "court-decision": 35,
    "joint-statement": 30,
    "veto": 25,
    "draft-resolution": 20,
    "visit": 15,
    "arria-meeting": 15,
    "sanctions-listing": 10,
    "agreement": 7,
    "asp-resolution": 5,
    "arrangement": 3,
    "other": 3,
    "referral": 1,
    "deferral": 1,
}
TIERS = {"A": 70, "B": 20, "C": 10}
EFFECTS = {2: 15, 1: 35, 0: 20, -1: 15, -2: 15}
SYLLABLES = "ba be bo da de do fa fe ga go ka ke ko la le lo ma me mo na ne no".split()


class Recipe(NamedTuple):
    """What a load is made of; ``until`` is the last day of its events."""

    entries: int
    recommendations: int
    publications: int = 1
    seed: int = 1
    until: date = date(2026, 1, 1)

    def __str__(self):
        return (
            f"{self.entries} entries, {self.recommendations} recommendations in"
            f" {self.publications} publications, seed {self.seed}, until {self.until}"
        )


class Finding(NamedTuple):
    """What an entry shows: the place of a criterion among all, and the codes."""

    criterion: int
    effect: int
    occasion: bool
    words: str


class Entry(NamedTuple):
    """One synthetic entry; situations, actors and publishers are places in lists."""

    number: int
    state: str
    day: date
    published_at: datetime
    kind: str
    tier: str
    title: str
    summary: str
    votes: tuple
    situations: tuple
    actors: tuple
    publishers: tuple
    findings: tuple
    person: int
    corrected: bool
    coded_twice: bool


class Draw:
    """Draws by lot, by weight and in words, with one seed for all."""

    def __init__(self, seed, criteria):
        self.rng = random.Random(seed)  # noqa: S311 - nothing here is secret
        self.words = self._vocabulary()
        self.kind, self.tier = self.among(KINDS), self.among(TIERS)
        self.effect = self.among(EFFECTS)
        self.word = self.among(skewed(self.words, 0.7))
        self.situation = self.among(skewed(range(SITUATIONS), 1.0))
        self.actor = self.among(skewed(range(ACTORS), 0.9))
        self.publisher = self.among(skewed(range(PUBLISHERS), 1.0))
        self.criterion = self.among(skewed(range(criteria), 0.6))
        self.one_to_three = self.among({1: 70, 2: 24, 3: 6})
        # Drawing each word of each text would take most of the time of a load.
        self.sentences = [f"{self.text(12).capitalize()}." for _ in range(5_000)]

    def among(self, weights):
        """A function that draws one of the keys by its weight."""
        keys, sums = list(weights), list(accumulate(weights.values()))
        rng, total = self.rng.random, sums[-1]
        return lambda: keys[bisect(sums, rng() * total)]

    def few(self, draw):
        """One to three different ones."""
        return tuple(dict.fromkeys(draw() for _ in range(self.one_to_three())))

    def text(self, words):
        return " ".join(self.word() for _ in range(words))

    def sentence(self):
        return self.sentences[int(self.rng.random() * len(self.sentences))]

    def _vocabulary(self):
        found = {}
        while len(found) < 800:
            parts = self.rng.choices(SYLLABLES, k=self.rng.choice((2, 3, 3, 4)))
            found["".join(parts)] = None
        return list(found)


def skewed(keys, power):
    """The first is the most frequent, and each next one less."""
    return {key: 1 / (place + 1) ** power for place, key in enumerate(keys)}


def entries(recipe, criteria):
    """Every entry of a recipe: published, withdrawn, submitted, drafts; in this order.

    ``criteria`` is how many there are to be cited.
    """
    draw, number = Draw(recipe.seed, criteria), 0
    withdrawn = max(2, recipe.entries // WITHDRAWN_SHARE)
    for state, many in (
        ("published", recipe.entries),
        ("withdrawn", withdrawn),
        ("submitted", SUBMITTED),
        ("draft", DRAFTS),
    ):
        for place in range(many):
            number += 1
            yield _entry(draw, number, state, recipe.until, place / many)


def _entry(draw, number, state, until, through):
    last = datetime.combine(until, FIRST_PUBLISHED.time()) - timedelta(days=2)
    published_at = FIRST_PUBLISHED + (last - FIRST_PUBLISHED) * through
    span = (published_at.date() - FIRST_DAY).days
    day = FIRST_DAY + timedelta(int(span * draw.rng.random() ** 0.6))
    kind = draw.kind()
    public = state == "published"
    return Entry(
        number,
        state,
        day,
        published_at + timedelta(microseconds=number % 1000 + 1),
        kind,
        draw.tier(),
        title=f"Synthetic {number:07}: {draw.text(6)}",
        summary=f"Synthetic text for measuring: nothing of it happened. {_prose(draw)}",
        votes=_votes(draw.rng, kind, day.year),
        situations=draw.few(draw.situation),
        actors=draw.few(draw.actor),
        publishers=draw.few(draw.publisher),
        findings=tuple(_findings(draw)),
        person=number % PEOPLE,
        corrected=public and number % CORRECTED_EVERY == 0,
        coded_twice=public and number % CODED_TWICE_EVERY == 0,
    )


def _prose(draw):
    return " ".join(draw.sentence() for _ in range(draw.rng.choice((1, 2, 2, 3, 5))))


def _findings(draw):
    for criterion in draw.few(draw.criterion):
        occasion = draw.rng.random() < 0.6
        yield Finding(criterion, draw.effect(), occasion, draw.sentence())


def _votes(rng, kind, year):
    """In favour, against, abstaining, as they can have been; or none."""
    seats, needed = (15, 9) if year >= 1966 else (11, 7)
    if kind in ("resolution", "referral", "deferral"):
        yes = rng.randint(needed, seats)
        return yes, 0, seats - yes
    if kind == "veto":
        no = rng.randint(1, 2)
        return needed, no, seats - needed - no
    if kind == "ga-resolution":
        return rng.randint(60, 130), rng.randint(0, 20), rng.randint(0, 40)
    return None, None, None
