"""What the clocks of a booking do when they run out."""

from scheduling.appointments import penalties, services
from scheduling.appointments.clock_rows import (
    CHOICE,
    HOLD,
    NO_SHOW,
    OFFER,
    REMIND,
    RETURN,
    STAY,
    WAIT_END,
)
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    clocks.register(HOLD, lambda clock: services.expire_hold(clock=clock))
    clocks.register(RETURN, lambda clock: services.return_place(clock=clock))
    clocks.register(NO_SHOW, lambda clock: services.count_strike(clock=clock))
    clocks.register(CHOICE, lambda clock: services.choice_due(clock=clock))
    clocks.register(STAY, lambda clock: services.stay_due(clock=clock))
    clocks.register(OFFER, lambda clock: services.lapse(clock=clock))
    clocks.register(WAIT_END, lambda clock: services.end_wait(clock=clock))
    clocks.register(penalties.APPEAL, lambda clock: services.chase_appeal(clock=clock))
    clocks.register(REMIND, lambda clock: services.remind(clock=clock))
