"""How many promises a team has kept: the slice that keeps its duties says so in ready()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduling.registration.models import Team


@dataclass(frozen=True)
class Kept:
    """Per cent of what left its window, face to face and remote apart; None: not yet known."""

    face: int | None = None
    remote: int | None = None

    @property
    def is_known(self) -> bool:
        return self.face is not None or self.remote is not None


Count = Callable[[Sequence[Team]], dict[UUID, Kept]]
_known: list[Count] = []


def register(count: Count) -> None:
    """Called in ready()."""
    _known.append(count)


def kept_by(teams: Sequence[Team]) -> dict[UUID, Kept]:
    """Of each of these teams."""
    found = {team.pk: Kept() for team in teams}
    for count in _known:
        found |= count(teams)
    return found
