"""What the form of a service says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self
from uuid import UUID

from scheduling.duties import limits, parts
from scheduling.duties.models import Duty, Kind
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
    entries: Mapping[str, str] = field(default_factory=dict)  # by the fields of parts.py
    refusal: str = ""
    draft: UUID | None = None
    seen: str = ""  # Duty.mark as the device knew it; empty: it did not say
    waited: int = 0  # seconds on a device
    signature: bytes | None = None  # of the resident, on the doctor's device

    @classmethod
    def of(cls, duty: Duty) -> Self:
        """What was entered, as it is kept."""
        return cls(
            mode=duty.mode,
            systolic=duty.systolic,
            diastolic=duty.diastolic,
            glucose=duty.glucose,
            signs=duty.signs,
            entries=duty.entries,
        )

    @property
    def alarms(self) -> set[str]:
        """The kinds of value, and the parts, that are a warning by themselves."""
        systolic, diastolic = self.systolic or 0, self.diastolic or 0
        low, high = limits.SUGAR_LOW, limits.SUGAR_HIGH
        found = {
            Kind.PRESSURE: systolic >= limits.SYSTOLIC or diastolic >= limits.DIASTOLIC,
            Kind.GLUCOSE: self.glucose is not None and not low < self.glucose < high,
        }
        return {kind.value for kind, is_so in found.items() if is_so} | parts.alarms(self.entries)

    @property
    def uncontrolled(self) -> set[str]:
        """The kinds that the norm calls not controlled: a warning when it is so twice running."""
        return limits.uncontrolled(self.systolic, self.diastolic, self.glucose)

    @property
    def is_refused(self) -> bool:
        """The referral, by the patient."""
        return len(self.refusal.strip()) >= limits.REFUSED

    def at(self) -> datetime:
        """When it was done: a device counts how long it waited, so its clock may be wrong."""
        return moments.now() - min(timedelta(seconds=self.waited), OLDEST)
