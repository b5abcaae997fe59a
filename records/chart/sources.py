"""Where the chart reads from: the FHIR store. The one seam to it."""

from records.chart.reading.elements import Json
from records.fhir import queries
from records.mpi.models import Patient


def resources(patient: Patient, resource_type: str, limit: int) -> list[Json]:
    """That person's resources of a type, decoded, those with the newest main date first."""
    return queries.for_patient(patient.rid, resource_type, limit)
