"""The audit rows of the door: written, and hashed, by the statement that does the work."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone

from records.fhir.models import Version
from telemed.audit.models import SEALED_FIELDS
from telemed.core.ids import new_id, new_rid
from telemed.core.intentions import Actor

ACTIONS = {
    Version.Method.CREATE: "fhir.create",
    Version.Method.UPDATE: "fhir.update",
    Version.Method.DELETE: "fhir.delete",
}
# The statement alone knows whose person the record is, so it joins the halves of the sealed text
# around that id (plain characters in any encoding) and hashes the whole.
PERSON = SEALED_FIELDS.index("patient_id")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Who acts, for whom and when: what is the same in every row of one intention."""

    COLUMNS: ClassVar[str] = "%(t_at)b, %(t_actor)b, %(t_org)b, %(t_role)b, %(t_trace)b, %(t_door)b"

    actor: Actor
    door: str = "fhir"
    reason: str = ""
    at: datetime = field(default_factory=lambda: timezone.now().astimezone(UTC))
    trace_id: UUID = field(default_factory=new_id)

    def values(self) -> dict[str, Any]:
        return {
            "t_at": self.at,
            "t_actor": self.actor.actor_id,
            "t_org": str(self.actor.organisation_id or ""),
            "t_role": self.actor.role,
            "t_trace": self.trace_id,
            "t_door": self.door,
            "t_reason": self.reason,
            "t_tail": self.tail(),
        }

    def sealed(self, action: str, target: str) -> list[str]:
        values = self.values()
        facts = {
            "at": values["t_at"],
            "actor_id": values["t_actor"],
            "organisation_id": values["t_org"],
            "role": values["t_role"],
            "trace_id": values["t_trace"],
            "door": values["t_door"],
            "action": action,
            "target": target,
            "patient_id": "",
            "reason": self.reason,
            "refused": "",
        }
        return [str(facts[name]) for name in SEALED_FIELDS]

    def head(self, action: str, target: str) -> str:
        """The sealed text up to the person's id; see telemed.audit.models.digest."""
        front = json.dumps(self.sealed(action, target)[:PERSON], ensure_ascii=False)
        return f'{front[:-1]}, "'

    def tail(self) -> str:
        return f'", {json.dumps([self.reason, ""], ensure_ascii=False)[1:]}'

    def of_rows(self, rows: Iterable[Any]) -> dict[str, Any]:
        """For the write statement: a row of audit for each row written."""
        actions = [ACTIONS[Version.Method(row.method)] for row in rows]
        targets = [f"{row.type}/{row.fhir_id}" for row in rows]
        return {
            **self.values(),
            "a_id": [new_rid() for _action in actions],
            "a_action": actions,
            "a_target": targets,
            "a_head": [self.head(a, t) for a, t in zip(actions, targets, strict=True)],
        }

    def of_one(self, action: str, target: str) -> dict[str, Any]:
        """For a read or a search."""
        return {
            **self.values(),
            "a_id": new_rid(),
            "a_action": action,
            "a_target": target,
            "a_head": self.head(action, target),
        }


# One audit row of a statement whose CTE `about` has the person's record number in `patient`.
ONE = f"""au as (insert into audit_auditrow (id, at, actor_id, organisation_id, role, trace_id,
 door, action, target, patient_id, reason, refused, hash)
 select %(a_id)b, {Trace.COLUMNS}, %(a_action)b, %(a_target)b, coalesce(m.id::text, ''),
 %(t_reason)b, '', encode(sha256(convert_to(
 %(a_head)b || coalesce(m.id::text, '') || %(t_tail)b, 'UTF8')), 'hex')
 from about left join mpi_patient m on m.rid = about.patient)"""
