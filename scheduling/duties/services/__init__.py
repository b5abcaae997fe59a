"""Writes on duties, by idea."""

from scheduling.duties.services.answering import (
    await_confirmation,
    await_settlement,
    confirm,
    dispute,
    leave_windows,
    settle,
    take_back,
    waive,
)
from scheduling.duties.services.counting import UsedUp
from scheduling.duties.services.finding import Findings
from scheduling.duties.services.planning import (
    adopt_part,
    begin,
    close,
    miss_part,
    next_part,
    open_part,
    plan_part,
    read_part,
)
from scheduling.duties.services.serving import (
    Remote,
    add_visit,
    open_day,
    open_duty,
    seal_of,
    serve,
    take_day,
)
from scheduling.duties.services.telling import tell_missed, tell_opened

__all__ = [
    "Findings",
    "Remote",
    "UsedUp",
    "add_visit",
    "adopt_part",
    "await_confirmation",
    "await_settlement",
    "begin",
    "close",
    "confirm",
    "dispute",
    "leave_windows",
    "miss_part",
    "next_part",
    "open_day",
    "open_duty",
    "open_part",
    "plan_part",
    "read_part",
    "seal_of",
    "serve",
    "settle",
    "take_back",
    "take_day",
    "tell_missed",
    "tell_opened",
    "waive",
]
