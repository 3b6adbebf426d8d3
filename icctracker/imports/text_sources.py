"""Where files of texts come from: a file, a folder, an archive; one after the other.

An archive is never unpacked to the disk: its parts are read one at a time, within
limits, and a name in it is only a name.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from .files import FileRefused

# No document of the Council has a tenth of it.
LARGEST_TEXT = 5 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_FILES = 50_000
# Texts of this kind shrink to a tenth; what shrinks to so little is none.
MOST_SHRUNK = 200
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)
_BROKEN += (NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Part:
    """One file to read: its name, and what reads it."""

    name: str
    size: int
    read: callable


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no text, and why it is passed over."""

    name: str
    reason: str


class Sources:
    """All files that were named, with how much there is to read."""

    def __init__(self, paths, names=()):
        self.parts, self.left_out = [], []
        names = [*names, *(path.name for path in map(Path, paths[len(names) :]))]
        for path, name in zip(map(Path, paths), names, strict=True):
            self._take(path, name)
        self.size = sum(part.size for part in self.parts) or 1

    def _take(self, path, name):
        if path.is_dir():
            self._folder(path)
        elif not path.is_file():
            raise FileRefused(_("There is no such file or folder."))
        elif zipfile.is_zipfile(path):
            self._archive(path)
        else:
            self._file(path, name)
        if len(self.parts) > MOST_FILES:
            text = _("More than %d files at once. Import them in parts.")
            raise FileRefused(text % MOST_FILES)

    def _folder(self, folder):
        found = (path for path in folder.rglob("*") if path.is_file())
        # What a link leads to stands outside the folder that was named.
        for path in sorted(path for path in found if not path.is_symlink()):
            self._file(path, str(path.relative_to(folder)))

    def _file(self, path, name):
        if self._is_text(name):
            size = path.stat().st_size
            self.parts.append(Part(name, size, lambda: _read_file(path)))

    def _archive(self, path):
        if path.stat().st_size > settings.LARGEST_IMPORT:
            most = filesizeformat(settings.LARGEST_IMPORT)
            raise FileRefused(_("The archive is larger than %s.") % most)
        try:
            archive = zipfile.ZipFile(path)
            rows = archive.infolist()
        except _BROKEN as fault:
            raise FileRefused(_("The archive is broken.")) from fault
        _check_archive(rows)
        for row in sorted(rows, key=lambda row: row.filename):
            if not row.is_dir() and self._is_text(row.filename):
                part = Part(row.filename, row.file_size, _reader(archive, row))
                self.parts.append(part)

    def _is_text(self, name):
        """Whether a file is one to read; whatever else lies there is passed over."""
        base = name.replace("\\", "/").rpartition("/")[2]
        if base.casefold().endswith(".xml") and not base.startswith("."):
            return True
        self.left_out.append(LeftOut(name, _("Its name does not end in .xml.")))
        return False


def _check_archive(rows):
    """Refuse an archive that would unpack to more than texts ever have."""
    unpacked = sum(row.file_size for row in rows)
    if unpacked > MOST_UNPACKED:
        text = _("The archive holds %(size)s, more than %(most)s: import it in parts.")
        sizes = {
            "size": filesizeformat(unpacked),
            "most": filesizeformat(MOST_UNPACKED),
        }
        raise FileRefused(text % sizes)
    if len(rows) > MOST_FILES:
        text = _("More than %d files at once. Import them in parts.")
        raise FileRefused(text % MOST_FILES)


def _read_file(path):
    try:
        with path.open("rb") as file:
            return _bounded(file)
    except OSError as fault:
        raise FileRefused(_("The file cannot be read.")) from fault


def _reader(archive, row):
    def read():
        if row.file_size > MOST_SHRUNK * max(row.compress_size, 1024):
            raise FileRefused(_("It unpacks to far more than any text would."))
        try:
            with archive.open(row) as file:
                return _bounded(file)
        except _BROKEN as fault:
            text = _("It cannot be unpacked: it is broken, or has a password.")
            raise FileRefused(text) from fault

    return read


def _bounded(file):
    """All of a file, if it is no larger than any text."""
    data = file.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        most = filesizeformat(LARGEST_TEXT)
        raise FileRefused(_("The file is larger than %s, as no document is.") % most)
    return data
