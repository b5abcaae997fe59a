"""Photographs and PDFs, made here: what a township clinic attaches."""

import io
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageDraw


def drawing(width: int = 320, height: int = 240, *, mode: str = "RGB") -> Image.Image:
    """Paper with a grid and a trace, as a phone sees it."""
    picture = Image.new("RGB", (width, height), (250, 240, 235))
    pen = ImageDraw.Draw(picture)
    step = max(width // 80, 4)
    for x in range(0, width, step):
        pen.line([(x, 0), (x, height)], fill=(240, 190, 180))
    for y in range(0, height, step):
        pen.line([(0, y), (width, y)], fill=(240, 190, 180))
    trace = [(x, height // 2 + int(height / 5 * np.sin(x / step))) for x in range(width)]
    pen.line(trace, fill=(20, 20, 30), width=max(step // 6, 1))
    return picture.convert(mode)


def jpeg(picture: Image.Image | None = None, **how: Any) -> bytes:
    out = io.BytesIO()
    (picture or drawing()).save(out, "JPEG", **({"quality": 85} | how))
    return out.getvalue()


def png(picture: Image.Image | None = None) -> bytes:
    out = io.BytesIO()
    (picture or drawing()).save(out, "PNG")
    return out.getvalue()


def with_exif(*, orientation: int = 1, picture: Image.Image | None = None) -> bytes:
    """A JPEG as a phone writes it: maker, orientation and the place, 26.6 N 106.7 E."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "ACME Phone", orientation
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (26.0, 36.0, 0.0), "E", (106.0, 42.0, 0.0)
    return jpeg(picture, exif=exif.tobytes())


def pdf(pages: int = 2, *, packed: bool = False, trailer: bytes = b"") -> bytes:
    """A PDF of empty pages; packed: its structure lies in an object stream (PDF 1.5)."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages,
    ]
    out = b"%PDF-1.5\n"
    if packed:
        out += _object_stream(objects)
    else:
        for number, one in enumerate(objects, 1):
            out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    tail = b"trailer << /Root 1 0 R /Size %d %s >>" % (pages + 3, trailer)
    return out + tail + b"\nstartxref\n0\n%%EOF\n"


def _object_stream(objects: list[bytes]) -> bytes:
    heads, bodies = b"", b""
    for number, one in enumerate(objects, 1):
        heads += b"%d %d " % (number, len(bodies))
        bodies += one + b" "
    inside = zlib.compress(heads + bodies)
    said = b"/Type /ObjStm /N %d /First %d" % (len(objects), len(heads))
    packing = b"/Filter /FlateDecode /Length %d" % len(inside)
    said = b"<< %s %s >>" % (said, packing)
    return b"90 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (said, inside)


def photographed(width: int = 4000, height: int = 3000) -> bytes:
    """A sheet of ECG paper as the camera of a phone gives it: large, grainy, some megabytes."""
    sheet = np.asarray(drawing(width, height)).astype(np.int16)
    grain = np.random.default_rng(7).normal(0, 6, sheet.shape)
    shot = np.clip(sheet + grain, 0, 255).astype(np.uint8)
    return with_exif(picture=Image.fromarray(shot))
