"""Where the chart reads from: the FHIR store. The one seam to it."""

from collections.abc import Mapping

from records.chart.reading.elements import Json
from records.fhir import batches
from records.mpi.models import Patient


def record(patient: Patient, limits: Mapping[str, int]) -> dict[str, list[Json]]:
    """{type: how many} of that person's resources, decoded, the newest main date first."""
    return batches.record_of(patient.rids, limits)


def resources(patient: Patient, resource_type: str, limit: int) -> list[Json]:
    """The same, of one type."""
    return record(patient, {resource_type: limit})[resource_type]
