"""How far one place is from another, as the crow flies: by the counties in which they lie."""

from collections.abc import Iterable, Mapping
from math import asin, cos, radians, sin, sqrt

from telemed.organisations.models import Division

EARTH = 6371  # km
COUNTY = 6  # digits of a code

Located = Mapping[str, tuple[float, float]]


def locate(divisions: Iterable[str]) -> Located:
    """Where these divisions lie, by code: each itself where that is known, else its county."""
    wanted = {code for division in divisions for code in (division, division[:COUNTY])}
    found = Division.objects.filter(pk__in=wanted, longitude__isnull=False)
    return {d.code: (d.longitude or 0, d.latitude or 0) for d in found}


def distance(located: Located, one: str, other: str) -> int | None:
    """Kilometres; None where one of them is nowhere on the map."""
    here, there = (located.get(code) or located.get(code[:COUNTY]) for code in (one, other))
    if not (here and there):
        return None
    (x, y), (u, v) = ([radians(part) for part in place] for place in (here, there))
    arc = sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(arc)))
