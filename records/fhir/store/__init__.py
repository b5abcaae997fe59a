"""The store's own port: what slices publish."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from records.fhir import keys, text
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.store.rows import Row, now, row_of
from records.fhir.store.statement import write
from records.fhir.work import Ask, Work, run_here
from telemed.core.errors import Conflict
from telemed.core.publication import Json, Mapping

CURRENT = """select version, body from fhir_resource r join fhir_version v using (rid, version)
 where r.type = %(type)b::int2 and r.rid = %(rid)b::int8 for no key update of r"""
CURRENT_MANY = """select r.rid, version, body
 from fhir_resource r join fhir_version v using (rid, version)
 where r.type = %(type)b::int2 and r.rid = any(%(rids)b::int8[]) order by r.rid
 for no key update of r"""


def keep_published(
    mapping: Mapping[Any],
    resource_id: str,
    resource: Json,
    *,
    organisation: int | None = None,
    new: bool = False,
) -> None:
    """
    Keep the next version of a published instance, in the open intention.

    Raises Unfit when the mapping builds what is no valid R4. Nothing is kept when nothing changed.
    The service that changed the model writes the audit row.
    """
    run_here(_publish(mapping, resource_id, resource, organisation, new=new))


def _publish(
    mapping: Mapping[Any], fhir_id: str, resource: Json, org: int | None, *, new: bool
) -> Work[None]:
    type_name = mapping.resource_type
    which = {"type": TYPE_NUMBER[type_name], "rid": keys.rid_of(type_name, fhir_id)}
    current = [] if new else (yield Ask(CURRENT, which))
    version = current[0][0] + 1 if current else 1
    row = _row(mapping, fhir_id, resource, version, now(), org)
    if current and text.same_content(row.body, current[0][1]):
        return
    ((done,),) = yield write([row], None, keys.REVISION)
    if not done:
        raise _at_once(type_name)


def keep_new(mapping: Mapping[Any], resources: list[tuple[str, Json]]) -> None:
    """Keep the first version of many instances of one type, in one statement."""
    moment = now()
    run_here(_write_new([_row(mapping, *one, 1, moment) for one in resources]))


def keep_next(mapping: Mapping[Any], resources: list[tuple[str, Json]]) -> None:
    """Keep the next version of many instances of one type, unchanged ones not."""
    run_here(_write_next(mapping, resources))


def _write_new(rows: list[Row]) -> Work[None]:
    yield write(rows, None, keys.REVISION)


def _write_next(mapping: Mapping[Any], resources: list[tuple[str, Json]]) -> Work[None]:
    type_name = mapping.resource_type
    rids = {fhir_id: keys.rid_of(type_name, fhir_id) for fhir_id, _resource in resources}
    asked = {"type": TYPE_NUMBER[type_name], "rids": list(rids.values())}
    current = {rid: (version, body) for rid, version, body in (yield Ask(CURRENT_MANY, asked))}
    moment, rows = now(), []
    for fhir_id, resource in resources:
        version, body = current.get(rids[fhir_id], (0, None))
        row = _row(mapping, fhir_id, resource, version + 1, moment)
        if body is None or not text.same_content(row.body, body):
            rows.append(row)
    if rows:
        ((done,),) = yield write(rows, None, keys.REVISION)
        if not done:
            raise _at_once(type_name)


def _row(
    mapping: Mapping[Any],
    fhir_id: str,
    resource: Json,
    version: int,
    moment: datetime,
    org: int | None = None,
) -> Row:
    raw, value = text.own({**resource, "resourceType": mapping.resource_type})
    return row_of(
        raw,
        resource=value,
        resource_type=mapping.resource_type,
        fhir_id=fhir_id,
        version=version,
        updated=moment,
        org=org,
        owner=mapping.owner,
    )


def _at_once(type_name: str) -> Conflict:
    return Conflict(_("Somebody else changed this at the same time."), path=type_name)
