"""The due date, as the record says it: by itself, or by the last period."""

from datetime import date

from records.chart.queries import Chart
from records.mpi.models import Patient
from scheduling.duties.calendar import PREGNANCY
from telemed.core.publication import Json

EXPECTED, LAST_PERIOD = "11778-8", "8665-2"  # LOINC
VOID = ("cancelled", "entered-in-error")


def find_due_date(patient: Patient) -> date | None:
    """The newest that the record holds."""
    found = [
        said
        for one in Chart(patient, ["Observation"]).resources("Observation")
        if (said := _read(one))
    ]
    return max(found, default=(None, None))[1]


def _read(observation: Json) -> tuple[str, date] | None:
    """When it was said, and the due date."""
    coded = (observation.get("code") or {}).get("coding") or []
    codes = {one.get("code") for one in coded} & {EXPECTED, LAST_PERIOD}
    if not codes or observation.get("status") in VOID:
        return None
    try:
        day = date.fromisoformat(str(observation.get("valueDateTime"))[:10])
    except ValueError:  # a month, or none
        return None
    at = str(observation.get("effectiveDateTime") or observation.get("issued") or "")
    return at, day if EXPECTED in codes else day + PREGNANCY
