"""Which parts of an entry's form can be read at a glance, and need no open fields."""

NEEDED = ("occurred_on", "kind", "title", "summary")
# The facts that stand elsewhere in the form.
ELSEWHERE = {"tier", "counter_evidence", "reason"}


class Glance:
    """What the record has filled so far that it need only be read."""

    def __init__(self, entry):
        self.entry = entry

    @property
    def begins(self):
        """Whether nothing is in the form yet."""
        entry = self.entry
        return not (entry.posted or entry.evidence.pk or entry.found)

    @property
    def is_filled(self):
        """Whether one vote of the record has filled all the facts that are needed."""
        entry = self.entry
        if entry.correcting or not (entry.record and entry.record.ballot):
            return False
        return all(entry.facts[name].value() for name in NEEDED)

    @property
    def facts_are_sound(self):
        """Whether no fact is wrong or other than in the record."""
        grid, notes = self.entry.grid, self.entry.notes.values()
        wrong = set(self.entry.facts.errors) - ELSEWHERE
        wrong = wrong or (grid is not None and grid.errors)
        wrong = wrong or self.entry.votes_are_to_be_read
        return not wrong and not any(note.differs for note in notes)

    @property
    def sources_are_filled(self):
        """Whether every source says what it is, beside facts that are filled."""
        rows = self.entry.sources
        whole = all(row["url"].value() and row["label"].value() for row in rows)
        return self.is_filled and bool(rows.forms) and whole

    @property
    def sources_are_sound(self):
        """Whether no source is wrong or has just been added."""
        entry = self.entry
        wrong = any(entry.sources.errors) if entry.sources.is_bound else False
        return not (wrong or "tier" in entry.facts.errors or "source" in entry.focus)
