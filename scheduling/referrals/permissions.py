"""Rules of state and of the house for referrals; whose record may be opened: decided elsewhere."""

from records.consent import access
from records.consent.relationships import BREAK_GLASS
from records.mpi.models import Patient
from scheduling.referrals.models import THERE, Referral, Round, Status
from scheduling.registration.queries import current_of, is_member
from telemed.people.models import Role, User

DECIDING = frozenset({Role.COORDINATOR, Role.DIRECTOR})
OVERSEEING = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.MEDICAL_OFFICE})
STAFF = frozenset({Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.DESK, *OVERSEEING})


def may_refer(actor: User, patient: Patient) -> bool:
    """A doctor who treats the patient: in the village, or in a hospital that sends them further."""
    if actor.role == Role.TOWNSHIP_DOCTOR:
        return access.decide(actor, "ask", patient).allowed
    return may_send_down(actor, patient)


def may_send_down(actor: User, patient: Patient) -> bool:
    """A doctor of a hospital whose patient this is: an hour's emergency access is for reading."""
    if actor.role != Role.SPECIALIST:
        return False
    found = access.decide(actor, "read", patient)
    return found.allowed and set(found.reasons) != {BREAK_GLASS}


def is_sending(actor: User, referral: Referral) -> bool:
    """A doctor of the institution that sends."""
    doctor = actor.role in (Role.TOWNSHIP_DOCTOR, Role.SPECIALIST)
    if actor.role == Role.SPECIALIST and actor != referral.keeper:
        return False
    return doctor and actor.organisation_id == referral.sending_id


def coordinates_sending(actor: User, referral: Referral) -> bool:
    return actor.role == Role.COORDINATOR and actor.organisation_id == referral.sending_id


def may_answer_missed(actor: User, referral: Referral) -> bool:
    """The sending side; where who sent it has left, its coordinators, who were told instead."""
    left = not referral.keeper.is_active
    return is_sending(actor, referral) or (left and coordinates_sending(actor, referral))


def is_of_department(actor: User, department_id: object) -> bool:
    """A specialist who works in that department where they act now."""
    acting = actor.acting_as
    here = acting is not None and acting.department_id == department_id
    return actor.role == Role.SPECIALIST and here


def is_of_clinic(actor: User, organisation_id: object) -> bool:
    """Each doctor of a clinic answers for it, and takes patients on."""
    return actor.role == Role.TOWNSHIP_DOCTOR and actor.organisation_id == organisation_id


def may_answer(actor: User, one: Round) -> bool:
    """Who answers for a department that was asked: its doctors, and who gives out its places."""
    decides = actor.role in DECIDING and actor.organisation_id == one.organisation_id
    here = is_of_department(actor, one.department_id) or is_of_clinic(actor, one.organisation_id)
    return decides or here


def receives(actor: User, referral: Referral) -> bool:
    """The department that has the patient now, and who stands behind it."""
    decides = actor.role in DECIDING and actor.organisation_id == referral.organisation_id
    return decides or treats(actor, referral)


def may_undo_accept(actor: User, referral: Referral) -> bool:
    """The coordinators of the hospital; of a clinic, which has none, each doctor."""
    coordinates = actor.role == Role.COORDINATOR
    here = coordinates and actor.organisation_id == referral.organisation_id
    return here or is_of_clinic(actor, referral.organisation_id)


def treats(actor: User, referral: Referral) -> bool:
    of_clinic = is_of_clinic(actor, referral.organisation_id)
    return is_of_department(actor, referral.department_id) or of_clinic


def may_discharge(actor: User, referral: Referral) -> bool:
    """The doctors of the department, and who runs the beds."""
    return treats(actor, referral) or checks_in(actor, referral)


def checks_in(actor: User, referral: Referral) -> bool:
    clerk = actor.role in (Role.DESK, Role.COORDINATOR)
    return clerk and actor.organisation_id == referral.organisation_id


def may_cancel(actor: User, referral: Referral) -> bool:
    """The sending side, and the patient or who acts for them."""
    own = actor.role == Role.RESIDENT and access.decide(actor, "read", referral.patient).allowed
    return own or is_sending(actor, referral) or coordinates_sending(actor, referral)


def is_family_doctor(actor: User, referral: Referral) -> bool:
    """A doctor of the team with which the patient is signed today, wherever the referral began."""
    if actor.role != Role.TOWNSHIP_DOCTOR:
        return False
    contract = current_of(referral.patient)
    return contract is not None and is_member(actor, contract.team)


def may_take_plan(actor: User, referral: Referral) -> bool:
    """The clinic that sent or has taken them on; of who was sent up, the family doctor as well."""
    if referral.is_down:
        coordinates = actor.role == Role.COORDINATOR
        return treats(actor, referral) or (
            coordinates and actor.organisation_id == referral.organisation_id
        )
    sends = is_sending(actor, referral) or coordinates_sending(actor, referral)
    return sends or is_family_doctor(actor, referral)


def may_read_clinical(actor: User, referral: Referral, rounds: list[Round]) -> bool:
    """Reason, findings and plan: the doctors of each side, who decides on places, the patient."""
    if is_sending(actor, referral) or actor.role == Role.RESIDENT:
        return True
    if may_read_plan(referral) and is_family_doctor(actor, referral):
        return True
    return any(may_answer(actor, one) for one in rounds) or receives(actor, referral)


def may_read_plan(referral: Referral) -> bool:
    return referral.is_down or referral.status in (Status.HANDED_BACK, Status.CLOSED)


def is_there(referral: Referral) -> bool:
    return referral.status in THERE
