"""What the clocks of a duty do when they run out."""

from scheduling.duties import services
from scheduling.duties.clock_rows import CONFIRM, DISPUTE, OUT
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    clocks.register(OUT, lambda clock: services.leave_window(clock=clock))
    clocks.register(CONFIRM, lambda clock: services.await_confirmation(clock=clock))
    clocks.register(DISPUTE, lambda clock: services.await_settlement(clock=clock))
