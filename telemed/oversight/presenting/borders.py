"""The borders that the product carries, as paths of an SVG."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GEOGRAPHY = Path(__file__).parent.parent / "geography"
WIDTH, TALLEST = 560, 520
MARGIN = 4

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Outline:
    """One region: its path, how wide it is, and where its name stands."""

    code: str
    path: str
    width: int
    x: int
    y: int


@dataclass(frozen=True)
class Sheet:
    width: int
    height: int
    outlines: tuple[Outline, ...]


@cache
def sheet_of(prefix: str) -> Sheet | None:
    """All counties in that place, fitted to one drawing; None where no borders are known."""
    shapes = {code: rings for code, rings in _shapes().items() if code.startswith(prefix)}
    if not shapes or len(prefix) > 4:
        return None
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrowing = math.cos(math.radians((south + north) / 2))
    across, down = (east - west) * narrowing, north - south
    scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / down)

    def place(longitude: float, latitude: float) -> tuple[int, int]:
        x = MARGIN + (longitude - west) * narrowing * scale
        return round(x), round(MARGIN + (north - latitude) * scale)

    outlines = []
    for code, rings in sorted(shapes.items()):
        placed = [[place(*point) for point in ring] for ring in rings]
        across_it = [x for ring in placed for x, _y in ring]
        middle = _middle(max(placed, key=len))
        width = max(across_it) - min(across_it)
        outlines.append(Outline(code, "".join(map(_path, placed)), width, *middle))
    size = (round(across * scale) + 2 * MARGIN, round(down * scale) + 2 * MARGIN)
    return Sheet(*size, tuple(outlines))


@cache
def _shapes() -> Mapping[str, list[Ring]]:
    """The outer rings of every county of every file, by code."""
    found: dict[str, list[Ring]] = {}
    for file in sorted(GEOGRAPHY.glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            found[str(feature["properties"]["code"])] = list(_rings(feature["geometry"]))
    return found


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    one = geometry["type"] == "Polygon"
    for polygon in [geometry["coordinates"]] if one else geometry["coordinates"]:
        yield [(float(x), float(y)) for x, y in polygon[0]]


def _path(points: Iterable[tuple[int, int]]) -> str:
    """Whole pixels, each as the step from the last; what does not move is left out."""
    first, *rest = points
    steps, last = [], first
    for point in rest:
        if point != last:
            steps.append(f"{point[0] - last[0]} {point[1] - last[1]}")
            last = point
    if len(steps) < 2:
        return ""
    return f"M{first[0]} {first[1]}l{' '.join(steps)}z"


def _middle(points: list[tuple[int, int]]) -> tuple[int, int]:
    count = len(points)
    return sum(x for x, _y in points) // count, sum(y for _x, y in points) // count
