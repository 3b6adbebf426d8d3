"""What a comparison found, kept in a file: as long as the import, however large."""

import json
from collections import Counter
from dataclasses import asdict

from django.utils.translation import gettext as _

from icctracker.imports.findings import (
    CHANGED,
    CONFLICT,
    DOUBT,
    FAULT,
    KNOWN,
    NEW,
    PASSED,
    SAME,
    WORDED,
    Finding,
)

KINDS = (NEW, CHANGED, CONFLICT, KNOWN, WORDED, SAME, PASSED, DOUBT, FAULT)
# What is only counted: there is nothing to read in it.
_COUNTED = {SAME}


class Report:
    """Findings in a file, one on a line, and how many there are of each kind."""

    def __init__(self, path):
        self.path, self.counts = path, Counter()

    def keep(self, findings):
        """Write findings down as they come."""
        with self.path.open("w", encoding="utf-8") as file:
            for each in findings:
                self.counts[each.kind] += 1
                if each.kind not in _COUNTED:
                    json.dump(asdict(each), file)
                    file.write("\n")

    def __iter__(self):
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                yield Finding(**json.loads(line))

    def of(self, *kinds):
        """The findings of some kinds."""
        return (each for each in self if each.kind in kinds)


def in_words(finding):
    """What a finding says, beside its line and field."""
    if finding.message:
        said = f"“{finding.theirs}”: " if finding.theirs else ""
        return said + finding.message
    if not finding.ours:
        return finding.theirs
    values = {"theirs": finding.theirs, "ours": finding.ours}
    return _("“%(theirs)s” in the file, “%(ours)s” in the record") % values
