"""
A photograph as what is kept of it: a baseline JPEG of bounded size, silent of where and when.

A JPEG that fits is kept to the byte, less what a camera wrote beside the picture (EXIF with its
place, XMP, comments, pictures behind the end). Whatever else a photograph may be is drawn anew.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps
from pydicom import dcmread
from pydicom.encaps import generate_frames

from records.imaging.reader.wire import Refused

Json = dict[str, Any]

MAX_PIXELS = 50_000_000
LONGEST, SHORTEST = 2048, 16  # pixels of a side
AIM = 700 << 10  # bytes
QUALITIES = (85, 75, 65)  # until it is no more than AIM

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
APP0, APP15, ICC, ADOBE, COMMENT = 0xE0, 0xEF, 0xE2, 0xEE, 0xFE
SOF0, SOS = 0xC0, 0xDA
FRAMES = {*range(SOF0, 0xD0)} - {0xC4, 0xC8, 0xCC}
NO_LENGTH = {0x00, 0x01, *range(0xD0, 0xDA), 0xFF}
PNG = b"\x89PNG\r\n\x1a\n"
# What follows a scan: neither a stuffed byte, nor a restart, nor filling.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
HEIC = re.compile(rb"....ftyp(hei|hev|mif|msf|avif)", re.DOTALL)
ROTATED = 0x0112  # EXIF


@dataclass(frozen=True)
class Photo:
    """What goes into the DICOM file (PS3.3 C.7.6.3)."""

    jpeg: bytes
    rows: int
    columns: int
    samples: int
    photometric: str


def photo(content: bytes) -> Photo:
    """Raises Refused for what is no photograph, or too large to be one."""
    check_kind(content)
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as came:
            if came.width * came.height > MAX_PIXELS:
                raise Refused("photo_pixels", limit=MAX_PIXELS // 1_000_000)
            if min(came.size) < SHORTEST:
                raise Refused("photo_small")
            upright = came.getexif().get(ROTATED, 1) == 1
            fits = max(came.size) <= LONGEST and came.format == "JPEG"
            kept = plain(content) if fits and upright else None
            if kept:
                came.load()  # a picture that is cut off says so here
            return kept or drawn(came)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise Refused("photo_damaged") from None


def check_kind(content: bytes) -> None:
    if content.startswith((SOI, PNG)):
        return
    if not content:
        raise Refused("empty")
    if content.startswith(b"%PDF-"):
        raise Refused("photo_pdf")
    raise Refused("photo_heic" if HEIC.match(content) else "photo_unknown")


def plain(content: bytes) -> Photo | None:
    """The same JPEG without what is not the picture; None when it is better drawn anew."""
    parts, frame, at, marker = [SOI], b"", len(SOI), 0
    for marker, segment in segments(content):
        at += len(segment)
        if marker in FRAMES:
            frame = segment
        kept = marker in {SOF0, SOS} or (marker not in FRAMES and is_kept(marker, segment))
        if kept is None or (marker in FRAMES and marker != SOF0):
            return None
        if kept:
            parts.append(segment)
    after = AFTER_SCAN.search(content, at) if marker == SOS else None
    if not after or after[0] != EOI:  # cut off, or several scans
        return None
    parts.append(content[at : after.end()])
    return described(b"".join(parts), frame)


def segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers and what they bring, to the head of the first scan, or to where it makes no sense."""
    at, marker = len(SOI), 0
    while marker != SOS:
        marker = content[at + 1] if content[at : at + 1] == b"\xff" else 0
        if marker in NO_LENGTH:
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end - at < 4 or end > len(content):
            return
        yield marker, content[at:end]
        at = end


def is_kept(marker: int, segment: bytes) -> bool | None:
    """Whether the segment belongs to the picture; None when without it the colours change."""
    if marker == ICC and segment[4:].startswith(b"ICC_PROFILE"):
        return None
    if marker == ADOBE and segment[4:].startswith(b"Adobe"):
        return True if segment[15:16] == b"\x01" else None  # YCbCr, which is what DICOM says of it
    if marker == APP0:
        # With a thumbnail it would bring a second picture.
        return segment[4:].startswith(b"JFIF\0") and segment[16:18] == b"\0\0"
    return not (APP0 < marker <= APP15 or marker == COMMENT)


def described(jpeg: bytes, frame: bytes) -> Photo | None:
    if len(frame) < 10 or frame[4] != 8:
        return None
    rows, columns = (int.from_bytes(frame[at : at + 2], "big") for at in (5, 7))
    samples = frame[9]
    if samples == 1:
        return Photo(jpeg, rows, columns, 1, "MONOCHROME2")
    if samples != 3 or frame[10:11] == b"R":  # named R, G and B: stored so
        return None
    return Photo(jpeg, rows, columns, 3, photometric(frame))


def photometric(frame: bytes) -> str:
    """Of three components (PS3.5 8.2.1): whether colour has fewer samples than brightness."""
    factors = [frame[at] for at in (11, 14, 17) if at < len(frame)]
    return "YBR_FULL" if len(set(factors)) == 1 else "YBR_FULL_422"


def drawn(came: Image.Image) -> Photo:
    """Upright, in sRGB, on white where it lets through, no larger than it need be."""
    came.draft("RGB", (LONGEST, LONGEST))
    profile: bytes = came.info.get("icc_profile") or b""
    picture = ImageOps.exif_transpose(came)
    profiled = profile and picture.mode == "RGB"
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if profiled:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            standard = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, theirs, standard) or picture
    clean = Image.new("RGB", picture.size, "white")  # carries nothing over but pixels
    clean.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    for quality in QUALITIES:
        out = io.BytesIO()
        clean.save(out, "JPEG", quality=quality, subsampling="4:2:0")
        if out.tell() <= AIM:
            break
    return Photo(out.getvalue(), clean.height, clean.width, 3, "YBR_FULL_422")


def kept(path: str) -> tuple[Json, bytes]:
    """The JPEG out of the DICOM file that keeps it, to the byte."""
    dataset = dcmread(path)
    picture = next(generate_frames(dataset.PixelData, number_of_frames=1))
    ends = picture.rfind(EOI) + len(EOI)  # an odd one was filled up
    return {}, picture[:ends]
