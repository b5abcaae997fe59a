"""Templates, sessions, periods and pools; each noun in a module of its own."""

from scheduling.availability.models.disagreements import Disagreement
from scheduling.availability.models.periods import (
    BOOKABLE,
    Period,
    PeriodPool,
    PeriodState,
    Pool,
)
from scheduling.availability.models.sessions import (
    NOBODY_OF_LEVEL,
    RUNNING,
    TRANSITIONS,
    Session,
    State,
    Stop,
)
from scheduling.availability.models.templates import DayRule, Kind, Template

__all__ = [
    "BOOKABLE",
    "NOBODY_OF_LEVEL",
    "RUNNING",
    "TRANSITIONS",
    "DayRule",
    "Disagreement",
    "Kind",
    "Period",
    "PeriodPool",
    "PeriodState",
    "Pool",
    "Session",
    "State",
    "Stop",
    "Template",
]
