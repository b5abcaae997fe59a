"""A referral, who was asked in which round, what was asked back, the plan and every step."""

from scheduling.referrals.models.faces import AfterCare, Stay
from scheduling.referrals.models.plans import PlanItem
from scheduling.referrals.models.questions import Question
from scheduling.referrals.models.referral import (
    LIVE,
    OVER,
    PRESSING,
    TAKES,
    THERE,
    WAITED_FOR,
    Agreed,
    Answer,
    Direction,
    Purpose,
    Referral,
    Relation,
    Status,
    Urgency,
)
from scheduling.referrals.models.rounds import Round
from scheduling.referrals.models.steps import DayNumber, Step

__all__ = [
    "LIVE",
    "OVER",
    "PRESSING",
    "TAKES",
    "THERE",
    "WAITED_FOR",
    "AfterCare",
    "Agreed",
    "Answer",
    "DayNumber",
    "Direction",
    "PlanItem",
    "Purpose",
    "Question",
    "Referral",
    "Relation",
    "Round",
    "Status",
    "Stay",
    "Step",
    "Urgency",
]
