"""How sure a figure is: 95 % intervals without simulation."""

from math import sqrt

Z = 1.959964
LEAST = 6  # below, no two of the ordered values hold the median with 95 % confidence


def wilson(counted: int, n: int) -> tuple[float, float]:
    """The interval of a share by Wilson (1927), in per cent; it never leaves 0 to 100."""
    share = counted / n
    square = Z * Z
    middle = share + square / (2 * n)
    spread = Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    whole = 1 + square / n
    return max(100 * (middle - spread) / whole, 0.0), min(100 * (middle + spread) / whole, 100.0)
