"""Who may do what with a booking; whose it is is decided elsewhere."""

from collections.abc import Sequence
from uuid import UUID

from records.mpi.models import Patient
from scheduling.appointments.models import Appointment, Channel
from scheduling.appointments.signed import is_cared_for
from scheduling.availability.models import Pool
from telemed.notifications.persons import Voice
from telemed.organisations.models import Organisation
from telemed.people.models import CLINICAL, Role, User

CLERKS = frozenset({Role.DESK, Role.COORDINATOR})
BOOKERS = CLERKS | {Role.TOWNSHIP_DOCTOR, Role.RESIDENT}

# Who books for several people in one go: the doctor of a clinic, for those whom it looks after.
BATCHERS = frozenset({Role.TOWNSHIP_DOCTOR})


def is_clerk_of(actor: Voice, organisation_id: UUID) -> bool:
    """Who books at the desk of the institution where the visit will be."""
    return actor.role in CLERKS and actor.organisation_id == organisation_id


def channel_of(actor: User, organisation_id: UUID) -> str:
    if is_clerk_of(actor, organisation_id):
        return Channel.DESK
    return Channel.CLINIC if actor.role in CLINICAL else Channel.WEB


def may_see_days(actor: User) -> bool:
    """Whose lists there are: a desk's and a doctor's."""
    return actor.role in CLERKS or actor.role in CLINICAL


def pools_of(
    actor: User, organisation: Organisation | None, patient: Patient | None
) -> Sequence[str]:
    """Whose places may be taken there for this person, in order (workflows.md section 4)."""
    if organisation and is_clerk_of(actor, organisation.pk):
        return [Pool.WALK_IN, Pool.PHONE, Pool.PUBLIC]
    if organisation and patient and is_cared_for(actor, patient, organisation):
        return [Pool.FAMILY_DOCTOR, Pool.PUBLIC]
    return [Pool.PUBLIC]


def enters_applications(actor: User) -> bool:
    """The desk of a clinic, for who stands there with the paper: its teams are family doctors."""
    here = actor.organisation
    clinic = here is not None and here.kind == Organisation.Kind.TOWNSHIP_CLINIC
    return clinic and actor.role == Role.DESK


def may_check_in(actor: User, appointment: Appointment) -> bool:
    return is_clerk_of(actor, appointment.organisation_id)


def may_see_visit(actor: Voice, appointment: Appointment) -> bool:
    """The doctor whose list it is on, or any of the department where nobody is named."""
    if actor.role not in CLINICAL or actor.organisation_id != appointment.organisation_id:
        return False
    if appointment.clinician_id:
        return appointment.clinician_id == actor.pk
    if actor.role != Role.SPECIALIST:
        return False
    acting = actor.acting_as
    return acting is not None and acting.department_id == appointment.department_id
