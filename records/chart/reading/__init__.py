"""From R4 resources to the rows that people read. Pure; in the active language."""

from records.chart.reading.elements import Read, Skipped, When
from records.chart.reading.history import (
    Allergies,
    Allergy,
    Medicine,
    Problem,
    allergies,
    medicines,
    problems,
)
from records.chart.reading.results import Measurement, Result, measurements, results
from records.chart.reading.visits import Entry, entries

__all__ = [
    "Allergies",
    "Allergy",
    "Entry",
    "Measurement",
    "Medicine",
    "Problem",
    "Read",
    "Result",
    "Skipped",
    "When",
    "allergies",
    "entries",
    "measurements",
    "medicines",
    "problems",
    "results",
]
