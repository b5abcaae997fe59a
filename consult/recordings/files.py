"""Where recordings lie: DATA_DIR/recordings, one file each, written piece behind piece."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

SPARE = 500 << 20  # bytes that have to be free before a recording may begin
PIECE = 8 << 20  # bytes of one piece; two seconds are about 100 kB


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def folder() -> Path:
    place = Path(settings.DATA_DIR) / "recordings"
    place.mkdir(parents=True, exist_ok=True)
    return place


def path_of(recording_id: UUID) -> Path:
    return folder() / str(recording_id)


def has_room() -> bool:
    """Whether the disk bears a recording."""
    return shutil.disk_usage(folder()).free >= SPARE


def write(recording_id: UUID, offset: int, piece: bytes) -> int:
    """
    Put a piece behind what counts already, durably; the size that counts from now on, in bytes.

    What lies beyond `offset` came from a piece whose transaction failed. Raises OSError.
    """
    handle = os.open(path_of(recording_id), os.O_RDWR | os.O_CREAT, 0o640)
    try:
        os.ftruncate(handle, offset)
        rest, at = memoryview(piece), offset
        while rest:
            done = os.pwrite(handle, rest, at)
            rest, at = rest[done:], at + done
        os.fsync(handle)
    finally:
        os.close(handle)
    return at


def digest(recording_id: UUID, size: int) -> str:
    """SHA-256 of what counts; what a lost piece left behind it is cut off first."""
    with path_of(recording_id).open("r+b") as file:
        file.truncate(size)
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(recording_id: UUID) -> None:
    path_of(recording_id).unlink(missing_ok=True)
