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
    folder = arrived.path.with_name(arrived.path.name + ".d")
    folder.mkdir()
    try:
        asked = {"path": str(arrived.path), "folder": str(folder), "limit": limit()}
        said, _body = children.call(key, "unpack", **asked)
    except Refused as refusal:
        yield NotTaken(name, reasons.in_words(refusal))
        return
    members = said["members"]
    # What is sound is measured and put on the disk while the child inspects the next.
    with ThreadPoolExecutor(files.WRITERS) as writers:
        found = [_check_member(one, folder, key, writers) for one in members]
        for item in found:
            yield item if isinstance(item, NotTaken) else item()


def _check_member(
    member: dict[str, Any], folder: Path, key: str, writers: Executor
) -> Callable[[], Checked] | NotTaken:
    """Why it is left out, or how to wait for it."""
    name = member["name"]
    if "refused" in member:
        return NotTaken(name, reasons.reason(member["refused"], **member["facts"]))
    # The child names its files; only those inside the folder are believed.
    path = folder / Path(member["path"]).name
    facts = inspect(path, name, key)
    if isinstance(facts, NotTaken):
        return facts
    settling = writers.submit(files.settle, path)
    return lambda: Checked(name, settling.result(), facts)


def check(arrived: files.Arrived, name: str, key: str) -> Checked | NotTaken:
    facts = inspect(arrived.path, name, key)
    return facts if isinstance(facts, NotTaken) else Checked(name, arrived, facts)


def inspect(path: Path, name: str, key: str) -> dict[str, Any] | NotTaken:
    try:
        facts, _body = children.call(key, "inspect", path=str(path))
    except Refused as refusal:
        return NotTaken(name, reasons.in_words(refusal))
    return facts
