"""Whom to tell about a person: one place for everything that a resident is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from records.mpi.models import Patient
from records.mpi.queries import guardians_of
from telemed.notifications.persons import Person
from telemed.notifications.services.preferring import PHONE as MOBILE
from telemed.people.models import User


@dataclass(frozen=True, kw_only=True)
class Audience:
    """
    `accounts`: who reads it. `person`: whoever is told by the number in the index, because nobody
    with an account of their own speaks for them.
    """

    accounts: list[User]
    person: UUID | None = None


def audience_of(patient: Patient, also: Iterable[User | None] = ()) -> Audience:
    """
    The person's own account, else their guardians', and those in `also`. A member of staff among
    these is no voice of the person: they are told by their number nevertheless.
    """
    survivor = patient.merged_into if patient.merged_into_id else patient
    assert survivor is not None  # noqa: S101  it has an id
    own = survivor.user
    guardians = [] if own else [one for one in guardians_of(survivor) if one.is_guardian]
    found = [own, *(one.delegate.user for one in guardians)]
    accounts = {one.pk: one for one in [*found, *also] if one and one.is_active}
    spoken_for = any(one.acting_as_id is None for one in accounts.values())
    return Audience(accounts=list(accounts.values()), person=None if spoken_for else survivor.pk)


def look_up(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Of those who live: the name to ask for, the number, and whether it takes an SMS."""
    return _people(Patient.objects.filter(pk__in=list(person_ids), deceased_on=None))


def at_number(number: str) -> dict[UUID, Person]:
    """Who lives and has that number; a household may share one."""
    return _people(Patient.objects.filter(phone=number, deceased_on=None, merged_into=None))


def _people(rows: QuerySet[Patient]) -> dict[UUID, Person]:
    told = rows.values_list("pk", "name", "phone", "id_card_tail", "user")
    return {
        key: Person(
            name=name,
            phone=phone,
            mobile=phone if MOBILE.fullmatch(phone) else "",
            card=tail,
            account_id=account,
        )
        for key, name, phone, tail, account in told
    }
