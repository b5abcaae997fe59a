"""
The originals, as received: files named by the SHA-256 of what they hold, under DATA_DIR/files.

What comes in waits in `arriving/` on the same file system; keeping it is a rename.
"""

import hashlib
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from django.conf import settings

CHUNK = 1 << 20
WRITERS = 8
READ_ONLY = 0o440
SPARE = 100 << 20  # bytes that stay free: what is under way, the log and the trace need some
FORGOTTEN = 24 * 3600  # seconds; no upload takes a day
ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")  # how a ZIP begins


class Readable(Protocol):
    """A file, or a request's body."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Arrived:
    """A file that has come in and is not kept yet."""

    path: Path
    sha256: str  # empty for an archive, which is unpacked and not kept
    size: int
    flushed: bool = False  # what it holds is on the disk


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def arriving() -> Iterator[Path]:
    """A folder for what comes in; whatever was not kept is gone afterwards."""
    folder = make_folder()
    try:
        yield folder
    finally:
        remove_folder(folder)


def waiting_room() -> Path:
    waiting = root() / "arriving"
    waiting.mkdir(parents=True, exist_ok=True)
    return waiting


def has_room(size: int = 0) -> bool:
    """Whether the disk bears a file of that size."""
    return shutil.disk_usage(waiting_room()).free >= size + SPARE


def make_folder() -> Path:
    return Path(tempfile.mkdtemp(dir=waiting_room()))


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def receive(stream: Readable, target: Path) -> Arrived:
    """Write a stream to `target` and say what it was."""
    arriving = Arriving(target)
    with arriving.file:
        while chunk := stream.read(CHUNK):
            arriving.add(chunk)
    return arriving.complete()


class Arriving:
    """A file on its way in: written once, hashed as it comes."""

    def __init__(self, path: Path) -> None:
        self.path, self.file, self.size = path, path.open("xb", buffering=CHUNK), 0
        self.digest = hashlib.sha256()
        self.archive = False

    def add(self, chunk: bytes, limit: float = math.inf) -> None:
        """What goes beyond the limit is counted and not kept."""
        if not self.size:
            self.archive = chunk.startswith(ARCHIVE)
        self.size += len(chunk)
        if self.size > limit:
            return
        if not self.archive:
            self.digest.update(chunk)
        self.file.write(chunk)

    def complete(self) -> Arrived:
        self.file.close()
        return Arrived(self.path, "" if self.archive else self.digest.hexdigest(), self.size)


def measure(path: Path, limit: float = math.inf) -> Arrived:
    """A file that lies here already; what is over the limit is not worth reading."""
    size = path.stat().st_size
    with path.open("rb") as file:
        archive = file.read(4) in ARCHIVE
        file.seek(0)
        skipped = archive or size > limit
        sha256 = "" if skipped else hashlib.file_digest(file, "sha256").hexdigest()
    return Arrived(path, sha256, size)


def settle(path: Path) -> Arrived:
    """Measure a picture, and have it on the disk and a place for it unless it is kept already."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return flush(Arrived(path, sha256, path.stat().st_size))


def take_over(path: str | Path, target: Path, limit: float = math.inf) -> Arrived:
    """A file of the same file system under a second name; FileNotFoundError when it is gone."""
    os.link(path, target)
    return measure(target, limit)


def flush(arrived: Arrived) -> Arrived:
    """Have a measured picture on the disk and a place for it, unless it is kept already."""
    place = path_of(arrived.sha256)
    if place.exists():
        return arrived
    arrived.path.chmod(READ_ONLY)
    flush_path(arrived.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    return replace(arrived, flushed=True)


def keep(arrived: list[Arrived]) -> None:
    """
    Move files to their places, durably: first what they hold, then where they are.

    The same bytes again change nothing. Many at once wait for the disk together.
    """
    new = {one.sha256: one for one in arrived if not path_of(one.sha256).exists()}
    folders = {path_of(one.sha256).parent for one in arrived}
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(flush, [one for one in new.values() if not one.flushed]))
        for sha256, one in new.items():
            one.path.rename(path_of(sha256))
        above = {folder.parent for folder in folders}
        list(writers.map(flush_path, folders | above | {root()}))


def flush_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep() -> int:
    """Remove what an interrupted process left behind."""
    waiting, old = root() / "arriving", time.time() - FORGOTTEN
    left = [f for f in waiting.glob("*") if f.stat().st_mtime < old] if waiting.exists() else []
    for path in left:
        path.unlink(missing_ok=True) if path.is_file() else remove_folder(path)
    return len(left)
