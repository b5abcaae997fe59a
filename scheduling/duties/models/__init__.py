"""What a contract owes a person, a row for each time; and the plan of which it is a part."""

from scheduling.duties.models.duties import TO_FILE, Duty, Form
from scheduling.duties.models.plans import Plan, Quota
from scheduling.duties.models.proposals import Proposal
from scheduling.duties.models.rates import Rate
from scheduling.duties.models.visits import Reading, Visit
from scheduling.duties.models.words import (
    AHEAD,
    DISPUTABLE,
    OPEN,
    TRANSITIONS,
    Answer,
    Answered,
    Code,
    End,
    Kind,
    Mode,
    Reason,
    Risk,
    Status,
)

__all__ = [
    "AHEAD",
    "DISPUTABLE",
    "OPEN",
    "TO_FILE",
    "TRANSITIONS",
    "Answer",
    "Answered",
    "Code",
    "Duty",
    "End",
    "Form",
    "Kind",
    "Mode",
    "Plan",
    "Proposal",
    "Quota",
    "Rate",
    "Reading",
    "Reason",
    "Risk",
    "Status",
    "Visit",
]
