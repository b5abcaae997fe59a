"""
The first relationships: one's own record, a child's or who authorised one, a patient of one's own
institution, an open case, a visit that is booked, a contract with a family doctor, a referral; and
an emergency that somebody stated.
"""

from functools import partial

from django.db.models import Q

from records.consent.access import Relationship
from records.consent.models import Basis, CareAccess, CareAccessQuerySet
from records.mpi.models import Patient, Relation
from records.mpi.models.relations import RelationQuerySet
from telemed.audit.queries import EMERGENCY
from telemed.people.models import User

OWN_RECORD, TREATED_HERE, OPEN_CASE = "own_record", "treated_here", "open_case"
BOOKED_HERE, FAMILY_DOCTOR, REFERRED_HERE = "booked_here", "family_doctor", "referral"
ACTS_FOR, BREAK_GLASS = "acts_for", EMERGENCY


def is_self(actor: User, patient: Patient) -> bool:
    return patient.user_id == actor.pk


def own_record(actor: User) -> Q:
    return Q(user=actor)


def delegations(actor: User) -> RelationQuerySet:
    """What this account's person does for others now; asked anew at each look, so age counts."""
    mine = Q(delegate__user=actor) | Q(delegate__merged_into__user=actor)
    return Relation.objects.in_force().filter(mine)


def is_delegate(actor: User, patient: Patient) -> bool:
    theirs = Q(subject=patient) | Q(subject__merged_into=patient)
    return delegations(actor).filter(theirs).exists()


def represented(actor: User) -> Q:
    rows = delegations(actor)
    merged = rows.filter(subject__merged_into__isnull=False)
    return Q(pk__in=rows.values("subject")) | Q(pk__in=merged.values("subject__merged_into"))


def care_rows(actor: User, basis: Basis) -> CareAccessQuerySet:
    """The care access that this clinician has now on that basis."""
    if not actor.is_clinical or actor.organisation is None:
        return CareAccess.objects.none()
    mine = Q(person=None) | Q(person=actor.pk)
    rows = CareAccess.objects.in_force().filter(mine, org=actor.organisation.number)
    return rows.filter(basis=basis)


def has_care(basis: Basis, actor: User, patient: Patient) -> bool:
    return care_rows(actor, basis).filter(patient=patient.rid).exists()


def is_patient_of_system(actor: User, patient: Patient) -> bool:
    """Whether the institution whose system acts treats or looks after this person."""
    if actor.application_id is None or actor.organisation is None:
        return False
    here = CareAccess.objects.in_force().filter(org=actor.organisation.number)
    rows = here.filter(patient=patient.rid)
    return rows.filter(basis__in=[Basis.TREATING, Basis.SIGNED]).exists()


def in_care(basis: Basis, actor: User) -> Q:
    return Q(rid__in=care_rows(actor, basis).values("patient"))


SELF = Relationship(
    reason=OWN_RECORD, grants=frozenset({"read", "book"}), holds=is_self, where=own_record
)
DELEGATE = Relationship(
    reason=ACTS_FOR, grants=frozenset({"read", "book"}), holds=is_delegate, where=represented
)
TREATED = Relationship(
    reason=TREATED_HERE,
    grants=frozenset({"read", "write", "ask", "book"}),
    holds=partial(has_care, Basis.TREATING),
    where=partial(in_care, Basis.TREATING),
)
CASE = Relationship(
    reason=OPEN_CASE,
    grants=frozenset({"read"}),
    holds=partial(has_care, Basis.CASE),
    where=partial(in_care, Basis.CASE),
)
BOOKED = Relationship(
    reason=BOOKED_HERE,
    grants=frozenset({"read"}),
    holds=partial(has_care, Basis.BOOKED),
    where=partial(in_care, Basis.BOOKED),
)
FAMILY = Relationship(
    reason=FAMILY_DOCTOR,
    grants=frozenset({"read", "ask", "book"}),
    holds=partial(has_care, Basis.SIGNED),
    where=partial(in_care, Basis.SIGNED),
)
REFERRED = Relationship(
    reason=REFERRED_HERE,
    grants=frozenset({"read"}),
    holds=partial(has_care, Basis.REFERRED),
    where=partial(in_care, Basis.REFERRED),
)
EMERGENCY_ACCESS = Relationship(
    reason=BREAK_GLASS,
    grants=frozenset({"read"}),
    holds=partial(has_care, Basis.BREAK_GLASS),
    where=partial(in_care, Basis.BREAK_GLASS),
)
