"""Cases as rows, steps and acts, in words; templates hold no logic."""

from consult.requests.presenting.asking import (
    ASKING,
    choice_of,
    faults,
    missing,
    specialties,
)
from consult.requests.presenting.boards import board
from consult.requests.presenting.pages import acts, page, promise, steps_of
from consult.requests.presenting.rows import Row, hands, row
from consult.requests.words import step_words

__all__ = [
    "ASKING",
    "Row",
    "acts",
    "board",
    "choice_of",
    "faults",
    "hands",
    "missing",
    "page",
    "promise",
    "row",
    "specialties",
    "step_words",
    "steps_of",
]
