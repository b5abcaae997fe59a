"""
What comes gzip'ed is unpacked on its way in, and never to more than it may be.

Sizes, places and hashes are always those of the bytes themselves: what was squeezed for the line
is forgotten here, and a file goes on where it stopped however its pieces come.
"""

import zlib
from pathlib import Path

from django.http import HttpRequest
from django.utils.translation import gettext as _

from records.imaging import files
from telemed.core.errors import Invalid, TooLarge

GZIP = 31  # of zlib's wbits: gzip, window of 32 kB
BITE = 64 << 10


class Unpacked:
    """Reads like the stream inside; TooLarge beyond `limit` bytes, Invalid when it is damaged."""

    def __init__(self, stream: files.Readable, limit: int) -> None:
        self.stream, self.limit, self.size = stream, limit, 0
        self.unpacker = zlib.decompressobj(GZIP)

    def read(self, size: int, /) -> bytes:
        while not self.unpacker.eof:
            packed = self.unpacker.unconsumed_tail or self.stream.read(BITE)
            if not packed:
                raise self._damaged()
            if found := self._unpack(packed, size):
                return found
        if self.unpacker.unused_data or self.stream.read(1):
            raise self._damaged()
        return b""

    def _unpack(self, packed: bytes, size: int) -> bytes:
        try:
            found = self.unpacker.decompress(packed, size)
        except zlib.error:
            raise self._damaged() from None
        self.size += len(found)
        if self.size > self.limit:
            said = _("What came compressed unpacks to more than {n} MB.")
            raise TooLarge(said.format(n=self.limit >> 20), path="Content-Encoding")
        return found

    def _damaged(self) -> Invalid:
        said = _("What came compressed is damaged. Send it again.")
        return Invalid(said, path="Content-Encoding")


def unpacked(request: HttpRequest, stream: files.Readable, limit: int) -> files.Readable:
    """The stream as its sender meant it. Raises Invalid for what is neither gzip nor plain."""
    match encoding_of(request):
        case "":
            return stream
        case "gzip":
            return Unpacked(stream, limit)
    said = _("Files come as they are or as gzip, and not as {encoding}.")
    raise Invalid(said.format(encoding=encoding_of(request)), path="Content-Encoding")


def unpack(request: HttpRequest, arrived: files.Arrived, target: Path, limit: int) -> files.Arrived:
    """A whole file that arrived as its sender meant it; in `target` where it had to be unpacked."""
    if not encoding_of(request):
        return arrived
    with arrived.path.open("rb") as packed:
        return files.receive(unpacked(request, packed, limit), target)


def encoding_of(request: HttpRequest) -> str:
    stated = request.headers.get("Content-Encoding", "").strip().lower()[:40]
    return "" if stated == "identity" else stated
