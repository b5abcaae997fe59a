"""Messages about a case: staff and institutions by name, the patient never."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from consult.requests.models import Case, Offer
from consult.requests.policies import PROMISE, Whom
from consult.requests.queries import (
    coordinators_of,
    directors_of,
    people_of,
    prefecture_coordinators,
)
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
        case Whom.COORDINATOR_Q:
            return list(coordinators_of(case.asking))
        case Whom.COORDINATOR_A:
            return list(coordinators_of(case.addressee))
        case Whom.DIRECTOR_A:
            return directors_of(case.addressee)
        case Whom.MEDICAL_OFFICE_Q:
            return list(people_of(case.asking, Role.MEDICAL_OFFICE))
        case Whom.MEDICAL_OFFICE_A:
            return list(people_of(case.addressee, Role.MEDICAL_OFFICE))
        case Whom.PREFECTURE:
            return list(prefecture_coordinators(case.addressee))
