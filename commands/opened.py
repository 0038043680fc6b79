"""Opening a rule base wherever it is: a folder, or an archive or revision in git, unpacked for the time being."""

from __future__ import annotations

import io
import lzma
import os
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import click

_GIT = "git:"
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
# Far more than any rule base, and far less than what fills a disk.
_MOST_BYTES, _MOST_FILES = 64 * 1024 * 1024, 5_000
# What the libraries raise at archives that are broken, encrypted or packed in a way they do not know.
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


class Unopened(click.UsageError):
    """What was named cannot be opened as a rule base."""


@contextmanager
def opened(given: str, beside: Path) -> Iterator[Path]:
    """The folder of a rule base. `beside` is in the repository that `git:REV` means. Raises Unopened."""
    if given.startswith(_GIT):
        with tempfile.TemporaryDirectory(prefix="mitra-") as room:
            yield _from_git(given, beside, Path(room))
    elif os.path.isdir(given) or not given.lower().endswith(_ARCHIVES):
        if not os.path.isdir(given):
            raise Unopened(f"'{given}' is not there: name a folder, an archive ({', '.join(_ARCHIVES)}) or git:REV.")
        yield Path(given)
    else:
        with tempfile.TemporaryDirectory(prefix="mitra-") as room:
            try:
                content = _read(given)
            except OSError as fault:
                raise Unopened(f"'{given}' cannot be read: {fault.strerror or fault}.") from None
            _unpack(content, given, Path(room))
            yield _base_in(Path(room), given)


def _read(given: str) -> bytes:
    if not os.path.isfile(given):
        raise Unopened(f"'{given}' is not a file that can be read to its end.")
    with open(given, "rb") as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise Unopened(f"'{given}' holds more than a rule base can: it is over 64 MB.")
    return content


def _unpack(content: bytes, given: str, room: Path) -> None:
    _write(_zip(content) if given.lower().endswith(".zip") else _tar(content), given, room)


def _write(members: Iterator[tuple[str, bytes]], given: str, room: Path) -> None:
    try:
        left = _MOST_BYTES
        for number, (name, data) in enumerate(members):
            left -= len(data)
            if number >= _MOST_FILES or left < 0:
                raise Unopened(f"'{given}' holds more than a rule base can: over {_MOST_FILES} files or 64 MB.")
            target = room / _inside(name, given)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except Unopened as fault:
        raise Unopened(fault.message.replace("{given}", given)) from None
    except _BROKEN as fault:
        raise Unopened(f"'{given}' cannot be unpacked: {fault}.") from None


def _inside(name: str, given: str) -> Path:
    """The path of a member, which may not lead out of the folder it is unpacked into."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or not path.parts:
        raise Unopened(f"'{given}' holds '{name}', which leads out of the archive; it is not unpacked.")
    return Path(*path.parts)


def _zip(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            # The upper half of this field is the file's mode where the archive was made on Unix.
            kind = member.external_attr >> 16 & 0o170000
            if kind not in (0, 0o100000, 0o040000):
                raise Unopened(f"'{{given}}' holds the link or device '{member.filename}'; it is not unpacked.")
            if not member.is_dir():
                with archive.open(member) as stream:
                    # What it claims to be is not believed: no more is read than is allowed.
                    yield member.filename, stream.read(_MOST_BYTES + 1)


def _tar(content: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as archive:
        for member in archive:
            if not (member.isreg() or member.isdir()):
                raise Unopened(f"'{{given}}' holds the link or device '{member.name}'; it is not unpacked.")
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is not None:
                yield member.name, stream.read(_MOST_BYTES + 1)


def _base_in(room: Path, given: str) -> Path:
    """The folder that holds the manifest: the outermost, where there are several."""
    found = sorted((path.parent for path in room.rglob("manifest.yaml")), key=lambda path: (len(path.parts), path))
    if not found:
        raise Unopened(f"'{given}' holds no rule base: there is no manifest.yaml in it.")
    outermost = [path.relative_to(room).as_posix() for path in found if len(path.parts) == len(found[0].parts)]
    if len(outermost) > 1:
        raise Unopened(f"'{given}' holds several rule bases ({', '.join(outermost)}); name an archive of one.")
    return found[0]


def _from_git(given: str, beside: Path, room: Path) -> Path:
    """`git:REV` is the folder `beside` as it was then; `git:REV:path` another one of its repository."""
    revision, _, named = given.removeprefix(_GIT).partition(":")
    top = Path(_git(beside, "rev-parse", "--show-toplevel", why=f"{beside} is not in a git repository").strip())
    # A revision that begins like an option is none.
    wanted = f"{revision}^{{commit}}"
    why = f"git knows no revision '{revision}'"
    commit = _git(beside, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, why=why).strip()
    inside = named.strip("/") or beside.resolve().relative_to(top.resolve()).as_posix()
    folder = "" if inside == "." else inside
    why = f"there is no folder '{inside}' at {given}"
    _write(_blobs(top, f"{commit}:{folder}", why), given, room)
    return room if (room / "manifest.yaml").is_file() else _base_in(room, given)


def _blobs(top: Path, tree: str, why: str) -> Iterator[tuple[str, bytes]]:
    """The files of a tree as they are kept. `git archive` would leave out or change what attributes say."""
    listed = _git_bytes(top, "ls-tree", "-r", "-z", "--full-tree", tree, why=why)
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    wanted = []
    for told, _, name in entries:
        mode, kind, blob = told.split()
        if kind != b"blob" or mode == b"120000":
            raise Unopened(f"'{{given}}' holds the link or module '{os.fsdecode(name)}'; it is not unpacked.")
        wanted.append((os.fsdecode(name), blob))
    asked = b"".join(blob + b"\n" for _, blob in wanted)
    told_all = io.BytesIO(_git_bytes(top, "cat-file", "--batch", why=why, given=asked))
    for path, _ in wanted:
        size = int(told_all.readline().split()[2])
        yield path, told_all.read(size)
        told_all.read(1)


def _git(where: Path, *words: str, why: str) -> str:
    return _git_bytes(where, *words, why=why).decode("utf-8", "replace")


def _git_bytes(where: Path, *words: str, why: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(where), *words], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise Unopened("git is not installed; name a folder or an archive instead of git:REV.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unopened(f"{why}{f' (git: {said[-1]})' if said else ''}.")
    return done.stdout
