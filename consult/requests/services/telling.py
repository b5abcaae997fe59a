"""Messages about a case: staff and institutions by name, the patient never."""

from typing import Any

from django.utils import timezone

from consult.requests.models import Case
from telemed.core.clocks import find_next
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User


def tell(*, case: Case, recipient: User, template: str, turn: int = 0, **facts: Any) -> None:
    """
    Put a message about this case in somebody's inbox, once.

    Where a clock speaks and no person, the desk of the asked hospital phones who does not read it.
    """
    actor = require_intention().actor
    clock = find_next(case.pk, "case.accept")
    own = recipient.pk == case.patient.user_id
    notify(
        recipient=recipient,
        template=template,
        about=case.pk,
        url=f"/my/cases/{case.pk}/" if own else f"/cases/{case.pk}/",
        turn=turn,
        pressing=case.is_emergency,
        desk=actor.organisation_id or case.asked_id,
        **{
            "no": case.number,
            "org": case.asking.name,
            "phone": case.asking.phone,
            "time": f"{timezone.localtime(clock.due_at):%H:%M}" if clock else "",
            **facts,
        },
    )
