"""A QR code as the parts of an inline SVG: no style, no script, no file."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it (ISO/IEC 18004)


@dataclass(frozen=True)
class Code:
    """`path` draws every dark module as a square of side 1; `box` is the viewBox."""

    path: str
    box: str
    side: int


def draw(text: str) -> Code:
    """Error correction M: a fold or a stamp over a corner still scans."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    side = len(rows) + 2 * QUIET
    return Code(path=path, box=f"{-QUIET} {-QUIET} {side} {side}", side=side)
