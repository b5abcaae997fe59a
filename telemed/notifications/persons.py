"""
People without an account: only a number can be rung. The slice above that keeps the index of
people says who that is; a message keeps the plain id and never a name or a number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a desk asks for, and under which number; `mobile`: one that takes an SMS, or empty."""

    name: str
    phone: str = ""
    mobile: str = ""


LookUp = Callable[[Iterable[UUID]], dict[UUID, Person]]
_registered: list[LookUp] = []


def register(look_up: LookUp) -> None:
    """Called in ready(): those of these people who live, by id, in one query."""
    if look_up not in _registered:
        _registered.append(look_up)


def find_people(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    wanted = list(person_ids)
    found: dict[UUID, Person] = {}
    for look_up in _registered if wanted else []:
        found |= look_up(wanted)
    return found


def find_person(person_id: UUID) -> Person | None:
    return find_people([person_id]).get(person_id)
