"""Writes on sessions and places, by idea."""

from scheduling.availability.services.places import PeriodFull, give_back, take_place
from scheduling.availability.services.planning import Planned, plan_ahead, plan_sessions
from scheduling.availability.services.publishing import publish_due, publish_session
from scheduling.availability.services.returning import close_due, finish_due, return_due

__all__ = [
    "PeriodFull",
    "Planned",
    "close_due",
    "finish_due",
    "give_back",
    "plan_ahead",
    "plan_sessions",
    "publish_due",
    "publish_session",
    "return_due",
    "take_place",
]
