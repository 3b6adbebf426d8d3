"""What tests of imports share."""

from collections import Counter

import pytest

from icctracker.imports import runs
from icctracker.models import (
    Ballot,
    Document,
    Import,
    ImportRun,
    OtherValue,
    ValueOrigin,
    Vote,
)


@pytest.fixture
def bring_in(tmp_path):
    """Imports bytes as a file; says what was found, of each kind, and how it ended."""

    def run(content, name="file", dry=False, **options):
        path = tmp_path / name
        path.write_bytes(content)
        attempt = ImportRun(file=name, **options)
        carry = runs.check if dry else runs.carry_out
        compared = carry(attempt, path, tmp_path / "report.jsonl")
        return Outcome(compared, attempt)

    return run


class Outcome:
    """What an import found."""

    def __init__(self, compared, run):
        self.run = run
        self.findings = list(compared.report)
        self.counts = Counter(compared.report.counts)

    def of(self, kind):
        return [each for each in self.findings if each.kind == kind]

    @property
    def only(self):
        """The one kind of finding there is, with its number."""
        return {kind: n for kind, n in self.counts.items() if n}


@pytest.fixture
def record():
    """All that an import can write, as plain values."""
    return lambda: [
        list(model.objects.order_by("pk").values())
        for model in (Document, Ballot, Vote, OtherValue, ValueOrigin, Import)
    ]
