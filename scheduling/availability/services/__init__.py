"""Writes on sessions and places, by idea."""

from scheduling.availability.services.disagreeing import Differs, remember, settle
from scheduling.availability.services.holding_up import hold_up, let_go_on, open_again
from scheduling.availability.services.importing import import_templates
from scheduling.availability.services.keeping import WantedSession, keep_session
from scheduling.availability.services.moving import (
    MovedMeanwhile,
    Place,
    SomebodyBooked,
    move_session,
    place_of,
)
from scheduling.availability.services.offering import Offer
from scheduling.availability.services.places import PeriodFull, give_back, take_place
from scheduling.availability.services.planning import Planned, plan_ahead, plan_sessions
from scheduling.availability.services.publishing import publish_due, publish_session
from scheduling.availability.services.resizing import (
    BelowTaken,
    Resize,
    preview_resize,
    resize_session,
)
from scheduling.availability.services.returning import close_due, finish_due, return_due
from scheduling.availability.services.single import (
    Copied,
    cancel_session,
    copy_month,
    copy_week,
    plan_session,
)
from scheduling.availability.services.single_periods import WantedPeriod, keep_period
from scheduling.availability.services.stopping import restore_session, settle_stop, stop_session
from scheduling.availability.services.stopping_together import (
    Wanted,
    restore_sessions,
    stop_sessions,
)
from scheduling.availability.services.taking_over import take_over
from scheduling.availability.services.telling import tell_to_stop, tell_withheld
from scheduling.availability.services.weekly import (
    Replanned,
    add_day_rule,
    add_template,
    end_template,
    remove_day_rule,
)

__all__ = [
    "BelowTaken",
    "Copied",
    "Differs",
    "MovedMeanwhile",
    "Offer",
    "PeriodFull",
    "Place",
    "Planned",
    "Replanned",
    "Resize",
    "SomebodyBooked",
    "Wanted",
    "WantedPeriod",
    "WantedSession",
    "add_day_rule",
    "add_template",
    "cancel_session",
    "close_due",
    "copy_month",
    "copy_week",
    "end_template",
    "finish_due",
    "give_back",
    "hold_up",
    "import_templates",
    "keep_period",
    "keep_session",
    "let_go_on",
    "move_session",
    "open_again",
    "place_of",
    "plan_ahead",
    "plan_session",
    "plan_sessions",
    "preview_resize",
    "publish_due",
    "publish_session",
    "remember",
    "remove_day_rule",
    "resize_session",
    "restore_session",
    "restore_sessions",
    "return_due",
    "settle",
    "settle_stop",
    "stop_session",
    "stop_sessions",
    "take_over",
    "take_place",
    "tell_to_stop",
    "tell_withheld",
]
