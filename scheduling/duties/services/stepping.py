"""What every transition of a duty has in common: the lock, the traces, the next version."""

from collections.abc import Iterable
from uuid import UUID

from scheduling.duties import clock_rows, queries
from scheduling.duties.events import DutyEvent, DutyWaived
from scheduling.duties.models import Duty, Plan, Reason, Status
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.intentions import require_intention
from telemed.notifications.persons import Voice


def lock(actor: Voice, duty_id: UUID) -> Duty:
    """For somebody who may know of it. Raises NotFound for anybody else."""
    queries.get_duty(actor, duty_id)
    return lock_any(duty_id)


def lock_any(duty_id: UUID) -> Duty:
    [duty] = lock_all([duty_id])
    return duty


def lock_all(duty_ids: Iterable[UUID]) -> list[Duty]:
    """Several at once in ascending order: whoever comes the other way waits, and nobody forever."""
    rows = Duty.objects.filter(pk__in=list(duty_ids)).select_for_update(of=["self"], no_key=True)
    return list(rows.select_related(*queries.SHOWN).order_by("pk"))


def step(
    duty: Duty,
    status: Status,
    action: str,
    event: type[DutyEvent] | None = None,
    *,
    reason: str = "",
) -> None:
    """Change, save, and leave every trace of it, in the open intention."""
    require_intention()
    duty.become(status)
    note(duty, action, event, reason=reason)


def note(
    duty: Duty, action: str, event: type[DutyEvent] | None = None, *, reason: str = ""
) -> None:
    duty.save()
    audit.record(action=action, target=duty, patient_id=duty.contract.patient_id, reason=reason)
    publication.publish(duty)
    if event:
        outbox.announce(event(duty_id=duty.pk))


def leave(duty: Duty, because: Reason) -> None:
    """It is owed no longer."""
    duty.waived_because = because
    step(duty, Status.WAIVED, "duty.waive", DutyWaived, reason=because)
    clock_rows.stop(duty)


def publish_plan(plan: Plan) -> None:
    publication.publish(plan)
