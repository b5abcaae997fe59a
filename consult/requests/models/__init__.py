"""The case and everything that hangs on it; each noun in a module of its own."""

from consult.requests.models.case import (
    ANSWERED,
    ENDED,
    HELD,
    OPEN,
    OVER,
    TAKING_IMAGES,
    TRANSITIONS,
    UNANSWERED,
    Case,
    Grade,
    Kind,
    NumberLane,
    Status,
    WantedTime,
    yuan,
)
from consult.requests.models.meetings import HALF_HOUR, HalfHour, Meeting, Side
from consult.requests.models.offers import Offer, Onlooker
from consult.requests.models.questions import Question
from consult.requests.models.results import Outcome, Receipt
from consult.requests.models.steps import Step
from consult.requests.models.thread import Message

__all__ = [
    "ANSWERED",
    "ENDED",
    "HALF_HOUR",
    "HELD",
    "OPEN",
    "OVER",
    "TAKING_IMAGES",
    "TRANSITIONS",
    "UNANSWERED",
    "Case",
    "Grade",
    "HalfHour",
    "Kind",
    "Meeting",
    "Message",
    "NumberLane",
    "Offer",
    "Onlooker",
    "Outcome",
    "Question",
    "Receipt",
    "Side",
    "Status",
    "Step",
    "WantedTime",
    "yuan",
]
