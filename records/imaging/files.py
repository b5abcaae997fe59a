"""
The originals, as received: files named by the SHA-256 of what they hold, under DATA_DIR/files.

What comes in waits in `arriving/` on the same file system; keeping it is a rename.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

CHUNK = 1 << 20
WRITERS = 8
FORGOTTEN = 24 * 3600  # seconds; no upload takes a day


class Readable(Protocol):
    """A file, or a request's body."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Arrived:
    """A file that has come in and is not kept yet."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def arriving() -> Iterator[Path]:
    """A folder for what comes in; whatever was not kept is gone afterwards."""
    waiting = root() / "arriving"
    waiting.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=waiting))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def receive(stream: Readable, target: Path) -> Arrived:
    """Write a stream to `target` and say what it was."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return Arrived(target, digest.hexdigest(), size)


def measure(path: Path) -> Arrived:
    """The same for a file that is already there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Arrived(path, digest.hexdigest(), path.stat().st_size)


def keep(arrived: list[Arrived]) -> None:
    """
    Move files to their places, durably: first what they hold, then where they are.

    The same bytes again change nothing. Many at once wait for the disk together.
    """
    new = {one.sha256: one for one in arrived if not path_of(one.sha256).exists()}
    folders = {path_of(sha256).parent for sha256 in new}
    with ThreadPoolExecutor(min(len(new), WRITERS) or 1) as writers:
        list(writers.map(_flush, [one.path for one in new.values()]))
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for sha256, one in new.items():
            one.path.chmod(0o440)
            one.path.rename(path_of(sha256))
        list(writers.map(_flush, folders | {folder.parent for folder in folders}))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep() -> int:
    """Remove what an interrupted process left behind."""
    waiting, old = root() / "arriving", time.time() - FORGOTTEN
    left = [f for f in waiting.glob("*") if f.stat().st_mtime < old] if waiting.exists() else []
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
