"""
A PDF (ISO 32000-1), looked at as far as keeping it needs: whether it is one, whether it is locked,
how many pages it has. Nothing of it is drawn or run here.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from pydicom import dcmread

from records.imaging.reader.wire import Refused

Json = dict[str, Any]

MAX_PAGES = 2_000
MAX_UNPACKED = 64 << 20  # bytes of all object streams
END = 2048  # bytes at the end in which %%EOF stands
OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b")
STREAM = re.compile(rb"stream\r?\n")
NODE = re.compile(rb"/Type\s*/Pages\b")
LEAF = re.compile(rb"/Type\s*/Page\b(?!s)")
COUNT = re.compile(rb"/Count\s+(\d{1,9})\b(?!\s+\d+\s+R)")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
FIRST = re.compile(rb"/First\s+(\d{1,9})\b")
LOCKED = re.compile(rb"/Encrypt\b")


def pages_of(content: bytes) -> int:
    """How many pages it has. Raises Refused for what is no PDF, is locked, or not complete."""
    if not content:
        raise Refused("empty")
    if not content.startswith(b"%PDF-"):
        raise Refused("pdf_unknown")
    if b"%%EOF" not in content[-END:]:
        raise Refused("pdf_damaged")
    objects: dict[int, bytes] = {}
    room = MAX_UNPACKED
    for number, body, stream in pieces(content):
        if LOCKED.search(body):
            raise Refused("pdf_locked")
        if number >= 0:
            objects[number] = body  # what comes later replaces it
        if PACKED.search(body):
            inside = unpacked(stream, room)
            room -= len(inside)
            objects |= members(body, inside)
    pages = counted(list(objects.values()))
    if not pages:
        raise Refused("pdf_damaged")
    if pages > MAX_PAGES:
        raise Refused("pdf_pages", limit=MAX_PAGES)
    return pages


def pieces(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """
    Each object's number, what it says outside its stream, and its stream; what stands between
    objects comes under the number -1. Streams are jumped over: what is in them is no structure.
    """
    at = 0
    while at < len(content):
        begun = OBJECT.search(content, at)
        if begun is None:
            yield -1, content[at:], b""
            return
        if begun.start() > at:
            yield -1, content[at : begun.start()], b""
        ends = content.find(b"endobj", begun.end())
        ends = len(content) if ends < 0 else ends
        stream = STREAM.search(content, begun.end(), ends)
        if stream is None:
            yield int(begun[1]), content[begun.end() : ends], b""
            at = ends + len(b"endobj")
            continue
        closed = content.find(b"endstream", stream.end())
        if closed < 0:
            raise Refused("pdf_damaged")
        said = content[begun.end() : stream.start()]
        yield int(begun[1]), said, content[stream.end() : closed]
        at = closed + len(b"endstream")


def unpacked(stream: bytes, room: int) -> bytes:
    """Of an object stream; one that is packed in a way of its own holds nothing for us."""
    try:
        return zlib.decompressobj().decompress(stream, max(room, 1))
    except zlib.error:
        return b""


def members(body: bytes, inside: bytes) -> dict[int, bytes]:
    """The objects of an object stream (7.5.7): pairs of number and offset, then the objects."""
    first = FIRST.search(body)
    start = int(first[1]) if first else 0
    pairs = [int(one) for one in inside[:start].split() if one.isdigit() and len(one) < 11]
    numbers, places = pairs[0::2], [start + at for at in pairs[1::2]]
    ends = [*places[1:], len(inside)]
    return {number: inside[at:end] for number, at, end in zip(numbers, places, ends, strict=False)}


def counted(objects: list[bytes]) -> int:
    """By the root of the page tree; without one that says it, by its leaves."""
    roots = [one for one in objects if NODE.search(one) and b"/Parent" not in one]
    said = [int(count[1]) for one in roots for count in COUNT.finditer(one)]
    return max(said, default=0) or sum(1 for one in objects if LEAF.search(one))


def document(path: str) -> tuple[Json, bytes]:
    """The PDF out of the DICOM file that keeps it, to the byte."""
    dataset = dcmread(path)
    content = bytes(dataset.EncapsulatedDocument)
    length = int(dataset.get("EncapsulatedDocumentLength") or len(content))
    return {}, content[:length]
