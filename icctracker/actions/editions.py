"""Keeping what readers are shown of an entry: an edition for each time it changes."""

from icctracker.models import Edition, EditionSource
from icctracker.models.editions import FACTS_SHOWN, SOURCE_FIELDS


def write_edition(evidence, *, at, decision=None, restores=None):
    """Keep an entry as readers see it from an instant on; the one before ends there."""
    close_edition(evidence, at=at)
    edition = Edition.objects.create(
        evidence=evidence,
        number=evidence.editions.count() + 1,
        at=at,
        decision=decision,
        restores=restores,
        **{name: getattr(evidence, name) for name in FACTS_SHOWN},
    )
    edition.situations.set(evidence.situations.all())
    edition.actors.set(evidence.actors.all())
    EditionSource.objects.bulk_create(
        EditionSource(
            edition=edition, **{name: getattr(source, name) for name in SOURCE_FIELDS}
        )
        for source in evidence.sources.all()
    )
    return edition


def close_edition(evidence, *, at):
    """Let the edition that stands cease to stand."""
    evidence.editions.current().update(until=at)
