"""What a township doctor enters about the family of somebody they treat."""

from datetime import date, time
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent.models import Basis
from records.consent.queries import get_patient
from records.consent.services import open_care
from records.family import queries
from records.mpi import queries as index_queries
from records.mpi import services as index
from records.mpi.models import Death, HealthCard, Kin, Member, Patient, Relation
from records.mpi.permissions import may_relate
from telemed.audit import services as audit
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def open_family(*, actor: User, patient_id: UUID) -> Patient:
    """The person whose family is entered, for who treats them; looking leaves its trace."""
    require_intention()
    require(may_relate(actor), _("Guardians and proxies are entered by a township doctor."))
    patient = get_patient(actor, patient_id, "write")
    audit.record(action="person.read", target=patient, patient_id=patient.pk)
    return patient


def add_delegate(
    *,
    actor: User,
    patient_id: UUID,
    delegate: str,
    basis: str,
    kin: str,
    papers: str,
    papers_no: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Relation:
    """Who is named by the number on their card, and whose papers are on the desk."""
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    return index.add_relation(
        actor=actor,
        subject=patient,
        delegate=find_person(number=delegate, path="delegate"),
        basis=basis,
        kin=kin,
        papers=papers,
        papers_no=papers_no,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def end_delegate(*, actor: User, patient_id: UUID, relation_id: UUID, because: str) -> Relation:
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    relation = index_queries.get_relation(patient, relation_id)
    return index.end_relation(actor=actor, relation=relation, because=because)


def settle(
    *, actor: User, patient_id: UUID, address: str = "", person: str = "", kin: str = ""
) -> Member:
    """The first of a household is its head; whoever comes after is named by a card's number."""
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    members = index_queries.household_of(patient)
    if not members:
        return index.found_household(actor=actor, head=patient, address=address)
    return index.join_household(
        actor=actor,
        household=members[0].household,
        person=find_person(number=person, path="person"),
        kin=kin,
    )


def move_out(
    *, actor: User, patient_id: UUID, member_id: UUID, left_on: date | None, next_head: str = ""
) -> Member:
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    member = queries.get_member(patient, member_id)
    others = {str(m.person_id): m.person for m in index_queries.household_of(patient)}
    return index.leave_household(
        actor=actor, member=member, on=left_on, next_head=others.get(next_head)
    )


def bear(
    *,
    actor: User,
    patient_id: UUID,
    sex: str,
    birth_date: date | None,
    birth_time: time | None,
    birth_order: int | None,
    guardian: bool = False,
) -> Patient:
    """
    A newborn, registered from its mother under a temporary number and treated at once.

    `guardian`: the birth certificate was seen, and the mother signs for the child from now on.
    """
    require_intention()
    mother = open_family(actor=actor, patient_id=patient_id)
    child = index.register_temporary(
        actor=actor,
        organisation=actor.acting_organisation,
        because=Patient.Temporary.NEWBORN,
        sex=sex,
        birth_date=birth_date,
        birth_time=birth_time,
        birth_order=birth_order,
        phone=mother.phone,
        address=mother.address,
        mother=mother,
    )
    open_care(organisation=actor.acting_organisation, patient=child, basis=Basis.TREATING)
    if guardian:
        index.add_relation(
            actor=actor,
            subject=child,
            delegate=mother,
            basis=Relation.Basis.BIRTH,
            kin=Kin.MOTHER,
            papers=Relation.Papers.BIRTH_CERTIFICATE,
            starts_on=child.birth_date,
        )
    return child


def give_card(*, actor: User, patient_id: UUID, number: str) -> HealthCard:
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    return index.enter_health_card(actor=actor, patient=patient, number=number)


def enter_death(
    *, actor: User, patient_id: UUID, died_on: date | None, source: str, second_source: str = ""
) -> Death:
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    return index.decease(
        actor=actor,
        patient=patient,
        died_on=died_on,
        source=source,
        second_source=second_source,
    )


def undo_death(*, actor: User, patient_id: UUID, because: str) -> Death:
    require_intention()
    patient = open_family(actor=actor, patient_id=patient_id)
    return index.undo_decease(actor=actor, patient=patient, because=because)


def find_person(*, number: str, path: str) -> Patient:
    """By a whole number that stands on a card; never by a name. The look is traced."""
    require_intention()
    said = _("Nobody is registered under this number; register them first.")
    found = index_queries.get_by_number(number, path=path, missing=said)
    audit.record(action="person.look", target=found, patient_id=found.pk)
    return found
