"""From a file that arrived to checked pictures: unpack, inspect, hash. Touches no table."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
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
    wrapped: bool = False  # its identifiers follow from what arrived: the same again is the same


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
        return file.read(4) in files.ARCHIVE


def unpack(arrived: files.Arrived, name: str, key: str) -> Iterator[Checked | NotTaken]:
    """What is sound is measured and put on the disk while the child looks into the next."""
    folder = arrived.path.with_name(arrived.path.name + ".d")
    folder.mkdir()
    try:
        with ThreadPoolExecutor(files.WRITERS) as writers:
            found = [
                _measure(member, said, folder, writers)
                for member, said in _members(arrived.path, folder, key)
            ]
            for item in found:
                yield item if isinstance(item, NotTaken) else item()
    except Refused as refusal:
        yield NotTaken(name, reasons.in_words(refusal))


def _members(path: Path, folder: Path, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """
    Each member's name and what the child says of it. Raises Refused for the archive as a whole.

    A member that breaks a child which began with it is left out; the next child goes on behind it.
    """
    names, done = list[str](), 0
    while not names or done < len(names):
        begun, asked = done, {"path": str(path), "folder": str(folder), "limit": limit()}
        try:
            parts = children.stream(key, "unpack", first=begun, **asked)
            names = next(parts)["names"]
            for said, name in zip(parts, names[begun:], strict=False):
                done += 1
                yield name, said
        except Refused as refusal:
            if not names or refusal.code != "reader_died":
                raise
        if done == begun:
            yield names[done], Refused("reader_died").said
            done += 1


def _measure(
    name: str, said: dict[str, Any], folder: Path, writers: Executor
) -> Callable[[], Checked] | NotTaken:
    """Why it is left out, or how to wait for it."""
    if "refused" in said:
        return NotTaken(name, reasons.reason(said["refused"], **said["facts"]))
    # The child names its files; only those inside the folder are believed.
    settling = writers.submit(files.settle, folder / Path(said["path"]).name)
    return lambda: Checked(name, settling.result(), said["facts"])


def check(arrived: files.Arrived, name: str, key: str) -> Checked | NotTaken:
    with ThreadPoolExecutor(1) as writer:
        flushing = writer.submit(files.flush, arrived)  # while the child looks into it
        try:
            facts, _body = children.call(key, "inspect", path=str(arrived.path))
        except Refused as refusal:
            return NotTaken(name, reasons.in_words(refusal))
        return Checked(name, flushing.result(), facts)
