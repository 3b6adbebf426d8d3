"""What synthetic entries refer to: publications, criteria, situations, actors, people.

Each says of itself that it is synthetic.
"""

from datetime import UTC, date, datetime

from django.contrib.auth.models import Group

from icctracker.models import (
    Actor,
    Addressee,
    Assessment,
    Codebook,
    Criterion,
    Document,
    Gap,
    Publication,
    Recommendation,
    Ruleset,
    Search,
    Situation,
    StatusChange,
    User,
)
from icctracker.models.roles import CURATOR, RESEARCHER, REVIEWER
from icctracker.ruleset import PUBLISHED, VERSION
from icctracker.ruleset.parameters import as_values

from .rows import NOTE, World
from .synthetic import ACTORS, PEOPLE, SITUATIONS

SLUG = "synthetic"
ABOUT = "Made up to measure this site: nothing of it happened."
SINCE = date(2013, 3, 6)
KINDS = ("refrain", "deliver", "sustain")
ASSESSED_EVERY = 5
# What has been shown of each recommendation, and from when on.
STATUSES = (
    (2014, "insufficient", ""),
    (2017, "limited", ""),
    (2020, "not-followed", "contrary practice"),
    (2023, "substantial", ""),
)


def make_world(recipe):
    """Everything but the entries; returns what they refer to."""
    reviewers = _people(REVIEWER, PEOPLE)
    (curator,) = _people(CURATOR, 1)
    criteria = []
    for number in range(recipe.publications):
        each = recipe.recommendations // recipe.publications
        if number == 0:
            each += recipe.recommendations % recipe.publications
        criteria += _publication(number, each, curator)
    Gap.objects.create(slug=SLUG, text=f"Synthetic: {ABOUT}", noted_on=SINCE)
    return World(
        criteria,
        _situations(),
        _actors(),
        [person.pk for person in _people(RESEARCHER, PEOPLE)],
        [person.pk for person in reviewers],
    )


def _people(role, many):
    made = [User(username=f"synthetic-{role}-{n + 1}") for n in range(many)]
    for person in made:
        person.set_unusable_password()
        person.is_staff = role == CURATOR
        person.save()
        person.groups.add(Group.objects.get(name=role))
    return made


def _situations():
    made = [
        Situation.objects.create(
            slug=f"synthetic-situation-{n + 1:02}",
            name=f"Synthetic situation {n + 1:02}",
            note=ABOUT,
            since=1946 + n,
        )
        for n in range(SITUATIONS)
    ]
    link = Situation.documents.through
    documents = Document.objects.order_by("pk").values_list("pk", flat=True)
    link.objects.bulk_create(
        link(situation_id=made[place % SITUATIONS].pk, document_id=key)
        for place, key in enumerate(documents)
    )
    return [each.pk for each in made]


def _actors():
    made = [
        Actor.objects.create(name=f"Synthetic actor {n + 1:03}") for n in range(ACTORS)
    ]
    return [each.pk for each in made]


def _publication(number, recommendations, curator):
    """One publication with its codebook; the keys of its criteria."""
    slug = f"{SLUG}-{number + 1}" if number else SLUG
    publication = Publication.objects.create(
        slug=slug,
        title=f"Synthetic publication {number + 1}",
        publisher="Nobody",
        published_on=SINCE,
        about=ABOUT,
    )
    codebook = Codebook.objects.create(
        publication=publication, version="1.0", published_on=SINCE
    )
    Ruleset.objects.create(
        publication=publication,
        version=VERSION,
        values=as_values(PUBLISHED),
        reason=NOTE,
        published_at=datetime(2013, 3, 6, tzinfo=UTC),
    )
    addressee, _created = Addressee.objects.get_or_create(
        slug=SLUG, defaults={"label": "Synthetic addressee"}
    )
    criteria = []
    for place in range(recommendations):
        row = _recommendation(publication, place + 1, addressee)
        criteria += _criteria(codebook, row)
        _record(codebook, row, curator)
    return criteria


def _recommendation(publication, number, addressee):
    made = Recommendation.objects.create(
        publication=publication,
        number=number,
        code=f"R{number}",
        short_title=f"Synthetic recommendation {number}",
        text=f"Synthetic: members should do what number {number} asks. {ABOUT}",
    )
    made.addressees.add(addressee)
    return made


def _criteria(codebook, recommendation):
    """Two or three of different kinds, and a search for what is to be delivered."""
    made = []
    for place, letter in enumerate("abc"[: 2 + recommendation.number % 2]):
        criterion = Criterion.objects.create(
            codebook=codebook,
            recommendation=recommendation,
            code=f"{recommendation.number}{letter}",
            kind=KINDS[(recommendation.number + place) % 3],
            essential=place < 2,
            statement=f"Synthetic criterion {recommendation.number}{letter} is kept.",
            counts=NOTE,
        )
        made.append(criterion.pk)
        if criterion.kind == "deliver":
            Search.objects.create(
                criterion=criterion,
                searched_on=date(2025, 6, 1),
                where="Nowhere",
                query="synthetic",
                outcome=NOTE,
            )
    return made


def _record(codebook, recommendation, curator):
    """What was shown of a recommendation over the years; some have been assessed."""
    before = ("", "")
    for year, *after in STATUSES:
        StatusChange.objects.create(
            recommendation=recommendation,
            at=datetime(year, 6, 1, 9, tzinfo=UTC),
            as_of=date(year, 6, 1),
            before=before[0],
            before_reason=before[1],
            after=after[0],
            after_reason=after[1],
            cause="time" if before[0] else "first",
        )
        before = after
    if recommendation.number % ASSESSED_EVERY:
        return
    Assessment.objects.create(
        recommendation=recommendation,
        codebook=codebook,
        ruleset=VERSION,
        assessed_on=date(2020, 6, 1),
        suggested="limited",
        decided="limited",
        confidence="medium",
        review_due_on=date(2021, 6, 1),
        assessed_by=curator,
        recorded_at=datetime(2020, 6, 1, 9, tzinfo=UTC),
    )
