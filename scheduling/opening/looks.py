"""The style and the script of the waiting page: laid out once, kept by browsers for good."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

PARTS = {
    "line.css": ("web/css/tokens.css", "opening/line.css"),
    "line.js": ("opening/line.js",),
}
KINDS = {"css": b"text/css; charset=utf-8", "js": b"text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class Look:
    """One file by an address that changes with it."""

    path: str
    kind: bytes
    plain: bytes
    packed: bytes


@cache
def look_of(name: str) -> Look:
    plain = b"\n".join(Path(str(finders.find(part))).read_bytes() for part in PARTS[name])
    stem, _, ending = name.partition(".")
    mark = hashlib.sha256(plain).hexdigest()[:12]
    packed = gzip.compress(plain, mtime=0)
    return Look(f"/opening/{stem}.{mark}.{ending}", KINDS[ending], plain, packed)


def find(path: str) -> Look | None:
    """By any address that it ever had: an old page gets the style of today."""
    ending = path.rpartition(".")[2]
    name = next((name for name in PARTS if name.endswith(f".{ending}")), "")
    return look_of(name) if name and path.startswith("/opening/line.") else None
