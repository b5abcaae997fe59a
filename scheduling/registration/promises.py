"""How many promises a team has kept: the slice that keeps its duties says so in ready()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduling.registration.models import Group, Team


@dataclass(frozen=True)
class Kept:
    """Per cent of what left its window, face to face and remote apart; None: not yet known."""

    face: int | None = None
    remote: int | None = None

    @property
    def is_known(self) -> bool:
        return self.face is not None or self.remote is not None


@dataclass(frozen=True)
class OfGroup:
    """The promises to one of the groups that come first: the team's, and the county's."""

    group: Group
    team: Kept
    county: Kept


@dataclass(frozen=True)
class Beside:
    """What stands beside a team's own rates, for who is about to sign."""

    county: Kept = Kept()
    groups: tuple[OfGroup, ...] = ()


Count = Callable[[Sequence[Team]], dict[UUID, Kept]]
Compare = Callable[[Team, Sequence[Group]], Beside]
_known: list[Count] = []
_compared: list[Compare] = []


def register(count: Count, compare: Compare) -> None:
    """Called in ready()."""
    _known.append(count)
    _compared.append(compare)


def beside(team: Team, groups: Sequence[Group]) -> Beside:
    """All teams of its county, and what it and they kept to these groups."""
    return next((compare(team, groups) for compare in _compared), Beside())


def kept_by(teams: Sequence[Team]) -> dict[UUID, Kept]:
    """Of each of these teams."""
    found = {team.pk: Kept() for team in teams}
    for count in _known:
        found |= count(teams)
    return found
