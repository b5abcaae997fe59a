"""Villages as addresses name them, and which team might look after which of them."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from records.mpi.models import Patient
from scheduling.registration.models import Team

VILLAGE = re.compile(r"[^省市州县区镇乡]+?[村寨]")
NAMED = 60  # characters


def village_of(patient: Patient) -> str:
    return village_in(patient.address)


def village_in(address: str) -> str:
    """As the address names it, without the house."""
    found = VILLAGE.search(address)
    return found.group()[:NAMED] if found else ""


def propose(
    people: Mapping[str, int], teams: Sequence[Team], room: Mapping[UUID, int]
) -> dict[str, Team | None]:
    """
    By village, the largest first: the team that names it in what it says of itself, else the one
    with most room left; nobody where no team has room for all of them.
    """
    left, found = dict(room), dict[str, Team | None]()
    for village in sorted(people, key=lambda name: (-people[name], name)):
        able = [team for team in teams if left[team.pk] >= people[village]]
        own = [team for team in able if village and village in team.villages]
        chosen = max(own or able, key=lambda team: left[team.pk], default=None)
        if chosen:
            left[chosen.pk] -= people[village]
        found[village] = chosen
    return found
