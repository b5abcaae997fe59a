"""
Reads of the store for other slices. They decide nothing: whoever calls has asked
`records.consent.access` first.
"""

import json
from typing import Any

from records.fhir import keys
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.models import Resource, Version


def read(resource_type: str, fhir_id: str) -> bytes | None:
    """The current text of an instance; None when there is none, or it was deleted."""
    row = _current(resource_type, fhir_id)
    if row is None or row.deleted:
        return None
    return Version.objects.get(rid=row.rid, version=row.version).body.encode()


def current(resource_type: str, fhir_id: str) -> Version | None:
    """The current version of an instance."""
    row = _current(resource_type, fhir_id)
    return Version.objects.get(rid=row.rid, version=row.version) if row else None


def versions(resource_type: str, fhir_id: str) -> list[Version]:
    """Newest first."""
    row = _current(resource_type, fhir_id)
    return list(Version.objects.filter(rid=row.rid).order_by("-version")) if row else []


def for_patient(patient_rid: int, type_name: str, limit: int) -> list[dict[str, Any]]:
    """One type of a person's record, newest main date first, as decoded JSON."""
    rows = Resource.objects.filter(
        patient=patient_rid, type=TYPE_NUMBER[type_name], deleted=False
    ).order_by("-at", "-rid")[:limit]
    found = [(row.rid, row.version) for row in rows]
    bodies = {(v.rid, v.version): v.body for v in Version.objects.filter(pk__in=found)}
    return [json.loads(bodies[key]) for key in found]


def _current(resource_type: str, fhir_id: str) -> Resource | None:
    number, rid = TYPE_NUMBER[resource_type], keys.rid_of(resource_type, fhir_id)
    return Resource.objects.filter(type=number, rid=rid, fhir_id=fhir_id).first()
