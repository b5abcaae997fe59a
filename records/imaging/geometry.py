"""
Where slices lie: order, orientation letters and lengths, from the patient coordinates of PS3.3
C.7.6.2 (x to the patient's left, y to the back, z to the head; mm). Pure arithmetic.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Vector = Sequence[float]

SAME_DIRECTION = 0.999  # cosine: 2.5 degrees
LETTER_FROM = 0.1  # a share of an axis smaller than this is not worth a letter: 6 degrees
EVEN = 0.02  # mm; distances that differ by less are called even


@dataclass(frozen=True)
class Slice:
    """One frame as geometry knows it; `key` is whatever the caller knows it by."""

    key: Any
    position: Vector | None  # centre of the first pixel
    orientation: Vector | None  # direction of a row, then of a column
    matrix: Hashable = None  # rows, columns, spacing: what differs is another stack
    number: int = 0  # decides where there is no position


@dataclass(frozen=True)
class Stack:
    """Slices that can be scrolled through, in order."""

    slices: list[Slice]
    orientation: Vector | None
    locations: list[float] | None  # mm along the normal, rising; None without positions
    tilt: float  # degrees between the normal and the way from slice to slice (gantry tilt)

    @property
    def gaps(self) -> list[float]:
        """Distances from slice to slice, mm, perpendicular to them."""
        at = self.locations or []
        return [b - a for a, b in pairwise(at)]

    @property
    def even(self) -> bool:
        return not self.gaps or max(self.gaps) - min(self.gaps) < EVEN


def stacks(slices: Sequence[Slice]) -> list[Stack]:
    """
    Sort the slices of a series into stacks of one direction and size, each in order.

    A localiser, which looks another way, becomes a stack of its own. Distances stay as they
    are: nothing is interpolated and no gap is closed.
    """
    groups: list[list[Slice]] = []
    for one in slices:
        for group in groups:
            if belongs(one, group[0]):
                group.append(one)
                break
        else:
            groups.append([one])
    return [in_order(group) for group in groups]


def belongs(one: Slice, other: Slice) -> bool:
    if one.matrix != other.matrix:
        return False
    if not is_placed(one) or not is_placed(other):
        return is_placed(one) == is_placed(other)
    return dot(normal(one.orientation), normal(other.orientation)) > SAME_DIRECTION


def is_placed(one: Slice) -> bool:
    return one.position is not None and one.orientation is not None


def in_order(group: list[Slice]) -> Stack:
    """By the projection of the position on the normal, so that a tilted gantry changes nothing."""
    first = group[0]
    if not is_placed(first):
        return Stack(sorted(group, key=lambda s: s.number), None, None, 0.0)
    across = normal(first.orientation)
    located = sorted(
        ((dot(across, s.position or ()), s.number, i, s) for i, s in enumerate(group)),
        key=lambda item: (round(item[0], 4), item[1], item[2]),
    )
    ordered = [item[3] for item in located]
    return Stack(ordered, first.orientation, [item[0] for item in located], tilt(ordered, across))


def tilt(ordered: list[Slice], across: Vector) -> float:
    """Degrees between the normal and the line from the first slice to the last."""
    start, end = ordered[0].position or (), ordered[-1].position or ()
    way = [b - a for a, b in zip(start, end, strict=True)]
    length = math.hypot(*way)
    if length < EVEN:
        return 0.0
    return math.degrees(math.acos(min(dot(across, way) / length, 1.0)))


def normal(orientation: Vector | None) -> list[float]:
    """Row cross column: the way in which slices are counted."""
    rx, ry, rz, cx, cy, cz = orientation or (1, 0, 0, 0, 1, 0)
    return [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx]


def dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def letters(direction: Vector) -> str:
    """Where a direction points, the largest share first: L R, P A, H F (PS3.3 C.7.6.1.1.1)."""
    shares = zip(direction, ("LR", "PA", "HF"), strict=True)
    strongest = sorted(shares, key=lambda share: -abs(share[0]))
    return "".join(names[0 if v > 0 else 1] for v, names in strongest if abs(v) >= LETTER_FROM)


def edges(orientation: Vector | None) -> dict[str, str]:
    """The letters of the four edges of the picture; empty when it is not known."""
    if orientation is None:
        return {"left": "", "right": "", "top": "", "bottom": ""}
    row, column = orientation[:3], orientation[3:]
    return {
        "left": letters([-v for v in row]),
        "right": letters(row),
        "top": letters([-v for v in column]),
        "bottom": letters(column),
    }


def length_mm(a: Vector, b: Vector, spacing: Vector) -> float:
    """
    Between two points (x, y) in pixels. `spacing` is PixelSpacing: the distance between rows
    (which y counts) first, between columns (which x counts) second (PS3.3 10.7.1.3).
    """
    return math.hypot((b[0] - a[0]) * spacing[1], (b[1] - a[1]) * spacing[0])
