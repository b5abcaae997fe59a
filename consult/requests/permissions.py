"""Rules of state and of the house for cases; whose record may be opened is decided elsewhere."""

from consult.requests.models import ANSWERED, HELD, OPEN, OVER, UNANSWERED, Case, Side, Status
from records.consent import access
from records.consent.relationships import FAMILY
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User


def is_asking(actor: User, case: Case) -> bool:
    """A doctor of the institution that asks."""
    return actor.role == Role.TOWNSHIP_DOCTOR and actor.organisation_id == case.asking_id


def is_holder(actor: User, case: Case) -> bool:
    """The specialist who accepted it, acting where they accepted it."""
    return (
        actor.role == Role.SPECIALIST
        and case.holder_id == actor.pk
        and actor.organisation_id == case.asked_id
    )


def coordinates(actor: User, case: Case) -> bool:
    """A coordinator of the institution that is asked."""
    return actor.role == Role.COORDINATOR and actor.organisation_id == case.asked_id


def coordinates_asking(actor: User, case: Case) -> bool:
    """A coordinator of the institution that asks."""
    return actor.role == Role.COORDINATOR and actor.organisation_id == case.asking_id


def directs(actor: User, case: Case) -> bool:
    """A duty director of the institution that is asked."""
    return actor.role == Role.DIRECTOR and actor.organisation_id == case.asked_id


def oversees(actor: User, case: Case) -> bool:
    """A coordinator of a health authority above the asked hospital, once it was passed up."""
    if actor.role != Role.COORDINATOR or case.passed_to_id is None or case.asked is None:
        return False
    place = actor.acting_organisation
    inside = case.asked.division_id.startswith(place.division_id)
    return place.kind == Organisation.Kind.AUTHORITY and inside


def looks_for_somebody(actor: User, case: Case) -> bool:
    """Whoever finds a doctor for it: at the asked hospital, or above it."""
    return coordinates(actor, case) or directs(actor, case) or oversees(actor, case)


def is_office(actor: User, case: Case) -> bool:
    """The medical office of the institution that is asked."""
    return actor.role == Role.MEDICAL_OFFICE and actor.organisation_id == case.asked_id


def side_of(actor: User, case: Case) -> Side | None:
    """For which side this person arranges a time."""
    if is_asking(actor, case) or coordinates_asking(actor, case):
        return Side.ASKING
    if is_holder(actor, case) or coordinates(actor, case):
        return Side.ANSWERING
    return None


def thread_side_of(actor: User, case: Case, *, seated: bool) -> Side | None:
    """For which side this person writes in the thread: who arranges a time, and each expert."""
    return side_of(actor, case) or (Side.ANSWERING if seated else None)


def reads_for_coordinators(actor: User, case: Case) -> bool:
    """The coordinators read of the thread what is for them; the rest is clinical."""
    return coordinates(actor, case) or coordinates_asking(actor, case)


def may_convene(actor: User, case: Case) -> bool:
    """Set up a joint consult: of one that asks for it, or of one that several should see."""
    open_to_it = case.status in UNANSWERED and not case.is_emergency
    return coordinates(actor, case) and open_to_it


def may_assign(actor: User, case: Case) -> bool:
    if case.is_joint:
        return False
    return looks_for_somebody(actor, case) and case.status in UNANSWERED


def may_pass_on(actor: User, case: Case) -> bool:
    """Ask another hospital instead; a joint consult is set up where it was asked for."""
    return may_assign(actor, case)


def may_cancel(actor: User, case: Case) -> bool:
    before_opinion = case.status in (Status.DRAFT, *UNANSWERED, *HELD)
    return (is_asking(actor, case) or coordinates_asking(actor, case)) and before_opinion


def may_cancel_duplicate(actor: User, case: Case) -> bool:
    return coordinates(actor, case) and case.status in (*UNANSWERED, *HELD)


def may_transfer(actor: User, case: Case) -> bool:
    """Refer the patient instead of waiting for an opinion: who asks, and who holds it."""
    entitled = is_asking(actor, case) or is_holder(actor, case)
    return entitled and case.status in (*UNANSWERED, *HELD)


def may_refer_on(actor: User, case: Case) -> bool:
    """Refer the patient as the opinion says."""
    return is_asking(actor, case) and case.opinion_stands and case.status in (*ANSWERED, *OVER)


def may_regrade(actor: User, case: Case) -> bool:
    entitled = is_asking(actor, case) or is_holder(actor, case) or coordinates(actor, case)
    return entitled and not case.is_joint and case.status in (*UNANSWERED, *HELD)


def may_schedule(actor: User, case: Case) -> bool:
    to_come = case.status in (Status.ACCEPTED, Status.SCHEDULED)
    to_come = to_come or (case.is_joint and case.status == Status.ROUTED)
    return side_of(actor, case) is not None and to_come


def may_switch_mode(actor: User, case: Case) -> bool:
    entitled = is_asking(actor, case) or is_holder(actor, case)
    return entitled and not case.is_joint and case.status in (*UNANSWERED, *HELD)


def may_hand_over(actor: User, case: Case) -> bool:
    return (is_holder(actor, case) or coordinates(actor, case)) and case.status in HELD


def may_return(actor: User, case: Case, *, seated: bool = False) -> bool:
    """Who holds it, and who has a seat in a joint consult."""
    waits = seated and case.status in (*UNANSWERED, *HELD)
    return waits or (is_holder(actor, case) and case.status in HELD)


def may_ask(actor: User, case: Case, *, offered: bool) -> bool:
    """Ask the asking side for more: who is asked or holds it, and the coordinator."""
    doctor = actor.role == Role.SPECIALIST and (offered or is_holder(actor, case))
    return (doctor or coordinates(actor, case)) and case.status in (*UNANSWERED, *HELD)


def may_receipt(actor: User, case: Case) -> bool:
    """Also once it is closed: without a receipt, or amended since. The page asks only once."""
    return is_asking(actor, case) and case.opinion_stands and case.status in (Status.SIGNED, *OVER)


def may_change_receipt(actor: User, case: Case) -> bool:
    """Until the case is closed."""
    return is_asking(actor, case) and case.status == Status.RECEIPTED


def may_close(actor: User, case: Case) -> bool:
    return is_asking(actor, case) and case.status == Status.RECEIPTED


def is_family_doctor(actor: User, case: Case) -> bool:
    """Of the team that the patient is signed with, at whatever institution."""
    doctor = actor.role == Role.TOWNSHIP_DOCTOR and actor.is_active
    return doctor and access.holds(FAMILY, actor, case.patient)


def may_record_outcome(actor: User, case: Case) -> bool:
    return is_asking(actor, case) and case.status in (*ANSWERED, *OVER)


def may_meet(actor: User, case: Case, *, seated: bool = False) -> bool:
    """Whether this person belongs in a live room about the case now."""
    if case.status not in OPEN:
        return False
    clinical = seated or is_asking(actor, case) or is_holder(actor, case)
    return clinical or coordinates(actor, case) or coordinates_asking(actor, case)


def may_wait_inside(actor: User, case: Case) -> bool:
    """In an emergency, with the patient, until somebody accepts."""
    waits = case.is_emergency and case.status in UNANSWERED and case.mode == Case.Mode.LIVE
    return waits and is_asking(actor, case)


def may_read_clinical(actor: User, case: Case, *, offered: bool) -> bool:
    """
    The clinical text of the case: the asking side, who is asked, who holds it, the patient.

    `offered`: asked now, or seated in a joint consult.
    """
    if is_asking(actor, case) or is_holder(actor, case):
        return True
    own = actor.role == Role.RESIDENT and access.decide(actor, "read", case.patient).allowed
    asked = actor.role == Role.SPECIALIST and offered
    return asked or (own and case.status != Status.DRAFT)
