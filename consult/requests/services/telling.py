"""Messages about a case: staff and institutions by name, the patient never."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from consult.requests import roomport
from consult.requests.models import Case, Offer
from consult.requests.queries import (
    coordinators_of,
    directors_of,
    people_of,
    prefecture_coordinators,
)
from consult.requests.rungs import PROMISE, Whom
from telemed.core.intentions import require_intention
from telemed.core.models import Clock, ClockState
from telemed.notifications.services import notify
from telemed.people.models import Role, User


def tell(
    *, case: Case, recipient: User, template: str, turn: int | None = None, **facts: Any
) -> None:
    """
    Put a message about this case in somebody's inbox, once for each `turn`.

    Without one, what stands for a turn is how many steps the case has taken. Where a clock speaks
    and no person, the desk of the asked hospital phones who does not read it.
    """
    actor = require_intention().actor
    until = _promised_by(case)
    own = recipient.pk == case.patient.user_id
    said = {
        "no": case.number,
        "org": case.asking.name,
        "phone": case.asking.phone,
        "time": f"{timezone.localtime(until):%H:%M}" if until else "",
        **facts,
    }
    notify(
        recipient=recipient,
        template=template,
        about=case.pk,
        url=f"/my/cases/{case.pk}/" if own else f"/cases/{case.pk}/",
        turn=case.steps.count() if turn is None else turn,
        pressing=case.is_emergency,
        desk=actor.organisation_id or case.asked_id,
        **said,
    )


def _promised_by(case: Case) -> datetime | None:
    """When the first answer is due; once it is over, when the next step is taken."""
    running = Clock.objects.filter(
        about=case.pk, kind="case.accept", state=ClockState.RUNNING, rung__gte=PROMISE
    )
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def people_to_meet(case: Case) -> list[User]:
    """Who asks and who answers; in a joint consult everybody who was invited and is not out."""
    if not case.is_joint:
        return [case.requester, *([case.holder] if case.holder else [])]
    invited = Q(status__in=Offer.WAITING, takes_over=None)  # who would take over is not, yet
    live = case.offers.filter(Q(status=Offer.Status.ACCEPTED) | invited).select_related("doctor")
    return [case.requester, *(offer.doctor for offer in live)]


def audience(case: Case, whom: Whom) -> list[User]:
    """The people behind one word of a ladder; nobody where the institution has none."""
    match whom:
        case Whom.ASKED | Whom.INVITED:
            waiting = case.offers.filter(status__in=Offer.WAITING)
            return [offer.doctor for offer in waiting.select_related("doctor")]
        case Whom.HOLDER:
            return [case.holder] if case.holder else []
        case Whom.REQUESTER:
            return [case.requester]
        case Whom.ABSENT:
            there = roomport.people_in(case.pk)
            return [person for person in people_to_meet(case) if person.pk not in there]
    return list(_of_the_house(case, whom))


def _of_the_house(case: Case, whom: Whom) -> Iterable[User]:
    """Who holds an office at one of the two institutions, or above them."""
    match whom:
        case Whom.COORDINATOR_Q:
            return coordinators_of(case.asking)
        case Whom.COORDINATOR_A:
            return coordinators_of(case.addressee)
        case Whom.DIRECTOR_A:
            return directors_of(case.addressee)
        case Whom.MEDICAL_OFFICE_Q:
            return people_of(case.asking, Role.MEDICAL_OFFICE)
        case Whom.MEDICAL_OFFICE_A:
            return people_of(case.addressee, Role.MEDICAL_OFFICE)
        case _:
            return prefecture_coordinators(case.addressee)
