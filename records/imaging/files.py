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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1 << 20
FORGOTTEN = 24 * 3600  # seconds; no upload takes a day


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


def receive(stream: BinaryIO, target: Path) -> Arrived:
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


def keep(arrived: Arrived) -> None:
    """Move it to its place, durably. The same bytes again change nothing."""
    target = path_of(arrived.sha256)
    if target.exists():
        return
    with arrived.path.open("rb") as file:
        os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived.path.chmod(0o440)
    arrived.path.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep() -> int:
    """Remove what an interrupted process left behind."""
    waiting, old = root() / "arriving", time.time() - FORGOTTEN
    left = [f for f in waiting.glob("*") if f.stat().st_mtime < old] if waiting.exists() else []
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
