"""The file of a backup: a tar archive of what was copied, with what is to be in it.

First a manifest: from which site, of which migrations, how many rows of each table, and
the SHA-256 of every other file. It is packed with gzip, and encrypted with age where
somebody is named whom it is for.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import PurePosixPath

from icctracker.actions import ActionRefused

WHAT, FORMAT = "ICC Tracker backup", 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 2**22
ENCRYPTED = b"age-encryption.org/"
PIECE = 2**20


def pack(target, manifest, folder, recipients):
    """Write all files of a folder to a new file, with the manifest in front."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )
    files = {name: _told(folder / name) for name in names}
    head = json.dumps(manifest | {"files": files}, indent=1).encode()
    opening = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(opening, "wb") as out:
        with _encrypted(out, recipients) as into:
            with tarfile.open(fileobj=into, mode="w|gz") as tar:
                _add(tar, MANIFEST, len(head), io.BytesIO(head))
                for name in names:
                    with (folder / name).open("rb") as content:
                        _add(tar, name, files[name]["bytes"], content)
        out.flush()
        os.fsync(out.fileno())


def _told(path):
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def _add(tar, name, size, content):
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


@contextmanager
def _encrypted(out, recipients):
    if not recipients:
        yield out
        return
    to = [part for each in recipients for part in ("-r", each)]
    with _age(to, stdin=subprocess.PIPE, stdout=out) as process:
        yield process.stdin


def unpack(path, folder, identity=None):
    """Read a backup into an empty folder; its manifest. Refuses whatever is not whole.

    Nothing else of the archive is believed than what the manifest names.
    """
    try:
        with _decrypted(path, identity) as stream:
            with tarfile.open(fileobj=stream, mode="r|gz") as tar:
                manifest = _unpack(tar, folder)
            # Read to its end, so that what is missing there is noticed, too.
            while stream.read(PIECE):
                pass
            return manifest
    except FileNotFoundError as fault:
        raise ActionRefused(f"There is no file {path}.") from fault
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as fault:
        if getattr(fault, "errno", None):
            raise ActionRefused(f"The backup cannot be read here: {fault}") from fault
        raise ActionRefused(
            "This is no backup of an ICC Tracker, or a damaged one."
        ) from fault


def _unpack(tar, folder):
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        raise ValueError("no manifest")
    manifest = json.loads(tar.extractfile(first).read())
    if manifest["what"] != WHAT:
        raise ValueError("of something else")
    if manifest["format"] != FORMAT:
        raise ActionRefused("The backup was made by a newer version of the code.")
    missing = dict(manifest["files"])
    while member := tar.next():
        told = missing.pop(member.name, None)
        if told is None or not member.isreg() or member.size != told["bytes"]:
            raise ValueError(f"{member.name} does not belong here")
        if _put(tar.extractfile(member), folder, member.name) != told["sha256"]:
            raise ActionRefused(f"The backup is damaged: {member.name} has changed.")
    if missing:
        names = ", ".join(sorted(missing))
        raise ActionRefused(f"The backup is damaged: {names} is missing.")
    return manifest


def _put(content, folder, name):
    """Write one file where it belongs; its SHA-256."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts:
        raise ValueError(f"{name} leads elsewhere")
    target, found = folder.joinpath(*parts), hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        while piece := content.read(PIECE):
            found.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return found.hexdigest()


@contextmanager
def _decrypted(path, identity):
    # Not read ahead of: age is to begin at its beginning.
    with path.open("rb", buffering=0) as stream:
        encrypted = stream.read(len(ENCRYPTED)) == ENCRYPTED
        stream.seek(0)
        if not encrypted:
            yield stream
            return
        if not identity:
            raise ActionRefused("The backup is encrypted: give --identity KEYFILE.")
        with _age(
            ["-d", "-i", str(identity)], stdin=stream, stdout=subprocess.PIPE
        ) as process:
            yield process.stdout


@contextmanager
def _age(arguments, **pipes):
    """age, from Debian's package of that name; refuses where it does."""
    program = shutil.which("age")
    if program is None:
        raise ActionRefused("age is missing: apt-get install age")
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [program, *arguments], stderr=subprocess.PIPE, **pipes
    )
    broke = None
    try:
        yield process
        if process.stdin:
            process.stdin.close()
    except ActionRefused:
        raise
    except Exception as fault:
        # What age says about it is told rather than what follows from that.
        broke = fault
    finally:
        _end(process)
    said = process.stderr.read().decode(errors="replace").strip().split("\n")[0]
    process.stderr.close()
    if process.returncode > 0:
        raise ActionRefused(f"age cannot do it: {said}") from broke
    if broke:
        raise broke


def _end(process):
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()
