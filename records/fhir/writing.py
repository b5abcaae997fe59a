"""Creates, updates and deletes, one or many, as one piece of work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from records.consent import receiving as care
from records.fhir import access, keys, text
from records.fhir.arrays import array
from records.fhir.callers import Caller
from records.fhir.definitions import TYPE_NUMBER, TYPES
from records.fhir.models import Version
from records.fhir.outcomes import NotAllowed
from records.fhir.store.rows import Row, Unfit, now, row_of, tombstone
from records.fhir.store.statement import write
from records.fhir.trace import Trace
from records.fhir.walker.primitives import Issue
from records.fhir.work import Ask, Work
from records.mpi import receiving as people
from telemed.core.errors import Conflict, DomainError, NotFound, Stale

PAUSE = 50  # entries after which others may run
# One after the other as the arrays say, and so locked in their order.
CURRENT = """select r.* from unnest(%(types)b::int2[], %(rids)b::int8[]) t(a, b)
 cross join lateral (select r.type, r.rid, r.fhir_id, r.version, r.deleted, r.owner, r.patient,
 r.org, {visible}, {body} from fhir_resource r where r.type = t.a and r.rid = t.b
 offset 0{lock}) r"""
BODY = """(select body from fhir_version v where v.rid = r.rid and v.version = r.version)"""


class Lost(Conflict):
    """Another writer came between reading and writing; trying again may help."""


class Owned(NotAllowed):
    """A slice published the instance; it changes through that slice alone."""

    def __init__(self, owner: str, path: str, version: int) -> None:
        text = _("This {type} belongs to {owner} and changes only there, not over FHIR.")
        type_name = path.partition("/")[0]
        super().__init__(text.format(type=type_name, owner=owner), path=path)
        self.owner, self.version = owner, version


@dataclass(slots=True)
class Change:
    """One write that is asked for."""

    method: Version.Method
    type: str
    fhir_id: str
    raw: bytes = b""
    resource: Any = None  # the value of `raw`, if it is known already
    if_match: int | None = None
    place: str = ""  # "Bundle.entry[3].resource", in front of the paths of issues

    @property
    def path(self) -> str:
        return f"{self.type}/{self.fhir_id}"

    @property
    def rid(self) -> int:
        return keys.rid_of(self.type, self.fhir_id)


@dataclass(slots=True)
class Current:
    """What is there now."""

    type: str
    rid: int
    fhir_id: str
    version: int
    deleted: bool
    owner: str | None
    patient: int | None
    org: int | None
    visible: bool
    body: bytes | None


@dataclass(slots=True)
class Plan:
    """How to write: under a lock; leaving what did not change; going on past what is refused."""

    lock: bool = False
    skip_same: bool = False
    refused: list[tuple[Change, DomainError]] | None = None  # to collect refusals, not raise them


def apply(
    caller: Caller, changes: list[Change], plan: Plan | None = None, trace: Trace | None = None
) -> Work[list[Row | None]]:
    """
    Write all changes or none. A row for each; None for what was left as it is.

    Needs a transaction around it if it has a Patient or a lock. Raises Unfit, NotFound, Stale,
    Forbidden, Owned, Conflict, and Lost when it should be tried again.
    """
    plan = plan or Plan()
    current = yield from _current(caller, changes, plan)
    rows: list[Row | None] = []
    patients: set[int | None] = set()
    for number, change in enumerate(changes):
        before = current.get((change.type, change.rid)) if current else None
        try:
            row = _row(caller, change, before)
        except DomainError as error:
            if plan.refused is None:
                raise
            plan.refused.append((change, error))
            before = row = None
        patients.update(known.patient for known in (before, row) if known)
        rows.append(None if row and _is_same(plan, row, before) else row)
        if number % PAUSE == PAUSE - 1:
            yield None
    written = [row for row in rows if row]
    new = {row.rid for row in written if row.type == "Patient" and row.version == 1}
    yield from access.require_treated(caller, patients, new)
    if written:
        yield from _people(caller, written, new)
        ((done,),) = yield write(written, trace or Trace(caller=caller), keys.REVISION)
        if not done:
            raise Lost(_("Somebody else changed this at the same time."), path=changes[0].path)
    return rows


def _is_same(plan: Plan, row: Row, before: Current | None) -> bool:
    if not plan.skip_same or before is None or before.deleted or row.deleted:
        return False
    return text.same_content(row.body, before.body or b"{}")


def _current(
    caller: Caller, changes: list[Change], plan: Plan
) -> Work[dict[tuple[str, int], Current]]:
    """Ids that we have just given are not looked for."""
    known = [c for c in changes if c.method != Version.Method.CREATE]
    if not known:
        return {}
    types = {change.type for change in known}
    visible = " or ".join(
        f"(r.type = {TYPE_NUMBER[name]} and {access.visible(caller, 'r', name, 'cruds')})"
        for name in sorted(types)
    )
    sql = CURRENT.format(
        visible=f"coalesce({visible}, false)",
        body=BODY if plan.skip_same else "null::text",
        lock=" for no key update of r" if plan.lock else "",
    )
    which = sorted((TYPE_NUMBER[change.type], change.rid) for change in known)
    asked = access.values(caller)
    asked["types"] = array("int2", [number for number, _rid in which])
    asked["rids"] = array("int8", [rid for _number, rid in which])
    found = yield Ask(sql, asked)
    return {(row.type, row.rid): row for row in map(_current_row, found)}


def _current_row(row: tuple[Any, ...]) -> Current:
    number, rid, fhir_id, version, deleted, owner, patient, org, visible, body = row
    return Current(
        TYPES[number],
        rid,
        fhir_id.decode(),
        version,
        deleted,
        owner.decode() if owner is not None else None,
        patient,
        org,
        visible,
        body,
    )


def _row(caller: Caller, change: Change, before: Current | None) -> Row | None:
    """The row of one change; None for what is deleted already."""
    try:
        _require_possible(change, before)
        if before and before.deleted and change.method == Version.Method.DELETE:
            return None
        version = before.version + 1 if before else 1
        org = before.org if before else caller.org
        if change.method == Version.Method.DELETE and before:
            return tombstone(
                Row(
                    change.type,
                    change.rid,
                    change.fhir_id,
                    version,
                    now(),
                    patient=before.patient,
                    org=org,
                )
            )
        row = row_of(
            change.raw,
            resource_type=change.type,
            fhir_id=change.fhir_id,
            version=version,
            updated=now(),
            org=org,
            resource=change.resource,
        )
        if change.method == Version.Method.UPDATE and row.resource.get("id") != change.fhir_id:
            said = _("The id is not that of the address.")
            raise Unfit([Issue(f"{change.type}.id", "invalid", said)])
        return row
    except Unfit as error:
        if not change.place:
            raise
        raise Unfit(
            [Issue(f"{change.place}.{path}", code, said) for path, code, said in error.issues]
        ) from None
    except DomainError as error:
        error.path = change.place or error.path or change.path
        raise


def _require_possible(change: Change, before: Current | None) -> None:
    if before is None:
        if change.method == Version.Method.DELETE:
            raise NotFound(_("Not found, or not yours to know of."), path=change.path)
        if change.if_match is not None:
            raise Stale(_("There is no such version."), path=change.path)
        if change.method == Version.Method.UPDATE and change.rid >= 0:
            raise Conflict(_("Ids of this form are given by this server."), path=change.path)
        return
    if not before.visible:
        raise NotFound(_("Not found, or not yours to know of."), path=change.path)
    if before.fhir_id != change.fhir_id:
        raise Conflict(_("This id cannot be used here; choose another."), path=change.path)
    if before.owner is not None:
        raise Owned(before.owner, change.path, before.version)
    if change.if_match not in (None, before.version):
        text = _("The present version is {version}.").format(version=before.version)
        raise Stale(text, path=change.path)
    if change.type == "Patient" and change.method == Version.Method.DELETE:
        text = _("A person of the index is not deleted; set active to false.")
        raise Conflict(text, path=change.path)


def _people(caller: Caller, rows: Iterable[Row], new: set[int]) -> Work[None]:
    """Index rows of the Patients among them; the institution that brings them treats them."""
    persons = [
        people.person_of(
            row.resource, fhir_id=row.fhir_id, rid=row.rid, organisation_id=caller.organisation_id
        )
        for row in rows
        if row.type == "Patient"
    ]
    if persons:
        yield Ask(*people.keep(persons))
    if new and caller.org is not None:
        yield Ask(*care.treat(caller.org, sorted(new)))
