"""The audit rows of the door: written, and hashed, by the statement that does the work."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from records.fhir import access
from records.fhir.arrays import array
from records.fhir.callers import Caller
from records.fhir.models import Version
from records.fhir.work import Ask
from telemed.audit.models import SEALED_FIELDS, digest
from telemed.core.errors import DomainError
from telemed.core.ids import new_id, new_rid

ACTIONS = {
    Version.Method.CREATE: "fhir.create",
    Version.Method.UPDATE: "fhir.update",
    Version.Method.DELETE: "fhir.delete",
}
COMMON = "%(t_at)b, %(t_actor)b, %(t_org)b, %(t_role)b, %(t_trace)b, %(t_door)b"
COLUMNS = """id, at, actor_id, organisation_id, role, trace_id, door, action, target, patient_id,
 reason, refused, hash"""
# Only the statement knows whose person the record is and why it may be seen. So it puts these two
# (plain characters in any encoding) into the sealed text, and hashes the whole.
SEALED = """encode(sha256(convert_to({head} || person || '", "' || reason || '", ""]', 'UTF8')),
 'hex')"""
if SEALED_FIELDS[-5:] != ["action", "target", "patient_id", "reason", "refused"]:
    raise ImportError("The statements of records.fhir.trace seal an older set of audit fields.")
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Who acts, for whom and when: what is the same in every audit row of one intention."""

    caller: Caller
    door: str = "fhir"
    at: datetime = field(default_factory=lambda: timezone.now().astimezone(UTC))
    trace_id: UUID = field(default_factory=new_id)

    def values(self) -> dict[str, Any]:
        return {
            **access.values(self.caller),
            "t_at": self.at,
            "t_actor": self.caller.actor_id,
            "t_org": str(self.caller.organisation_id or ""),
            "t_role": self.caller.role,
            "t_trace": self.trace_id,
            "t_door": self.door,
        }

    def facts(self, action: str, target: str, refused: str = "") -> dict[str, Any]:
        return {
            "at": self.at,
            "actor_id": self.caller.actor_id,
            "organisation_id": str(self.caller.organisation_id or ""),
            "role": self.caller.role,
            "trace_id": self.trace_id,
            "door": self.door,
            "action": action,
            "target": target,
            "patient_id": "",
            "reason": "",
            "refused": refused,
        }

    def heads(self, actions: list[str], targets: list[str]) -> list[str]:
        """The sealed texts (telemed.audit.models.digest) up to the person's id."""
        facts = self.facts("", "")
        front = _quoted([str(facts[name]) for name in SEALED_FIELDS[:-5]])[:-1]
        pairs = zip(actions, targets, strict=True)
        return [f'{front}, {_quoted(action)}, {_quoted(target)}, "' for action, target in pairs]

    def of_rows(self, rows: Iterable[Any]) -> dict[str, Any]:
        """For the write statement: a row of audit for each row written."""
        actions = [ACTIONS[Version.Method(row.method)] for row in rows]
        targets = [f"{row.type}/{row.fhir_id}" for row in rows]
        return {
            **self.values(),
            "a_id": array("int8", [new_rid() for _action in actions]),
            "a_action": array("text", actions),
            "a_target": array("text", targets),
            "a_head": array("text", self.heads(actions, targets)),
        }

    def of_one(self, action: str, target: str) -> dict[str, Any]:
        """For a statement that reads, with OF_ONE."""
        return {
            **self.values(),
            "a_id": new_rid(),
            "a_action": action,
            "a_target": target,
            "a_head": self.heads([action], [target])[0],
        }

    def of_many(self, action: str, targets: list[str]) -> dict[str, Any]:
        """For one statement that reads several, with OF_MANY."""
        return {
            **self.values(),
            "a_id": array("int8", [new_rid() for _target in targets]),
            "a_action": action,
            "a_target": array("text", targets),
            "a_head": array("text", self.heads([action] * len(targets), targets)),
        }

    def refusal(self, action: str, error: DomainError) -> Ask:
        """A refused attempt leaves a trace too: a statement, and so an intention, of its own."""
        facts = self.facts(action, error.path[:80], str(error.kind))
        values = {**facts, "id": new_rid(), "hash": digest(facts)}
        names = ", ".join(f"%({name.strip()})b" for name in COLUMNS.split(","))
        return Ask(f"insert into audit_auditrow ({COLUMNS}) values ({names})", values)


OF_ROWS = f"""
au as (insert into audit_auditrow ({COLUMNS})
 select a, {COMMON}, b, c, person, reason, '', {SEALED.format(head="d")} from (
 select a, b, c, d, coalesce(m.id::text, '') as person, {access.REASON.format(patient="t.p")}
 as reason from unnest(%(a_id)b::int8[], %(a_action)b::text[], %(a_target)b::text[],
 %(a_head)b::text[], %(pat)b::int8[]) t(a, b, c, d, p) left join mpi_patient m on m.rid = t.p
 ) audited{{when}})"""
# For a statement whose CTE `about` has one row, with the record number of the person in `patient`.
OF_ONE = f"""
au as (insert into audit_auditrow ({COLUMNS})
 select %(a_id)b, {COMMON}, %(a_action)b, %(a_target)b, person, reason, '',
 {SEALED.format(head="%(a_head)b")} from (
 select coalesce(m.id::text, '') as person, {access.REASON.format(patient="about.patient")}
 as reason from about left join mpi_patient m on m.rid = about.patient) audited)"""
# For one whose CTE `about` has a row for each that was found, with what of_many() gave for it.
# A deleted one shows nothing: its refusal is audited instead.
OF_MANY = f"""
au as (insert into audit_auditrow ({COLUMNS})
 select id, {COMMON}, %(a_action)b, target, person, reason, '', {SEALED.format(head="head")} from (
 select about.id, about.target, about.head, coalesce(m.id::text, '') as person,
 {access.REASON.format(patient="about.patient")} as reason
 from about left join mpi_patient m on m.rid = about.patient where not about.deleted)
 audited)"""
