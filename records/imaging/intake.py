"""From a file that arrived to checked pictures: unpack, inspect, hash. Touches no table."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from records.imaging import children, files, reasons
from records.imaging.reader.wire import Refused


@dataclass(frozen=True)
class Checked:
    """A picture that may be kept."""

    name: str
    file: files.Arrived
    facts: dict[str, Any]


@dataclass(frozen=True)
class NotTaken:
    """A file that was left out, and why, in the reader's language."""

    name: str
    why: str


def limit() -> int:
    """Bytes that one file may have."""
    return settings.UPLOAD_LIMIT_MB << 20


def sort_out(arrived: files.Arrived, name: str, key: str) -> Iterator[Checked | NotTaken]:
    """What one uploaded DICOM file or ZIP archive holds, file by file."""
    if arrived.size > limit():
        yield NotTaken(name, reasons.reason("over_limit", limit=settings.UPLOAD_LIMIT_MB))
    elif is_zip(arrived.path):
        yield from unpack(arrived, name, key)
    else:
        yield check(arrived, name, key)


def is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def unpack(arrived: files.Arrived, name: str, key: str) -> Iterator[Checked | NotTaken]:
    folder = arrived.path.with_name(arrived.path.name + ".d")
    folder.mkdir()
    try:
        asked = {"path": str(arrived.path), "folder": str(folder), "limit": limit()}
        said, _body = children.call(key, "unpack", **asked)
    except Refused as refusal:
        yield NotTaken(name, reasons.in_words(refusal))
        return
    members = said["members"]
    # The child names its files; only those inside the folder are believed.
    paths = [folder / Path(one["path"]).name for one in members if "path" in one]
    with ThreadPoolExecutor(1) as hashing:  # while the child inspects
        measured = hashing.map(files.measure, paths)
        for one in members:
            if "refused" in one:
                yield NotTaken(one["name"], reasons.reason(one["refused"], **one["facts"]))
            else:
                yield check(next(measured), one["name"], key)


def check(arrived: files.Arrived, name: str, key: str) -> Checked | NotTaken:
    try:
        facts, _body = children.call(key, "inspect", path=str(arrived.path))
    except Refused as refusal:
        return NotTaken(name, reasons.in_words(refusal))
    return Checked(name, arrived, facts)
