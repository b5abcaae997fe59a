"""Writing the trace."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import statements
from telemed.core.copying import copy_in
from telemed.core.intentions import require_intention


def record(
    *,
    action: str,
    target: Model | str,
    patient_id: object = "",
    reason: str = "",
    refused: str = "",
) -> None:
    """Say who did what to which record; who and for whom come from the open intention."""
    require_intention()
    statements.insert(_row(action, target, patient_id, reason, refused))


def record_many(*, action: str, targets: Iterable[Model]) -> None:
    """The same for each of many people of the index, as an import enters them."""
    require_intention()
    copy_in([_row(action, one, one.pk, "", "") for one in targets])


def _row(
    action: str, target: Model | str, patient_id: object, reason: str, refused: str
) -> AuditRow:
    opened = require_intention()
    if isinstance(target, Model):
        target = f"{target._meta.object_name}/{target.pk}"
    row = AuditRow(
        at=timezone.now(),
        actor_id=opened.actor.actor_id,
        organisation_id=str(opened.actor.organisation_id or ""),
        role=opened.actor.role,
        trace_id=opened.trace_id,
        door=opened.door,
        action=action,
        target=target,
        patient_id=str(patient_id),
        reason=reason,
        refused=refused,
    )
    row.hash = row.digest()
    return row
