"""What one wants to see: of which month and place, and how."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from telemed.oversight.indicators import Family, Indicator, name_of


class By(StrEnum):
    """What the rows of the table are."""

    PLACE = "place"  # or partner, of an institution's own figures
    SPECIALTY = "specialty"
    URGENCY = "urgency"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`side` is empty where the place decides it."""

    month: date  # its first day
    family: Family
    indicator: Indicator
    by: By = By.PLACE
    place: str = ""
    institution: UUID | None = None
    specialty: str = ""
    urgency: str = ""
    side: str = ""
    sort: str = ""
    span: int = 0  # months that the rows stand for; 0: the place decides it
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter leaves cases out."""
        return bool(self.specialty or self.urgency)

    def but(self, **changed: Any) -> "Wanted":
        """The same with something else; the list begins at its first page again."""
        return replace(self, **{"page": 1, **changed})

    @property
    def query(self) -> str:
        """The address that asks for it."""
        said = {
            "month": name_of(self.month),
            "show": self.indicator.key,
            "by": "" if self.by == By.PLACE else str(self.by),
            "place": self.place,
            "institution": str(self.institution or ""),
            "specialty": self.specialty,
            "urgency": self.urgency,
            "side": self.side,
            "sort": self.sort,
            "span": str(self.span or ""),
            "page": "" if self.page == 1 else str(self.page),
        }
        return urlencode({name: value for name, value in said.items() if value})
