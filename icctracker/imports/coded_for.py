"""For which version of the codebook the findings of a folder were coded.

``changes-1.1.json`` says what version 1.1 brought: new entries, findings added or coded
otherwise, and criteria whose findings were all coded again. Whatever no such file names
was coded for the first version, and carries over.
"""

import json
from collections import defaultdict
from pathlib import Path

from icctracker.models import Criterion

from .publications import codebooks_of, meanings_of, version_of


class CodedFor:
    """The versions of a folder's codebook, and which findings are whose.

    ``draft`` is the version that is about to take effect, if any: what was coded for it
    is put to its criteria already.
    """

    def __init__(self, folder, draft=None):
        folder = Path(folder)
        self.codebooks = codebooks_of(folder)
        self.versions = [version_of(each) for each in self.codebooks]
        self.meanings = dict(
            zip(self.versions, meanings_of(self.codebooks), strict=True)
        )
        self._changes = [(each, _changes(folder, each)) for each in self.versions[1:]]
        self._slug = self.codebooks[0]["publication"]["slug"]
        self._draft = draft

    @property
    def newest(self):
        """What each criterion asks by the last version, by its code."""
        return self.meanings[self.versions[-1]]

    def version_of(self, entry, code):
        """The version for which the finding of an entry on a criterion was coded."""
        found = self.versions[0]
        for version, changes in self._changes:
            if changes is None or code in changes[None] or code in changes[entry]:
                found = version
        return found

    def criteria(self):
        """The criteria that the site has of these versions."""
        return _Criteria(self, self._slug, self._draft)


class _EveryCode:
    """The codes of a new entry: whichever it has."""

    def __contains__(self, code):
        return True


def _changes(folder, version):
    """The codes that a version brought by the slug of an entry; None: for all."""
    path = folder / f"changes-{version}.json"
    if not path.exists():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    found = defaultdict(set)
    found[None] = set(said["to_be_coded_again"])
    for entry in said["entries_changed"]:
        for row in (*entry["findings_changed"], *entry["findings_added"]):
            found[entry["slug"]].add(row["criterion"])
    for slug in said["entries_added"]:
        found[slug] = _EveryCode()
    return found


class _Criteria:
    """The criteria on record, of versions that came with the data and of their draft.

    A version that people made is theirs: nothing was coded for it.
    """

    def __init__(self, coded, slug, draft):
        self._coded, self._found = coded, {}
        rows = Criterion.objects.filter(
            codebook__publication__slug=slug,
            codebook__version__in=coded.versions,
            codebook__published_by=None,
        ).select_related("codebook", "recommendation")
        for each in rows:
            shipped = not each.codebook.is_draft or each.codebook == draft
            asked = coded.meanings[each.codebook.version].get(each.code)
            if shipped and asked == each.meaning:
                self._found[each.codebook.version, each.code] = each

    def of(self, entry, code):
        """The criterion that the finding of an entry was coded with, or None.

        Where the site lacks the version, one that means the same stands for it.
        """
        wanted = self._coded.version_of(entry, code)
        return self._found.get((wanted, code)) or self.asking(code)

    def asking(self, code):
        """The criterion that asks what the last version asks, if the site has one."""
        found = [
            each
            for (_version, other), each in self._found.items()
            if other == code and each.meaning == self._coded.newest.get(code)
        ]
        return found[-1] if found else None

    def has(self, code, meaning):
        """Whether the site has a criterion that asks this."""
        return any(
            (each.code, each.meaning) == (code, meaning)
            for each in self._found.values()
        )
