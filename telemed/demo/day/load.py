"""How many ask, and when: a day with two peaks, a lunch dip and a quiet night."""

import random
from collections.abc import Sequence

CASES = 528  # 18,000 consults and 114,000 readings a year, over 250 working days
HOUR, DAY = 3_600.0, 86_400.0  # seconds
# What of a day falls into each hour. A hundred times the load: at its busiest 2 cases a second.
SHARES = (
    *(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.6, 2.0),
    *(9.0, 13.6, 13.0, 9.0, 3.0, 3.2, 9.0, 11.0),
    *(10.0, 6.0, 3.0, 2.0, 1.5, 1.0, 0.6, 0.4),
)
WHOLE = sum(SHARES)
BUSIEST = 9.5 * HOUR
NIGHT_ENDS, NIGHT_BEGINS = 7 * HOUR, 19 * HOUR


def share(second: float) -> float:
    """What of a day's requests comes in the hour of that moment."""
    return SHARES[int(second // HOUR) % 24] / WHOLE


def moments(
    load: float, since: float, until: float, chance: random.Random, cases: int = CASES
) -> Sequence[float]:
    """When somebody asks, in seconds of the day: as many as the day has there, at random places."""
    found: list[float] = []
    owed = chance.random()  # so that a fraction of a case is not lost every hour
    start = since
    while start < until:
        end = min((start // HOUR + 1) * HOUR, until)
        owed += load * cases * share(start) * (end - start) / HOUR
        found += [chance.uniform(start, end) for _ in range(int(owed))]
        owed -= int(owed)
        start = end
    return sorted(found)


def is_night(second: float) -> bool:
    return not NIGHT_ENDS <= second % DAY < NIGHT_BEGINS
