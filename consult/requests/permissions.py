"""Rules of state and of the house for cases; whose record may be opened is decided elsewhere."""

from consult.requests.models import HELD, OPEN, UNANSWERED, Case, Status
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


def may_assign(actor: User, case: Case) -> bool:
    return coordinates(actor, case) and case.status in UNANSWERED


def may_cancel(actor: User, case: Case) -> bool:
    before_opinion = case.status in (Status.DRAFT, *UNANSWERED, *HELD)
    return is_asking(actor, case) and before_opinion


def may_receipt(actor: User, case: Case) -> bool:
    return is_asking(actor, case) and case.status == Status.SIGNED


def may_meet(actor: User, case: Case) -> bool:
    """Whether this person belongs in a live room about the case now."""
    if case.status not in OPEN:
        return False
    return is_asking(actor, case) or is_holder(actor, case) or coordinates(actor, case)


def may_read_clinical(actor: User, case: Case, *, offered: bool) -> bool:
    """The clinical text of the case: the asking side, who is asked, who holds it, the patient."""
    if is_asking(actor, case) or is_holder(actor, case):
        return True
    own = case.patient.user_id == actor.pk and actor.role == Role.RESIDENT
    asked = actor.role == Role.SPECIALIST and offered
    return asked or (own and case.status != Status.DRAFT)
