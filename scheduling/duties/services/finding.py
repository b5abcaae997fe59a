"""What the form of a service says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from scheduling.duties import limits
from telemed.core import moments

OLDEST = timedelta(days=31)  # since when a visit may wait on a device


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the form says."""

    mode: str
    systolic: int | None = None
    diastolic: int | None = None
    glucose: Decimal | None = None
    signs: bool = False
    note: str = ""
    refusal: str = ""
    draft: UUID | None = None
    seen: str = ""  # Duty.mark as the device knew it; empty: it did not say
    waited: int = 0  # seconds on a device
    signature: bytes | None = None  # of the resident, on the doctor's device

    @property
    def warns(self) -> bool:
        systolic, diastolic = self.systolic or 0, self.diastolic or 0
        pressure = systolic >= limits.SYSTOLIC or diastolic >= limits.DIASTOLIC
        low, high = limits.SUGAR_LOW, limits.SUGAR_HIGH
        sugar = self.glucose is not None and not low < self.glucose < high
        return pressure or sugar or self.signs

    @property
    def is_refused(self) -> bool:
        """The referral, by the patient."""
        return len(self.refusal.strip()) >= limits.REFUSED

    def at(self) -> datetime:
        """When it was done: a device counts how long it waited, so its clock may be wrong."""
        return moments.now() - min(timedelta(seconds=self.waited), OLDEST)
