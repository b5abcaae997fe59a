"""What the clocks of a contract do when they run out."""

from scheduling.registration import services
from scheduling.registration.clock_rows import (
    END,
    HAND_OVER,
    OF_AGE,
    RENEWAL,
    REVIEW,
    SIGNATURE,
    START,
)
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    clocks.register(REVIEW, lambda clock: services.climb_review(clock=clock))
    clocks.register(SIGNATURE, lambda clock: services.await_signature(clock=clock))
    clocks.register(START, lambda clock: services.begin(clock=clock))
    clocks.register(RENEWAL, lambda clock: services.ask_renewal(clock=clock))
    clocks.register(END, lambda clock: services.run_out(clock=clock))
    clocks.register(HAND_OVER, lambda clock: services.miss_hand_over(clock=clock))
    clocks.register(OF_AGE, lambda clock: services.ask_own_signature(clock=clock))
