"""What the clocks of a rota do when they run out."""

from telemed.core import clocks
from telemed.rota import services
from telemed.rota.clock_rows import ABSENT, HAND_OVER, PUBLISH


def register() -> None:
    """Called in ready()."""
    clocks.register(PUBLISH, lambda clock: services.look_for_next_month(clock=clock))
    clocks.register(HAND_OVER, lambda clock: services.list_what_is_open(clock=clock))
    clocks.register(ABSENT, lambda clock: services.miss_incoming(clock=clock))
