"""One way to write down a step: the row, its audit, what the world reads, and the screens."""

from typing import Any

from django.utils import timezone

from consult.requests.models import Case, Step
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.doorbells import ring_group
from telemed.core.intentions import require_intention
from telemed.people.models import User


def take_step(
    *, case: Case, action: str, before: str | None = None, publish: bool = True, **facts: Any
) -> Step:
    """Record what was just done to a case (already saved); `before` is its former status."""
    actor = require_intention().actor
    person = actor if isinstance(actor, User) else None
    step = Step.objects.create(
        case=case,
        action=action,
        from_status=before or case.status,
        to_status=case.status,
        actor=person,
        organisation_id=actor.organisation_id,
        at=timezone.now(),
        facts=facts,
    )
    audit.record(action=action, target=case, patient_id=case.patient_id)
    if publish and case.number:
        publication.publish(case)
    ring_group(f"case.{case.pk}", type="case.rang")
    return step
