"""ZIP archives: members are written under numbers, never under the names they bring."""

import contextlib
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from records.imaging.reader import header, wfdb
from records.imaging.reader.waveform import MAX_FILE
from records.imaging.reader.wire import Refused, refusal

MAX_MEMBERS = 5_000
MAX_TOTAL = 2 << 30  # bytes, unpacked
MAX_RATIO = 100  # unpacked to packed, once it is more than SMALL
SMALL = 64 << 20
CHUNK = 1 << 20
# What operating systems leave in archives; nobody sent these.
LITTER = {".ds_store", "thumbs.db", "desktop.ini"}

Json = dict[str, Any]


def unpack(path: str, folder: str, limit: int, first: int) -> Iterator[Json]:
    """
    Write each member from `first` on into `folder` and inspect it while it is at hand.

    Says all names, then of each of these members its path and facts, or why it is not taken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not is_litter(m)]
            check_sizes(members, os.path.getsize(path))
            members = without_signals(members)
            yield {"names": [readable(member) for member in members]}
            for number, member in enumerate(members[first:], first):
                yield take(archive, member, Path(folder, f"{number:05d}"), limit)
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise Refused("bad_zip") from None


def check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse by what the directory declares, before anything is unpacked."""
    total = sum(m.file_size for m in members)
    if not members:
        raise Refused("empty_zip")
    if len(members) > MAX_MEMBERS:
        raise Refused("zip_too_many", limit=MAX_MEMBERS)
    if total > MAX_TOTAL or (total > SMALL and total > MAX_RATIO * packed):
        raise Refused("zip_bomb")


def take(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> Json:
    try:
        check(member, limit)
        if signals := signals_of(archive, member):
            check(signals, min(limit, MAX_FILE))
            wfdb.convert(archive.read(member), archive.read(signals), target)
        else:
            write(archive, member, target, limit)
        facts, _body = header.inspect(str(target))
        return {"path": str(target), "facts": facts}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return Refused("bad_member").said
    except Exception as error:  # noqa: BLE001 - a broken file is one file's misfortune
        return refusal(error).said


def signals_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> zipfile.ZipInfo | None:
    """The signals of an ECG whose header (WFDB) this member is."""
    if not member.filename.endswith(".hea") or member.file_size > wfdb.LONGEST_HEADER:
        return None
    with contextlib.suppress(KeyError):
        return archive.getinfo(member.filename[:-4] + ".dat")
    return None


def without_signals(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Signals come with their header, not by themselves."""
    headers = {m.filename[:-4] + ".dat" for m in members if m.filename.endswith(".hea")}
    return [m for m in members if m.filename not in headers]


def check(member: zipfile.ZipInfo, limit: int) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
        raise Refused("unsafe_name")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:  # a link, a device, a pipe
        raise Refused("not_a_file")
    if member.flag_bits & 1:
        raise Refused("encrypted")
    if member.file_size > limit:
        raise Refused("over_limit", limit=limit >> 20)


def write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> None:
    size = 0
    with archive.open(member) as source, target.open("wb") as out:
        while chunk := source.read(CHUNK):
            if not size and chunk.startswith(b"PK\x03\x04"):
                raise Refused("nested_zip")
            size += len(chunk)
            if size > limit:  # whatever the directory declared
                raise Refused("over_limit", limit=limit >> 20)
            out.write(chunk)


def is_litter(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return bool(parts) and (
        parts[0] == "__MACOSX" or parts[-1].lower() in LITTER or parts[-1].startswith("._")
    )


def readable(member: zipfile.ZipInfo) -> str:
    """The name for people: archives made on Chinese Windows carry GBK without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return "".join(c for c in name if c.isprintable())[-200:]
