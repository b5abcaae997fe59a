"""One way to write down a step: the row, its audit, what the world reads, and the screens."""

from typing import Any

from consult.requests.models import Case, Step
from consult.requests.queries import coordinators_of
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox
from telemed.people.models import User


def take_step(
    *,
    case: Case,
    action: str,
    before: str | None = None,
    publish: bool = True,
    by_system: bool = False,
    **facts: Any,
) -> Step:
    """
    Record what was just done to a case (already saved); `before` is its former status.

    With `by_system` nobody decided it: it followed by rule from what the person did.
    """
    actor = require_intention().actor
    person = actor if isinstance(actor, User) and not by_system else None
    step = Step.objects.create(
        case=case,
        action=action,
        from_status=before or case.status,
        to_status=case.status,
        actor=person,
        organisation_id=None if by_system else actor.organisation_id,
        at=moments.now(),
        facts=facts,
    )
    audit.record(action=action, target=case, patient_id=case.patient_id)
    if publish and case.number:
        publication.publish(case)
    _ring(case, actor.actor_id)
    return step


def _ring(case: Case, actor_id: str) -> None:
    """The open pages of the others look again; who is told something hears it besides."""
    people = {case.requester_id}
    if case.holder_id:
        people.add(case.holder_id)
    if case.number and case.asked:
        people |= set(coordinators_of(case.asked).values_list("pk", flat=True))
    for person in people:
        if actor_id != f"user:{person}":
            ring_inbox(person)
