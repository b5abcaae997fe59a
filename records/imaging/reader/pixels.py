"""Pixels out of a DICOM file: exact values, and JPEG previews."""

import io
import zlib
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

from records.imaging.reader.wire import Refused

MAX_DRAWN, LARGEST_DRAWN, SMALLEST_DRAWN = 16_000_000, 1920, 16  # pixels: in all, of a side

Json = dict[str, Any]
Pixels = np.ndarray[Any, Any]


def decode(path: str, index: int) -> Pixels:
    """
    One frame: (rows, columns) of stored values, or (rows, columns, 3) of 8-bit RGB.

    Stored values become 8 or 16 bit little endian; only a modality LUT is applied to them.
    """
    told = Dataset()
    values = pixel_array(path, ds_out=told, index=index)
    if told.get("PhotometricInterpretation") == "PALETTE COLOR":
        values = apply_color_lut(values, told)
    elif told.get("ModalityLUTSequence"):
        values = apply_modality_lut(values, told)
    if values.ndim == 3:
        return rgb(values)
    if values.dtype.itemsize > 2 or values.dtype.kind not in "iu":
        raise Refused("depth")
    if values.dtype.kind == "i" and values.dtype.itemsize == 1:
        values = values.astype(np.int16)
    return np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False))


def rgb(values: Pixels) -> Pixels:
    if values.dtype.itemsize > 1:
        values = values >> 8
    return np.ascontiguousarray(values.astype(np.uint8))


def auto_window(values: Pixels, slope: float, intercept: float) -> list[float]:
    """A window that shows what lies between the 1st and the 99th percentile."""
    low, high = (float(v) * slope + intercept for v in np.percentile(values[::2, ::2], (1, 99)))
    return [(low + high) / 2, max(abs(high - low), 1.0)]


def frame(path: str, index: int, deflate: bool) -> tuple[Json, bytes]:
    """The exact values of one frame, and how to read them."""
    values = decode(path, index)
    body = values.tobytes()
    said = {
        "dtype": str(values.dtype.newbyteorder("=")),
        "rows": values.shape[0],
        "columns": values.shape[1],
        "samples": 3 if values.ndim == 3 else 1,
    }
    return said, zlib.compress(body, 4) if deflate else body


def preview(
    path: str,
    index: int,
    slope: float,
    intercept: float,
    window: list[float],
    invert: bool,
    size: int,
    quality: int,
) -> tuple[Json, bytes]:
    """A JPEG of at most `size` pixels a side, through that window."""
    values = decode(path, index)
    if values.ndim == 2:
        values = through_window(values, slope, intercept, *window)
        if invert:
            values = 255 - values
    picture = Image.fromarray(values)
    picture.thumbnail((size, size))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return {"rows": picture.height, "columns": picture.width}, out.getvalue()


def opened(path: str) -> Image.Image:
    """A JPEG or PNG as its pixels; Refused when it is none, or too large."""
    try:
        with Image.open(path, formats=["JPEG", "PNG"]) as came:
            if came.width * came.height > MAX_DRAWN:
                raise Refused("too_big")
            picture = came.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("drawn_unreadable") from None
    if min(picture.size) < SMALLEST_DRAWN:
        raise Refused("drawn_unreadable")
    return picture


def redraw(path: str) -> tuple[Json, bytes]:
    """A picture that a browser drew, decoded and drawn anew: only its pixels come through."""
    drawn = opened(path)
    drawn.thumbnail((LARGEST_DRAWN, LARGEST_DRAWN))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    return {"rows": drawn.height, "columns": drawn.width}, out.getvalue()


def through_window(
    values: Pixels, slope: float, intercept: float, centre: float, width: float
) -> Pixels:
    """The linear window of PS3.3 C.11.2.1.2.1, to 8 bits."""
    span = max(width - 1, 1e-6)
    shown = ((values * slope + intercept - (centre - 0.5)) / span + 0.5) * 255
    return np.clip(shown, 0, 255).astype(np.uint8)
