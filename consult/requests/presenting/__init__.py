"""Cases as rows, steps and acts, in words; templates hold no logic."""

from consult.requests.presenting.asking import (
    ASKING,
    faults,
    missing,
    signers,
    specialties,
)
from consult.requests.presenting.boards import board
from consult.requests.presenting.joint import Plan, plan_page, team
from consult.requests.presenting.pages import (
    RESULTS,
    acts,
    arriving,
    page,
    promise,
    steps_of,
)
from consult.requests.presenting.picking import Picking, picking
from consult.requests.presenting.pool import Choice, pool
from consult.requests.presenting.routes import Way, chosen, ways
from consult.requests.presenting.rows import Row, hands, row
from consult.requests.words import step_words

__all__ = [
    "ASKING",
    "RESULTS",
    "Choice",
    "Picking",
    "Plan",
    "Row",
    "Way",
    "acts",
    "arriving",
    "board",
    "chosen",
    "faults",
    "hands",
    "missing",
    "page",
    "picking",
    "plan_page",
    "pool",
    "promise",
    "row",
    "signers",
    "specialties",
    "step_words",
    "steps_of",
    "team",
    "ways",
]
