"""
Where a file that comes in pieces lies until it is complete: DATA_DIR/files/parts.

What a row says was received is on the disk before the row says so; what lies behind that is the
rest of a piece that broke off, and the next one overwrites it.
"""

import time
from pathlib import Path
from uuid import UUID

from records.imaging import files
from records.imaging.models import PARTIAL_KEPT, PartialUpload
from telemed.core.errors import Invalid


def folder() -> Path:
    return files.root() / "parts"


def path_of(upload_id: UUID) -> Path:
    return folder() / str(upload_id)


def offset_of(upload: PartialUpload) -> int:
    """How much is here: as much as the row says, unless the disk lost its file."""
    path = path_of(upload.pk)
    return min(upload.received, path.stat().st_size if path.exists() else 0)


def append(upload: PartialUpload, stream: files.Readable, why_not: str) -> int:
    """Put what comes behind what is here, durably. Returns the new offset; Invalid if too much."""
    folder().mkdir(parents=True, exist_ok=True)
    path, offset = path_of(upload.pk), offset_of(upload)
    path.touch(0o640)
    with path.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        while chunk := stream.read(files.CHUNK):
            offset += len(chunk)
            if offset > upload.size:
                raise Invalid(why_not, path="Content-Length")
            file.write(chunk)
    files.flush_path(path)
    files.flush_path(folder())
    return offset


def sweep() -> int:
    """Remove files to which nothing was added for so long; their rows are forgotten as early."""
    old = time.time() - PARTIAL_KEPT.total_seconds()
    left = [path for path in folder().glob("*") if path.stat().st_mtime < old]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
