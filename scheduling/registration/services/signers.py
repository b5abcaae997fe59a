"""Whose signature a contract can have."""

from dataclasses import dataclass
from uuid import UUID

from records.mpi.models import OF_AGE, Patient, Relation
from records.mpi.queries import guardians_of
from scheduling.registration.models import Contract
from telemed.people.models import Role, User


@dataclass(frozen=True)
class Signer:
    """Whose signature it is; of a guardian, the row of the register that makes them one."""

    relation: Relation | None = None

    @property
    def under(self) -> UUID | None:
        return self.relation.pk if self.relation else None

    @property
    def kind(self) -> str:
        return "guardian" if self.relation else "self"


def signers_of(actor: User, contract: Contract) -> list[Signer]:
    """Who can sign in front of this account: at the clinic each of them, at home oneself."""
    age = contract.patient.age_on()
    of_age = age is None or age >= OF_AGE
    guardians = [row for row in guardians_of(contract.patient) if row.is_guardian]
    all_of_them = [Signer(row) for row in guardians]
    if actor.role != Role.RESIDENT:
        return ([Signer()] if of_age else []) + all_of_them
    if contract.patient.user_id == actor.pk:
        return [Signer()] if of_age else []
    return [one for one in all_of_them if one.relation and _is(one.relation.delegate, actor)]


def _is(person: Patient, actor: User) -> bool:
    survivor = person.merged_into or person
    return actor.pk in (person.user_id, survivor.user_id)
