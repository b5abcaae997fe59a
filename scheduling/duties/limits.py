"""
What the form of a duty may hold, and from which value on a patient is referred.

The one source: forms and services go by it, and the pages print it for the device, which checks
by the same numbers and sentences where there is no line.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from scheduling.duties import parts

PRESSURE = (30, 300)  # mmHg
GLUCOSE = (Decimal("0.5"), Decimal(60))  # mmol/L
SYSTOLIC, DIASTOLIC = 180, 110  # from here on: refer now
SUGAR_HIGH, SUGAR_LOW = Decimal("16.7"), Decimal("3.9")
CONTROL_SYSTOLIC, CONTROL_DIASTOLIC = 140, 90  # from here on: not controlled
CONTROL_SUGAR = Decimal("7.0")
NOTE, REFUSED, BECAUSE = 5, 5, 5  # characters, at least
SIGNATURE = 400_000  # bytes
LONGEST, REFUSAL = 500, 200  # characters, at most

MODE = _("Please choose how it was done.")
FACE = _("This duty must be face to face.")
PRESSURE_RANGE = _("A blood pressure lies between 30 and 300.")
GLUCOSE_RANGE = _("A glucose lies between 0.5 and 60 mmol/L.")
BOTH = _("Enter both values of the blood pressure.")
HIGHER = _("The first value of the blood pressure is the higher one.")
SUGAR = _("Enter the fasting glucose.")
DONE = _("Write at least {n} characters about what was done.")

# Why a value that is no warning by itself is one.
AGAIN = {
    "pressure": _("Second visit running with a blood pressure of 140/90 or more."),
    "glucose": _("Second visit running with a fasting glucose of 7.0 mmol/L or more."),
}


def uncontrolled(systolic: int | None, diastolic: int | None, glucose: Decimal | None) -> set[str]:
    """What of these values is not controlled, by kind."""
    pressure = (systolic or 0) >= CONTROL_SYSTOLIC or (diastolic or 0) >= CONTROL_DIASTOLIC
    sugar = glucose is not None and glucose >= CONTROL_SUGAR
    return {kind for kind, is_so in (("pressure", pressure), ("glucose", sugar)) if is_so}


def as_data() -> dict[str, Any]:
    """For a page, in the reader's language."""
    return {
        "pressure": PRESSURE,
        "glucose": [float(edge) for edge in GLUCOSE],
        "warns": {
            "systolic": SYSTOLIC,
            "diastolic": DIASTOLIC,
            "high": float(SUGAR_HIGH),
            "low": float(SUGAR_LOW),
        },
        "control": {
            "systolic": CONTROL_SYSTOLIC,
            "diastolic": CONTROL_DIASTOLIC,
            "sugar": float(CONTROL_SUGAR),
        },
        "again": {kind: str(said) for kind, said in AGAIN.items()},
        **parts.as_data(),
        "least": {"note": NOTE, "refusal": REFUSED, "because": BECAUSE},
        "say": {
            "mode": str(MODE),
            "face": str(FACE),
            "pressure": str(PRESSURE_RANGE),
            "glucose": str(GLUCOSE_RANGE),
            "both": str(BOTH),
            "higher": str(HIGHER),
            "sugar": str(SUGAR),
            "note": str(DONE).format(n=NOTE),
        },
    }
