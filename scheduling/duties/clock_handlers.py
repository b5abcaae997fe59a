"""What the clocks of a duty do when they run out."""

from scheduling.duties import services
from scheduling.duties.clock_kinds import CONFIRM, DISPUTE, OUT, RECHECK
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    clocks.register_set(OUT, lambda fired: services.leave_windows(clocks=fired))
    clocks.register(RECHECK, lambda clock: services.await_recheck(clock=clock))
    clocks.register(CONFIRM, lambda clock: services.await_confirmation(clock=clock))
    clocks.register(DISPUTE, lambda clock: services.await_settlement(clock=clock))
