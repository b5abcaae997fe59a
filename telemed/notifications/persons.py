"""
People without an account: only a number can be rung. The slice above that keeps the index of
people says who that is; a message keeps the plain id and never a name or a number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from telemed.people.models import Role, User


@dataclass(frozen=True, kw_only=True)
class Person:
    """
    Whom a desk asks for, and under which number; `mobile`: one that takes an SMS, or empty. `card`:
    the last four of the ID card, by which a household says whom an answer is for.
    """

    name: str
    phone: str = ""
    mobile: str = ""
    card: str = ""
    account_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """
    A resident without an account who answers from the number in the index, for themselves
    alone (ADR 0052). Nothing but the person says who they are.
    """

    person_id: UUID
    pk: None = None
    role: str = Role.RESIDENT
    organisation_id: None = None
    acting_as: None = None
    is_active: bool = True


Voice = User | Speaker
LookUp = Callable[[Iterable[UUID]], dict[UUID, Person]]
AtNumber = Callable[[str], dict[UUID, Person]]
_registered: list[LookUp] = []
_at_number: list[AtNumber] = []


def register(look_up: LookUp, at_number: AtNumber) -> None:
    """Called in ready(): those of these people who live, by id; and who has a number."""
    if look_up not in _registered:
        _registered.append(look_up)
        _at_number.append(at_number)


def people_at(number: str) -> dict[UUID, Person]:
    """Who lives and has that number in the index, by id."""
    found: dict[UUID, Person] = {}
    for at_number in _at_number if number else []:
        found |= at_number(number)
    return found


def find_people(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    wanted = list(person_ids)
    found: dict[UUID, Person] = {}
    for look_up in _registered if wanted else []:
        found |= look_up(wanted)
    return found


def find_person(person_id: UUID) -> Person | None:
    return find_people([person_id]).get(person_id)
