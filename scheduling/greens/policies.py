"""The clocks of the green channel: acknowledging, and each station from the one that it follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.greens import rules
from scheduling.greens.models import Green
from scheduling.greens.plans import Station, followers, stations, timed
from telemed.core.policies import Rung

ACKNOWLEDGE = "green.acknowledge"
WARN, PROMISE, NEXT, PREFECTURE = 0, 1, 2, 3  # rungs
REASON = 5
TAPPED = timedelta(hours=6)  # how long a tap may wait on a device without a line
AHEAD = timedelta(minutes=1)  # by which a device may be wrong
EARLIEST = timedelta(hours=24)  # before it is opened, at the latest
TAKE_BACK = timedelta(minutes=10)


@dataclass(frozen=True)
class Due:
    """One station that is waited for: since when, and until when."""

    station: Station
    since: datetime
    until: datetime
    ladder: tuple[Rung, ...]

    def at(self, number: int) -> datetime:
        """When that step of the ladder comes."""
        return self.since + self.ladder[number].after(self.until - self.since)

    @property
    def warns_at(self) -> datetime:
        return self.at(WARN)


def clock_of(code: str) -> str:
    return f"green.{code}"


def clocks() -> list[str]:
    return [ACKNOWLEDGE, *sorted(clock_of(code) for code in timed())]


def due(green: Green, moments: dict[str, datetime]) -> list[Due]:
    """What is waited for now, the soonest first."""
    found = [one for station in stations(green.kind) if (one := due_at(green, moments, station))]
    return sorted(found, key=lambda one: one.until)


def due_at(green: Green, moments: dict[str, datetime], station: Station) -> Due | None:
    """Until when; None where it is done, moot, or not begun."""
    past = {station.code, *station.instead, *followers(green.kind, station.code)}
    if station.limit is None or past & moments.keys():
        return None
    return limit_of(green, moments, station)


def limit_of(green: Green, moments: dict[str, datetime], station: Station) -> Due | None:
    """The same for one that was stamped."""
    since = moments.get(station.limit.since) if station.limit else None
    allowed = rules.allowed(green.kind, station, green.referral.organisation_id)
    if since is None or allowed is None:
        return None
    ladder = rules.ladder(green.referral.organisation_id)
    return Due(station, since, since + allowed, ladder)
