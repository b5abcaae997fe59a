"""A person's record in one statement, for pages that show many types at once."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from records.fhir.definitions import TYPE_NUMBER

# One walk of the (patient, type, at, rid) index a record and type, then the texts of those rows.
RECORD = """
select w.type, v.body
  from unnest(%(types)s::smallint[], %(limits)s::int[]) w (type, most)
 cross join lateral (select r.* from unnest(%(patients)s::bigint[]) p (rid)
        cross join lateral (select rid, version, at from fhir_resource r
        where r.patient = p.rid and r.type = w.type and not r.deleted
        order by r.at desc, r.rid desc limit w.most) r
        order by r.at desc, r.rid desc limit w.most) r
  join lateral (select body from fhir_version v
        where v.rid = r.rid and v.version = r.version offset 0) v on true
 order by w.type, r.at desc, r.rid desc
"""


def record_of(
    patients: Sequence[int], limits: Mapping[str, int]
) -> dict[str, list[dict[str, Any]]]:
    """
    {type: how many} to {type: resources}, decoded, those with the newest main date first.

    `patients`: the numbers of one person's records, several where records were merged.

    Decides nothing: whoever calls has asked `records.consent.access` first. Decimals keep their
    digits.
    """
    names = {TYPE_NUMBER[name]: name for name in limits}
    asked: dict[str, Any] = {"patients": list(patients), "types": list(names)}
    asked["limits"] = list(limits.values())
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in limits}
    with connection.cursor() as cursor:
        cursor.execute(RECORD, asked)
        for number, body in cursor.fetchall():
            found[names[number]].append(json.loads(body, parse_float=Decimal))
    return found
