"""Writes on duties, by idea."""

from scheduling.duties.services.answering import (
    await_confirmation,
    await_recheck,
    confirm,
    leave_windows,
    take_back,
    waive,
)
from scheduling.duties.services.checking import Remote
from scheduling.duties.services.counting import UsedUp
from scheduling.duties.services.dating import (
    Dates,
    date_by_record,
    deliver_part,
    open_plan,
    set_dates,
)
from scheduling.duties.services.filing import file_part, file_visits
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
from scheduling.duties.services.pregnancies import end_pregnancy, undo_end
from scheduling.duties.services.rating import count_rates
from scheduling.duties.services.screening import answer_proposal
from scheduling.duties.services.serving import (
    add_visit,
    open_day,
    open_duty,
    seal_of,
    serve,
    take_day,
)
from scheduling.duties.services.settling import (
    await_settlement,
    dispute,
    open_county,
    settle,
    settle_for_county,
)
from scheduling.duties.services.telling import tell_missed, tell_opened

__all__ = [
    "Dates",
    "Findings",
    "Remote",
    "UsedUp",
    "add_visit",
    "adopt_part",
    "answer_proposal",
    "await_confirmation",
    "await_recheck",
    "await_settlement",
    "begin",
    "close",
    "confirm",
    "count_rates",
    "date_by_record",
    "deliver_part",
    "dispute",
    "end_pregnancy",
    "file_part",
    "file_visits",
    "leave_windows",
    "miss_part",
    "next_part",
    "open_county",
    "open_day",
    "open_duty",
    "open_part",
    "open_plan",
    "plan_part",
    "read_part",
    "seal_of",
    "serve",
    "set_dates",
    "settle",
    "settle_for_county",
    "take_back",
    "take_day",
    "tell_missed",
    "tell_opened",
    "undo_end",
    "waive",
]
